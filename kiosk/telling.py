"""Reports of devices that are events of the record (links, bonds, identity, battery, adapter, refused payloads)."""

from __future__ import annotations

from devices.reading import (
    AdapterChanged,
    BatteryRead,
    BondForgotten,
    DecodeFailed,
    DeviceClock,
    DeviceDescribed,
    DeviceDoubted,
    DeviceRecognised,
    LinkChanged,
    Paired,
    PairingFailed,
    Report,
)
from kiosk.session import events as e


def event_of(report: Report) -> e.Event | None:
    """The event of a report; None for a reading, which is a row of its own kind."""
    match report:
        case LinkChanged():
            return e.LinkMoved(report.device, str(report.state), report.detail)
        case DeviceRecognised():
            return e.DeviceRecognised(report.device, report.by, report.address, report.serial)
        case DeviceDoubted():
            return e.DeviceDoubted(report.device, report.address, report.serial, report.expected)
        case Paired():
            return e.Paired(report.device)
        case PairingFailed():
            return e.PairingFailed(report.device, str(report.fault), report.detail)
        case BondForgotten():
            return e.BondForgotten(report.device)
        case DeviceDescribed():
            return e.DeviceIdentified(
                report.device,
                report.name,
                report.manufacturer,
                report.model,
                report.serial,
                report.firmware,
                report.features,
                report.driver,
                report.known_by,
            )
        case DeviceClock():
            return e.DeviceClockFound(report.device, report.device_time, report.ahead_s, report.set_to)
        case BatteryRead():
            return e.BatteryReported(report.device, report.percent)
        case AdapterChanged():
            return e.AdapterMoved(report.state, report.detail)
        case DecodeFailed():
            return e.PayloadRefused(
                report.device, report.characteristic, report.raw.hex(), report.reason, report.detail
            )
        case _:
            return None
