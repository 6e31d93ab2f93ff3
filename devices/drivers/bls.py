"""Standard cuffs: Blood Pressure Service 0x1810, with the enhanced characteristics of version 1.1.

Runs in the monitor, inside the link's callback; pure. Numbers are mmHg; kPa is converted exactly and said. A cuff
hands over its memory after a measurement: whether a reading is current is judged by `devices.dump`, not here.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from devices.drivers import generic
from devices.drivers.judge import (
    CUFF,
    DIASTOLIC,
    IMPLAUSIBLE,
    PULSE,
    SYSTOLIC,
    Finding,
    Flag,
    Limits,
    flagged,
    judged,
    noted,
)
from devices.drivers.moment import from_epoch, take_date_time
from devices.drivers.payload import Payload, short_uuid
from devices.drivers.said import Decoded, Described
from devices.drivers.sfloat import Special, decode_sfloat
from devices.reading import CuffPressure, Pressure, Quality, Value

MEASUREMENT, CUFF_PRESSURE, FEATURE = "2a35", "2a36", "2a49"
ENHANCED_MEASUREMENT, ENHANCED_CUFF_PRESSURE = "2b34", "2b35"

MMHG_PER_KPA = Decimal("7.500617")
UNKNOWN_USER = 0xFF
BEURER_FLAGS, BEURER_SIZE = 0x56, 19
"""Time, pulse, status and a reserved bit make 18 bytes; with exactly these flags and 19 it is Beurer's own layout."""

STATUS = (
    Flag(0, Finding(Quality.QUESTIONABLE, "body movement")),
    Flag(1, Finding(Quality.QUESTIONABLE, "cuff too loose")),
    Flag(5, Finding(Quality.QUESTIONABLE, "improper position")),
    Flag(2, Finding(Quality.QUESTIONABLE, "irregular pulse")),
)
PULSE_RANGE = (
    None,
    Finding(Quality.QUESTIONABLE, "pulse above the device's range"),
    Finding(Quality.QUESTIONABLE, "pulse below the device's range"),
    Finding(Quality.QUESTIONABLE, "reserved pulse range"),
)
FEATURE_WORDS = (
    "movement detection",
    "cuff-fit detection",
    "irregular pulse detection",
    "pulse range detection",
    "position detection",
    "multiple bonds",
    "checksum",
    "user data",
    "user-facing time",
)


class _Rest(NamedTuple):
    """What follows the pressures in every layout."""

    device_time: str | None
    pulse: int | None
    user: int | None
    status: int | None
    trailing: int


def decode(characteristic_uuid: str, data: bytes) -> Decoded:
    """What `data` of this characteristic means. Raises DecodeError; any bytes give one or the other."""
    decoder = _DECODERS.get(short_uuid(characteristic_uuid))
    return decoder(data) if decoder else generic.decode(characteristic_uuid, data)


def decode_measurement(data: bytes) -> Pressure:
    """2A35, 7 to 19 bytes: one finished measurement."""
    payload = Payload(data)
    flags = payload.take(1)
    words = payload.words(3)
    is_beurer = flags == BEURER_FLAGS and len(data) == BEURER_SIZE
    return _pressure(flags, words, _beurer_rest(payload) if is_beurer else _rest(payload, flags))


def _beurer_rest(payload: Payload) -> _Rest:
    """Beurer BM48, BM59, BM85, ELITE900: a user that no flag announces; pulse and status with the high byte first."""
    device_time = take_date_time(payload)
    pulse = payload.take(1) << 8 | payload.take(1)
    user, status = payload.take(1), payload.take(1) << 8 | payload.take(1)
    return _Rest(device_time, pulse, user, status, payload.finish())


def decode_cuff_pressure(data: bytes) -> CuffPressure:
    """2A36: the systolic slot is the cuff's momentary pressure; the other two carry nothing, whatever they say."""
    payload = Payload(data)
    flags, word = payload.take(1), payload.take(2)
    payload.take(4)
    return _cuff(flags, word, _rest(payload, flags))


def decode_enhanced_measurement(data: bytes) -> Pressure:
    """2B34, 7 to 20 bytes: like 2A35 with the time as seconds since 1900 or 2000."""
    payload = Payload(data)
    flags = payload.take(1)
    words = payload.words(3)
    return _pressure(flags, words, _enhanced_rest(payload, flags))


def decode_enhanced_cuff_pressure(data: bytes) -> CuffPressure:
    """2B35, 3 to 16 bytes: one pressure only."""
    payload = Payload(data)
    flags, word = payload.take(1), payload.take(2)
    return _cuff(flags, word, _enhanced_rest(payload, flags))


def decode_feature(data: bytes) -> Described:
    """2A49: what the cuff can detect, in words."""
    payload = Payload(data)
    features = payload.take(2)
    payload.finish()
    return Described(features=", ".join(word for bit, word in enumerate(FEATURE_WORDS) if features >> bit & 1))


def _rest(payload: Payload, flags: int) -> _Rest:
    device_time = take_date_time(payload) if flags & 0x02 else None
    return _after_time(payload, flags, device_time)


def _enhanced_rest(payload: Payload, flags: int) -> _Rest:
    seconds = payload.take_if(flags & 0x02, 4)
    pulse = payload.take_if(flags & 0x04, 2)
    user = payload.take_if(flags & 0x08, 1)
    status = payload.take_if(flags & 0x10, 2)
    facing = payload.take_if(flags & 0x20, 4)
    shown = facing if facing is not None else seconds
    device_time = None if shown is None else from_epoch(shown, since_2000=bool(flags & 0x40))
    return _Rest(device_time, pulse, user, status, payload.finish())


def _after_time(payload: Payload, flags: int, device_time: str | None) -> _Rest:
    pulse = payload.take_if(flags & 0x04, 2)
    user = payload.take_if(flags & 0x08, 1)
    status = payload.take_if(flags & 0x10, 2)
    return _Rest(device_time, pulse, user, status, payload.finish())


def _pressure(flags: int, words: list[int], rest: _Rest) -> Pressure:
    in_kpa = bool(flags & 0x01)
    systolic, diastolic, mean = (_mmhg(word, in_kpa) for word in words)
    found = flagged(rest.status, STATUS)
    # the two belong together: one that cannot be true takes the other with it
    pair = [*found, *([] if _believable(systolic, diastolic) else [IMPLAUSIBLE])]
    return Pressure(
        systolic=noted(judged(systolic, SYSTOLIC, pair), rest.trailing),
        diastolic=judged(diastolic, DIASTOLIC, pair),
        mean=_mean(mean, systolic, diastolic, pair),
        pulse=_pulse(rest, found),
        unit="kPa" if in_kpa else "mmHg",
        user=None if rest.user == UNKNOWN_USER else rest.user,
        device_time=rest.device_time,
    )


def _cuff(flags: int, word: int, rest: _Rest) -> CuffPressure:
    in_kpa = bool(flags & 0x01)
    value = judged(_mmhg(word, in_kpa), CUFF, flagged(rest.status, STATUS))
    return CuffPressure(noted(value, rest.trailing), unit="kPa" if in_kpa else "mmHg")


def _mmhg(word: int, in_kpa: bool) -> Decimal | Special:
    number = decode_sfloat(word)
    return number * MMHG_PER_KPA if in_kpa and isinstance(number, Decimal) else number


def _believable(systolic: Decimal | Special, diastolic: Decimal | Special) -> bool:
    """Both within limits and systolic above diastolic; a special word is judged by itself, not here."""
    if isinstance(systolic, Special) or isinstance(diastolic, Special):
        return True
    inside = SYSTOLIC.low <= systolic <= SYSTOLIC.high and DIASTOLIC.low <= diastolic <= DIASTOLIC.high
    return inside and systolic > diastolic


def _mean(
    mean: Decimal | Special, systolic: Decimal | Special, diastolic: Decimal | Special, found: list[Finding]
) -> Value:
    """Many cuffs send 0 for a mean they do not measure; one outside the two pressures cannot be true."""
    if mean == 0 and isinstance(mean, Decimal):
        return Value(None, Quality.INVALID, ("no value",))
    if isinstance(systolic, Decimal) and isinstance(diastolic, Decimal):
        return judged(mean, Limits(diastolic, systolic), found)
    return judged(mean, Limits(DIASTOLIC.low, SYSTOLIC.high), found)


def _pulse(rest: _Rest, found: list[Finding]) -> Value | None:
    if rest.pulse is None:
        return None
    beyond = PULSE_RANGE[(rest.status or 0) >> 3 & 0x03]
    return judged(decode_sfloat(rest.pulse), PULSE, [*found, *([beyond] if beyond else [])])


_DECODERS: dict[str, Callable[[bytes], Decoded]] = {
    MEASUREMENT: decode_measurement,
    CUFF_PRESSURE: decode_cuff_pressure,
    FEATURE: decode_feature,
    ENHANCED_MEASUREMENT: decode_enhanced_measurement,
    ENHANCED_CUFF_PRESSURE: decode_enhanced_cuff_pressure,
}
