"""Is a cuff's reading the current one, or an old one out of its memory? Never guessed towards "current".

Runs in the monitor, beside each cuff's link; pure, time is a parameter. Cuffs hand over what they stored, some all of
it at each connect, and their clocks are routinely wrong: an old reading shown as the pressure of now can hurt someone.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec

from devices.reading import QUALITY_ORDER, Pressure, Quality, Stamp, Value

CURRENT_WITHIN = timedelta(minutes=10)
"""A device time this close to the host's local time makes a reading current: longer than a measurement and its
transfer take, far shorter than the pause between two sessions."""


def local_time(utc_ns: int) -> datetime:
    """The computer's local time of an instant, without zone, as a cuff's clock would show it."""
    return datetime.fromtimestamp(utc_ns / 1e9, UTC).astimezone().replace(tzinfo=None)


class DumpJudge:
    """What one cuff has said so far; one instance a device and run, `connected` at each new connection."""

    def __init__(self, local: Callable[[int], datetime] = local_time) -> None:
        self._local = local
        self._earlier: set[bytes] = set()
        self._now: set[bytes] = set()
        self._inflated = False

    def connected(self) -> None:
        """A new connection: what came before is earlier, and nothing was seen inflating yet."""
        self._earlier |= self._now
        self._now.clear()
        self._inflated = False

    def saw_inflation(self) -> None:
        """The cuff's momentary pressure came over this connection: the measurement that follows is of now."""
        self._inflated = True

    def judge(self, raw: bytes, pressure: Pressure, stamp: Stamp) -> Pressure:
        """The same reading, marked stored ("from memory", "repeated") or questionable ("time unknown") if so."""
        self._now.add(raw)
        moment = _moment(pressure.device_time)
        if raw in self._earlier and (moment is not None or not self._inflated):
            return _marked(pressure, Quality.STORED, "repeated")
        if moment is not None:
            near = abs(self._local(stamp.utc_ns) - moment) <= CURRENT_WITHIN
            return pressure if near else _marked(pressure, Quality.STORED, "from memory")
        return pressure if self._inflated else _marked(pressure, Quality.QUESTIONABLE, "time unknown")


def _moment(device_time: str | None) -> datetime | None:
    """The device's clock if it is a date at all; year 0 and impossible fields are no clock."""
    if device_time is None:
        return None
    try:
        return datetime.fromisoformat(device_time)
    except ValueError:
        return None


def _marked(pressure: Pressure, quality: Quality, word: str) -> Pressure:
    pulse = None if pressure.pulse is None else _mark(pressure.pulse, quality, word)
    return msgspec.structs.replace(
        pressure,
        systolic=_mark(pressure.systolic, quality, word),
        diastolic=_mark(pressure.diastolic, quality, word),
        mean=_mark(pressure.mean, quality, word),
        pulse=pulse,
    )


def _mark(value: Value, quality: Quality, word: str) -> Value:
    """The worse of both qualities decides and says its word first."""
    if QUALITY_ORDER.index(quality) > QUALITY_ORDER.index(value.quality):
        return Value(value.number, quality, (word, *value.reasons))
    return Value(value.number, value.quality, (*value.reasons, word))
