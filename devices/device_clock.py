"""A device's own clock: is it wrong, and by how much? A fact of its own, because the age of its readings hangs on it.

Runs in the monitor, beside each device's link; pure, time is a parameter. Says each finding once and never corrects a
device's time: what the device said stays in the reading as it was said.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from devices.reading import DeviceClock, Stamp

WRONG_FROM = timedelta(minutes=1)
"""Cuffs show minutes; a clock that was read and is further off than that was not set by anybody who looked."""
FUTURE_FROM = timedelta(minutes=10)
"""A reading from so far ahead of now was not taken then: longer than any transfer, so the clock is wrong."""


def moment(device_time: str | None) -> datetime | None:
    """The device's clock if it is a date at all; year 0 and impossible fields are no clock."""
    if device_time is None:
        return None
    try:
        return datetime.fromisoformat(device_time)
    except ValueError:
        return None


class ClockJudge:
    """One device's for a whole run; `connected` at each new connection, `ended` at its end."""

    def __init__(self, device: str, local: Callable[[int], datetime], report: Callable[[DeviceClock], None]) -> None:
        self._device, self._local, self._report = device, local, report
        self._said: DeviceClock | None = None
        self._is_wrong = False
        self._newest: datetime | None = None
        self._inflated = False

    def connected(self) -> None:
        """What one connection showed says nothing about the next."""
        self._is_wrong, self._newest, self._inflated = False, None, False

    def saw_inflation(self) -> None:
        """The newest reading of this connection will be one of now, whatever its time says."""
        self._inflated = True

    def read(self, device_time: str, stamp: Stamp) -> timedelta | None:
        """The device said its time now; returns how far it runs ahead, None where that is no date."""
        said = moment(device_time)
        ahead = None if said is None else said - self._local(stamp.utc_ns)
        if ahead is None or abs(ahead) > WRONG_FROM:
            self._found(device_time, ahead, stamp)
        return ahead

    def written(self, device_time: str, stamp: Stamp) -> None:
        """The device was told the time; that is news only if its clock was wrong."""
        if self._is_wrong:
            self._report(DeviceClock(self._device, stamp, set_to=device_time))

    def stamped(self, device_time: str | None, stamp: Stamp) -> None:
        """A reading came with this time of the device."""
        if device_time is None:
            return
        taken = moment(device_time)
        ahead = None if taken is None else taken - self._local(stamp.utc_ns)
        if ahead is None or ahead > FUTURE_FROM:
            self._found(device_time, ahead, stamp)
        elif taken is not None and (self._newest is None or taken > self._newest):
            self._newest = taken

    def ended(self, stamp: Stamp) -> None:
        """The connection ends: a cuff that was seen inflating has handed over a reading of now."""
        if self._inflated and self._newest is not None:
            ahead = self._newest - self._local(stamp.utc_ns)
            if abs(ahead) > FUTURE_FROM:
                self._found(self._newest.isoformat(), ahead, stamp)

    def _found(self, device_time: str, ahead: timedelta | None, stamp: Stamp) -> None:
        self._is_wrong = True
        seconds = None if ahead is None else round(ahead.total_seconds())
        before, self._said = self._said, DeviceClock(self._device, stamp, device_time, seconds)
        if before is None or _differs(before.ahead_s, seconds):
            self._report(self._said)


def _differs(before_s: int | None, now_s: int | None) -> bool:
    if before_s is None or now_s is None:
        return before_s is not now_s
    return abs(before_s - now_s) > WRONG_FROM.total_seconds()
