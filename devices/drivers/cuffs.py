"""Cuffs of the standard service that want something of their own: the table of quirks.

Runs in the monitor; pure but for the scripts. Deleting, unpairing and inflating opcodes of these cuffs are on no list;
the QardioArm, which has no button of its own, can be cancelled from here and not started.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import msgspec

from devices.drivers import bls
from devices.drivers.declaration import Driver, Match
from devices.drivers.generic import CLOCK_SIZES, CURRENT_TIME, DATE_TIME
from devices.drivers.judge import Finding, worsened
from devices.drivers.payload import short_uuid
from devices.drivers.said import ClockWritten, Decoded, Noted
from devices.drivers.script import Context, Emit, ScriptLink
from devices.reading import Pressure, Quality

ANY_TIME = re.compile(rb"[\xe8-\xff]\x07[\x01-\x0c][\x01-\x1f][\x00-\x17][\x00-\x3b][\x00-\x3b]", re.DOTALL)
"""Seven bytes of a possible time in the years 2024 to 2047."""
BY_HAND = b"\x01"
ANY_CURRENT_TIME = re.compile(ANY_TIME.pattern + rb"[\x01-\x07]\x00" + BY_HAND, re.DOTALL)
"""The same with the day of the week (1 is Monday), no fractions, and that a person changed it."""
WRONG_FROM = timedelta(minutes=1)
OMRON_WRONG_FROM = timedelta(minutes=10)
"""Its makers' cuffs refuse a time that differs less, and any before they have said their own."""
SAID_WITHIN_S = 5.0

QARDIO_CONTROL = "583cb5b3-875d-40ed-9098-c39eb0c1983d"
QARDIO_CANCEL = b"\xf1\x02"
QARDIO_STATUS = 0x10
_PARTIAL = Finding(Quality.QUESTIONABLE, "early estimate")
_OUTSIDE = Finding(Quality.INVALID, "implausible")


def date_time(now: datetime) -> bytes:
    """Local time as Date Time (0x2A08)."""
    return now.year.to_bytes(2, "little") + bytes((now.month, now.day, now.hour, now.minute, now.second))


def current_time(now: datetime) -> bytes:
    """Local time as Current Time (0x2A2B)."""
    return date_time(now) + bytes((now.isoweekday(), 0)) + BY_HAND


def is_off(said: bytes, now: datetime, limit: timedelta) -> bool:
    """Whether a device's time, in either layout, is further from now than the limit or no date at all."""
    try:
        year, (month, day, hour, minute, second) = int.from_bytes(said[:2], "little"), said[2:7]
        theirs = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - it has no zone
    except ValueError:
        return True
    return abs(theirs - now) > limit


async def set_date_time(link: ScriptLink, emit: Emit, context: Context) -> None:
    """A&D and Nipro expect the time at each connect, before the dump is asked for; what they thought is read first."""
    if link.has(DATE_TIME):
        await link.read(DATE_TIME)
        await _write(link, emit, DATE_TIME, date_time(context.local_time()), context)


async def set_current_time(link: ScriptLink, emit: Emit, context: Context) -> None:
    """A cuff that shows its clock by the standard's service gets the time if its own is wrong."""
    if not link.has(CURRENT_TIME):
        return
    said = await link.read(CURRENT_TIME)
    if said is not None and is_off(said, context.local_time(), WRONG_FROM):
        await _write(link, emit, CURRENT_TIME, current_time(context.local_time()), context)


async def set_omron_time(link: ScriptLink, emit: Emit, context: Context) -> None:
    """After the cuff has told its time by itself, and only if that is far off."""
    while link.has(CURRENT_TIME) and (said := await link.frame(SAID_WITHIN_S)) is not None:
        if len(said) == CLOCK_SIZES[CURRENT_TIME]:
            if is_off(said, context.local_time(), OMRON_WRONG_FROM):
                await _write(link, emit, CURRENT_TIME, current_time(context.local_time()), context)
            return


async def _write(link: ScriptLink, emit: Emit, characteristic: str, time: bytes, context: Context) -> None:
    await link.write(characteristic, time)
    emit(ClockWritten(context.local_time().isoformat(timespec="seconds")))


def decode_qardio(characteristic_uuid: str, data: bytes) -> Decoded:
    """2A35 comes during inflation too, with a diastolic of 0; without the status field nothing is final."""
    short = short_uuid(characteristic_uuid)
    if short == QARDIO_CONTROL:
        return Noted(f"phase {data[:4].hex()}")
    decoded = bls.decode(characteristic_uuid, data)
    if short != bls.MEASUREMENT or not isinstance(decoded, Pressure):
        return decoded
    if data[3:5] == b"\0\0":
        return bls.decode_cuff_pressure(data)
    if not data[0] & QARDIO_STATUS:
        return _with(decoded, _PARTIAL)
    return decoded if _is_qardio(decoded) else _with(decoded, _OUTSIDE)


def _is_qardio(pressure: Pressure) -> bool:
    """The range that its maker states: 60-260 over 40-160 mmHg, and at most 120 between the two."""
    systolic, diastolic = pressure.systolic.number, pressure.diastolic.number
    if systolic is None or diastolic is None:
        return True
    return 60 <= systolic <= 260 and 40 <= diastolic <= 160 and systolic - diastolic <= 120


def _with(pressure: Pressure, finding: Finding) -> Pressure:
    return msgspec.structs.replace(
        pressure,
        systolic=worsened(pressure.systolic, finding),
        diastolic=worsened(pressure.diastolic, finding),
        mean=worsened(pressure.mean, finding),
    )


BLS = Driver(
    id="bls",
    kind="cuff",
    title="Standard blood pressure cuff (Bluetooth service 0x1810), also Beurer, Braun, Sanitas, Silvercrest",
    services=("1810",),
    # a cuff starts its dump when 2A35 is subscribed, so that comes last
    streams=(bls.CUFF_PRESSURE, bls.ENHANCED_CUFF_PRESSURE, bls.ENHANCED_MEASUREMENT, bls.MEASUREMENT),
    live=(),
    reads=(bls.FEATURE,),
    main=bls.MEASUREMENT,
    decode=bls.decode,
    allowed_writes={CURRENT_TIME: (ANY_CURRENT_TIME,)},
    prepare=set_current_time,
    tested_by="public capture",
    note="Some show a passkey on their display when they are paired.",
)


def _quirk(driver_id: str, title: str, *matches: Match, **changes: object) -> Driver:
    own = {"id": driver_id, "title": title, "services": (), "matches": matches, "needs_bond": True, "note": ""}
    return msgspec.structs.replace(BLS, **{**own, **changes})


AND = _quirk(
    "and",
    "A&D UA-651BLE, UA-656, UA-1200BLE",
    Match(70, name=r"A&D_"),
    allowed_writes={DATE_TIME: (ANY_TIME,)},
    prepare=set_date_time,
    tested_by="built from description only",
    note="To pair, hold START until Pr shows.",
)
NIPRO = _quirk(
    "nipro",
    "Nipro NBP-1, NMBP",
    Match(70, name=r"(NBP-1|NMBP)"),
    allowed_writes={DATE_TIME: (ANY_TIME,)},
    prepare=set_date_time,
    tested_by="built from description only",
)
OMRON = _quirk(
    "omron",
    "Omron cuffs with the standard service: X2 Smart+, X4 Smart, BP5150",
    Match(70, service="1810", name=r"(?i)(BLEsmart_|X[24] Smart|BP5150)"),
    Match(70, service="1810", company=0x020E),
    Match(40, name=r"(?i)(BLEsmart_|X[24] Smart|BP5150)"),
    Match(40, company=0x020E),
    beside_streams=(CURRENT_TIME,),
    prepare=None,
    script=set_omron_time,
    tested_by="built from description only",
    note="Some delete a reading when they have handed it over.",
)
QARDIO = _quirk(
    "qardio",
    "QardioArm, read only",
    Match(70, name=r"(?i)Qardio"),
    streams=(QARDIO_CONTROL, *BLS.streams),
    decode=decode_qardio,
    allowed_writes={QARDIO_CONTROL: (QARDIO_CANCEL,)},
    prepare=None,
    tested_by="built from description only",
    note="It has no button: a measurement is started in its maker's app.",
)
DRIVERS = (BLS, AND, NIPRO, OMRON, QARDIO)
