"""Devices, their links and what they said that cannot be read."""

from __future__ import annotations

from kiosk.session.events.event import Event


class DeviceChosen(Event, frozen=True, tag="device_chosen"):
    """A device takes part: role is "oximeter" or "cuff"."""

    device: str
    role: str
    name: str
    driver: str
    simulated: bool = False


class LinkMoved(Event, frozen=True, tag="link_moved"):
    """A device's link changed (`devices.reading.LinkState` as word)."""

    device: str
    state: str
    detail: str = ""


class DeviceRecognised(Event, frozen=True, tag="device_recognised"):
    """It is the chosen device, known by its "bond", its "serial" number or its "address"."""

    device: str
    by: str
    address: str = ""
    serial: str = ""


class DeviceDoubted(Event, frozen=True, tag="device_doubted"):
    """It may be another device than the chosen one: nothing that it measures is taken before a person has looked.

    address: where it is, another than `device` where the chosen one's serial number came from there. serial: what it
    says; expected: what the chosen one said.
    """

    device: str
    address: str
    serial: str
    expected: str


class DeviceConfirmed(Event, frozen=True, tag="device_confirmed"):
    """A person has looked at a doubted device: whether it is the chosen one, from now on as it is."""

    device: str
    is_chosen: bool
    address: str = ""
    serial: str = ""


class DeviceIdentified(Event, frozen=True, tag="device_identified"):
    """Manufacturer, model, serial, firmware as the device said.

    driver: who reads it. known_by: how that is known, "public capture" or "built from description only".
    """

    device: str
    name: str = ""
    manufacturer: str = ""
    model: str = ""
    serial: str = ""
    firmware: str = ""
    features: str = ""
    driver: str = ""
    known_by: str = ""


class DeviceClockFound(Event, frozen=True, tag="device_clock_found"):
    """A device's own clock is wrong, or was set. Fields as `devices.reading.DeviceClock`."""

    device: str
    device_time: str = ""
    ahead_s: int | None = None
    set_to: str = ""


class BatteryReported(Event, frozen=True, tag="battery_reported"):
    """Battery of a device, percent."""

    device: str
    percent: int


class AdapterMoved(Event, frozen=True, tag="adapter_moved"):
    """The computer's Bluetooth went on, off or missing."""

    state: str
    detail: str = ""


class PayloadRefused(Event, frozen=True, tag="payload_refused"):
    """Bytes no driver accepts: kept as hex."""

    device: str
    characteristic: str
    raw_hex: str
    reason: str
    detail: str = ""


DeviceEvent = (
    DeviceChosen
    | LinkMoved
    | DeviceRecognised
    | DeviceDoubted
    | DeviceConfirmed
    | DeviceIdentified
    | DeviceClockFound
    | BatteryReported
    | AdapterMoved
    | PayloadRefused
)
