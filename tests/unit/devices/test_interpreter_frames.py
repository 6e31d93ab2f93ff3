"""Frames through the interpreter: fragments, resets at reconnect, flat waveforms, numbers thinned, results once."""

import pytest

from devices.catalog import DRIVERS, Driver
from devices.drivers.checksum import crc8_maxim
from devices.interpreter import Interpreter
from devices.reading import (
    BatteryRead,
    CuffPressure,
    DecodeFailed,
    DeviceDescribed,
    HeartRate,
    Oximetry,
    Pressure,
    Quality,
    Reading,
    Report,
    Stamp,
)

NUMBERS = bytes.fromhex("AA550F0801614E00700040")
MEASURING = bytes.fromhex("A508F7010020000400503C0F000000000000393000480000000000000000000000000000000000AE")
RESULT = bytes.fromhex("A508F7010020000500503C0F0000000001010000800052006100480000000000000000000000007F")


def at(second: float) -> Stamp:
    return Stamp(0, int(second * 1e9))


def listening(driver: Driver) -> tuple[Interpreter, list[Report]]:
    reports: list[Report] = []
    return Interpreter("f1:00", driver, reports.append), reports


def closed(body: bytes) -> bytes:
    return body + bytes([crc8_maxim(body)])


def wave(*samples: int) -> bytes:
    return closed(bytes((0xAA, 0x55, 0x0F, 7, 2, *samples)))


def oximetries(reports: list[Report]) -> list[Oximetry]:
    return [r.measurement for r in reports if isinstance(r, Reading) and isinstance(r.measurement, Oximetry)]


def test_a_frame_in_two_notifications_is_one_reading_with_the_whole_frame_as_its_bytes() -> None:
    interpreter, reports = listening(DRIVERS["aa55"])
    frame = closed(NUMBERS)
    interpreter.take(DRIVERS["aa55"].main, frame[:7], at(0))
    assert reports == []
    interpreter.take(DRIVERS["aa55"].main, frame[7:], at(1))
    (reading,) = reports
    assert isinstance(reading, Reading)
    assert (reading.raw, reading.stamp) == (frame, at(1))


def test_half_a_frame_of_an_ended_connection_is_forgotten() -> None:
    interpreter, reports = listening(DRIVERS["aa55"])
    frame = closed(NUMBERS)
    interpreter.take(DRIVERS["aa55"].main, frame[:7], at(0))
    interpreter.connected()
    interpreter.take(DRIVERS["aa55"].main, frame[7:], at(1))
    assert oximetries(reports) == []
    assert [type(report) for report in reports] == [DecodeFailed]
    interpreter.take(DRIVERS["aa55"].main, frame, at(2))
    assert len(oximetries(reports)) == 1


def test_bytes_of_no_frame_are_reported_and_kept() -> None:
    interpreter, reports = listening(DRIVERS["eb"])
    interpreter.take("ff02", b"\x01\x02\x03", at(0))
    (failed,) = reports
    assert isinstance(failed, DecodeFailed)
    assert (failed.raw, failed.reason) == (b"\x01\x02\x03", "not a frame")


def test_numbers_that_go_on_over_a_flat_waveform_are_doubted_and_then_refused() -> None:
    interpreter, reports = listening(DRIVERS["aa55"])
    main = DRIVERS["aa55"].main
    for tenth in range(100):
        moving = tenth < 20
        sample = tenth % 7 + 1 if moving else 0
        beat = 0x80 if tenth % 8 == 0 and moving else 0
        interpreter.take(main, wave(sample | beat, sample, sample, sample, sample), at(tenth / 10))
        if tenth % 10 == 5:
            interpreter.take(main, closed(NUMBERS), at(tenth / 10))
    qualities = [oximetry.spo2.quality for oximetry in oximetries(reports)]
    assert qualities[:2] == [Quality.VALID, Quality.VALID]
    assert Quality.VALID not in qualities[3:]
    assert qualities[-2:] == [Quality.INVALID, Quality.INVALID]
    last = oximetries(reports)[-1]
    assert (last.spo2.number, last.pulse.number) == (None, None)
    assert last.spo2.reasons == ("no pulse beat",)


def test_a_waveform_without_its_beats_for_five_seconds_refuses_the_numbers() -> None:
    interpreter, reports = listening(DRIVERS["aa55"])
    main = DRIVERS["aa55"].main
    interpreter.take(main, wave(0x81, 2, 3, 4, 5), at(0))
    for second in range(1, 8):
        interpreter.take(main, wave(second, 9, 3, 9, 5), at(second))
        interpreter.take(main, closed(NUMBERS), at(second))
    qualities = [oximetry.spo2.quality for oximetry in oximetries(reports)]
    assert qualities == [Quality.VALID] * 4 + [Quality.INVALID] * 3


def test_a_hundred_packets_a_second_are_one_reading_until_something_changes() -> None:
    interpreter, reports = listening(DRIVERS["bci"])
    for packet in range(300):
        raw = bytes((0x85 | (0x40 if packet % 80 == 0 else 0), packet % 90 + 1, 0x05, 72, 97))
        interpreter.take(DRIVERS["bci"].main, raw, at(packet / 100))
    assert len(oximetries(reports)) == 3
    interpreter.take(DRIVERS["bci"].main, bytes((0x85, 50, 0x15, 72, 97)), at(3.001))
    assert oximetries(reports)[-1].spo2.reasons[0] == "finger off"


def test_a_polled_cuff_s_result_is_reported_once_and_is_current_because_it_was_seen_inflating() -> None:
    interpreter, reports = listening(DRIVERS["bp2"])
    main = DRIVERS["bp2"].main
    for second, frame in enumerate((MEASURING, MEASURING, RESULT, RESULT, RESULT, MEASURING, RESULT)):
        interpreter.take(main, frame, at(second))
    kinds = [type(r.measurement) for r in reports if isinstance(r, Reading)]
    assert kinds == [CuffPressure, CuffPressure, Pressure, CuffPressure, Pressure]
    first = next(r for r in reports if isinstance(r, Reading) and isinstance(r.measurement, Pressure))
    assert isinstance(first.measurement, Pressure)
    assert first.measurement.systolic.quality is Quality.VALID
    assert [r.percent for r in reports if isinstance(r, BatteryRead)] == [80]


def test_a_cuff_s_result_from_before_we_came_is_not_current() -> None:
    interpreter, reports = listening(DRIVERS["bp2"])
    interpreter.connected()
    interpreter.take(DRIVERS["bp2"].main, RESULT, at(0))
    reading = next(report for report in reports if isinstance(report, Reading))
    assert isinstance(reading.measurement, Pressure)
    assert reading.measurement.systolic.reasons == ("time unknown",)
    assert reading.measurement.systolic.quality is Quality.QUESTIONABLE


def test_a_strap_s_rate_is_no_oximetry() -> None:
    interpreter, reports = listening(DRIVERS["strap"])
    interpreter.take("2a37", b"\x00\x48", at(0))
    (reading,) = reports
    assert isinstance(reading, Reading)
    assert isinstance(reading.measurement, HeartRate)


def test_what_a_framed_device_says_of_itself_is_a_description() -> None:
    interpreter, reports = listening(DRIVERS["aa55"])
    interpreter.take(DRIVERS["aa55"].main, bytes.fromhex("AA550F0B03201050432D36304E579E"), at(0))
    assert reports == [DeviceDescribed("f1:00", at(0), driver="aa55", features="PC-60NW", known_by="public capture")]


def test_polled_numbers_that_stand_still_are_doubted_though_their_frames_differ() -> None:
    interpreter, reports = listening(DRIVERS["viatom"])
    for second in range(0, 130, 10):
        payload = bytes((97, 60, 0, second, 0, 0, 0, 80, 0, 0, 20, 1, 0))
        body = b"\x55\x00\xff\x00\x00\x0d\x00" + payload
        interpreter.take(DRIVERS["viatom"].main, body + bytes([crc8(body)]), at(second))
    qualities = [oximetry.spo2.quality for oximetry in oximetries(reports)]
    assert qualities == [Quality.VALID] * 12 + [Quality.QUESTIONABLE]


def crc8(data: bytes) -> int:
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1 ^ (0x07 if crc & 0x80 else 0)) & 0xFF
    return crc


@pytest.mark.parametrize("driver", DRIVERS.values(), ids=list(DRIVERS))
def test_the_battery_that_is_read_by_the_standard_is_no_frame_of_the_family(driver: Driver) -> None:
    """One byte; families that look for more in their own frames broke on it, and all links with them."""
    interpreter, reports = listening(driver)
    interpreter.take("2a19", b"\x50", at(0))
    assert [r.percent for r in reports if isinstance(r, BatteryRead)] == [80]
    assert len(reports) == 1
