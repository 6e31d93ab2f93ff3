"""The checksums of the proprietary families; each file says which one its frames end with.

Runs in the monitor; pure. Eight bits are few: what passes is still judged for plausibility.
"""

from __future__ import annotations


def _table(polynomial: int, reflected: bool) -> bytes:
    return bytes(_one(value, polynomial, reflected) for value in range(256))


def _one(value: int, polynomial: int, reflected: bool) -> int:
    for _ in range(8):
        if reflected:
            value = value >> 1 ^ (polynomial if value & 1 else 0)
        else:
            value = (value << 1 ^ (polynomial if value & 0x80 else 0)) & 0xFF
    return value


_CCITT = _table(0x07, reflected=False)
_MAXIM = _table(0x8C, reflected=True)


def crc8_ccitt(data: bytes) -> int:
    """Polynomial 0x07, start 0; "123456789" gives 0xF4. Viatom AA and A5, Masimo."""
    crc = 0
    for byte in data:
        crc = _CCITT[crc ^ byte]
    return crc


def crc8_maxim(data: bytes) -> int:
    """Polynomial 0x31 reflected, start 0; "123456789" gives 0xA1. The AA 55 family."""
    crc = 0
    for byte in data:
        crc = _MAXIM[crc ^ byte]
    return crc


def sum7(data: bytes) -> int:
    """Sum of the bytes, lowest seven bits. Contec and EMAY."""
    return sum(data) & 0x7F
