"""What is heard."""

from __future__ import annotations

from kiosk.session.events.event import Event


class MusicChanged(Event, frozen=True, tag="music_changed"):
    """What is heard: state playing, paused, stopped, failed; track is its title."""

    state: str
    track: str = ""
    detail: str = ""


class MusicSteered(Event, frozen=True, tag="music_steered"):
    """Which music is wanted changed. how: phase (the session's phase did it), hold, safe or release (a person did)."""

    how: str
    phase: str = ""


MusicEvent = MusicChanged | MusicSteered
