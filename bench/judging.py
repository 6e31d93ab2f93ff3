"""How long eight hours of values take to judge: the alarms of the bedside, without the waiting."""

from __future__ import annotations

import time
from decimal import Decimal
from functools import cache

from bench.figure import Figure, Goal
from bench.reference.csv_pass import rows_beyond
from kiosk.planfile import read_plan
from kiosk.session.replay import Sample, replay

SECONDS = 8 * 3600


@cache
def _csv() -> str:
    """SpO2 97 with a fall to 84 for a minute in each half hour, so that alarms do come and go."""
    rows = (f"{t},{84 if 900 <= t % 1800 < 960 else 97},{62 + t % 7}\n" for t in range(SECONDS))
    return "t_s,spo2,pulse\n" + "".join(rows)


def replayed_s() -> float:
    """Read the CSV and give its alarms by the example plan's limits."""
    limits = read_plan("").plan.limits
    text = _csv()
    began = time.perf_counter()
    rows = (line.split(",") for line in text.splitlines()[1:])
    samples = (Sample(float(t_s), Decimal(spo2), Decimal(pulse)) for t_s, spo2, pulse in rows)
    alarms = replay(samples, limits)
    took = time.perf_counter() - began
    assert len(alarms) >= 16, alarms
    return took


def compared_s() -> float:
    """Read the CSV and compare each row with the limits, without delay, hysteresis or any state."""
    text = _csv()
    began = time.perf_counter()
    beyond = rows_beyond(text, Decimal(90), Decimal(45), Decimal(130))
    took = time.perf_counter() - began
    assert beyond == 16 * 60
    return took


FIGURES = (
    Figure(
        "eight hours judged",
        "28,800 rows of a CSV at 1 Hz through the alarms",
        "the same rows read and compared with the limits, without any state",
        replayed_s,
        compared_s,
        Goal("itself", SECONDS / 20_000),  # 20,000 readings a second
    ),
)
