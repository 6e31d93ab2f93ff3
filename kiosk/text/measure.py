"""Times and numbers as a tired person reads them: "42 s ago", "1 min 1 s", "0:47", "21:49", "96"."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal

from kiosk.text.catalogue import _


def number(value: Decimal | None) -> str:
    """A whole number for display, half up; "" for None. The record keeps the exact decimal."""
    if value is None:
        return ""
    return str(int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP)))


def duration(seconds: float) -> str:
    """42 -> "42 s", 61 -> "1 min 1 s", 120 -> "2 min", 5400 -> "1 h 30 min"."""
    whole = int(seconds)
    if whole < 60:
        return _("{s} s").format(s=whole)
    if whole < 3600:
        minutes, rest = divmod(whole, 60)
        return _("{m} min {s} s").format(m=minutes, s=rest) if rest else _("{m} min").format(m=minutes)
    hours, rest = divmod(whole // 60, 60)
    return _("{h} h {m} min").format(h=hours, m=rest) if rest else _("{h} h").format(h=hours)


def age(seconds: float) -> str:
    """The age of a value: "now" up to 2 s, then "42 s ago", "27 min ago"."""
    if seconds < 2:
        return _("now")
    if seconds < 60:
        return _("{s} s ago").format(s=int(seconds))
    if seconds < 3600:
        return _("{m} min ago").format(m=int(seconds // 60))
    return _("{h} h ago").format(h=int(seconds // 3600))


def elapsed(seconds: float) -> str:
    """Hours and minutes: 2840 -> "0:47"."""
    minutes = int(seconds // 60)
    return f"{minutes // 60}:{minutes % 60:02d}"


def clock_time(utc_ns: int, offset_min: int, with_seconds: bool = False) -> str:
    """Local wall-clock time of an instant, 24 h: "21:49" or "21:43:31"."""
    zone = timezone(timedelta(minutes=offset_min))
    moment = datetime.fromtimestamp(utc_ns / 1e9, UTC).astimezone(zone)
    return moment.strftime("%H:%M:%S" if with_seconds else "%H:%M")


def iso_time(utc_ns: int, offset_min: int) -> str:
    """ISO 8601 with milliseconds and the offset: "2026-11-24T19:21:03.512+00:00"."""
    zone = timezone(timedelta(minutes=offset_min))
    seconds, rest_ns = divmod(utc_ns, 1_000_000_000)
    moment = datetime.fromtimestamp(seconds, UTC).astimezone(zone).replace(microsecond=rest_ns // 1000)
    return moment.isoformat(timespec="milliseconds")
