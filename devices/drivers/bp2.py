"""Viatom and Wellue BP2, BP2A, BP2T, BP2W cuffs: pressure while they inflate, then the result.

Runs in the monitor; pure but for the script. The person at the cuff presses its button; nothing here can inflate it,
reset it or read its Wi-Fi password: the list has information and live data only.
"""

from __future__ import annotations

from decimal import Decimal

from devices.drivers import a5, generic
from devices.drivers.declaration import Driver, Match
from devices.drivers.fault import DecodeError, Fault
from devices.drivers.judge import (
    CUFF,
    DIASTOLIC,
    IMPLAUSIBLE,
    PULSE,
    SYSTOLIC,
    Finding,
    Limits,
    judged,
    sent,
)
from devices.drivers.payload import short_uuid
from devices.drivers.said import Battery, Decoded, Noted
from devices.drivers.script import Context, Emit, ScriptLink, ask
from devices.drivers.viatom import NOTIFY, SERVICE, WRITE
from devices.reading import CuffPressure, Pressure, Quality

LIVE, INFO = 0x08, 0xE1
ASK_LIVE, ASK_INFO = a5.request(LIVE), a5.request(INFO)
POLL_EVERY_S = 1.0

HEAD_SIZE, DATA_SIZE = 10, 20
MEASURING, RESULTS = 4, (5, 17)
STATES = {0: "asleep", 1: "history", 2: "charging", 3: "ready", 4: "measuring", 5: "measured", 6: "ECG", 7: "ECG"}
_DOUBTED = Finding(Quality.QUESTIONABLE, "questionable measurement")


def decode(characteristic_uuid: str, data: bytes) -> Decoded:
    """One whole answer. Raises DecodeError; any bytes give one or the other."""
    if short_uuid(characteristic_uuid) != NOTIFY:
        return generic.decode(characteristic_uuid, data)
    command, payload = a5.answer(data)
    if command != LIVE:
        return Noted(f"answer {command:02x}")
    if len(payload) < HEAD_SIZE + DATA_SIZE:
        raise DecodeError(Fault.TRUNCATED, data, f"{len(payload)} bytes of live data")
    return _said(payload[0], payload[9], payload[HEAD_SIZE : HEAD_SIZE + DATA_SIZE])


def _said(state: int, kind: int, data: bytes) -> Decoded:
    if kind == 0 and state == MEASURING:
        hundredths = int.from_bytes(data[1:3], "little", signed=True)
        return CuffPressure(judged(sent(hundredths, (), -2), CUFF))
    if kind == 1 and state in RESULTS:
        return _result(data)
    return Noted(STATES.get(state, f"state {state}"))


def _result(data: bytes) -> Pressure:
    """Systolic, diastolic, mean and pulse, 16 bits each, low byte first; any result code but 0 is a doubt."""
    systolic, diastolic, mean, pulse = (int.from_bytes(data[at : at + 2], "little") for at in (3, 5, 7, 9))
    found = [_DOUBTED] if data[11] else []
    believable = SYSTOLIC.low <= systolic <= SYSTOLIC.high and DIASTOLIC.low <= diastolic < systolic
    pair = found if believable and diastolic <= DIASTOLIC.high else [*found, IMPLAUSIBLE]
    return Pressure(
        systolic=judged(sent(systolic), SYSTOLIC, pair),
        diastolic=judged(sent(diastolic), DIASTOLIC, pair),
        mean=judged(sent(mean, (0,)), Limits(Decimal(diastolic), Decimal(systolic)), pair),
        pulse=judged(sent(pulse, (0,)), PULSE, found),
    )


def beside(_characteristic: str, frame: bytes) -> tuple[Decoded, ...]:
    """The battery of a live answer, in percent."""
    payload = frame[a5.OVERHEAD - 1 : -1]
    is_live = frame[1] == LIVE and len(payload) >= HEAD_SIZE + DATA_SIZE
    return (Battery(payload[2]),) if is_live and payload[2] <= 100 else ()


async def run(link: ScriptLink, emit: Emit, context: Context) -> None:
    """Ask who it is, then for live data once a second, at rest too: an inflation must not be missed."""
    await ask(link, WRITE, ASK_INFO)
    while True:
        await ask(link, WRITE, ASK_LIVE)
        await link.pause(POLL_EVERY_S)


DRIVER = Driver(
    id="bp2",
    kind="cuff",
    title="Viatom and Wellue BP2, BP2A, BP2T, BP2W",
    streams=(NOTIFY,),
    live=(NOTIFY,),
    main=NOTIFY,
    decode=decode,
    matches=(
        Match(60, name=r"(BP2[ATW]?\b|LP-BP2W|Checkme BP2)"),
        Match(70, service=SERVICE, name=r"(BP2|LP-BP2W|Checkme BP2)"),
        Match(10, service=SERVICE),
    ),
    beside=beside,
    framings={NOTIFY: a5.FRAMING},
    allowed_writes={WRITE: (ASK_LIVE, ASK_INFO)},
    script=run,
    question=(WRITE, ASK_INFO),
    note="The measurement is started by the cuff's own button.",
)
