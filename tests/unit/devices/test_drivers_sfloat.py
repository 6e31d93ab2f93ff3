"""SFLOAT against the whole table: every vector, every special word, every one of the 65,536 raw words."""

from decimal import Decimal

import pytest

from devices.drivers.sfloat import Special, decode_sfloat

VECTORS = [
    ("6100", "97"),
    ("D4F3", "98.0"),
    ("D0F2", "72.0"),
    ("7C00", "124"),
    ("BDF0", "18.9"),
    ("9FF0", "15.9"),
    ("6FF0", "11.1"),
    ("D7F0", "21.5"),
    ("FBFF", "-0.5"),
    ("FD07", "2045"),
    ("FFF7", "204.7"),
    ("0710", "70"),
    ("0000", "0"),
]
SPECIALS = [
    ("FF07", Special.NAN),
    ("0008", Special.NRES),
    ("FE07", Special.POSITIVE_INFINITY),
    ("0208", Special.NEGATIVE_INFINITY),
    ("0108", Special.RESERVED),
]


def word(hexes: str) -> int:
    return int.from_bytes(bytes.fromhex(hexes), "little")


@pytest.mark.parametrize(("hexes", "text"), VECTORS)
def test_a_word_is_its_exact_decimal(hexes: str, text: str) -> None:
    assert str(decode_sfloat(word(hexes))) == text


@pytest.mark.parametrize(("hexes", "special"), SPECIALS)
def test_the_five_special_words_are_no_numbers(hexes: str, special: Special) -> None:
    assert decode_sfloat(word(hexes)) is special


def test_every_other_word_is_mantissa_times_ten_to_the_exponent() -> None:
    specials = {word(hexes) for hexes, _ in SPECIALS}
    for raw in set(range(0x10000)) - specials:
        exponent = int.from_bytes(bytes([(raw >> 12) << 4]), "big", signed=True) >> 4
        mantissa = int.from_bytes((raw << 4 & 0xFFFF).to_bytes(2, "big"), "big", signed=True) >> 4
        assert decode_sfloat(raw) == mantissa * Decimal(10) ** exponent
