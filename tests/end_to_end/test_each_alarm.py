"""Every alarm that the air can cause, in one running room: bytes sent, row in the record, tone at the sitter's sink.

The alarms follow each other in this order; each test waits until the one before is over. What no device causes (disk,
sound, displays, clock, calls, looks, answers) is tested where it arises; `docs/safety.md` names where.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from devices.reading import Oximetry, Reading
from kiosk.session import events as e
from kiosk.session.events import Severity
from tests.end_to_end.room_run import RoomRun, room_run, wait_until
from tests.sound import PATIENT, RATE_HZ, SITTER, Capture, SoundServer, capture, envelope_db, rms_db

pytestmark = pytest.mark.sound
SPEED = 4.0
EVERY_S = 1 / SPEED
HEARD_DB, QUIET_DB = -50.0, -60.0
TONE_WITHIN_S = 0.5
Cause = Callable[[RoomRun], AbstractContextManager[None]]


class Case(NamedTuple):
    """alarm: as recorded. severity: at least reached. delay_s: of the condition, as the plan sets it."""

    alarm: str
    severity: Severity
    delay_s: float
    cause: Cause


def bytes_of(raw_hex: str) -> Cause:
    """The oximeter sends these bytes each second."""
    return lambda room: room.air.feeding("oximeter", raw_hex, EVERY_S)


@contextlib.contextmanager
def silence(room: RoomRun) -> Iterator[None]:
    """The oximeter is connected and sends nothing."""
    room.air.order("hold")
    yield
    room.air.order("resume")


@contextlib.contextmanager
def out_of_reach(room: RoomRun) -> Iterator[None]:
    """The link is lost, and the device cannot be found."""
    room.air.order("hold")
    room.air.order("advertise", device="oximeter", wanted=False)
    room.air.order("drop", device="oximeter")
    yield
    room.air.order("advertise", device="oximeter", wanted=True)
    room.air.order("resume")


@contextlib.contextmanager
def dips(room: RoomRun) -> Iterator[None]:
    """Three dips to 88 %, six seconds each: all too short for the delay of the low limit."""
    for _ in range(3):
        seq = room.last_seq()
        with room.air.feeding("oximeter", "0058004600", EVERY_S):
            await_values(room, 88, 5, seq)
        await_values(room, None, 4, room.last_seq())
    yield


def cuff(systolic: int, diastolic: int, pulse: int) -> Cause:
    """The cuff measures this, and later something well."""

    @contextlib.contextmanager
    def measured(room: RoomRun) -> Iterator[None]:
        measure(room, systolic, diastolic, pulse)
        yield
        measure(room, 118, 76, 63)

    return measured


def measure(room: RoomRun, systolic: int, diastolic: int, pulse: int) -> None:
    """Start the cuff, as soon as it is free."""
    numbers = {"systolic": systolic, "diastolic": diastolic, "mean": diastolic + 12, "pulse": pulse, "inflate_s": 4}

    def asked() -> bool:
        with contextlib.suppress(AssertionError):
            room.air.order("measure", **numbers)
            return True
        return False

    wait_until(asked, 20, "a free cuff")


def await_values(room: RoomRun, spo2: int | None, count: int, after: int) -> None:
    """So many readings of this SpO2 (None: above 92) behind row `after`."""

    def come() -> bool:
        found = [r.what.measurement.spo2.number for r in room.rows(after) if is_oximetry(r.what)]
        return sum(n is not None and (n == spo2 if spo2 else n > 92) for n in found) >= count

    wait_until(come, 20, f"{count} values of {spo2}")


def is_oximetry(what: object) -> bool:
    return isinstance(what, Reading) and isinstance(what.measurement, Oximetry)


CASES = (
    Case("spo2_very_low", Severity.HIGH, 2, bytes_of("0050005800")),  # 80 %, pulse 88
    Case("spo2_low", Severity.HIGH, 15, bytes_of("0058005800")),  # 88 %
    Case("spo2_area", Severity.HIGH, 0, dips),
    Case("pulse_low", Severity.MEDIUM, 15, bytes_of("0061002800")),  # 97 %, pulse 40
    Case("pulse_high", Severity.MEDIUM, 15, bytes_of("0061008c00")),  # pulse 140
    Case("no_pulse_signal", Severity.MEDIUM, 15, bytes_of("006100ff07")),  # pulse: not a number
    Case("questionable", Severity.LOW, 15, bytes_of("04610046000040")),  # status: questionable measurement
    Case("finger_off", Severity.MEDIUM, 15, bytes_of("0cff07ff070020000800")),  # unconnected to user
    Case("no_signal", Severity.MEDIUM, 15, silence),
    Case("device_lost", Severity.MEDIUM, 15, out_of_reach),
    Case("pressure_high", Severity.HIGH, 0, cuff(188, 114, 64)),
    Case("sources_disagree", Severity.LOW, 30, cuff(118, 76, 130)),  # the oximeter counts about 62
)
MEASURED: list[str] = []


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory, server: SoundServer) -> Iterator[RoomRun]:
    """A started room four times as fast, without screen and music; its devices are well until a test says otherwise."""
    folder = tmp_path_factory.mktemp("each")
    with room_run(folder, "calm", server=server, length=3600, speed=SPEED, screen=False, sound=False) as run:
        run.await_ready()
        yield run
    print("\nalarm | reached | condition's delay | from the row to the tone", *MEASURED, sep="\n")


@pytest.fixture(scope="module")
def sitter(room: RoomRun, server: SoundServer) -> Iterator[Capture]:
    with capture(server, SITTER) as taken:
        yield taken


@pytest.fixture(scope="module")
def patient(room: RoomRun, server: SoundServer) -> Iterator[Capture]:
    with capture(server, PATIENT) as taken:
        yield taken


def newest_db(taken: Capture, seconds: float) -> float:
    return rms_db(taken.samples()[-int(seconds * RATE_HZ) :])


def loudest_db(taken: Capture, from_s: float) -> float:
    """The loudest twentieth of a second since capture second `from_s`."""
    return float(max(envelope_db(taken.samples()[int(from_s * RATE_HZ) :], 0.05), default=-200.0))


def await_calm(room: RoomRun, sitter: Capture) -> int:
    """Until nothing stands and nothing is heard; the newest row then."""

    def is_calm() -> bool:
        rows = [row.what for row in room.rows()]
        raised = sorted(what.alarm for what in rows if isinstance(what, e.AlarmRaised))
        return raised == sorted(what.alarm for what in rows if isinstance(what, e.AlarmCleared))

    wait_until(is_calm, 30, "every alarm to be over")
    wait_until(lambda: newest_db(sitter, 0.5) < QUIET_DB, 15, "silence")
    return room.last_seq()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.alarm)
def test_from_the_bytes_at_the_air_to_the_row_and_the_tone(
    room: RoomRun, sitter: Capture, patient: Capture, case: Case
) -> None:
    seq, from_s = await_calm(room, sitter), sitter.seconds
    with case.cause(room):
        raised = room.await_row(lambda w: is_alarm(w, case), f"{case.alarm} {case.severity.name}", seq)
        played = room.await_row(lambda w: isinstance(w, e.TonePlayed) and w.severity >= case.severity, "tone", seq)
        wait_until(lambda: loudest_db(sitter, from_s) > HEARD_DB, 10, "the tone at the sink")
    late_s = (played.stamp.utc_ns - raised.stamp.utc_ns) / 1e9 / SPEED
    MEASURED.append(f"{case.alarm} | {case.severity.name.lower()} | {case.delay_s:g} s | {late_s * 1000:.0f} ms")
    assert late_s <= TONE_WITHIN_S
    assert raised.what.limit_text or case.alarm not in LIMITED
    (found,) = {severity for name, severity in alarms_of(room) if name == case.alarm}
    assert Severity[found.upper()] >= case.severity


LIMITED = ("spo2_low", "spo2_very_low", "spo2_area", "pulse_low", "pulse_high", "pressure_high")


def is_alarm(what: Any, case: Case) -> bool:
    is_one = isinstance(what, e.AlarmRaised | e.AlarmStepped)
    return is_one and what.alarm == case.alarm and what.severity >= case.severity


def alarms_of(room: RoomRun) -> set[tuple[str, str]]:
    return set(room.view("SELECT name, severity FROM v_alarms"))


def test_the_patient_heard_none_of_it(patient: Capture) -> None:
    assert rms_db(patient.samples()) < QUIET_DB


@pytest.fixture
def nobody(tmp_path: Path, server: SoundServer) -> Iterator[RoomRun]:
    """A room in which nobody answers anything: begun at the command line, without a sitter."""
    with room_run(
        tmp_path, "calm", server=server, length=3600, speed=SPEED, screen=False, sound=False, kind="patient"
    ) as run:
        run.await_ready()
        yield run


def test_an_alarm_that_nobody_answers_grows_louder_sounds_everywhere_and_opens_the_card(
    nobody: RoomRun, server: SoundServer
) -> None:
    with capture(server, PATIENT) as patient, nobody.air.feeding("oximeter", "0050005800", EVERY_S):
        raised = nobody.await_row(lambda w: isinstance(w, e.AlarmRaised) and w.alarm == "spo2_very_low", "the alarm")
        played = nobody.await_row(lambda w: isinstance(w, e.TonePlayed) and w.output == PATIENT, "tone everywhere")
        card = nobody.await_row(lambda w: isinstance(w, e.EmergencyCardShown) and w.by == "alarm", "the card")
        assert loudest_db(patient, 0.0) > HEARD_DB
    assert 30 <= played.t_s - raised.t_s < 30 + TONE_WITHIN_S * SPEED + 1
    assert 60 <= card.t_s - raised.t_s < 62
    assert card.text == "Nobody answered: the emergency card opened by itself."
