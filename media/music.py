"""The music as the monitor knows it: play, pause, volume, duck, fade, and the truth about whether it is heard.

Main thread of the sound child only. It decides nothing about the session; it must never play above full scale, never
start or stop abruptly, never leave its output. Loudness is ours alone: the server's volume is not touched, so a crash
in the middle of a fade leaves nothing behind.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Literal

import numpy as np

from media.decks import MOST_CROSS_S, Deck, Decks
from media.frames import Frames
from media.message import Ended, MusicFailed, MusicReason, Playing, State, Track
from media.place import Place
from media.pulse import CHANNELS, RATE_HZ
from media.ramp import Ramp, limit
from media.speaker import Speaker

START_FADE_S, PAUSE_FADE_S, RESUME_FADE_S = 4.0, 0.5, 1.5
SKIP_CROSS_S, QUEUE_CROSS_S = 2.0, 6.0
DUCKED, DUCK_DOWN_S, DUCK_UP_S = 0.4, 0.15, 3.0
"""A slider at 0.4 is -24 dB."""
NOMINAL = 0.7
SHORTEST_FADE_S = 0.05
REPORT_S = 0.9
NEAR, FAR = int(0.2 * RATE_HZ), RATE_HZ
"""Frames given ahead while the loudness or the piece changes, and while nothing does."""
LEAST, MOST = int(0.04 * RATE_HZ), int(0.3 * RATE_HZ)
"""At a time: what a socket takes at once."""


class Music:
    """`turn` is one round; everything else is what the monitor asks."""

    def __init__(
        self,
        open_deck: Callable[[Track, float], Deck],
        speaker: Speaker,
        send: Callable[[Any], None],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._speaker, self._send, self._now = speaker, send, now
        self._percent = round(NOMINAL * 100)
        self._decks = Decks(open_deck, self._refused, self._report, now)
        self._volume, self._duck, self._fade = Ramp(NOMINAL), Ramp(1.0), Ramp(0.0)
        self._state: State = "stopped"
        self._after_fade: Literal["pause", "stop"] | None = None
        self._trouble: MusicReason | None = None
        self._reported_at = 0.0
        self._given_far = 0  # frames given last while nothing changed

    @property
    def silent(self) -> bool:
        """Nothing is to be heard any more."""
        return self._state != "playing"

    @property
    def place(self) -> Place | None:
        """Where it is; None while no piece is open."""
        track = self._decks.track
        return Place(track, self._heard_s, self._percent) if track else None

    @property
    def _heard_s(self) -> float:
        """Where the piece is at the output."""
        return round(self._decks.position_s(self._speaker.ahead), 3)

    @property
    def is_even(self) -> bool:
        """Whether nothing changes and enough is given to look four times a second."""
        return self._given_far > 0 and self._speaker.ahead >= FAR * 0.6

    def queue(self, tracks: tuple[Track, ...], index: int = 0, position_s: float = 0.0) -> None:
        """Replace what comes; an empty queue fades out and stops."""
        self._take_back()
        self._decks.fill(tracks, QUEUE_CROSS_S, index, position_s)
        if not tracks and self._decks.track:
            self.fade_out(QUEUE_CROSS_S)

    def play(self) -> None:
        """From silence, or on after a pause."""
        self._take_back()
        self._after_fade = None
        self._fade.go(1.0, RESUME_FADE_S if self._decks.track else START_FADE_S)
        self._decks.forgive()
        self._decks.go_on()
        self._state = "playing"
        self._report()

    def pause(self) -> None:
        if self._state == "playing":
            self._take_back()
            self._after_fade = "pause"
            self._fade.go(0.0, PAUSE_FADE_S)
            if self._trouble:
                self._finish_fade()

    def skip(self) -> None:
        self._take_back()
        self._decks.cross(SKIP_CROSS_S)

    def volume(self, percent: int, fade_s: float) -> None:
        """Slider 0..100; takes effect at once where nothing sounds."""
        self._take_back()
        self._percent = min(100, max(0, percent))
        position = self._percent / 100
        if self.silent:
            self._volume.put(position)
        else:
            self._volume.go(position, max(SHORTEST_FADE_S, fade_s))

    def crossfade(self, seconds: float) -> None:
        """How long one track melts into the next, from the next change on."""
        self._decks.cross_s = min(MOST_CROSS_S, max(0.0, seconds))

    def duck(self, on: bool) -> None:
        self._take_back()
        self._duck.go(DUCKED if on else 1.0, DUCK_DOWN_S if on else DUCK_UP_S)

    def fade_out(self, seconds: float) -> None:
        """To silence, then stop. What does not sound stops at once."""
        self._take_back()
        self._after_fade = "stop"
        self._fade.go(0.0, max(SHORTEST_FADE_S, seconds))
        if self.silent or self._trouble:
            self._finish_fade()

    def turn(self) -> None:
        """Feed the speaker what it asks for; look after decks and trouble; say where we are."""
        self._look_at_speaker()
        if self._state == "playing" and not self._trouble and not self._decks.look():
            self._state, self._given_far = "stopped", 0
            self._report()
        self._give()
        # in trouble nothing is said: the last word stays MusicFailed until it is over
        if self._state == "playing" and not self._trouble and self._now() - self._reported_at >= REPORT_S:
            self._report()

    def close(self) -> None:
        self._decks.close()

    def _look_at_speaker(self) -> None:
        trouble = self._speaker.trouble
        if trouble == self._trouble:
            return
        before, self._trouble, self._given_far = self._trouble, trouble, 0
        if trouble:
            self._send(MusicFailed(trouble, self._speaker.output or ""))
            self._decks.hold()
        if trouble and self._after_fade:
            self._finish_fade()
        elif before and not trouble and self._state == "playing":
            self._fade.put(0.0)
            self._fade.go(1.0, START_FADE_S)
            self._decks.go_on()
            self._report()

    def _give(self) -> None:
        """To the speaker: as far ahead as nothing changes, else just enough."""
        near = self._speaker.wanted(NEAR)
        far = min(self._speaker.wanted(FAR), self._even_for(), MOST)
        if max(near, far) < LEAST:
            return
        self._given_far = self._given_far + far if far >= near else 0
        self._speaker.write(self._mix(max(near, far)))
        self._speaker.flush()

    def _even_for(self) -> int:
        """Frames for which nothing changes, as far as anybody has said."""
        if not self._speaker.is_timed:
            return 0
        if self._state != "playing" or self._trouble:
            return FAR
        is_settled = self._volume.settled and self._duck.settled and self._fade.settled and not self._after_fade
        return self._decks.even_for if is_settled else 0

    def _take_back(self) -> None:
        """Something changes and is to be heard now: what was given ahead makes way for it."""
        count, self._given_far = self._speaker.take_back(self._given_far), 0
        if self._state == "playing" and not self._trouble:
            self._decks.unread(count)

    def _mix(self, count: int) -> Frames:
        if self._state != "playing" or self._trouble:
            return np.zeros((count, CHANNELS), np.float32)
        gain = self._volume.take(count) * self._duck.take(count) * self._fade.take(count)
        frames = (self._decks.read(count) * gain).astype(np.float32)
        if self._after_fade and self._fade.settled:
            self._finish_fade()
        return limit(frames)

    def _finish_fade(self) -> None:
        stopping, self._after_fade = self._after_fade == "stop", None
        self._fade.put(0.0)
        if stopping:
            self._decks.close()
            self._state = "stopped"
            self._send(Ended())
        else:
            self._state = "paused"
            self._decks.hold()
        self._report()

    def _refused(self, path: str) -> None:
        self._send(MusicFailed(MusicReason.UNREADABLE, path))

    def _report(self) -> None:
        self._reported_at = self._now()
        track, decks = self._decks.track or Track("", ""), self._decks
        heard_s, left_s = self._heard_s, decks.left_s
        left_s = None if left_s is None else left_s + decks.position_s() - heard_s
        where = (decks.index, heard_s, left_s)
        self._send(Playing(track.title, *where, self._state, track.path, self._speaker.output or ""))
