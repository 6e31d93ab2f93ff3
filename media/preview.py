"""Some of a track for the sitter's ear alone: a player of its own at an output of its own, beside the patient's music.

Main thread of the sound child only. It ends by itself, and never touches the music, its output or its queue.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from media.decks import Deck
from media.message import Preview, Previewing, Track
from media.music import Music
from media.speaker import Speaker

PROGRAM = "Session room preview"
LASTS_S = 20.0
FADE_S = 1.0
TURN_S = 0.005


class Previewer:
    """`take` what is asked, `turn` while `active`."""

    def __init__(
        self,
        open_deck: Callable[[Track, float], Deck],
        send: Callable[[Any], None],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._open_deck, self._send, self._now = open_deck, send, now
        self._speaker: Speaker | None = None
        self._music: Music | None = None
        self._until = 0.0

    @property
    def active(self) -> bool:
        return self._music is not None

    def take(self, wanted: Preview) -> None:
        """Begin anew with another track, or fade out what sounds."""
        if wanted.track is None:
            self._until = self._now()
            return
        self.close()
        self._speaker = Speaker(PROGRAM)
        self._speaker.choose(wanted.output or None)
        self._music = Music(self._open_deck, self._speaker, lambda message: None, self._now)
        self._music.queue((wanted.track,))
        self._music.play()
        self._until = self._now() + LASTS_S
        self._send(Previewing(wanted.track.path))

    def turn(self) -> None:
        """A short round."""
        if self._music is None or self._speaker is None:
            return
        self._speaker.turn(TURN_S)
        if self._now() >= self._until:
            self._until = float("inf")
            self._music.fade_out(FADE_S)
        self._music.turn()
        if self._music.silent:
            self.close()
            self._send(Previewing(""))

    def close(self) -> None:
        """Silent at once."""
        if self._music and self._speaker:
            self._music.close()
            self._speaker.close()
        self._music = self._speaker = None
