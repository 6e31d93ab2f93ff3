"""Two decks and the way from one track to the next: crossfaded at equal power, or joined sample to sample.

Main thread of the sound child only. Knows the queue and what follows; knows nothing of loudness, pause or the speaker
(`media.music`). Decoders are somebody else's (`media.decoder`), only their frames come here.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import numpy as np

from media.error import MediaError
from media.fifo import ENOUGH, Fifo
from media.frames import Frames
from media.message import Track
from media.playlist import after
from media.pulse import CHANNELS, RATE_HZ
from media.ramp import crossing

CROSS_S, MOST_CROSS_S = 5.0, 15.0
LEAD_S = 4.0
SHORTEST_CROSS_S = 0.5
SILENT_DECODER_S = 4.0


class Deck(Protocol):
    """One decoder on one track; frames arrive in `fifo`."""

    track: Track
    fifo: Fifo

    def hold(self) -> None:
        """Stop decoding for now."""

    def go_on(self) -> None:
        """Decode on after `hold`."""

    def close(self) -> None:
        """Give the decoder back."""

    def failed(self) -> bool:
        """The decoder gave up."""
        ...

    def length_s(self) -> float | None:
        """None while unknown."""
        ...


class Decks:
    """`look` once a round, `read` whenever frames are wanted. index: of the sounding track in the queue, -1: none.

    refused(path) is called for each track that cannot be played, changed() when another track sounds.
    """

    def __init__(
        self,
        open_deck: Callable[[Track, float], Deck],
        refused: Callable[[str], None],
        changed: Callable[[], None],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.index = -1
        self.cross_s = CROSS_S
        """How long one track melts into the next; 0 joins them without a gap."""
        self._open_deck, self._tell_refused, self._changed, self._now = open_deck, refused, changed, now
        self._queue: tuple[Track, ...] = ()
        self._refused: frozenset[str] = frozenset()
        self._deck: Deck | None = None
        self._coming: Deck | None = None
        self._coming_index = 0
        self._cross_s: float | None = None
        self._crossed: float | None = None
        self._opened_at = 0.0
        self._begin_s = 0.0
        self._offset_s = 0.0

    @property
    def track(self) -> Track | None:
        return self._deck.track if self._deck else None

    def position_s(self, ahead: int = 0) -> float:
        """What has been read, not what has been decoded. ahead: frames of that which are not heard yet."""
        return self._offset_s + max(0, self._deck.fifo.read_frames - ahead) / RATE_HZ if self._deck else 0.0

    @property
    def left_s(self) -> float | None:
        """Until the last frame: exact once the decoder has finished, its own guess before."""
        if self._deck is None:
            return None
        if self._deck.fifo.complete:
            return self._deck.fifo.queued / RATE_HZ
        length_s = self._deck.length_s()
        return None if length_s is None else max(0.0, length_s - self.position_s())

    def fill(self, queue: tuple[Track, ...], cross_s: float, index: int = 0, position_s: float = 0.0) -> None:
        """A new queue. A sounding track that is not in it is left within `cross_s`.

        index, position_s: where to begin if nothing sounds.
        """
        self._queue, self._refused = queue, frozenset()
        self._drop_coming()
        here = [index for index, track in enumerate(queue) if self.track and track.path == self.track.path]
        self.index = here[0] if here else -1
        if self._deck is None:
            self.index, self._begin_s = index - 1, position_s
        elif not here:
            self._cross_s = cross_s

    def cross(self, seconds: float) -> None:
        """Go to the next track now."""
        if self._deck and self._crossed is None:
            self._cross_s = seconds

    def look(self) -> bool:
        """Open, refuse and prepare what is due. False when nothing of the queue can be played."""
        if self._deck is None:
            return self._start()
        for deck in (self._deck, self._coming):
            if deck and self._is_bad(deck):
                self._refuse(deck)
                return True
        left_s = self.left_s
        ending = left_s is not None and left_s < self.cross_s + LEAD_S
        if self._coming is None and (ending or self._cross_s is not None):
            self._prepare()
        if self._coming and self._crossed is None and self._coming.fifo.ready:
            self._begin_crossing(left_s)
        return True

    def read(self, count: int) -> Frames:
        """Exactly `count` frames."""
        if self._deck is None or not self._begun(self._deck):
            return _silence(count)
        if self._coming and self._crossed is not None and self._cross_s:
            return self._read_both(self._deck, self._coming, count, 1 / (self._cross_s * RATE_HZ))
        frames = self._deck.fifo.read(count)
        if len(frames) == count:
            return frames
        self._change_over()
        return np.concatenate([frames, _exactly(self._deck, count - len(frames))])

    @property
    def even_for(self) -> int:
        """Frames that can be read and given back: of one deck, decoded already, far from its end."""
        left_s, is_leaving = self.left_s, self._coming or self._cross_s is not None
        if self._deck is None or is_leaving or left_s is None or not self._begun(self._deck):
            return 0
        until_next = round((left_s - self.cross_s - LEAD_S) * RATE_HZ)
        return max(0, min(until_next, self._deck.fifo.queued - ENOUGH))

    def unread(self, count: int) -> None:
        """Give back the last frames; only what was read while `even_for` allowed it."""
        if self._deck:
            self._deck.fifo.unread(count)

    def hold(self) -> None:
        for deck in (self._deck, self._coming):
            if deck:
                deck.hold()

    def go_on(self) -> None:
        self._opened_at = self._now()
        for deck in (self._deck, self._coming):
            if deck:
                deck.go_on()

    def forgive(self) -> None:
        """Try tracks again that could not be played."""
        self._refused = frozenset()

    def close(self) -> None:
        """Leave everything; the next `look` starts the queue from its beginning."""
        self._drop_coming()
        if self._deck:
            self._deck.close()
        self._deck, self.index = None, -1

    def _start(self) -> bool:
        following = after(self._queue, self.index, self._refused)
        if following is None:
            return False
        self.index, self._offset_s = following, self._begin_s
        self._deck = self._open(self._queue[following], self._begin_s)
        self._begin_s = 0.0
        return True

    def _prepare(self) -> None:
        following = after(self._queue, self.index, self._refused)
        if following is None:
            self._cross_s = None
            return
        self._coming_index = following
        self._coming = self._open(self._queue[following])

    def _open(self, track: Track, begin_s: float = 0.0) -> Deck | None:
        self._opened_at = self._now()
        # VLC itself reports a missing file as one that has ended
        if Path(track.path).is_file():
            with contextlib.suppress(MediaError):
                return self._open_deck(track, begin_s)
        self._refused |= {track.path}
        self._tell_refused(track.path)
        return None

    def _is_bad(self, deck: Deck) -> bool:
        nothing = deck.fifo.arrived == 0
        late = nothing and self._now() - self._opened_at > SILENT_DECODER_S
        return deck.failed() or late or (nothing and deck.fifo.complete)

    def _refuse(self, deck: Deck) -> None:
        self._refused |= {deck.track.path}
        self._tell_refused(deck.track.path)
        if deck is self._coming:
            deck.close()
            self._coming = self._crossed = None
        else:
            self._change_over()

    def _begin_crossing(self, left_s: float | None) -> None:
        if self._cross_s is not None:
            self._crossed = 0.0
        elif left_s is not None and left_s < self.cross_s and not self._seamless():
            self._cross_s, self._crossed = max(SHORTEST_CROSS_S, left_s), 0.0

    def _seamless(self) -> bool:
        """The coming track is the continuation of this one, sample to sample."""
        return (
            self.track is not None
            and self.track.seamless
            and self._coming is not None
            and (self._coming.track == self.track)
        )

    def _begun(self, deck: Deck) -> bool:
        """A new track waits until enough of it is decoded, so that it does not stutter in."""
        return deck.fifo.read_frames > 0 or deck.fifo.ready

    def _read_both(self, leaving: Deck, coming: Deck, count: int, step: float) -> Frames:
        begin = self._crossed or 0.0
        down, up = crossing(begin, count, step)
        frames = (_exactly(leaving, count) * down + _exactly(coming, count) * up).astype(np.float32)
        self._crossed = begin + count * step
        if self._crossed >= 1:
            self._change_over()
        return frames

    def _change_over(self) -> None:
        """The coming deck, if there is one, is the deck from here on."""
        if self._deck:
            self._deck.close()
        self._deck, self._coming, self._offset_s = self._coming, None, 0.0
        self._crossed = self._cross_s = None
        if self._deck:
            self.index = self._coming_index
        self._changed()

    def _drop_coming(self) -> None:
        if self._coming:
            self._coming.close()
        self._coming = self._crossed = self._cross_s = None


def _silence(count: int) -> Frames:
    return np.zeros((count, CHANNELS), np.float32)


def _exactly(deck: Deck | None, count: int) -> Frames:
    """Silence after the end of a track, and where there is none."""
    if deck is None:
        return _silence(count)
    frames = deck.fifo.read(count)
    return frames if len(frames) == count else np.concatenate([frames, _silence(count - len(frames))])
