"""How long standard payloads take to become values: exact decimals and a quality each, against another's decoder.

The other one gives floats and passes numbers on whatever the status bits say; ours has to do more for each value.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache
from itertools import cycle, islice
from typing import Any

from bench.figure import Figure, Goal
from devices.drivers import bls, plx
from tests.unit.devices.others import sig

PAYLOADS = 20_000


@cache
def _oximetry() -> tuple[bytes, ...]:
    """SpO2 and pulse of an evening: whole numbers, as a standard oximeter sends them, with status and perfusion."""
    made = []
    for second in range(600):
        spo2, pulse = 94 + second % 5, 55 + second % 23
        words = spo2.to_bytes(2, "little") + pulse.to_bytes(2, "little")
        made.append(b"\x0c" + words + bytes(2) + bytes(3) if second % 2 else b"\x00" + words)
    return tuple(islice(cycle(made), PAYLOADS))


@cache
def _pressures() -> tuple[bytes, ...]:
    """Systolic, diastolic, mean, time, pulse and status, as cuffs send them."""
    made = []
    for count in range(300):
        words = b"".join(v.to_bytes(2, "little") for v in (118 + count % 30, 72 + count % 20, 87 + count % 20))
        clock = (2026).to_bytes(2, "little") + bytes((11, 24, 21, count % 60, 0))
        made.append(b"\x16" + words + clock + (60 + count % 20).to_bytes(2, "little") + bytes(2))
    return tuple(islice(cycle(made), PAYLOADS))


def _each(decode: Callable[[bytes], Any], payloads: tuple[bytes, ...]) -> float:
    decode(payloads[0])
    began = time.perf_counter()
    for payload in payloads:
        decode(payload)
    return time.perf_counter() - began


def _plx(data: bytes) -> Any:
    return plx.decode(plx.CONTINUOUS, data)


def _bls(data: bytes) -> Any:
    return bls.decode(bls.MEASUREMENT, data)


FIGURES = (
    Figure(
        "oximetry decoded",
        f"{PAYLOADS} PLX continuous measurements to exact decimals with quality and reasons",
        "the same bytes by labmcp-ble-health, to floats",
        lambda: _each(_plx, _oximetry()),
        lambda: _each(sig.parse_plx_continuous, _oximetry()),
        Goal("times", 1.0),
    ),
    Figure(
        "pressure decoded",
        f"{PAYLOADS} blood pressure measurements to exact decimals with quality and reasons",
        "the same bytes by labmcp-ble-health, to floats",
        lambda: _each(_bls, _pressures()),
        lambda: _each(sig.parse_blood_pressure_measurement, _pressures()),
        Goal("times", 1.0),
    ),
)
