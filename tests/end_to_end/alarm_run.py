"""One alarm end to end: its cause begins, its tone is heard at the right output, its row stands in the record, it ends.

What each run measured goes to the file that ALARM_RUNS names, a line of JSON each: `alarm_table` makes the table of
docs/safety.md from them.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any

import msgspec

from devices.reading import Oximetry, Reading
from kiosk.session import commands as c
from kiosk.session import events as e
from kiosk.session.events import Severity
from tests.end_to_end.ear import QUIET_DB, Ear, ear
from tests.end_to_end.room_run import RoomRun, crowding, room_run, wait_until
from tests.end_to_end.stand_in import ENTRY, StandIn
from tests.sound import PATIENT, SITTER, SoundServer

RUNS = "ALARM_RUNS"
WITHIN_MS = 500.0
EARLY_MS = 50.0  # of the ear, and of two processes that read one clock
TOGETHER_NS = 200_000_000  # a tone that is due everywhere begins everywhere within this time
EXAMPLE = Path(__file__).parents[2] / "kiosk" / "assets" / "example-plan.toml"
ONE_CUFF_S = 50  # a story this short has one measurement, at its beginning
LIMITED = frozenset({"spo2_low", "spo2_very_low", "spo2_area", "pulse_low", "pulse_high", "pressure_high"}) | {
    "breaths_low",
    "breaths_high",
}

Begin = Callable[[], int]
"""When the condition began, by the machine's clock (UTC, ns); asked once the alarm is in the record."""
Cause = Callable[["Watched"], AbstractContextManager[Begin]]


class Case(msgspec.Struct, frozen=True):
    """alarm: as recorded. severity: reached at least. delay_s: session seconds from the condition to the alarm.

    cause: in words; by: makes it, and ends it. delay: in words, where it is not so many seconds. heard_at: outputs that
    must sound; if it is the sitter's alone, the patient's must be silent. clears: the row is over when the cause is.
    waits: its row is written only then.
    """

    alarm: str
    severity: Severity
    delay_s: float
    cause: str
    by: Cause
    delay: str = ""
    heard_at: tuple[str, ...] = (SITTER,)
    clears: bool = True
    waits: bool = False

    @property
    def id(self) -> str:
        """For a test's name."""
        return f"{self.alarm}-{self.severity.name.lower()}-{self.cause}".replace(" ", "_")


class Run(msgspec.Struct, frozen=True):
    """What one run measured. late_ms: from the end of the configured delay to the tone at `heard_at`."""

    alarm: str
    severity: str
    delay: str
    cause: str
    late_ms: float
    heard_at: str
    text: str
    limit: str


class Watched:
    """A room with an ear at each output. answer: "I'm on it" for an alarm, as this room's sitter presses it.

    listen_ns: what sounds before it is another's.
    """

    def __init__(
        self, room: RoomRun, ears: dict[str, Ear], answer: Callable[[str], object], sitter: StandIn | None = None
    ) -> None:
        self.room, self.ears, self.answer, self._sitter = room, ears, answer, sitter
        self.listen_ns = 0

    @property
    def sitter(self) -> StandIn:
        """The test as the sitter."""
        assert self._sitter
        return self._sitter

    def await_calm(self) -> int:
        """Until nothing stands and nothing is heard; the newest row then."""
        wait_until(lambda: self.standing() == [], 30, "every alarm to be over")
        wait_until(lambda: all(one.is_silent(0.3) for one in self.ears.values()), 15, "silence")
        return self.room.last_seq()

    def hear_out(self, since_ns: int) -> None:
        """Let the burst that began since then come to its end: what is heard afterwards is another tone."""
        listening = self.ears[SITTER]
        listening.onset_ns(since_ns)
        wait_until(lambda: listening.is_silent(0.5), 5, "the end of the burst")
        self.listen_ns = time.time_ns()

    def standing(self) -> list[str]:
        """Alarms whose condition is true, by the record."""
        return [name for (name,) in self.room.view("SELECT name FROM v_alarms WHERE cleared_utc IS NULL")]


def measure(watched: Watched, case: Case) -> Run:
    """Let it happen, hold everything that must hold, and wait until it is over."""
    seq = watched.await_calm()
    with case.by(watched) as begin:
        _await_alarm(watched, case, seq)
        begun_ns = begin()
        due_ns = begun_ns + round(case.delay_s / watched.room.options.speed * 1e9)
        late_ms = (_heard_ns(watched, case, max(begun_ns, watched.listen_ns)) - due_ns) / 1e6
        _await_played(watched, case, seq)
        watched.answer(case.alarm)
    raised = watched.room.await_row(lambda w: is_alarm(w, case), case.id, seq)
    run = _run(case, late_ms, raised.text, _row(watched, case))
    keep(run)
    assert case.delay or late_ms > -EARLY_MS, "before its delay was over"
    assert late_ms <= WITHIN_MS * crowding()
    assert bool(run.limit) == (case.alarm in LIMITED)
    return run


def _await_alarm(watched: Watched, case: Case, seq: int) -> None:
    """Until it is in the record; where that cannot be written, until the sitter reads it."""
    if not case.waits:
        watched.room.await_row(lambda w: is_alarm(w, case), case.id, seq, timeout_s=30)
        return
    word = case.severity.name.lower()
    watched.sitter.await_view(lambda v: (v.sentence.alarm, v.sentence.kind) == (case.alarm, word), case.id)


def _await_played(watched: Watched, case: Case, seq: int) -> None:
    """Until the record says that the sound server took it, while there is a record."""
    if not case.waits:
        watched.room.await_row(lambda w: isinstance(w, e.TonePlayed) and w.severity >= case.severity, "its tone", seq)


def _heard_ns(watched: Watched, case: Case, after_ns: int) -> int:
    """When its tone was heard at the latest of its outputs."""
    heard_ns = max(watched.ears[output].onset_ns(after_ns) for output in case.heard_at)
    if PATIENT not in case.heard_at:
        patient = watched.ears[PATIENT]
        wait_until(lambda: patient.until_ns >= heard_ns + TOGETHER_NS, 5, "the patient's output to be heard so far")
        assert patient.loudest_db(after_ns, heard_ns + TOGETHER_NS) < QUIET_DB, watched.standing()
    return heard_ns


def is_alarm(what: Any, case: Case) -> bool:
    """Whether it is this alarm, at this severity."""
    is_one = isinstance(what, e.AlarmRaised | e.AlarmStepped)
    return is_one and what.alarm == case.alarm and what.severity >= case.severity


def _row(watched: Watched, case: Case) -> tuple[str, str, str | None]:
    """severity, limit_text, cleared_utc of the newest row of this alarm in `v_alarms`, as others read it."""
    sql = f"SELECT severity, limit_text, cleared_utc FROM v_alarms WHERE name = '{case.alarm}' ORDER BY raised_utc"

    def newest() -> tuple[Any, ...] | None:
        row = watched.room.view(sql)[-1]
        return row if row[2] or not case.clears else None

    found = wait_until(newest, 30, f"{case.alarm} to be over")
    assert found[0] == case.severity.name.lower()
    return found


def _run(case: Case, late_ms: float, text: str, row: tuple[str, str, str | None]) -> Run:
    delay = case.delay or (f"{case.delay_s:g} s" if case.delay_s else "none")
    return Run(case.alarm, row[0], delay, case.cause, late_ms, " and ".join(case.heard_at), text, row[1])


def keep(run: Run) -> None:
    """Say what was measured, and hand it on to who makes the table."""
    print(f"\n{run.alarm} {run.severity}, {run.cause}: {run.late_ms:.0f} ms after its delay. {run.text}")
    if name := os.environ.get(RUNS):
        with Path(name).open("ab") as file:
            file.write(msgspec.json.encode(run) + b"\n")


def is_measured(what: object) -> bool:
    """Whether it is a reading of the oximeter with both numbers: from then on each of them can be missed."""
    if not isinstance(what, Reading) or not isinstance(what.measurement, Oximetry):
        return False
    return what.measurement.spo2.number is not None and what.measurement.pulse.number is not None


def plan_without_oximeter(folder: Path, look_every_min: float) -> str:
    """The example plan without the one device that a fast clock would miss each moment."""
    text = EXAMPLE.read_text()
    for old, new in (
        ("look_in_every_min = 15", f"look_in_every_min = {look_every_min}"),
        ('use = "required"', 'use = "unused"'),
    ):
        assert text.count(old) == 1
        text = text.replace(old, new)
    plan = folder / "plan.toml"
    plan.write_text(text)
    return str(plan)


@contextmanager
def watched_room(
    folder: Path,
    server: SoundServer,
    speed: float,
    *,
    arms: tuple[str, str] = ("left", "right"),
    ears: tuple[str, ...] = (SITTER, PATIENT),
    **options: Any,
) -> Iterator[Watched]:
    """A started session in which the test is the sitter; nobody else answers. options: of the monitor and its air."""
    sitter = StandIn(folder / "stand-in")
    whole = {"entry": ENTRY, "kind": "patient", "starts_itself": False, "sound": False, "length": ONE_CUFF_S, **options}
    with ExitStack() as stack:
        room = stack.enter_context(room_run(folder, "calm", server=server, speed=speed, env=sitter.env, **whole))
        listening = {output: stack.enter_context(ear(server, output)) for output in ears}
        room.await_row(lambda w: isinstance(w, e.WindowsShown), "the screen", timeout_s=40)
        sitter.start_session(room, arms)
        room.await_row(is_measured, "a reading with both numbers", timeout_s=40)
        yield Watched(room, listening, lambda alarm: sitter.do(c.Acknowledge(alarm)), sitter)
