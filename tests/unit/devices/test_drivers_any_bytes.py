"""Whatever a device sends: a measurement or a DecodeError, never another error and never an impossible number."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.catalog import DRIVERS, Driver
from devices.drivers import DecodeError
from devices.drivers.frozen import FROZEN_AFTER_S, StillWatch, doubted
from devices.drivers.generic import TEXT_FIELDS
from devices.reading import CuffPressure, Oximetry, Pressure, Quality, Value

CHARACTERISTICS = ["2a5e", "2a5f", "2a60", "2a52", "2a35", "2a36", "2a49", "2b34", "2b35", "2a19", *TEXT_FIELDS]


@pytest.mark.parametrize("driver", DRIVERS.values(), ids=list(DRIVERS))
@given(characteristic=st.sampled_from(CHARACTERISTICS), data=st.binary(max_size=64))
def test_any_bytes_are_a_measurement_or_a_decode_error(driver, characteristic, data) -> None:
    outcome = decoded_or_error(driver, characteristic, data)
    if isinstance(outcome, DecodeError):
        assert outcome.data == data
    elif isinstance(outcome, Oximetry | Pressure | CuffPressure):
        check(outcome)


def decoded_or_error(driver: Driver, characteristic: str, data: bytes) -> object:
    try:
        return driver.decode(characteristic, data)
    except DecodeError as error:
        return error


def check(measurement: Oximetry | Pressure | CuffPressure) -> None:
    low, high = {Oximetry: (0, 300), Pressure: (0, 300), CuffPressure: (-10, 300)}[type(measurement)]
    for name in measurement.__struct_fields__:
        value = getattr(measurement, name)
        if isinstance(value, Value):
            assert (value.number is None) == (value.quality is Quality.INVALID)
            assert value.number is None or low <= value.number <= high
            assert value.quality is Quality.VALID or value.reasons


def test_numbers_that_stand_still_for_two_minutes_are_doubted() -> None:
    watch = StillWatch()
    second = 10**9
    verdicts = [watch.see(b"\x00\x61\x00\x3c\x00", at * second) for at in range(int(FROZEN_AFTER_S) + 1)]
    assert verdicts == [False] * int(FROZEN_AFTER_S) + [True]
    assert not watch.see(b"\x00\x61\x00\x3d\x00", 200 * second)


def test_doubt_touches_only_what_was_valid() -> None:
    off = Value(None, Quality.INVALID, ("finger off",))
    oximetry = doubted(Oximetry(Value(Decimal(97)), off))
    assert oximetry.spo2 == Value(Decimal(97), Quality.QUESTIONABLE, ("frozen",))
    assert oximetry.pulse == off
