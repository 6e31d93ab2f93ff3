"""What a simulated device does wrong when it is ordered to: with its bytes, with its finger, with its link.

Runs in the air's process; pure. Every fault is one that real devices or radios show.
"""

from __future__ import annotations

import msgspec

from devices.virtual.ledger import Frame, Owed


class Faults(msgspec.Struct):
    """fragment: bytes in a notification at most (0: as the device does). at_every_boundary: each frame in two pieces,
    cut one byte later each time. merge: so many frames in one notification. flips: so many frames with a value are
    still to be sent with one bit wrong, another bit each time. finger_out: the sensor says so, and the last numbers
    go on. silent: linked, and not a word. break_off: the link is lost within the next frame that has a value.
    """

    fragment: int = 0
    at_every_boundary: bool = False
    merge: int = 1
    flips: int = 0
    finger_out: bool = False
    silent: bool = False
    break_off: bool = False

    def mend(self) -> None:
        """Nothing wrong any more."""
        for name, value in msgspec.structs.asdict(Faults()).items():
            setattr(self, name, value)


class Spoiler:
    """Applies the faults to one stream's frames; remembers which bit and which boundary come next."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._flipped: dict[int, int] = {}
        self._cuts: dict[int, int] = {}

    def flip(self, frame: Frame) -> Frame:
        """The frame with one bit wrong, where that was ordered."""
        if not self._faults.flips or frame.owed is not Owed.VALUE:
            return frame
        self._faults.flips -= 1
        bit = self._next(self._flipped, frame, 8 * len(frame.data))
        wrong = bytearray(frame.data)
        wrong[bit // 8] ^= 1 << bit % 8
        return Frame(bytes(wrong), Owed.BROKEN)

    def pieces(self, frames: list[Frame], piece_bytes: int, longest: int) -> list[bytes]:
        """Frames one behind the other, cut into notifications."""
        faults, together = self._faults, b"".join(frame.data for frame in frames)
        if faults.at_every_boundary:
            return [piece for frame in frames for piece in self._halves(frame)]
        as_it_does = longest if faults.merge > 1 else piece_bytes or longest
        step = min(faults.fragment or as_it_does, longest)
        return [together[at : at + step] for at in range(0, len(together), step)]

    def _halves(self, frame: Frame) -> tuple[bytes, ...]:
        if len(frame.data) < 2:
            return (frame.data,)
        at = 1 + self._next(self._cuts, frame, len(frame.data) - 1)
        return frame.data[:at], frame.data[at:]

    @staticmethod
    def _next(places: dict[int, int], frame: Frame, count: int) -> int:
        """Places in a ring, one for each length of frame."""
        place = places.get(len(frame.data), 0)
        places[len(frame.data)] = (place + 1) % count
        return place
