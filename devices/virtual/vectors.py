"""Payloads known from real devices and their tests, which our encoders must reproduce byte for byte.

Checked by the air before it opens: peripherals that write other bytes than real ones would prove nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from devices.virtual.encoding import DeviceTime, blood_pressure, plx_continuous, sfloat

D = Decimal
EVENING_WITHOUT_YEAR = DeviceTime(0, 4, 17, 20, 41, 59)
AFTERNOON = DeviceTime(2026, 7, 16, 14, 30, 5)


class WrongBytes(Exception):  # noqa: N818 - reads as what it says
    """An encoder does not write what real devices write. name, expected and written are hex words."""

    def __init__(self, name: str, expected: str, written: str) -> None:
        super().__init__(f"{name}: expected {expected}, wrote {written}")
        self.name, self.expected, self.written = name, expected, written


def _oximetry() -> Iterator[tuple[str, str, bytes]]:
    yield "97 %, 72 bpm", "0061004800", plx_continuous((D(97), D(72)))
    yield "98 %, 72 bpm", "0062004800", plx_continuous((D(98), D(72)))
    yield "98.0 %, 72.0 bpm", "00D4F3D0F2", plx_continuous((D("98.0"), D("72.0")))
    yield "no numbers", "00FF07FF07", plx_continuous((None, None))
    all_pairs = plx_continuous(
        (D(97), D(72)), fast=(D(96), D(73)), slow=(D(98), D(71)), measurement_status=0x0120, sensor_status=0x000004
    )
    yield "normal, fast, slow, both states", "0F6100480060004900620047002001040000", all_pairs
    ongoing = plx_continuous((D(98), D(78)), measurement_status=0x0020, sensor_status=0)
    yield "a consumer finger clip", "0C62004E002000000000", ongoing


def _pressure() -> Iterator[tuple[str, str, bytes]]:
    evening = EVENING_WITHOUT_YEAR
    finished = blood_pressure(D(138), D(88), D(120), time=evening, pulse=D(60), user=1, status=0x0027)
    yield "138/88, year unknown", "1E8A00580078000000041114293B3C00012700", finished
    yield "tenths", "00BDF00B009FF0", blood_pressure(D("18.9"), D(11), D("15.9"))
    yield "no mean", "0478005000FF074800", blood_pressure(D(120), D(80), None, pulse=D(72))
    inflating = blood_pressure(D(4), D(0), D(0), time=evening, pulse=D(60), user=1, status=0x0027)
    yield "cuff 4 mmHg", "1E0400000000000000041114293B3C00012700", inflating
    kilopascal = blood_pressure(D("11.1"), D(0), D(0), kilopascal=True, pulse=D(60), status=0x0012)
    yield "cuff 11.1 kPa", "156FF0000000003C001200", kilopascal
    yield "cuff 21.5 mmHg", "00D7F000000000", blood_pressure(D("21.5"), D(0), D(0))
    yield "cuff 110 mmHg", "006E00FF07FF07", blood_pressure(D(110), None, None)


def _numbers() -> Iterator[tuple[str, str, bytes]]:
    words = {
        "97": "6100", "98.0": "D4F3", "72.0": "D0F2", "124": "7C00", "18.9": "BDF0", "15.9": "9FF0", "11.1": "6FF0",
        "21.5": "D7F0", "-0.5": "FBFF", "2045": "FD07", "204.7": "FFF7", "7E1": "0710", "0": "0000",
    }  # fmt: skip
    for number, expected in words.items():
        yield f"sfloat {number}", expected, sfloat(D(number))
    yield "time", "EA0707100E1E05", AFTERNOON.to_bytes()


def vectors() -> Iterator[tuple[str, str, bytes]]:
    """(name, expected hex, what the encoder wrote) of every known payload."""
    yield from _oximetry()
    yield from _pressure()
    yield from _numbers()


def check_vectors(known: Iterable[tuple[str, str, bytes]] | None = None) -> int:
    """Encode all that are known, or the standard's; the number checked. Raises WrongBytes at the first that differs."""
    count = 0
    for count, (name, expected, written) in enumerate(vectors() if known is None else known, 1):  # noqa: B007 - the last count is the answer
        if written.hex().upper() != expected:
            raise WrongBytes(name, expected, written.hex().upper())
    return count
