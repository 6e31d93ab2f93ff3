"""Value for value with decoders that others wrote from the same descriptions; where we differ, who is right and why.

Every comparison counts what it compared, so that one that compares nothing fails.
"""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pytest

from devices.catalog import DRIVERS
from devices.drivers import DecodeError, bci, bls, eb, plx, strap
from devices.drivers.framing import Framer
from devices.drivers.sfloat import Special, decode_sfloat
from devices.reading import CuffPressure, HeartRate, Oximetry, Pressure, Quality, Value
from tests.unit.devices.others import BCIProtocolParser, emay, sig, sig_error

CHANCE = 20_000

INVALIDATING = {
    "measurement_unavailable", "invalid_measurement_detected", "equipment_malfunction_detected",
    "sensor_unconnected_to_user", "sensor_malfunctioning", "sensor_disconnected",
}  # fmt: skip
"""Status bits with which a number on the wire is not a measurement; the other decoder passes the number on."""


def test_every_sfloat_word_is_the_same_number_or_the_same_special() -> None:
    names = {"NaN": Special.NAN, "NRes": Special.NRES, "+INF": Special.POSITIVE_INFINITY}
    names |= {"-INF": Special.NEGATIVE_INFINITY, "reserved": Special.RESERVED}
    for raw in range(0x10000):
        ours, theirs = decode_sfloat(raw), sig.decode_sfloat(raw)
        if theirs.special:
            assert ours is names[theirs.special]
        else:
            assert isinstance(ours, Decimal)
            assert float(ours) == theirs.value


def words(chance: random.Random) -> bytes:
    """An SFLOAT as devices send it (whole or tenths), or any word at all, or a special one."""
    whole = chance.randrange(0, 320)
    pick = chance.random()
    if pick < 0.6:
        return whole.to_bytes(2, "little")
    if pick < 0.8:
        return (0xF000 | min(whole * 10, 2047)).to_bytes(2, "little")
    special = chance.choice((0x07FF, 0x0800, 0x07FE, 0x0802, 0x0801))
    return (special if pick < 0.9 else chance.randrange(0x10000)).to_bytes(2, "little")


def plx_payloads(characteristic: str) -> Iterable[bytes]:
    """Every combination of the flags, with the lengths they ask for, sometimes cut short."""
    chance = random.Random(f"plx {characteristic}")
    sizes = (2, 2, 2, 3, 2) if characteristic == plx.CONTINUOUS else (7, 2, 3, 2, 0)
    for number in range(CHANCE):
        flags = number % 256
        body = bytearray((flags,)) + words(chance) + words(chance)
        for bit, size in enumerate(sizes):
            if flags >> bit & 1:
                body += plx_field(chance, size, is_pair=characteristic == plx.CONTINUOUS and bit < 2)
        yield bytes(body[: chance.randrange(len(body))] if number % 10 == 9 else body)


def plx_field(chance: random.Random, size: int, is_pair: bool) -> bytes:
    """A pair of numbers, a time, or a status: three of four without a single bit."""
    if is_pair:
        return words(chance) + words(chance)
    if size == 7:
        return clock(chance)
    return bytes(size) if chance.random() < 0.75 else chance.randbytes(size)


@pytest.mark.parametrize("characteristic", [plx.CONTINUOUS, plx.SPOT_CHECK])
def test_standard_oximeters_are_read_as_labmcp_ble_health_reads_them(characteristic: str) -> None:
    parse = sig.parse_plx_continuous if characteristic == plx.CONTINUOUS else sig.parse_plx_spot_check
    counts: Counter[str] = Counter()
    for payload in plx_payloads(characteristic):
        theirs = theirs_or_none(parse, payload)
        ours = ours_or_none(plx.decode, characteristic, payload)
        assert (ours is None) == (theirs is None), payload.hex()
        if theirs is None:
            counts["refused by both"] += 1
            continue
        assert isinstance(ours, Oximetry)
        gone = bool(INVALIDATING.intersection(theirs.measurement_status + theirs.device_sensor_status))
        pairs = ((ours.spo2, theirs.spo2_pct, 100), (ours.pulse, theirs.pulse_rate_bpm, 300))
        for value, float_value, high in (*pairs, (ours.perfusion, theirs.pulse_amplitude_index_pct, 100)):
            same_number(value, float_value, 0, high, gone, counts)
        if theirs.timestamp:
            assert ours.device_time == theirs.timestamp
            counts["times"] += 1
    print(f"{characteristic}: {dict(counts)}")
    assert counts["numbers"] > 10_000
    assert counts["no number in both"] > 500
    assert characteristic == plx.CONTINUOUS or counts["times"] > 1_000
    assert counts["refused by both"] > 500


def same_number(value: Value | None, theirs: Any, low: int, high: int, gone: bool, counts: Counter[str]) -> None:
    """Ours is theirs, or None: they have none, theirs cannot be, or the device's own status takes it back."""
    if value is None or theirs is None:
        assert value is None
        assert theirs is None
    elif theirs.value is None:
        assert value.number is None
        counts["no number in both"] += 1
    elif gone:
        assert value.quality is Quality.INVALID
        counts["taken back by the status"] += 1
    elif not low <= theirs.value <= high:
        assert value.reasons[0] == "implausible"
        counts["cannot be"] += 1
    else:
        assert value.number is not None
        assert float(value.number) == theirs.value
        counts["numbers"] += 1


def theirs_or_none(parse: Any, payload: bytes) -> Any:
    try:
        return parse(payload)
    except sig_error:
        return None


def ours_or_none(decode: Any, characteristic: str, payload: bytes) -> Any:
    try:
        return decode(characteristic, payload)
    except DecodeError:
        return None


def pressure_payloads() -> Iterable[bytes]:
    chance = random.Random("bls")
    for number in range(CHANCE):
        flags = number % 32
        body = bytearray((flags,))
        diastolic = chance.randrange(20, 120)
        ordinary = (diastolic + chance.randrange(1, 100), diastolic, diastolic + chance.randrange(1, 40))
        tidy = number % 3 != 0 and not flags & 1
        body += b"".join(one.to_bytes(2, "little") if tidy else words(chance) for one in ordinary)
        for bit, field in ((2, None), (4, words(chance)), (8, chance.randbytes(1)), (16, chance.randbytes(2))):
            if flags & bit:
                body += field or clock(chance)
        yield bytes(body[: chance.randrange(len(body))] if number % 10 == 9 else body)


def clock(chance: random.Random) -> bytes:
    year = chance.choice((0, 2020, 2026))
    return year.to_bytes(2, "little") + bytes(chance.randrange(top) for top in (14, 33, 24, 60, 60))


def test_standard_cuffs_are_read_as_labmcp_ble_health_reads_them() -> None:
    """Their mean is passed on as sent; ours must lie between the two pressures, and 0 is a mean not measured."""
    counts: Counter[str] = Counter()
    for payload in pressure_payloads():
        theirs = theirs_or_none(sig.parse_blood_pressure_measurement, payload)
        ours = ours_or_none(bls.decode, bls.MEASUREMENT, payload)
        assert (ours is None) == (theirs is None), payload.hex()
        if theirs is None:
            counts["refused by both"] += 1
            continue
        assert isinstance(ours, Pressure)
        compare_pressure(ours, theirs, counts)
    print(f"2a35: {dict(counts)}")
    assert counts["pairs"] > 5_000
    assert counts["times"] > 2_000
    assert counts["refused by both"] > 500


def mmhg(theirs: Any, unit: str) -> Decimal | None:
    """Their number in mmHg without their rounding to a tenth."""
    number = None if theirs.value is None else Decimal(str(theirs.value))
    return number * Decimal(str(sig.MMHG_PER_KPA)) if number is not None and unit == "kPa" else number


def compare_pressure(ours: Pressure, theirs: Any, counts: Counter[str]) -> None:
    assert ours.unit == theirs.unit
    systolic, diastolic = mmhg(theirs.systolic, theirs.unit), mmhg(theirs.diastolic, theirs.unit)
    if systolic is not None and diastolic is not None:
        can_be = 40 <= systolic <= 300 and 20 <= diastolic <= 200 and systolic > diastolic
        expected = (systolic, diastolic) if can_be else (None, None)
        assert (ours.systolic.number, ours.diastolic.number) == expected
        counts["pairs" if can_be else "cannot be"] += 1
    if ours.mean.number is not None:
        assert ours.mean.number == mmhg(theirs.mean_arterial, theirs.unit)
        counts["means"] += 1
    same_number(ours.pulse, theirs.pulse_rate_bpm, 0, 300, False, counts)
    assert ours.user == (None if theirs.user_id == 0xFF else theirs.user_id)
    if theirs.timestamp:
        assert ours.device_time == theirs.timestamp
        counts["times"] += 1
    assert ("irregular pulse" in ours.systolic.reasons) == ("irregular_pulse_detected" in theirs.status)


def test_a_cuff_s_momentary_pressure_is_read_as_labmcp_ble_health_reads_it() -> None:
    counts: Counter[str] = Counter()
    for payload in pressure_payloads():
        theirs = theirs_or_none(sig.parse_blood_pressure_measurement, payload)
        ours = ours_or_none(bls.decode, bls.CUFF_PRESSURE, payload)
        assert (ours is None) == (theirs is None)
        if theirs is not None:
            assert isinstance(ours, CuffPressure)
            expected = mmhg(theirs.systolic, theirs.unit)
            can_be = expected is not None and -10 <= expected <= 300
            assert ours.pressure.number == (expected if can_be else None)
            counts["numbers"] += can_be
    assert counts["numbers"] > 10_000


def test_straps_are_read_as_labmcp_ble_health_reads_them() -> None:
    """One difference: we refuse a payload that announces intervals between beats and holds none or half of one."""
    counts: Counter[str] = Counter()
    chance = random.Random("strap")
    for number in range(CHANCE):
        payload = bytes((number % 32,)) + chance.randbytes(chance.randrange(0, 9))
        theirs = theirs_or_none(sig.parse_heart_rate_measurement, payload)
        ours = ours_or_none(strap.decode, strap.MEASUREMENT, payload)
        if theirs is None:
            assert ours is None
            counts["refused by both"] += 1
        elif ours is None:
            rest = len(payload) - (3 if payload[0] & 1 else 2) - (2 if payload[0] & 8 else 0)
            assert payload[0] & strap.HAS_INTERVALS
            assert rest == 0 or rest % 2
            counts["intervals cut short"] += 1
        else:
            assert isinstance(ours, HeartRate)
            can_be = 0 < theirs.bpm <= 300 and theirs.sensor_contact is not False
            assert ours.pulse.number == (theirs.bpm if can_be else None)
            counts["numbers"] += 1
    print(f"2a37: {dict(counts)}")
    assert counts["numbers"] > 9_000


def contec_frame(status: int, pulse: int, spo2: int, perfusion: bytes = b"\x7f\x00") -> bytes:
    body = bytes((0xEB, 1, status, pulse, spo2)) + perfusion
    return emay.command(body)


def test_contec_numbers_are_read_as_emay_sleepo2_reads_them() -> None:
    """All 16,384 pairs with the one status that it accepts. It gives up the whole frame where one number is outside
    30 to 220 beats or above 100 %; we keep the number that can be and drop the other (0 to 300 beats, 0 to 100 %)."""
    counts: Counter[str] = Counter()
    for pulse, spo2 in itertools.product(range(128), range(128)):
        frame = contec_frame(5, pulse, spo2)
        ours, theirs = eb.decode(eb.NOTIFY, frame), emay.parse_reading(frame)
        assert isinstance(ours, Oximetry)
        if theirs is None:
            outside = 0 < pulse < 30 or spo2 > 100
            assert outside
            assert ours.spo2.number == (spo2 if 0 < spo2 <= 100 else None)
            counts["given up by it"] += 1
        elif spo2 == 0:
            assert (ours.spo2.number, theirs.spo2) == (None, None)
            assert ours.pulse.quality is Quality.INVALID  # the finger is out: its pulse is not believed either
            counts["no finger"] += 1
        else:
            assert (ours.spo2.number, ours.pulse.number) == (theirs.spo2, theirs.pulse)
            counts["pairs"] += 1
    print(f"eb: {dict(counts)}")
    assert counts["pairs"] > 9_000


def test_where_emay_sleepo2_is_wrong_or_silent_the_frames_of_real_devices_decide() -> None:
    """It drops every status but 05: those of a real Contec (04) and every pulse of 128 and more (bit 1), and each
    frame with a perfusion. Real frames with published values say what they mean."""
    real = {"EB0104515F7F001F": (95, 81), "EB01044A607F0019": (96, 74), "EB010440637F0012": (99, 64)}
    for hexes, (spo2, pulse) in real.items():
        ours = eb.decode(eb.NOTIFY, bytes.fromhex(hexes))
        assert isinstance(ours, Oximetry)
        assert (ours.spo2.number, ours.pulse.number) == (spo2, pulse)
        assert emay.parse_reading(bytes.fromhex(hexes)) is None
    for status, pulse in ((6, 140), (7, 140), (7, 128), (7, 254)):
        frame = contec_frame(status, pulse - 128, 95)
        ours = eb.decode(eb.NOTIFY, frame)
        assert isinstance(ours, Oximetry)
        assert ours.pulse.number == pulse
        assert emay.parse_reading(frame) is None
    assert emay.parse_reading(contec_frame(5, 72, 97, b"\x28\x05")) is None


def test_what_is_sent_to_a_contec_is_what_emay_sleepo2_sends() -> None:
    assert list(eb.START_EMAY) == emay.START_SEQUENCE
    assert eb.HEARTBEAT == emay.HEARTBEAT


def berry(packet: bytes) -> Any:
    (reading,) = BCIProtocolParser().add_data(packet)
    return reading


def test_berrymed_packets_are_read_as_berry_oximeter_reads_them() -> None:
    """All pulses, all oxygens, all flags. It passes numbers on with the finger out and above 100 %, and takes 0 for a
    number; the maker's own table calls the finger out and the rest is nobody's oxygen."""
    counts: Counter[str] = Counter()
    flags = [(first, third) for first in (0x85, 0xC5, 0x95, 0xA5, 0x80, 0x8F) for third in (0x05, 0x15, 0x25, 0x35)]
    for (first, third), pulse in itertools.product(flags, range(256)):
        for spo2 in range(128) if (first, third) == (0x85, 0x05) else (0, 1, 97, 100, 101, 127):
            packet = bytes((first, 50, third | (pulse & 0x80) >> 1, pulse & 0x7F, spo2))
            theirs, ours = berry(packet), bci.decode(bci.NOTIFY, packet)
            assert isinstance(ours, Oximetry)
            gone = theirs.no_signal or theirs.probe_unplugged or theirs.no_finger or theirs.pulse_searching
            oxygen = None if gone or not 0 < (theirs.spo2 or 0) <= 100 else theirs.spo2
            beats = None if gone or not theirs.pulse_rate else theirs.pulse_rate
            assert (ours.spo2.number, ours.pulse.number) == (oxygen, beats)
            counts["taken back by the status" if gone else "pairs"] += 1
    print(f"bci: {dict(counts)}")
    assert counts["pairs"] > 30_000


def test_a_berrymed_stream_in_pieces_gives_the_packets_that_berry_oximeter_finds() -> None:
    chance = random.Random("pieces")
    theirs, framer, found = BCIProtocolParser(), Framer(DRIVERS["bci"].framings[bci.NOTIFY]), 0
    for _ in range(400):
        packets = [bytes((0x80 | chance.randrange(16), *(chance.randrange(128) for _ in range(4)))) for _ in range(5)]
        stream, at = b"".join(packets), 0
        while at < len(stream):
            step = chance.choice((1, 2, 3, 4, 7, 20))
            read, frames = theirs.add_data(stream[at : at + step]), framer.feed(stream[at : at + step])
            assert len(read) == len(frames)
            for reading, frame in zip(read, frames, strict=True):
                assert reading.pleth == (frame[1] or None)
                assert reading.signal_strength == frame[0] & 0x0F
            found += len(frames)
            at += step
    assert found == 2000
    assert framer.dropped == 0
