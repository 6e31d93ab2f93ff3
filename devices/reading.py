"""What a device said, exactly: the first link of the chain bytes -> reading -> alarm -> record -> screen.

Frozen types only, no I/O, no clock. Everything that leaves `devices` is one of `Report`. Numbers are exact
decimals; a value without a valid number is None and says why. Nothing here is ever filled in or smoothed.

gc=False: what is frozen and holds only numbers, texts and its like is never part of a cycle. To look through a night of
them for one took a fifth of the time of verifying it.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

import msgspec

from devices.unpaired import PairingFault


class Quality(StrEnum):
    """How far a number may be trusted; the order of severity is `QUALITY_ORDER`.

    A measurement on the wire is not a valid number: oximeters go on sending 97 % after the finger is out.
    """

    VALID = "valid"
    QUESTIONABLE = "questionable"
    INVALID = "invalid"
    STORED = "stored"
    TEST = "test"


BY_DESCRIPTION = "built from description only"
"""Of a family whose real devices' bytes nobody published: its numbers have to be compared with the device's display."""

QUALITY_ORDER = (Quality.VALID, Quality.QUESTIONABLE, Quality.STORED, Quality.TEST, Quality.INVALID)
"""Worst last: of several findings about one number, the one furthest to the right decides."""


class Source(StrEnum):
    """Where a value came from: live from a device, out of a device's memory, or typed by the sitter."""

    DEVICE = "device"
    STORED = "stored"
    TYPED = "typed"


class Stamp(msgspec.Struct, frozen=True, gc=False):
    """One instant by two clocks, taken together.

    utc_ns: wall clock, nanoseconds since 1970-01-01 UTC; may jump.
    boot_ns: CLOCK_BOOTTIME, nanoseconds; counts suspend; comparable only within one boot.
    """

    utc_ns: int
    boot_ns: int


class Value(msgspec.Struct, frozen=True, gc=False):
    """One number with its own quality. `number` is None when the device gave no usable number.

    reasons: short fixed words ("finger off", "low perfusion", "implausible", ...), most important first.
    """

    number: Decimal | None
    quality: Quality = Quality.VALID
    reasons: tuple[str, ...] = ()


class Oximetry(msgspec.Struct, frozen=True, gc=False, tag="oximetry"):
    """SpO2 in %, pulse in beats per minute, perfusion (pulse amplitude index) in %, None where not sent.

    spot: True for a spot check. device_time: the device's own clock, ISO 8601 without zone, untrusted.
    """

    spo2: Value
    pulse: Value
    perfusion: Value | None = None
    spot: bool = False
    device_time: str | None = None


class Pressure(msgspec.Struct, frozen=True, gc=False, tag="pressure"):
    """One finished blood-pressure measurement, in mmHg (converted from kPa where `unit` says so).

    mean is the device's own mean arterial pressure, never computed here; pulse in beats per minute.
    """

    systolic: Value
    diastolic: Value
    mean: Value
    pulse: Value | None = None
    unit: str = "mmHg"
    user: int | None = None
    device_time: str | None = None


class CuffPressure(msgspec.Struct, frozen=True, gc=False, tag="cuff"):
    """The cuff's momentary pressure in mmHg while it inflates or deflates; not a blood pressure.

    unit: what the device sent ("mmHg" or "kPa"); the number is mmHg in either case.
    """

    pressure: Value
    unit: str = "mmHg"


class HeartRate(msgspec.Struct, frozen=True, gc=False, tag="heart_rate"):
    """Heart rate in beats per minute from a chest strap: a second source to compare the pulse with."""

    pulse: Value


Measurement = Oximetry | Pressure | CuffPressure | HeartRate


class Reading(msgspec.Struct, frozen=True, gc=False, tag="reading"):
    """One payload from one device. raw: the exact bytes; characteristic: 128-bit UUID or "" when typed.

    device: the chosen device's stable key (its address in lower case, or "typed").
    """

    device: str
    stamp: Stamp
    measurement: Measurement
    raw: bytes = b""
    characteristic: str = ""
    source: Source = Source.DEVICE


class Waveform(msgspec.Struct, frozen=True, gc=False, tag="waveform"):
    """A stretch of a device's pulse waveform (plethysmogram): without a hole in time, for eyes and records only.

    stamp: when its first sample was heard. rate_hz: samples a second as the family is described, not measured.
    samples: as sent, in the device's own units from 0 to full_scale (the most that a sample can be); None where the
    device itself says that there is none. beats: places in `samples` where the device heard a beat.
    """

    device: str
    stamp: Stamp
    rate_hz: float
    full_scale: int
    samples: tuple[int | None, ...]
    beats: tuple[int, ...] = ()


class DecodeFailed(msgspec.Struct, frozen=True, tag="decode_failed"):
    """Bytes that a driver refused; kept raw, counted, never guessed. reason: `devices.drivers.Fault` word."""

    device: str
    stamp: Stamp
    raw: bytes
    characteristic: str
    reason: str
    detail: str = ""


class LinkState(StrEnum):
    """The states of one device's link, in the order of a good day."""

    SEARCHING = "searching"
    CONNECTING = "connecting"
    STREAMING = "streaming"
    HELD = "held"  # connected, but nobody has confirmed that it is the chosen device
    SILENT = "silent"  # connected, but nothing came for the recycle time
    LOST = "lost"
    FINISHED = "finished"  # a cuff hung up after its dump: normal
    REFUSED = "refused"  # e.g. pairing needed and refused


class LinkChanged(msgspec.Struct, frozen=True, tag="link"):
    """A device's link went to another state. retry_s: seconds until the next attempt, None if none waits."""

    device: str
    stamp: Stamp
    state: LinkState
    detail: str = ""
    retry_s: float | None = None


class DeviceRecognised(msgspec.Struct, frozen=True, tag="recognised"):
    """The device is the chosen one. by: "bond", "serial" or "address"; serial: what it says, "" if it says none.

    is_bonded: this computer had a bond with it before it connected.
    """

    device: str
    stamp: Stamp
    by: str
    address: str
    serial: str = ""
    is_bonded: bool = False


class DeviceDoubted(msgspec.Struct, frozen=True, tag="doubted"):
    """It may be another device than the chosen one: nothing of it is reported until a person has looked.

    address: where it is, another than `device` if the chosen one's serial number came from there. serial: what it
    says; expected: what the chosen one said.
    """

    device: str
    stamp: Stamp
    address: str
    serial: str
    expected: str


class DeviceGlimpsed(msgspec.Struct, frozen=True, tag="glimpsed"):
    """A doubted oximeter's numbers, to be compared with its own display and for nothing else: never recorded."""

    device: str
    stamp: Stamp
    measurement: Oximetry


class Paired(msgspec.Struct, frozen=True, tag="paired"):
    """This computer and the device know each other from now on."""

    device: str
    stamp: Stamp


class PairingFailed(msgspec.Struct, frozen=True, tag="pairing_failed"):
    """There is no bond, or none any more. detail: the fact, for support."""

    device: str
    stamp: Stamp
    fault: PairingFault
    detail: str = ""


class BondForgotten(msgspec.Struct, frozen=True, tag="bond_forgotten"):
    """This computer's side of the bond was removed, because a person asked for it."""

    device: str
    stamp: Stamp


class DeviceDescribed(msgspec.Struct, frozen=True, tag="described"):
    """What a device says of itself after a connect; empty where it does not say.

    known_by: how its family is known, "public capture" or "built from description only".
    """

    device: str
    stamp: Stamp
    name: str = ""
    driver: str = ""
    manufacturer: str = ""
    model: str = ""
    serial: str = ""
    firmware: str = ""
    features: str = ""
    known_by: str = ""


class DeviceClock(msgspec.Struct, frozen=True, tag="device_clock"):
    """A device's own clock is wrong, or was set by us.

    device_time: as the device says, ISO 8601 without zone, "" when this is about the setting. ahead_s: seconds by
    which it runs ahead of the computer's local time (negative: behind), None where it is no date. set_to: what it
    was set to, "" while it was not.
    """

    device: str
    stamp: Stamp
    device_time: str = ""
    ahead_s: int | None = None
    set_to: str = ""


class BatteryRead(msgspec.Struct, frozen=True, tag="battery"):
    """Battery level in percent, as the device reports it."""

    device: str
    stamp: Stamp
    percent: int


class AdapterChanged(msgspec.Struct, frozen=True, tag="adapter"):
    """The computer's own Bluetooth: state is "on", "off" or "missing"."""

    stamp: Stamp
    state: str
    detail: str = ""


Recognition = DeviceRecognised | DeviceDoubted | DeviceGlimpsed
Pairing = Paired | PairingFailed | BondForgotten
Report = (
    Reading
    | Waveform
    | DecodeFailed
    | LinkChanged
    | Pairing
    | Recognition
    | DeviceDescribed
    | DeviceClock
    | BatteryRead
    | AdapterChanged
)
