"""Is a reading out of a device's memory the current one, an old one, or one that was said before? Never guessed
towards "current".

Runs in the monitor, beside each device's link; pure, time is a parameter. Cuffs hand over what they stored, some all of
it at each connect, and their clocks are routinely wrong: an old reading shown as the pressure of now can hurt someone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import msgspec

from devices.device_clock import moment
from devices.reading import QUALITY_ORDER, Oximetry, Pressure, Quality, Reading, Stamp, Value

CURRENT_WITHIN = timedelta(minutes=10)
"""A device time this close to the host's local time makes a reading current: longer than a measurement and its
transfer take, far shorter than the pause between two sessions."""
REMEMBERED = 1000
"""Readings by which a repetition is known; a cuff keeps some two hundred. Older ones are forgotten first."""

Kept = TypeVar("Kept", bound=Pressure | Oximetry)


def local_time(utc_ns: int) -> datetime:
    """The computer's local time of an instant, without zone, as a cuff's clock would show it."""
    return datetime.fromtimestamp(utc_ns / 1e9, UTC).astimezone().replace(tzinfo=None)


class DumpJudge:
    """What one device has said so far; one instance a device and run, `connected` at each new connection."""

    def __init__(self, local: Callable[[int], datetime] = local_time) -> None:
        self._local = local
        self._said: dict[bytes, bool] = {}  # payload -> whether this connection brought it
        self._inflated = False
        self._ahead: timedelta | None = None

    def recall(self, readings: Iterable[Reading]) -> None:
        """What an earlier run of the same session has recorded of this device."""
        for reading in readings:
            self._remember(reading.raw, is_new=False)

    def connected(self) -> None:
        """A new connection: what came before is earlier, nothing was seen inflating, the clock is not known."""
        self._said = dict.fromkeys(self._said, False)
        self._inflated = False
        self._ahead = None

    def saw_inflation(self) -> None:
        """The cuff's momentary pressure came over this connection: the measurement that follows is of now."""
        self._inflated = True
        self._said = dict.fromkeys(self._said, False)

    def saw_clock(self, ahead: timedelta | None) -> None:
        """How far the device's own clock runs ahead, read over this connection; None where it has no date."""
        self._ahead = ahead

    def judge(self, raw: bytes, kept: Kept, stamp: Stamp) -> Kept | None:
        """The same reading, marked stored or questionable if so; None for one that was said before.

        Marks: "from memory", "repeated", "time unknown", "device clock wrong".
        """
        before = self._said.get(raw)
        self._remember(raw, is_new=True)
        taken = moment(kept.device_time)
        if before is not None and (taken is not None or before):
            return None
        if taken is not None:
            return self._aged(kept, taken, self._local(stamp.utc_ns))
        if before is not None and not self._inflated:
            return _marked(kept, Quality.STORED, "repeated")
        if self._inflated or isinstance(kept, Oximetry):
            return kept  # a spot check without a date comes when it was taken
        return _marked(kept, Quality.QUESTIONABLE, "time unknown")

    def _aged(self, kept: Kept, taken: datetime, now: datetime) -> Kept:
        """A clock that was read and is wrong is reckoned with, in both directions, and its reading is doubted."""
        wrong = self._ahead is not None and abs(self._ahead) > CURRENT_WITHIN
        if wrong and self._ahead is not None:
            taken -= self._ahead
        if abs(now - taken) > CURRENT_WITHIN:
            return _marked(kept, Quality.STORED, "from memory")
        return _marked(kept, Quality.QUESTIONABLE, "device clock wrong") if wrong else kept

    def _remember(self, raw: bytes, *, is_new: bool) -> None:
        self._said.pop(raw, None)
        self._said[raw] = is_new
        while len(self._said) > REMEMBERED:
            del self._said[next(iter(self._said))]


def _marked(kept: Kept, quality: Quality, word: str) -> Kept:
    changes = {
        name: _mark(value, quality, word)
        for name in kept.__struct_fields__
        if isinstance(value := getattr(kept, name), Value)
    }
    return msgspec.structs.replace(kept, **changes)


def _mark(value: Value, quality: Quality, word: str) -> Value:
    """The worse of both qualities decides and says its word first."""
    if QUALITY_ORDER.index(quality) > QUALITY_ORDER.index(value.quality):
        return Value(value.number, quality, (word, *value.reasons))
    return Value(value.number, value.quality, (*value.reasons, word))
