"""Causes of alarms that simulated devices make: bytes, silence, a lost link, a measurement."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import Any

from devices.reading import Oximetry, Reading
from tests.end_to_end.alarm_run import Begin, Cause, Watched
from tests.end_to_end.room_run import RoomRun, wait_until


def first_sent(room: RoomRun, wanted: Callable[[dict[str, Any]], bool], after_ns: int) -> int:
    """When the first such value after an instant was handed over; its line is written once the monitor has taken it."""

    def found() -> int | None:
        return next((v["utc_ns"] for v in room.air.sent() if v["utc_ns"] >= after_ns and wanted(v)), None)

    return wait_until(found, 10, "the value in the air's log")


def is_hex(raw_hex: str) -> Callable[[dict[str, Any]], bool]:
    """Whether a value has these bytes."""
    return lambda value: value["hex"].lower() == raw_hex


def bytes_of(raw_hex: str) -> Cause:
    """The oximeter sends these bytes each second."""

    @contextlib.contextmanager
    def cause(watched: Watched) -> Iterator[Begin]:
        room, now_ns = watched.room, time.time_ns()
        with room.air.feeding("oximeter", raw_hex, 1 / room.options.speed):
            yield lambda: first_sent(room, is_hex(raw_hex), now_ns)

    return cause


def newest_reading(room: RoomRun) -> Begin:
    """When the newest oximetry so far was taken: from then on there is none."""
    rows = [row for row in room.rows(max(0, room.last_seq() - 50)) if is_oximetry(row.what)]
    return lambda: room.real_ns(rows[-1].stamp)


def blind_with(raw_hex: str) -> Cause:
    """The oximeter sends these bytes, which hold no usable value: the last one before them counts."""

    @contextlib.contextmanager
    def cause(watched: Watched) -> Iterator[Begin]:
        room = watched.room
        room.air.order("hold")
        begin = newest_reading(room)
        with room.air.feeding("oximeter", raw_hex, 1 / room.options.speed):
            yield begin

    return cause


@contextlib.contextmanager
def silence(watched: Watched) -> Iterator[Begin]:
    """The oximeter is connected and sends nothing."""
    air = watched.room.air
    air.order("hold")
    yield newest_reading(watched.room)
    air.order("resume")


@contextlib.contextmanager
def out_of_reach(watched: Watched) -> Iterator[Begin]:
    """The link is lost, and the device cannot be found."""
    air = watched.room.air
    air.order("hold")
    air.order("advertise", device="oximeter", wanted=False)
    begin = newest_reading(watched.room)
    air.order("drop", device="oximeter")
    yield begin
    air.order("advertise", device="oximeter", wanted=True)
    air.order("resume")


def dips(raw_hex: str, spo2: int) -> Cause:
    """Three dips, five values each: all too short for the delay of the low limit. The third one fills the count."""

    @contextlib.contextmanager
    def cause(watched: Watched) -> Iterator[Begin]:
        room, third_ns = watched.room, 0
        for _ in range(3):
            seq, third_ns = room.last_seq(), time.time_ns()
            with room.air.feeding("oximeter", raw_hex, 1 / room.options.speed):
                await_values(room, spo2, 5, seq)
            await_values(room, None, 4, room.last_seq())
        yield lambda: first_sent(room, is_hex(raw_hex), third_ns)

    return cause


def await_values(room: RoomRun, spo2: int | None, count: int, after: int) -> None:
    """So many readings of this SpO2 (None: above 92) behind row `after`."""

    def come() -> bool:
        found = [r.what.measurement.spo2.number for r in room.rows(after) if is_oximetry(r.what)]
        return sum(n is not None and (n == spo2 if spo2 else n > 92) for n in found) >= count

    wait_until(come, 20, f"{count} values of {spo2}")


def is_oximetry(what: object) -> bool:
    """Whether this is a reading of the oximeter."""
    return isinstance(what, Reading) and isinstance(what.measurement, Oximetry)


def cuff(systolic: int, diastolic: int, pulse: int) -> Cause:
    """The cuff measures this, and later something well."""

    @contextlib.contextmanager
    def cause(watched: Watched) -> Iterator[Begin]:
        room, now_ns = watched.room, time.time_ns()
        start_cuff(room, systolic, diastolic, pulse)
        yield lambda: first_sent(room, lambda value: value["kind"] == "indication", now_ns)
        start_cuff(room, 118, 76, 63)

    return cause


def start_cuff(room: RoomRun, systolic: int, diastolic: int, pulse: int, inflate_s: int = 4) -> None:
    """Start the cuff, as soon as it is free."""
    numbers = {"systolic": systolic, "diastolic": diastolic, "mean": diastolic + 12, "pulse": pulse}

    def asked() -> bool:
        with contextlib.suppress(AssertionError):
            room.air.order("measure", **numbers, inflate_s=inflate_s)
            return True
        return False

    wait_until(asked, 40, "a free cuff")
