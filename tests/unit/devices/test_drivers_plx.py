"""Standard oximeters: reference payloads, every status bit, truncation at every byte."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from devices.drivers import Battery, DecodeError, Described, Fault, Procedure, plx
from devices.drivers.payload import TOLERATED_TRAILING, long_uuid
from devices.reading import Oximetry, Quality, Value

PAYLOADS = Path(__file__).parents[2] / "data" / "payloads" / "plx.jsonl"
VECTORS = [json.loads(line) for line in PAYLOADS.read_text().splitlines()]

INVALID, DOUBT, TEST, STORED, VALID = (
    Quality.INVALID,
    Quality.QUESTIONABLE,
    Quality.TEST,
    Quality.STORED,
    Quality.VALID,
)
MEASUREMENT_BITS = {5: VALID, 6: DOUBT, 7: VALID, 8: VALID, 9: STORED, 10: TEST, 11: TEST, 12: DOUBT, 13: INVALID}
MEASUREMENT_BITS |= {14: DOUBT, 15: INVALID, 0: VALID, 1: VALID, 2: VALID, 3: VALID, 4: VALID}
SENSOR_BITS = {0: VALID, 1: INVALID, 2: DOUBT, 3: DOUBT, 4: DOUBT, 5: DOUBT, 6: DOUBT, 7: DOUBT, 8: DOUBT, 9: VALID}
SENSOR_BITS |= {10: DOUBT, 11: INVALID, 12: DOUBT, 13: DOUBT, 14: INVALID, 15: INVALID}
SENSOR_BITS |= dict.fromkeys(range(16, 24), VALID)


def decoded(characteristic: str, hexes: str) -> Oximetry:
    measurement = plx.decode(long_uuid(characteristic), bytes.fromhex(hexes))
    assert isinstance(measurement, Oximetry)
    return measurement


def text(value: Value | None) -> str | None:
    return None if value is None or value.number is None else str(value.number)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["hex"])
def test_a_reference_payload_means_what_its_table_says(vector: dict[str, Any]) -> None:
    oximetry = decoded(vector["characteristic"], vector["hex"])
    assert (text(oximetry.spo2), text(oximetry.pulse)) == (vector["spo2"], vector["pulse"])
    assert text(oximetry.perfusion) == vector.get("perfusion")
    assert oximetry.device_time == vector.get("device_time")
    assert oximetry.spo2.quality == vector["quality"]
    assert list(oximetry.spo2.reasons) == vector.get("reasons", [])
    assert oximetry.spot == (vector["characteristic"] == "2a5e")


def test_fast_and_slow_averages_are_decoded_for_support() -> None:
    vector = next(vector for vector in VECTORS if "averages" in vector)
    averages = plx.decode_averages(bytes.fromhex(vector["hex"]))
    assert averages == tuple(map(Decimal, vector["averages"]))
    assert plx.decode_averages(bytes.fromhex("0061004800")) == (None,) * 4


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["hex"])
def test_every_shorter_payload_is_truncated(vector: dict[str, Any]) -> None:
    whole = bytes.fromhex(vector["hex"])
    for length in range(len(whole)):
        with pytest.raises(DecodeError) as caught:
            plx.decode(vector["characteristic"], whole[:length])
        assert caught.value.fault is Fault.TRUNCATED
        assert caught.value.data == whole[:length]


def test_trailing_bytes_change_no_value_and_are_noted() -> None:
    plain = decoded("2a5f", "0061004800")
    for trailing in range(1, TOLERATED_TRAILING + 1):
        longer = decoded("2a5f", "0061004800" + "AB" * trailing)
        assert longer.spo2 == Value(plain.spo2.number, VALID, ("trailing bytes",))
        assert longer.pulse == plain.pulse


def test_far_too_many_bytes_are_oversized() -> None:
    with pytest.raises(DecodeError) as caught:
        plx.decode("2a5f", bytes.fromhex("0061004800") + bytes(TOLERATED_TRAILING + 1))
    assert caught.value.fault is Fault.OVERSIZED


@pytest.mark.parametrize(("bit", "quality"), sorted(MEASUREMENT_BITS.items()))
def test_measurement_status_decides_quality(bit: int, quality: Quality) -> None:
    status = (1 << bit).to_bytes(2, "little").hex()
    for characteristic, flags in (("2a5f", "04"), ("2a5e", "02")):
        oximetry = decoded(characteristic, f"{flags}61004800{status}")
        assert {oximetry.spo2.quality, oximetry.pulse.quality} == {quality}
        assert (oximetry.spo2.number is None) == (quality is INVALID)
        assert bool(oximetry.spo2.reasons) == (quality is not VALID)


@pytest.mark.parametrize(("bit", "quality"), sorted(SENSOR_BITS.items()))
def test_sensor_status_decides_quality(bit: int, quality: Quality) -> None:
    status = (1 << bit).to_bytes(3, "little").hex()
    for characteristic, flags in (("2a5f", "08"), ("2a5e", "04")):
        oximetry = decoded(characteristic, f"{flags}61004800{status}")
        assert {oximetry.spo2.quality, oximetry.pulse.quality} == {quality}
        assert (oximetry.pulse.number is None) == (quality is INVALID)


def test_the_numbers_sent_on_after_the_finger_is_out_are_not_taken() -> None:
    oximetry = decoded("2a5f", "1861004E00000800" + "70F0")
    assert (oximetry.spo2.number, oximetry.pulse.number, oximetry.perfusion) == (
        None,
        None,
        Value(None, INVALID, ("finger off",)),
    )
    assert oximetry.spo2.reasons == ("finger off",)


def test_finger_off_is_said_before_the_number_that_is_missing() -> None:
    assert decoded("2a5f", "08FF07FF07000800").spo2.reasons == ("finger off", "no value")


def test_status_flags_are_one_bit_lower_in_a_spot_check() -> None:
    finger_off = "000800"
    assert decoded("2a5f", f"0861004800{finger_off}").spo2.reasons == ("finger off",)
    assert decoded("2a5e", f"0461004800{finger_off}").spo2.reasons == ("finger off",)


@pytest.mark.parametrize(
    ("number", "quality"),
    [("6500", INVALID), ("6400", VALID), ("0000", DOUBT), ("FFFF", INVALID), ("FFF7", INVALID), ("E9F3", INVALID)],
    ids=["101 %", "100 %", "0 %", "-1 %", "204.7 %", "100.1 %"],
)
def test_an_oxygen_saturation_that_cannot_be_is_refused(number: str, quality: Quality) -> None:
    spo2 = decoded("2a5f", f"00{number}4800").spo2
    assert spo2.quality is quality
    if quality is INVALID:
        assert spo2 == Value(None, INVALID, ("implausible",))


@pytest.mark.parametrize(
    ("number", "quality"), [("7F00", VALID), ("8000", VALID), ("FF00", VALID), ("2C01", VALID), ("2D01", INVALID)]
)
def test_a_fast_pulse_is_a_pulse(number: str, quality: Quality) -> None:
    assert decoded("2a5f", f"006100{number}").pulse.quality is quality


def test_zero_is_doubted_and_not_dropped() -> None:
    oximetry = decoded("2a5f", "0000000000")
    assert oximetry.spo2 == oximetry.pulse == Value(Decimal(0), DOUBT, ("reads zero",))


def test_features_are_said_in_words() -> None:
    assert plx.decode("2a60", bytes.fromhex("4300E0FFFFFF00")) == Described(
        features="measurement status, sensor status, pulse amplitude index"
    )
    with pytest.raises(DecodeError):
        plx.decode("2a60", bytes.fromhex("0300E0FF"))


def test_record_access_answers_are_said() -> None:
    assert plx.decode("2a52", bytes.fromhex("05000201")) == Procedure(count=258)
    assert plx.decode("2a52", bytes.fromhex("06000101")) == Procedure(request=1, outcome="success")
    assert plx.decode("2a52", bytes.fromhex("06000106")) == Procedure(request=1, outcome="no records found")
    assert plx.decode("2a52", bytes.fromhex("060001EE")) == Procedure(request=1, outcome="code 0xee")
    with pytest.raises(DecodeError) as caught:
        plx.decode("2a52", bytes.fromhex("0A0001"))
    assert caught.value.fault is Fault.RESERVED


def test_battery_and_device_information_are_the_same_for_all() -> None:
    assert plx.decode(long_uuid("2A19"), b"\x57") == Battery(87)
    assert plx.decode("2a29", b"Nonin\x00\x00") == Described(manufacturer="Nonin")
    assert plx.decode("2a24", b" 3230\x1b ") == Described(model="3230")
    faults = [("2a19", b"\x65"), ("2a19", b""), ("2a29", b"\xff"), ("2a29", b"x" * 513), ("2a00", b"x")]
    assert [fault_of(*case) for case in faults] == [
        Fault.OUT_OF_RANGE,
        Fault.TRUNCATED,
        Fault.NOT_TEXT,
        Fault.OVERSIZED,
        Fault.UNKNOWN_CHARACTERISTIC,
    ]


def fault_of(characteristic: str, data: bytes) -> Fault:
    with pytest.raises(DecodeError) as caught:
        plx.decode(characteristic, data)
    return caught.value.fault
