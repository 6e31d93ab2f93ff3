"""Standard pulse oximeters: Pulse Oximeter Service 0x1822, complete.

Layouts: Bluetooth SIG PLX service 1.0. Runs in the monitor, inside the link's callback; pure. Trap: the status
flags sit one bit higher in the continuous measurement (2A5F) than in the spot check (2A5E).
"""

from __future__ import annotations

from decimal import Decimal

from devices.drivers import generic
from devices.drivers.fault import DecodeError, Fault
from devices.drivers.judge import PERFUSION, PULSE, SPO2, Finding, Flag, flagged, judged, noted
from devices.drivers.moment import take_date_time
from devices.drivers.payload import Payload, short_uuid
from devices.drivers.said import Decoded, Described, Procedure
from devices.drivers.sfloat import Special, decode_sfloat
from devices.reading import Oximetry, Quality

SPOT_CHECK, CONTINUOUS, FEATURES, RECORD_ACCESS = "2a5e", "2a5f", "2a60", "2a52"

_INVALID, _DOUBT = Quality.INVALID, Quality.QUESTIONABLE

MEASUREMENT_STATUS = (
    Flag(13, Finding(_INVALID, "measurement unavailable")),
    Flag(15, Finding(_INVALID, "invalid measurement")),
    Flag(10, Finding(Quality.TEST, "demonstration data")),
    Flag(11, Finding(Quality.TEST, "test data")),
    Flag(9, Finding(Quality.STORED, "from memory")),
    Flag(14, Finding(_DOUBT, "questionable measurement")),
    Flag(6, Finding(_DOUBT, "early estimate")),
    Flag(12, Finding(_DOUBT, "calibrating")),
)
SENSOR_STATUS = (
    Flag(11, Finding(_INVALID, "finger off")),
    Flag(15, Finding(_INVALID, "sensor disconnected")),
    Flag(14, Finding(_INVALID, "sensor fault")),
    Flag(1, Finding(_INVALID, "equipment fault")),
    Flag(13, Finding(_DOUBT, "sensor displaced")),
    Flag(7, Finding(_DOUBT, "no pulse beat")),
    Flag(3, Finding(_DOUBT, "inadequate signal")),
    Flag(4, Finding(_DOUBT, "poor signal")),
    Flag(5, Finding(_DOUBT, "low perfusion")),
    Flag(6, Finding(_DOUBT, "erratic signal")),
    Flag(2, Finding(_DOUBT, "irregular signal")),
    Flag(8, Finding(_DOUBT, "questionable pulse")),
    Flag(10, Finding(_DOUBT, "interference")),
    Flag(12, Finding(_DOUBT, "unknown sensor")),
)
FEATURE_WORDS = (
    "measurement status",
    "sensor status",
    "spot-check storage",
    "spot-check time",
    "fast values",
    "slow values",
    "pulse amplitude index",
    "multiple bonds",
)
OUTCOMES = (
    "reserved",
    "success",
    "opcode not supported",
    "invalid operator",
    "operator not supported",
    "invalid operand",
    "no records found",
    "abort unsuccessful",
    "procedure not completed",
    "operand not supported",
    "server busy",
)
_CLOCK_NOT_SET = Finding(Quality.VALID, "device clock not set")


def decode(characteristic_uuid: str, data: bytes) -> Decoded:
    """What `data` of this characteristic means. Raises DecodeError; any bytes give one or the other."""
    decoder = _DECODERS.get(short_uuid(characteristic_uuid))
    return decoder(data) if decoder else generic.decode(characteristic_uuid, data)


def decode_continuous(data: bytes) -> Oximetry:
    """2A5F, 5 to 20 bytes. The normal values are the reading; fast and slow averages are skipped."""
    payload = Payload(data)
    flags, spo2, pulse = payload.take(1), payload.take(2), payload.take(2)
    payload.take_if(flags & 0x01, 4)
    payload.take_if(flags & 0x02, 4)
    return _oximetry(payload, spo2, pulse, flags >> 2, spot=False, device_time=None)


def decode_spot_check(data: bytes) -> Oximetry:
    """2A5E, 5 to 19 bytes. Flag bit 4 says that the device's clock is not set; its time is kept all the same."""
    payload = Payload(data)
    flags, spo2, pulse = payload.take(1), payload.take(2), payload.take(2)
    device_time = take_date_time(payload) if flags & 0x01 else None
    findings = [_CLOCK_NOT_SET] if flags & 0x10 else []
    return _oximetry(payload, spo2, pulse, flags >> 1, spot=True, device_time=device_time, findings=findings)


def _oximetry(
    payload: Payload,
    spo2: int,
    pulse: int,
    present: int,
    *,
    spot: bool,
    device_time: str | None,
    findings: list[Finding] | None = None,
) -> Oximetry:
    """present: bit 0 measurement status, bit 1 sensor status, bit 2 pulse amplitude index, wherever they were."""
    measured = payload.take_if(present & 0x01, 2)
    sensor = payload.take_if(present & 0x02, 3)
    amplitude = payload.take_if(present & 0x04, 2)
    trailing = payload.finish()
    found = [*flagged(sensor, SENSOR_STATUS), *flagged(measured, MEASUREMENT_STATUS), *(findings or [])]
    return Oximetry(
        spo2=noted(judged(decode_sfloat(spo2), SPO2, found), trailing),
        pulse=judged(decode_sfloat(pulse), PULSE, found),
        perfusion=None if amplitude is None else judged(decode_sfloat(amplitude), PERFUSION, found),
        spot=spot,
        device_time=device_time,
    )


def decode_averages(data: bytes) -> tuple[Decimal | Special | None, ...]:
    """Fast SpO2, fast pulse, slow SpO2, slow pulse of a 2A5F payload, None where not sent.

    For support only (`kiosk decode`); the normal values are the reading.
    """
    payload = Payload(data)
    flags = payload.take(1)
    payload.take(4)
    words = [payload.take_if(flags & bit, 2) for bit in (0x01, 0x01, 0x02, 0x02)]
    return tuple(None if word is None else decode_sfloat(word) for word in words)


def decode_features(data: bytes) -> Described:
    """2A60: what the oximeter supports, in words. The masks of supported status bits are checked for length only."""
    payload = Payload(data)
    features = payload.take(2)
    payload.take_if(features & 0x01, 2)
    payload.take_if(features & 0x02, 3)
    payload.finish()
    return Described(features=", ".join(word for bit, word in enumerate(FEATURE_WORDS) if features >> bit & 1))


def decode_record_access(data: bytes) -> Procedure:
    """2A52 indications: the number of stored records, or how a procedure ended."""
    payload = Payload(data)
    opcode, operator = payload.take(1), payload.take(1)
    if operator != 0 or opcode not in (0x05, 0x06):
        raise DecodeError(Fault.RESERVED, data, f"opcode {opcode:#04x}, operator {operator:#04x}")
    if opcode == 0x05:
        answer = Procedure(count=payload.take(2))
    else:
        request, code = payload.take(1), payload.take(1)
        answer = Procedure(request=request, outcome=OUTCOMES[code] if code < len(OUTCOMES) else f"code {code:#04x}")
    payload.finish()
    return answer


_DECODERS = {
    SPOT_CHECK: decode_spot_check,
    CONTINUOUS: decode_continuous,
    FEATURES: decode_features,
    RECORD_ACCESS: decode_record_access,
}
