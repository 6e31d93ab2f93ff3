"""Music, from the monitor's side: which pieces belong to the phase, what is queued, ducked and asked, what is reported.

Owned by the monitor. Monitoring never waits for music: a child that fails is one event and a line on the strip. Music
never runs out: where a phase has nothing of its own, what fits every phase plays, else the generated piece.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec

from kiosk.options import MonitorOptions
from kiosk.session import commands as c
from kiosk.session import events as e
from kiosk.settings import Settings
from media import message as m
from media.error import MediaError
from media.library import Found, title_of
from media.place import FILE, Place, read_place
from media.playlist import for_phase


class Sources(msgspec.Struct, frozen=True):
    """What the room plays, and where. cache: folder of the generated piece and of what is known of own files.

    place: own folder or list, "" for none. phases: the plan's words by phase ("ambient", or tags of own pieces).
    safe: a file that calms, "" for the generated piece. output, sitter_output: stable names, "" for the default.
    """

    cache: Path
    place: str = ""
    phases: Mapping[str, str] = {}
    safe: str = ""
    output: str = ""
    sitter_output: str = ""
    volume: int = 70
    crossfade_s: float = 5.0


def sources_of(options: MonitorOptions, asked: Settings, phases: Mapping[str, str], cache: Path) -> Sources:
    """The music of this run: options go before settings, the plan says what belongs to which phase."""
    return Sources(
        cache=cache,
        place=options.music or asked.text("music.source"),
        phases=phases,
        safe=asked.text("music.safe_track"),
        output=options.patient_output or asked.text("sound.patient_output"),
        sitter_output=options.sitter_output or asked.text("sound.sitter_output"),
        volume=asked.number("music.volume"),
        crossfade_s=asked.number("music.crossfade_s"),
    )


class Jukebox:
    """The music of one run. send: to the child. Survives every child: its successor goes on at the same place."""

    def __init__(self, send: Callable[[Any], None], sources: Sources) -> None:
        self._send, self._sources = send, sources
        self.volume = sources.volume
        self.left_s: float | None = None
        self.steer: Literal["", "hold", "safe"] = ""
        self._phase = ""
        self._wanted = True
        self._ducked = False
        self._last: tuple[str, str] = ("", "")
        self._own: tuple[m.Track, ...] = ()
        self._waits = bool(sources.place)  # for what is there of own pieces, so that no other one begins and is left
        self._ambient: m.Track | None = None
        self._of_moods: dict[str, m.Track] = {}
        self._queue: tuple[m.Track, ...] = ()
        self._at: tuple[int, float] = (0, 0.0)  # where it was, for a child that has to go on
        self._previewed: str = ""
        self._before: Place | None = None  # where a monitor before this one was, until its piece is queued

    @property
    def is_previewing(self) -> bool:
        """Whether the sitter hears a preview."""
        return bool(self._previewed)

    def resume(self, phase: str, steered: e.MusicSteered | None, is_paused: bool) -> None:
        """Go on as the monitor before left it: held, calming or paused as a person wished, at the same place.

        phase: of now. steered: how the wish was recorded last. To be called before `begin`.
        """
        how = steered.how if steered else ""
        self.steer = how if how in ("hold", "safe") else ""
        self._phase = steered.phase if steered and self.steer == "hold" else phase
        self._wanted = not is_paused
        before = read_place(self._sources.cache / FILE)
        if before is None:
            return
        self._before, self.volume = before, before.volume_percent
        made = Path(before.track.path)
        if made.parent == self._sources.cache and made.is_file():  # it is told of late, and would begin anew
            if before.track.phase:
                self._of_moods[before.track.phase] = before.track
            else:
                self._ambient = before.track

    def begin(self) -> None:
        """First messages to a new child: where it plays, how loud, and what. Its successor gets the same."""
        self._send(m.ChooseMusicOutput(self._sources.output or None))
        self._send(m.Volume(self.volume, 0.0))
        self._send(m.Crossfade(self._sources.crossfade_s))
        if self._ducked:
            self._send(m.Duck(True))
        self._send(m.PrepareAmbient(str(self._sources.cache)))
        self._send(m.KeepPlace(str(self._sources.cache / FILE)))
        if self._queue:
            self._start()
        else:
            self._requeue()

    def own(self, found: Found | MediaError | None) -> list[e.Event]:
        """Own pieces with all that is known of them by now; what sounds goes on. None: none are known yet."""
        self._waits = False
        events: list[e.Event] = []
        if isinstance(found, MediaError):
            events = [e.MusicChanged("failed", detail=str(found))]
        elif found is not None and not found.tracks:
            why = str(found.refused[0]) if found.refused else "nothing to play"
            events = [e.MusicChanged("failed", detail=f"{self._sources.place}: {why}")]
        elif found is not None:
            self._own = found.tracks
        self._requeue()
        return events

    def composed(self, track: m.Track) -> None:
        """A generated piece for its phase exists."""
        self._of_moods[track.phase] = track
        self._requeue()

    def follow(self, phase: str) -> list[e.Event]:
        """Another phase is in force: its music, unless somebody holds what plays."""
        if phase == self._phase:
            return []
        self._phase = phase
        if self.steer:
            return []
        before = self._queue
        self._requeue()
        return [e.MusicSteered("phase", phase)] if self._queue != before else []

    def duck(self, on: bool) -> bool:
        """Step back for an alarm or a call; True when that was a change (an answer is due within 1 s)."""
        if on == self._ducked:
            return False
        self._ducked = on
        self._send(m.Duck(on))
        return True

    def control(self, command: c.ControlMusic) -> list[e.Event]:
        """A person's wish."""
        match command.action:
            case "pause":
                self._wanted = False
                self._send(m.Pause())
            case "play":
                self._wanted = True
                self._send(m.Resume())
            case "skip":
                self._send(m.Skip())
            case "volume":
                self.volume = max(0, min(100, command.volume if command.volume is not None else self.volume))
                self._send(m.Volume(self.volume))
            case "preview":
                self._preview()
            case "hold" | "release" | "safe":
                return self._steer(command.action)
            case "leave":
                pass  # the librarian's
        return []

    def take(self, message: m.FromSound) -> list[e.Event]:
        """The events of one message of the child; a position report gives none."""
        match message:
            case m.AmbientReady():
                self._ambient = message.track
                self._requeue()
            case m.Playing():
                self.left_s = message.left_s
                self._at = message.index, message.position_s
                return self._changed(message.state, message.title)
            case m.Previewing():
                self._previewed = message.path
            case m.MusicFailed():
                return self._changed("failed", "", f"{message.reason} {message.detail}".strip())
            case m.Ended():
                return self._changed("stopped", "")
            case _:
                pass
        return []

    def lost(self) -> None:
        """The child is gone; nothing is known of the position."""
        self.left_s = None
        self._last = ("", "")
        self._previewed = ""

    def _steer(self, action: Literal["hold", "safe", "release"]) -> list[e.Event]:
        """hold: stay with what plays when the phase changes; safe: what calms, now; release: with the phase again."""
        wanted = "" if action == "release" else action
        if wanted == self.steer:
            return []
        self.steer = wanted
        if wanted != "hold":
            self._requeue()
        return [e.MusicSteered(action, self._phase)]

    def _requeue(self) -> None:
        """What belongs to now. The same queue again changes nothing, and what sounds and stays is not disturbed."""
        if self._waits:
            return
        queue = self._safe() if self.steer == "safe" else self._of_phase()
        if queue and queue != self._queue:
            had = bool(self._queue)
            self._queue, self._at = queue, (0, 0.0) if had else self._place_in(queue)
            self._send(m.Queue(queue)) if had else self._start()

    def _place_in(self, queue: tuple[m.Track, ...]) -> tuple[int, float]:
        """Where to begin: where the monitor before was, if its piece belongs to now."""
        before, self._before = self._before, None
        index = next((i for i, track in enumerate(queue) if before and track.path == before.track.path), None)
        return (index, before.position_s) if before and index is not None else (0, 0.0)

    def _of_phase(self) -> tuple[m.Track, ...]:
        asked = self._sources.phases.get(self._phase, "").lower()
        words = frozenset(word.strip() for word in asked.split(",")) - {""}
        made = self._of_moods.get(self._phase, self._ambient)
        return for_phase(self._own, self._phase, words - {"ambient"}, made)

    def _safe(self) -> tuple[m.Track, ...]:
        path = self._sources.safe
        if not path:
            return (self._ambient,) if self._ambient else ()
        known = next((track for track in self._own if track.path == path), None)
        return (known or m.Track(path, title_of(Path(path))), *((self._ambient,) if self._ambient else ()))

    def _preview(self) -> None:
        """The piece that comes next, at the sitter's output; asked again, it ends."""
        following = self._queue[(self._at[0] + 1) % len(self._queue)] if self._queue else None
        self._send(m.Preview(None if self._previewed else following, self._sources.sitter_output))

    def _start(self) -> None:
        self._send(m.Queue(self._queue, *self._at))
        if self._wanted:
            self._send(m.Play())

    def _changed(self, state: str, track: str, detail: str = "") -> list[e.Event]:
        if (state, track) == self._last or (state == "playing" and not track):
            return []
        self._last = (state, track)
        return [e.MusicChanged(state, track, detail)]
