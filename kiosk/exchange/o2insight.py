"""Oximetry in the form of the O2 Insight program's CSV, which sleep and oximetry tools read. One file a device.

Only what such a tool may count: live values that the device itself called valid, in whole numbers (half up), by the
session's local clock. A second without one has no line: these tools take an empty cell for the next column or for 0.
Motion and reminders are empty, because nobody measured them. The exact values are in `vitals.csv`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TextIO

from devices.reading import Oximetry, Quality, Reading, Value
from devices.reading import Source as Origin
from kiosk.exchange.source import Source
from kiosk.session import events as e
from kiosk.text.measure import number

HEADER = "Time,SpO2(%),Pulse Rate(bpm),Motion,SpO2 Reminder,PR Reminder,"
NONE = "--"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def write(source: Source, folder: Path) -> list[str]:
    """`o2-insight-1.csv` and on, in the order in which the devices sent first; their devices."""
    files: dict[str, TextIO] = {}
    with ExitStack() as opened:
        for device, line in _lines(source):
            if device not in files:
                path = folder / f"o2-insight-{len(files) + 1}.csv"
                files[device] = opened.enter_context(path.open("x", encoding="utf-8", newline=""))
                files[device].write(f"{HEADER}\r\n")
            files[device].write(f"{line}\r\n")
    return list(files)


def _lines(source: Source) -> Iterator[tuple[str, str]]:
    offset_min = 0
    for row in source.rows():
        if isinstance(row.what, e.SessionOpened | e.RunAnchored):
            offset_min = row.what.utc_offset_min
        if not isinstance(row.what, Reading) or row.what.source is not Origin.DEVICE:
            continue
        m = row.what.measurement
        if isinstance(m, Oximetry) and (spo2 := _whole(m.spo2)):
            when = _time(row.stamp.utc_ns, offset_min)
            yield row.what.device, f'"{when}",{spo2},{_whole(m.pulse) or NONE},,,,'


def _whole(value: Value) -> str:
    """A valid value in whole numbers, "" for every other."""
    is_one = value.quality is Quality.VALID and value.number is not None and value.number.is_finite()
    return number(value.number) if is_one else ""


def _time(utc_ns: int, offset_min: int) -> str:
    """ "11:20:29PM Jun 19, 2026": with the month's name, so that no tool can exchange day and month."""
    local = datetime.fromtimestamp(utc_ns // 1_000_000_000, UTC) + timedelta(minutes=offset_min)
    half = "AM" if local.hour < 12 else "PM"  # not by strftime, which asks the computer's language
    return f"{local:%I:%M:%S}{half} {_MONTHS[local.month - 1]} {local.day:02d}, {local.year}"
