"""IEEE 11073 SFLOAT (16 bits) to exact decimals, and its five words that are not numbers.

Runs in the monitor. Never uses binary floats: 98.6 stays 98.6. The special words count only with exponent 0, so
0xF7FF is the number 204.7; the plausibility limits of `devices.drivers.judge` refuse it as a vital sign.
"""

from __future__ import annotations

from decimal import Decimal
from enum import IntEnum
from functools import lru_cache


class Special(IntEnum):
    """Raw words that carry no number."""

    NAN = 0x07FF
    NRES = 0x0800
    POSITIVE_INFINITY = 0x07FE
    NEGATIVE_INFINITY = 0x0802
    RESERVED = 0x0801


SPECIAL_WORDS = {
    Special.NAN: "no value",
    Special.NRES: "no value at this resolution",
    Special.POSITIVE_INFINITY: "above the device's range",
    Special.NEGATIVE_INFINITY: "below the device's range",
    Special.RESERVED: "reserved value",
}
_SPECIALS = frozenset(int(special) for special in Special)


@lru_cache(4096)  # an evening has some hundred different words
def decode_sfloat(raw: int) -> Decimal | Special:
    """Exact value of a raw 16-bit word: mantissa (12 bits) times ten to the exponent (4 bits), both signed."""
    if raw in _SPECIALS:
        return Special(raw)
    mantissa, exponent = raw & 0x0FFF, raw >> 12
    mantissa -= 0x1000 if mantissa >= 0x0800 else 0
    exponent -= 0x10 if exponent >= 0x08 else 0
    if exponent < 0:
        return Decimal(mantissa).scaleb(exponent)
    return Decimal(mantissa * 10**exponent)
