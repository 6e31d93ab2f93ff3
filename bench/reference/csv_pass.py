"""The least that any evaluation of a recording does: read each row of the CSV and compare it with the limits."""

from __future__ import annotations

import csv
import io
from decimal import Decimal


def rows_beyond(text: str, spo2_low: Decimal, pulse_low: Decimal, pulse_high: Decimal) -> int:
    """How many rows of `t_s,spo2,pulse` lie beyond a limit."""
    count = 0
    for row in csv.DictReader(io.StringIO(text)):
        spo2, pulse = Decimal(row["spo2"]), Decimal(row["pulse"])
        count += spo2 < spo2_low or pulse < pulse_low or pulse > pulse_high
    return count
