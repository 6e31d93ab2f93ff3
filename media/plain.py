"""The generated piece as it lies on the disk: samples as the mixer wants them, so there is nothing to decode.

VLC would wake two threads twenty times a second for it, all night (docs/where-the-time-goes.md). Read in a thread of
its own, seconds at a time: where a disk hangs the music fades, as with any decoder that falls behind.
"""

from __future__ import annotations

import threading
import wave

from media.fifo import Fifo
from media.message import Track
from media.pulse import CHANNELS, RATE_HZ

FRAME_BYTES = 2 * CHANNELS
AHEAD_S = 4.0
"""What is read before the mixer needs it; half of that is read at a time."""


class PlainDeck:
    """One thread on one file. Frames come by themselves, up to `AHEAD_S` ahead."""

    def __init__(self, track: Track, sound: wave.Wave_read, begin_s: float) -> None:
        self.track = track
        self.fifo = Fifo(track.gain_db)
        self._sound, self._has_failed = sound, False
        self._frames = sound.getnframes()
        sound.setpos(min(self._frames, round(begin_s * RATE_HZ)))
        self._over = threading.Event()
        self.reader = threading.Thread(target=self._read, name="plain", daemon=True)
        self.reader.start()

    def hold(self) -> None:
        """Nothing: whoever does not read is not read for."""

    def go_on(self) -> None:
        """Nothing, likewise."""

    def close(self) -> None:
        """Read no more; the thread closes the file."""
        self._over.set()

    def failed(self) -> bool:
        """The disk gave an error."""
        return self._has_failed

    def length_s(self) -> float:
        """Of the whole piece."""
        return self._frames / RATE_HZ

    def _read(self) -> None:
        portion = round(AHEAD_S / 2 * RATE_HZ)
        with self._sound:
            while not self._over.is_set():
                if self.fifo.queued <= portion and not self._push(portion):
                    return
                self._over.wait(max(0.0, (self.fifo.queued - portion) / RATE_HZ))

    def _push(self, count: int) -> bool:
        """Whether more may follow."""
        try:
            block = self._sound.readframes(count)
        except OSError:
            self._has_failed = True
            return False
        self.fifo.push(block[: len(block) - len(block) % FRAME_BYTES])  # a file that was cut off ends anywhere
        if len(block) < count * FRAME_BYTES:
            self.fifo.finish()
        return not self.fifo.complete


def open_plain(track: Track, begin_s: float) -> PlainDeck | None:
    """A deck for a piece that is our own; None for any other file, and for one that is not as we write them."""
    if not track.seamless:
        return None
    try:
        sound = wave.open(track.path, "rb")  # noqa: SIM115 - the deck's thread closes it
    except (OSError, EOFError, wave.Error):
        return None
    if sound.getparams()[:3] != (CHANNELS, 2, RATE_HZ):
        sound.close()
        return None
    return PlainDeck(track, sound, begin_s)
