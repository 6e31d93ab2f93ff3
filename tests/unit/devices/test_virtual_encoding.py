"""The simulated devices write the bytes of real ones."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest

from devices.virtual import vectors
from devices.virtual.encoding import (
    CannotEncode,
    DeviceTime,
    cuff_pressure,
    plx_continuous,
    plx_features,
    plx_spot_check,
    sfloat,
)
from devices.virtual.vectors import WrongBytes, check_vectors

VECTORS = list(vectors.vectors())


@pytest.mark.parametrize(("name", "expected", "written"), VECTORS, ids=[name for name, _, _ in VECTORS])
def test_known_payloads_are_reproduced_byte_for_byte(name: str, expected: str, written: bytes) -> None:
    assert written.hex().upper() == expected


def test_the_check_counts_what_it_checked() -> None:
    assert check_vectors() == len(VECTORS) == 27


def test_one_wrong_byte_fails_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "vectors", lambda: iter([("97 %, 72 bpm", "0061004800", bytes.fromhex("0061004900"))]))
    with pytest.raises(WrongBytes) as wrong:
        check_vectors()
    assert wrong.value.written == "0061004900"


@pytest.mark.parametrize("number", ["2048", "-2049", "1E8", "1E-9", "2047", "2046", "-2046", "-2047", "-2048", "NaN"])
def test_a_number_without_a_representation_is_refused(number: str) -> None:
    with pytest.raises(CannotEncode):
        sfloat(Decimal(number))


def test_the_status_flags_of_a_spot_check_are_one_bit_lower_than_those_of_a_continuous_measurement() -> None:
    pair = (Decimal(97), Decimal(72))
    assert plx_continuous(pair, measurement_status=0x20).hex() == "0461004800" + "2000"
    assert plx_spot_check(pair, measurement_status=0x20).hex() == "0261004800" + "2000"


def test_a_spot_check_carries_the_device_time() -> None:
    time = DeviceTime.of(datetime(2026, 7, 16, 14, 30, 5))
    assert plx_spot_check((Decimal(97), Decimal(72)), time=time).hex().upper() == "0161004800" + "EA0707100E1E05"


def test_the_two_other_slots_of_a_cuff_pressure_are_not_a_number() -> None:
    assert cuff_pressure(Decimal(110)).hex().upper() == "006E00FF07FF07"


def test_features_announce_both_status_fields() -> None:
    assert plx_features(0x48, 0xE0E0, 0x000880).hex() == "4b00" + "e0e0" + "800800"
