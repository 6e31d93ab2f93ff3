"""Music, from the monitor's side: what is queued, ducked and asked of the music child, and what it reports.

Owned by the monitor. Monitoring never waits for music: a child that fails is one event and a line on the strip.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from kiosk.session import commands as c
from kiosk.session import events as e
from media import library
from media import message as m
from media.error import MediaError

FADE_S = 3.0


class Jukebox:
    """The music of one run. send: to the child. cache: where the generated piece lies. source: own folder or m3u8."""

    def __init__(self, send: Callable[[Any], None], cache: Path, source: str, output: str, volume: int) -> None:
        self._send = send
        self._cache, self._source, self._output = cache, source, output
        self.volume = volume
        self.left_s: float | None = None
        self._wanted = True
        self._ducked = False
        self._last: tuple[str, str] = ("", "")
        self._tracks: tuple[m.Track, ...] = ()
        self._at: tuple[int, float] = (0, 0.0)  # where it was, for a child that has to go on

    def begin(self) -> list[e.Event]:
        """First messages to a new child: where it plays, how loud, and what. Its successor gets the same."""
        self._send(m.ChooseMusicOutput(self._output or None))
        self._send(m.Volume(self.volume, 0.0))
        if self._ducked:
            self._send(m.Duck(True))
        if self._tracks:
            self._start(self._tracks)
            return []
        if not self._source:
            self._send(m.PrepareAmbient(str(self._cache)))
            return []
        try:
            tracks = library.load(Path(self._source))
        except MediaError as error:
            self._send(m.PrepareAmbient(str(self._cache)))
            return [e.MusicChanged("failed", detail=str(error))]
        self._start(tuple(tracks))
        return []

    def _start(self, tracks: tuple[m.Track, ...]) -> None:
        self._tracks = tracks
        self._send(m.Queue(tracks, *self._at))
        if self._wanted:
            self._send(m.Play())

    def duck(self, on: bool) -> bool:
        """Step back for an alarm or a call; True when that was a change (an answer is due within 1 s)."""
        if on == self._ducked:
            return False
        self._ducked = on
        self._send(m.Duck(on))
        return True

    def control(self, command: c.ControlMusic) -> None:
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

    def take(self, message: m.FromSound) -> list[e.Event]:
        """The events of one message of the child; a position report gives none."""
        match message:
            case m.AmbientReady():
                self._start((message.track,))
            case m.Playing():
                self.left_s = message.left_s
                self._at = message.index, message.position_s
                return self._changed(message.state, message.title)
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

    def _changed(self, state: str, track: str, detail: str = "") -> list[e.Event]:
        if (state, track) == self._last or (state == "playing" and not track):
            return []
        self._last = (state, track)
        return [e.MusicChanged(state, track, detail)]
