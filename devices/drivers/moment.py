"""A device's own clock as it said it: ISO 8601 without zone, untrusted, kept beside the host's stamp.

Runs in the monitor. Cuff clocks are routinely wrong or not set, so nothing here validates, corrects or raises: an
unknown year is year 0000, and impossible fields are written down as sent.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from devices.drivers.payload import Payload


def take_date_time(payload: Payload) -> str:
    """The seven bytes of Date Time (0x2A08): "2026-07-16T14:30:05"; unknown parts are zeros."""
    low, high, month, day, hours, minutes, seconds = payload.take(7).to_bytes(7, "little")
    return f"{high << 8 | low:04d}-{month:02d}-{day:02d}T{hours:02d}:{minutes:02d}:{seconds:02d}"


def from_epoch(seconds: int, since_2000: bool) -> str:
    """Seconds since 1900-01-01 or 2000-01-01 (32 bits, so never beyond the year 2136) as naive ISO 8601."""
    start = datetime(2000 if since_2000 else 1900, 1, 1)  # noqa: DTZ001 - the device's clock has no zone
    return (start + timedelta(seconds=seconds)).isoformat()
