"""Every proprietary family: reference frames, streams in pieces, and any bytes (wrong bits: `test_evidence`)."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.catalog import DRIVERS, Driver
from devices.drivers import Battery, DecodeError, Described, Noted, Wave, aa55, bci, cuffs, eb, oxyii, viatom
from devices.drivers.checksum import crc8_ccitt, crc8_maxim, sum7
from devices.drivers.framing import Framer
from devices.reading import CuffPressure, HeartRate, Oximetry, Pressure, Quality, Value

PAYLOADS = Path(__file__).parents[2] / "data" / "payloads" / "families.jsonl"
VECTORS = [json.loads(line) for line in PAYLOADS.read_text().splitlines()]
FRAMED = [vector for vector in VECTORS if DRIVERS[vector["driver"]].framings]
FAMILIES = sorted({vector["driver"] for vector in VECTORS})
FRAMED_FAMILIES = sorted({vector["driver"] for vector in FRAMED})
MEASURES = (Oximetry, Pressure, CuffPressure, HeartRate)

by_hex = pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: f"{vector['driver']}-{vector['hex'][:40]}")
by_frame = pytest.mark.parametrize("vector", FRAMED, ids=lambda vector: f"{vector['driver']}-{vector['hex'][:40]}")


def driver_of(vector: dict[str, Any]) -> tuple[Driver, bytes]:
    return DRIVERS[vector["driver"]], bytes.fromhex(vector["hex"])


def framer(driver: Driver) -> Framer:
    return Framer(driver.framings[driver.main])


def valid_values(driver: Driver, frame: bytes) -> list[Value]:
    try:
        decoded = driver.decode(driver.main, frame)
    except DecodeError:
        return []
    if not isinstance(decoded, MEASURES):
        return []
    values = [getattr(decoded, name) for name in decoded.__struct_fields__]
    return [value for value in values if isinstance(value, Value) and value.quality is Quality.VALID]


@by_hex
def test_a_family_s_frame_means_what_its_table_says(vector: dict[str, Any]) -> None:
    driver, frame = driver_of(vector)
    decoded = driver.decode(driver.main, frame)
    for name in ("systolic", "diastolic", "mean", "pulse", "pressure", "spo2", "perfusion"):
        if name in vector:
            number = getattr(decoded, name).number
            assert (None if number is None else str(number)) == vector[name], name
    for name in ("user", "device_time", "features"):
        if name in vector:
            assert getattr(decoded, name) == vector[name]
    if isinstance(decoded, MEASURES):
        main = next(getattr(decoded, name) for name in decoded.__struct_fields__)
        assert main.quality == vector["quality"]
        assert list(main.reasons) == vector.get("reasons", list(main.reasons))
    if "samples" in vector:
        assert isinstance(decoded, Wave)
        assert (list(decoded.samples), list(decoded.beats)) == (vector["samples"], vector["beats"])
    if "noted" in vector:
        assert decoded == Noted(vector["noted"])
    batteries = [said.percent for said in driver.beside(driver.main, frame) if isinstance(said, Battery)]
    assert batteries == ([vector["battery"]] if "battery" in vector else [])


@by_frame
def test_a_frame_in_two_pieces_or_byte_by_byte_is_one_frame(vector: dict[str, Any]) -> None:
    driver, frame = driver_of(vector)
    for boundary in range(len(frame) + 1):
        stream = framer(driver)
        assert stream.feed(frame[:boundary]) + stream.feed(frame[boundary:]) == [frame]
    stream = framer(driver)
    assert [found for byte in frame for found in stream.feed(bytes([byte]))] == [frame]
    assert stream.dropped == 0


@pytest.mark.parametrize("family", FRAMED_FAMILIES)
def test_merged_frames_come_out_one_by_one_also_after_garbage(family: str) -> None:
    driver = DRIVERS[family]
    frames = [driver_of(vector)[1] for vector in FRAMED if vector["driver"] == family]
    heads = driver.framings[driver.main].heads
    garbage = bytes(byte for byte in range(256) if byte not in heads)
    stream = framer(driver)
    assert stream.feed(garbage + b"".join(frames)) == frames
    assert stream.take_dropped() == garbage
    assert stream.feed(garbage[:7] + frames[0] + garbage[:5] + frames[-1]) == [frames[0], frames[-1]]
    assert stream.dropped == len(garbage) + 12


def test_three_notifications_of_a_real_oximeter_that_begin_mid_frame() -> None:
    pieces = (
        "550F06210200000045AA550F0702151C2736465E",
        "0F06210200000045AA550F0702343536363691AA",
        "550F070235322E2A256BAA550F0702211D1A1715",
    )
    stream = framer(aa55.DRIVER)
    found = [frame.hex().upper() for piece in pieces for frame in stream.feed(bytes.fromhex(piece))]
    assert found == ["AA550F0702151C2736465E", "AA550F0702343536363691", "AA550F070235322E2A256B"]


@pytest.mark.parametrize(("pulse", "number"), [(127, 127), (128, 128), (140, 140), (254, 254), (255, None)])
def test_a_fast_pulse_keeps_its_eighth_bit(pulse: int, number: int | None) -> None:
    body = bytes((0xEB, 1, 0x05 | (2 if pulse >= 128 else 0), pulse & 0x7F, 97, 0x7F, 0))
    contec = eb.decode(eb.NOTIFY, body + bytes([sum7(body)]))
    berry = bci.decode(bci.NOTIFY, bytes((0x85, 50, 0x05 | (pulse & 0x80) >> 1, pulse & 0x7F, 97)))
    expected = None if number is None else Decimal(number)
    for decoded in (contec, berry):
        assert isinstance(decoded, Oximetry)
        assert decoded.pulse.number == expected
        assert decoded.spo2.number == 97
    if pulse in (127, 128, 140, 254):
        ring = viatom.decode(viatom.NOTIFY, viatom_answer(97, pulse))
        assert isinstance(ring, Oximetry)
        assert ring.pulse.number == expected


def viatom_answer(spo2: int, pulse: int, lead: int = 1) -> bytes:
    payload = bytes((spo2, *pulse.to_bytes(2, "little"), 0, 0, 0, 0, 80, 0, 0, 20, lead, 0))
    body = b"\x55\x00\xff\x00\x00" + len(payload).to_bytes(2, "little") + payload
    return body + bytes([crc8_ccitt(body)])


@pytest.mark.parametrize("spo2", [0, 101, 127, 255])
def test_an_oxygen_that_cannot_be_is_no_number(spo2: int) -> None:
    body = bytes((0xAA, 0x55, 0x0F, 8, 1, spo2, 72, 0, 20, 0, 0))
    frames = [(aa55.DRIVER, body + bytes([crc8_maxim(body)])), (viatom.DRIVER, viatom_answer(spo2, 72))]
    for driver, frame in frames:
        decoded = driver.decode(driver.main, frame)
        assert isinstance(decoded, Oximetry)
        assert (decoded.spo2.number, decoded.spo2.quality) == (None, Quality.INVALID)


def test_a_ring_whose_finger_is_out_sends_numbers_that_are_not_believed() -> None:
    decoded = viatom.decode(viatom.NOTIFY, viatom_answer(97, 72, lead=0))
    assert isinstance(decoded, Oximetry)
    assert (decoded.spo2, decoded.pulse.number) == (Value(None, Quality.INVALID, ("finger off",)), None)


def test_a_ring_says_who_it_is() -> None:
    payload = (
        json.dumps({"Model": "1641", "SN": "2012345678", "SoftwareVer": "1.5.0", "CurBAT": "87%"}).encode() + b"\0"
    )
    body = b"\x55\x00\xff\x00\x00" + len(payload).to_bytes(2, "little") + payload
    answer = body + bytes([crc8_ccitt(body)])
    expected = Described(model="1641", serial="2012345678", firmware="1.5.0")
    assert viatom.decode(viatom.NOTIFY, answer) == expected
    stream = framer(viatom.DRIVER)
    pieces = [answer[at : at + 20] for at in range(0, len(answer), 20)]
    assert [frame for piece in pieces for frame in stream.feed(piece)] == [answer]


@pytest.mark.parametrize(("state", "reason"), [(0, "finger off"), (3, "not measuring"), (7, "not measuring")])
def test_an_oxyii_ring_in_another_state_than_measuring_is_not_believed(state: int, reason: str) -> None:
    payload = bytearray(24)
    payload[5:9] = bytes((state, 97, 0, 64))
    body = bytes((0xA5, 4, 0xFB, 1, 3, 24, 0)) + bytes(payload)
    decoded = oxyii.decode(oxyii.NOTIFY, body + bytes([crc8_ccitt(body)]))
    assert isinstance(decoded, Oximetry)
    assert decoded.spo2 == Value(None, Quality.INVALID, (reason,))


def test_a_qardio_s_partial_results_are_no_blood_pressure() -> None:
    inflating = cuffs.decode_qardio("2a35", bytes.fromhex("0078000000FF07"))
    assert inflating == CuffPressure(Value(Decimal(120)))
    early = cuffs.decode_qardio("2a35", bytes.fromhex("0078005000FF07"))
    final = cuffs.decode_qardio("2a35", bytes.fromhex("1078005000FF070000"))
    outside = cuffs.decode_qardio("2a35", bytes.fromhex("10C8004600FF070000"))
    assert isinstance(early, Pressure)
    assert isinstance(final, Pressure)
    assert isinstance(outside, Pressure)
    assert early.systolic == Value(Decimal(120), Quality.QUESTIONABLE, ("early estimate",))
    assert final.systolic == Value(Decimal(120))
    assert outside.systolic == Value(None, Quality.INVALID, ("implausible",))


@pytest.mark.parametrize("family", FAMILIES)
@given(data=st.data())
def test_random_and_mutated_bytes_give_only_the_typed_error(family: str, data: st.DataObject) -> None:
    driver = DRIVERS[family]
    frames = [driver_of(vector)[1] for vector in VECTORS if vector["driver"] == family]
    stream = framer(driver) if driver.framings else None
    for _ in range(data.draw(st.integers(1, 4))):
        chunk = data.draw(st.one_of(st.binary(max_size=80), st.sampled_from(frames).flatmap(mutated)))
        found = stream.feed(chunk) if stream else [chunk]
        for frame in (*found, chunk):
            check(driver, frame)
        if stream:
            assert stream.held < driver.framings[driver.main].longest


def mutated(frame: bytes) -> st.SearchStrategy[bytes]:
    change = st.tuples(st.integers(0, len(frame) - 1), st.integers(0, 255))
    cut = st.integers(0, len(frame))
    return st.builds(lambda one, end: (frame[: one[0]] + bytes([one[1]]) + frame[one[0] + 1 :])[:end], change, cut)


def check(driver: Driver, frame: bytes) -> None:
    try:
        decoded = driver.decode(driver.main, frame)
    except DecodeError:
        return
    driver.beside(driver.main, frame)
    if isinstance(decoded, MEASURES):
        for name in decoded.__struct_fields__:
            value = getattr(decoded, name)
            if isinstance(value, Value):
                assert (value.number is None) == (value.quality is Quality.INVALID)
                assert value.number is None or -10 <= value.number <= 300


def test_checksums_give_their_check_values() -> None:
    assert crc8_ccitt(b"123456789") == 0xF4
    assert crc8_maxim(b"123456789") == 0xA1
    assert sum7(bytes.fromhex("9B01")) == 0x1C
