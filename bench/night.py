"""A recorded session of any length, for the figures: an oximeter at 1 Hz with its waveform, a cuff, notes, seals.

Made by the program's own recorder; the same length is the same rows. The values mean nobody.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from devices.reading import Oximetry, Pressure, Quality, Reading, Stamp, Value, Waveform
from kiosk.planfile import read_plan
from kiosk.record.recorder import Recorder
from kiosk.record.seal import load_signer
from kiosk.session import events as e
from kiosk.text import Names, sentence

START = Stamp(1_795_544_580_000_000_000, 5_000_000_000_000)
RATE_HZ, BLOCK_S = 125, 5
OXIMETER, CUFF = "f0:f1:f2:f3:f4:01", "f0:f1:f2:f3:f4:02"


def record(folder: Path, hours: float, session_id: str = "s-night") -> Path:
    """Write the session to `record.db` in the folder, sealed by the folder's key each minute and at its end."""
    path, chance, ignore = folder / "record.db", random.Random(1), _ignore
    signer, names = load_signer(folder), Names("Robin", "Sam", 60)
    recorder = Recorder(path, lambda: START, lambda told: told(), ignore, ignore, ignore)

    def note(event: e.AnyEvent, stamp: Stamp) -> None:
        recorder.append_event(event, stamp, sentence(event, names))

    note(_opened(session_id), START)
    note(e.RunAnchored("boot", 60, 1), START)
    for device, role in ((OXIMETER, "oximeter"), (CUFF, "cuff")):
        note(e.DeviceChosen(device, role, role, "plx" if role == "oximeter" else "bls"), START)
    note(e.SessionStarted(), START)
    note(e.DoseMarked(START.utc_ns), START)
    for second in range(round(hours * 3600)):
        stamp = _at(second)
        if not 3000 <= second % 7200 < 3030:  # a gap of half a minute each two hours
            recorder.append_reading(_oximetry(second, stamp, chance))
            if second % BLOCK_S == 0:
                recorder.append_waveform(_wave(stamp, chance))
        _now_and_then(second, stamp, note, recorder)
        if second % 60 == 59:
            recorder.seal(signer, stamp, lambda seal: sentence(seal, names))
        if second % 3600 == 0:
            recorder.settle(60)
    last = _at(round(hours * 3600))
    note(e.SessionEnded("released"), last)
    recorder.seal(signer, last, lambda seal: sentence(seal, names))
    recorder.close(60)
    return path


def _ignore(_: object) -> None:
    pass


def _at(second: int) -> Stamp:
    return Stamp(START.utc_ns + second * 10**9, START.boot_ns + second * 10**9)


def _oximetry(second: int, stamp: Stamp, chance: random.Random) -> Reading:
    quality = Quality.INVALID if second % 97 == 5 else Quality.QUESTIONABLE if second % 89 == 7 else Quality.VALID
    spo2 = Value(Decimal(93 + chance.randrange(6)), quality, ("weak signal",) if quality is not Quality.VALID else ())
    pulse, perfusion = Value(Decimal(58 + chance.randrange(9))), Value(Decimal(chance.randrange(20, 90)) / 10)
    return Reading(OXIMETER, stamp, Oximetry(spo2, pulse, perfusion), second.to_bytes(4), "2a5f")


def _wave(stamp: Stamp, chance: random.Random) -> Waveform:
    return Waveform(OXIMETER, stamp, RATE_HZ, 127, tuple(chance.randrange(128) for _ in range(RATE_HZ * BLOCK_S)))


def _now_and_then(second: int, stamp: Stamp, note: Callable[[e.AnyEvent, Stamp], None], recorder: Recorder) -> None:
    if second % 1200 == 600:
        values = Pressure(Value(Decimal(121)), Value(Decimal(76)), Value(Decimal(91)))
        recorder.append_reading(Reading(CUFF, stamp, values, second.to_bytes(4), "2a35"))
    if second % 900 == 300:
        note(e.LookedIn(), stamp)
        note(e.NoteAdded(f"Second {second}"), stamp)
    if second % 1800 == 900:
        note(e.AlarmRaised("spo2_low", 3, "below 90 % for 10 s (Dr. Example)", {"value": "88"}), stamp)
    if second % 1800 == 930:
        note(e.AlarmCleared("spo2_low"), stamp)


def _opened(session_id: str) -> e.SessionOpened:
    read = read_plan("")
    plan = read.plan
    return e.SessionOpened(
        session_id,
        "trial",
        True,
        1.0,
        plan.patient.id,
        plan.patient.label,
        plan.sitter.label,
        "0.1.0",
        60,
        read.name,
        read.text,
        plan.limits.author,
        plan.confirmed_text,
        plan.medication.name,
        plan.medication.route,
        plan.medication.dose_mg,
        plan.limits.sentences(),
    )
