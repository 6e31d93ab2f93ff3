"""One payload, one report: nothing dropped, nothing invented."""

import pytest
from bleak.exc import BleakBluetoothNotAvailableError, BleakBluetoothNotAvailableReason, BleakError

from devices.adapter import AdapterFault, adapter_error
from devices.catalog import BLS, PLX, Driver
from devices.drivers import Described
from devices.drivers.frozen import FROZEN_AFTER_S
from devices.interpreter import Interpreter
from devices.reading import (
    BatteryRead,
    CuffPressure,
    DecodeFailed,
    DeviceDescribed,
    Oximetry,
    Pressure,
    Quality,
    Reading,
    Report,
    Source,
    Stamp,
)

SAME = bytes.fromhex("0061003C00")


def at(second: float) -> Stamp:
    return Stamp(0, int(second * 1e9))


def listening(driver: Driver) -> tuple[Interpreter, list[Report]]:
    reports: list[Report] = []
    return Interpreter("f1:00", driver, reports.append), reports


def qualities(reports: list[Report]) -> list[Quality]:
    oximetries = [r.measurement for r in reports if isinstance(r, Reading) and isinstance(r.measurement, Oximetry)]
    return [oximetry.spo2.quality for oximetry in oximetries]


def test_frozen_numbers_are_doubted_until_they_move_or_the_link_is_new() -> None:
    interpreter, reports = listening(PLX)
    for second in (0, 60, FROZEN_AFTER_S):
        interpreter.take("2a5f", SAME, at(second))
    interpreter.connected()
    interpreter.take("2a5f", SAME, at(130))
    assert qualities(reports) == [Quality.VALID, Quality.VALID, Quality.QUESTIONABLE, Quality.VALID]


def test_a_payload_out_of_memory_is_marked_as_stored() -> None:
    interpreter, reports = listening(PLX)
    interpreter.take("2a5e", bytes.fromhex("02610048000002"), at(0))
    (reading,) = reports
    assert isinstance(reading, Reading)
    assert reading.source is Source.STORED


def test_refused_bytes_are_reported_with_their_fault_and_kept() -> None:
    interpreter, reports = listening(PLX)
    assert interpreter.take("2A5F", b"\x00\x61", at(1)) is None
    (failed,) = reports
    assert isinstance(failed, DecodeFailed)
    assert (failed.raw, failed.reason) == (b"\x00\x61", "truncated")
    assert failed.characteristic == "00002a5f-0000-1000-8000-00805f9b34fb"


def test_a_cuff_that_inflates_makes_its_reading_current() -> None:
    interpreter, reports = listening(BLS)
    interpreter.connected()
    interpreter.take("2a36", bytes.fromhex("006E00FF07FF07"), at(0))
    interpreter.take("2a35", bytes.fromhex("0078005000FF07"), at(1))
    cuff, reading = reports
    assert isinstance(cuff, Reading)
    assert isinstance(cuff.measurement, CuffPressure)
    assert isinstance(reading, Reading)
    assert isinstance(reading.measurement, Pressure)
    assert reading.measurement.systolic.quality is Quality.VALID


def test_battery_and_description_are_reports_of_their_own() -> None:
    interpreter, reports = listening(PLX)
    interpreter.take("2a19", b"\x57", at(0))
    interpreter.describe([Described(manufacturer="Nonin"), Described(serial="42")], "Nonin3230", at(0))
    battery, described = reports
    assert battery == BatteryRead("f1:00", at(0), 87)
    assert described == DeviceDescribed(
        "f1:00", at(0), "Nonin3230", "plx", manufacturer="Nonin", serial="42", known_by="public capture"
    )


@pytest.mark.parametrize(
    ("reason", "fault"),
    [
        (BleakBluetoothNotAvailableReason.POWERED_OFF, AdapterFault.OFF),
        (BleakBluetoothNotAvailableReason.DENIED_BY_USER, AdapterFault.DENIED),
        (BleakBluetoothNotAvailableReason.NO_BLUETOOTH, AdapterFault.MISSING),
    ],
)
def test_why_there_is_no_radio_is_decided_by_reason(
    reason: BleakBluetoothNotAvailableReason, fault: AdapterFault
) -> None:
    assert adapter_error(BleakBluetoothNotAvailableError("powered off, says the text", reason)).fault is fault
    assert adapter_error(BleakError("powered off")).fault is AdapterFault.MISSING
