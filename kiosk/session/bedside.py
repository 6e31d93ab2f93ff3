"""What can be seen at the bed in one instant: plan, clock, live numbers, pressures so far. Values only.

Pure; gathered by the monitor for each decision and for each view, so that deciding and drawing see the same. It
judges nothing, and a number that is not live and valid is None here.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from kiosk.session.plan import Plan


class Taken(msgspec.Struct, frozen=True):
    """One usable blood pressure, mmHg: measured or typed, never out of a device's memory. seq: row of the record."""

    seq: int
    t_s: float
    utc_ns: int
    systolic: Decimal
    diastolic: Decimal
    mean: Decimal | None = None
    pulse: Decimal | None = None
    typed: bool = False
    doubted: bool = False  # the device itself calls it questionable

    @property
    def text(self) -> str:
        """ "128/79"."""
        return f"{whole(self.systolic)}/{whole(self.diastolic)}"


class Bedside(msgspec.Struct, frozen=True):
    """spo2 (%), pulse (/min): live and valid at `now_s`, else None. pressures: oldest first.

    spo2_back_s: session second at which a valid SpO2 came after it had been gone, None if that never happened.
    has_sound: whether this run has a tone child at all. typed: "spo2", "pulse" as read off and typed by hand, with
    their session second, where no device has sent a newer number; never live.
    """

    plan: Plan
    now_s: float
    spo2: Decimal | None = None
    pulse: Decimal | None = None
    pressures: tuple[Taken, ...] = ()
    spo2_back_s: float | None = None
    has_sound: bool = True
    typed: dict[str, tuple[Decimal, float]] = {}


def whole(number: Decimal) -> str:
    """A number as text without needless zeros."""
    return f"{number.normalize():f}"


def is_beyond(taken: Taken, systolic: Decimal | None, diastolic: Decimal | None) -> bool:
    """Whether either number is at its limit or above; None: no limit."""
    pairs = ((taken.systolic, systolic), (taken.diastolic, diastolic))
    return any(limit is not None and number >= limit for number, limit in pairs)
