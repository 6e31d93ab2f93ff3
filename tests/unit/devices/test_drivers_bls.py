"""Standard cuffs: reference payloads, units, status bits, device clocks, truncation at every byte."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from devices.drivers import DecodeError, Described, Fault, bls
from devices.drivers.payload import TOLERATED_TRAILING, long_uuid
from devices.reading import CuffPressure, Pressure, Quality, Value

PAYLOADS = Path(__file__).parents[2] / "data" / "payloads" / "bls.jsonl"
VECTORS = [json.loads(line) for line in PAYLOADS.read_text().splitlines()]
NO_VALUE = Value(None, Quality.INVALID, ("no value",))


def measured(hexes: str, characteristic: str = "2a35") -> Pressure:
    pressure = bls.decode(characteristic, bytes.fromhex(hexes))
    assert isinstance(pressure, Pressure)
    return pressure


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["hex"])
def test_a_reference_payload_means_what_its_table_says(vector: dict[str, Any]) -> None:
    measurement = bls.decode(long_uuid(vector["characteristic"]), bytes.fromhex(vector["hex"]))
    assert isinstance(measurement, Pressure | CuffPressure)
    for name in ("systolic", "diastolic", "mean", "pulse", "pressure"):
        if name in vector:
            number = getattr(measurement, name).number
            assert (None if number is None else str(number)) == vector[name]
    for name in ("user", "device_time"):
        assert getattr(measurement, name, None) == vector.get(name)
    assert measurement.unit == vector.get("unit", "mmHg")
    main = measurement.systolic if isinstance(measurement, Pressure) else measurement.pressure
    assert main.quality == vector["quality"]
    if "reasons" in vector:
        assert list(main.reasons) == vector["reasons"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["hex"])
def test_every_shorter_payload_is_truncated(vector: dict[str, Any]) -> None:
    whole = bytes.fromhex(vector["hex"])
    for length in range(vector.get("fields_end", len(whole))):
        with pytest.raises(DecodeError) as caught:
            bls.decode(vector["characteristic"], whole[:length])
        assert caught.value.fault is Fault.TRUNCATED


def test_far_too_many_bytes_are_oversized() -> None:
    whole = bytes.fromhex("0478005000FF074800")
    assert isinstance(bls.decode("2a35", whole + bytes(TOLERATED_TRAILING)), Pressure)
    with pytest.raises(DecodeError) as caught:
        bls.decode("2a35", whole + bytes(TOLERATED_TRAILING + 1))
    assert caught.value.fault is Fault.OVERSIZED


def test_all_status_bits_are_said() -> None:
    pressure = measured("1E8A00580078000000041114293B3C00012700")
    words = ("body movement", "cuff too loose", "improper position", "irregular pulse")
    assert pressure.systolic == Value(Decimal(138), Quality.QUESTIONABLE, words)


@pytest.mark.parametrize(
    ("bits", "reason"),
    [
        ("0800", "pulse above the device's range"),
        ("1000", "pulse below the device's range"),
        ("1800", "reserved pulse range"),
    ],
)
def test_the_pulse_range_is_two_bits_and_concerns_the_pulse_only(bits: str, reason: str) -> None:
    pressure = measured(f"1478005000FF074800{bits}")
    assert pressure.pulse == Value(Decimal(72), Quality.QUESTIONABLE, (reason,))
    assert pressure.systolic.quality is Quality.VALID


@pytest.mark.parametrize("mean", ["FF07", "0000"])
def test_a_mean_that_was_not_measured_is_no_value(mean: str) -> None:
    assert measured(f"0078005000{mean}").mean == NO_VALUE


@pytest.mark.parametrize("mean", ["4F00", "7900"])
def test_a_mean_outside_its_pressures_cannot_be(mean: str) -> None:
    pressure = measured(f"0078005000{mean}")
    assert pressure.mean == Value(None, Quality.INVALID, ("implausible",))
    assert pressure.systolic == Value(Decimal(120))


@pytest.mark.parametrize(
    ("systolic", "diastolic"),
    [("2700", "1400"), ("2D01", "5000"), ("7800", "1300"), ("2C01", "C900"), ("5000", "5000"), ("5000", "7800")],
    ids=["39/20", "301/80", "120/19", "300/201", "80/80", "80/120"],
)
def test_a_pressure_that_cannot_be_takes_its_partner_with_it(systolic: str, diastolic: str) -> None:
    pressure = measured(f"00{systolic}{diastolic}FF07")
    assert pressure.systolic == pressure.diastolic == Value(None, Quality.INVALID, ("implausible",))


def test_the_limits_themselves_are_possible() -> None:
    assert measured("002C01C800FF07").systolic == Value(Decimal(300))
    assert measured("0028001400FF07").diastolic == Value(Decimal(20))


def test_a_failed_measurement_has_no_numbers() -> None:
    pressure = measured("00FF07FF07FF07")
    assert (pressure.systolic, pressure.diastolic, pressure.mean) == (NO_VALUE,) * 3


def test_kilopascals_are_converted_exactly_and_said() -> None:
    cuff = bls.decode("2a36", bytes.fromhex("016FF0FF07FF07"))
    assert cuff == CuffPressure(Value(Decimal("11.1") * Decimal("7.500617")), unit="kPa")


def test_an_unknown_user_is_none() -> None:
    assert measured("0878005000FF07FF").user is None
    assert measured("0878005000FF0702").user == 2


@pytest.mark.parametrize(
    ("clock", "text"),
    [
        ("EA0707100E1E05", "2026-07-16T14:30:05"),
        ("00000000000000", "0000-00-00T00:00:00"),
        ("FFFFFFFFFFFFFF", "65535-255-255T255:255:255"),
    ],
)
def test_a_device_clock_is_written_down_as_sent_whatever_it_says(clock: str, text: str) -> None:
    assert measured(f"0278005000FF07{clock}").device_time == text


def test_an_enhanced_time_counts_from_1900_or_2000() -> None:
    assert measured("0278005000FF07FFFFFFFF", "2b34").device_time == "2036-02-07T06:28:15"
    assert measured("4278005000FF0700000000", "2b34").device_time == "2000-01-01T00:00:00"


def test_features_are_said_in_words() -> None:
    assert bls.decode("2a49", bytes.fromhex("2500")) == Described(
        features="movement detection, irregular pulse detection, multiple bonds"
    )
