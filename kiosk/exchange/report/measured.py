"""The form's three blood pressures, and how much of the session had a valid SpO2. Pure."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from kiosk.exchange.report.case import Case
from kiosk.session.bedside import Taken
from kiosk.session.trend import Span, gaps, valid_share

AROUND_MIN = (30.0, 50.0)
"""A pressure of these minutes stands for "40 minutes after the dose", the nearest of them."""
BLIND = (
    "no_signal",
    "finger_off",
    "device_lost",
    "device_doubted",
    "adapter_off",
    "clock_jumped",
    "monitoring_restarted",
)
"""Alarms that say why there is no SpO2."""


class Pressures(msgspec.Struct, frozen=True):
    """None: not recorded. before: the last before the dose (before the start, without one). leaving: the last of all
    before release or end, if one came after the dose."""

    before: Taken | None
    at_40: Taken | None
    leaving: Taken | None


class Share(msgspec.Struct, frozen=True):
    """Of the time from_ns to until_ns, 0 to 1: with a valid SpO2, and with one that may be questionable."""

    valid: float
    usable: float
    from_ns: int
    until_ns: int


def pressures(case: Case) -> Pressures:
    """Those of the form."""
    begin_ns = case.state.dose.at_utc_ns if case.state.dose else None
    if begin_ns is None:
        started_s = case.state.started_s
        first = [p for p in case.pressures if started_s is None or p.t_s < started_s]
        after = [p for p in case.pressures if started_s is not None and started_s <= p.t_s]
    else:
        first = [p for p in case.pressures if p.utc_ns < begin_ns]
        after = [p for p in case.pressures if begin_ns <= p.utc_ns]
    after = [p for p in after if p.utc_ns <= case.until_ns]
    near = [p for p in after if begin_ns is not None and AROUND_MIN[0] <= _minute(case, p) <= AROUND_MIN[1]]
    return Pressures(
        max(first, key=lambda p: p.utc_ns, default=None),
        min(near, key=lambda p: abs(_minute(case, p) - 40), default=None),
        max(after, key=lambda p: p.utc_ns, default=None),
    )


def _minute(case: Case, taken: Taken) -> float:
    return case.minute(taken.utc_ns) or 0.0


def highest(case: Case) -> Taken | None:
    """The pressure with the highest upper number from the start to the end of observation."""
    since_s = case.state.started_s or 0.0
    found = [p for p in case.pressures if since_s <= p.t_s <= case.until_s]
    return max(found, key=lambda p: p.systolic, default=None)


def lowest_spo2(case: Case) -> tuple[Decimal, int] | None:
    """Lowest valid SpO2 from the start to the end of observation, and when it came first."""
    since_s, until_s = case.state.started_s or 0.0, case.until_s
    rows = zip(case.spo2.t_s, case.spo2.number, case.spo2.doubted, strict=True)
    found = [(n, t) for t, n, doubted in rows if n is not None and not doubted and since_s <= t <= until_s]
    lowest = min(found, default=None)
    return None if lowest is None else (lowest[0], case.utc_ns(lowest[1]))


def share(case: Case) -> Share | None:
    """From the start to the end of observation; None where the session was never started."""
    since_s, until_s = case.state.started_s, case.until_s
    if since_s is None or until_s <= since_s:
        return None

    def covered(valid_only: bool) -> float:
        return valid_share(case.spo2.usable(valid_only), since_s, until_s, case.stale_s)

    return Share(covered(True), covered(False), case.utc_ns(since_s), case.utc_ns(until_s))


def holes(case: Case) -> list[Span]:
    """Stretches without any SpO2, in session seconds; from the start on, or from the first value if that came first."""
    return gaps(case.spo2.usable(), case.end_s, case.stale_s, case.state.started_s)
