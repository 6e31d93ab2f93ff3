"""The walks through a whole session on two displays: by keys, by mouse, without Bluetooth, and over a power cut."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from hands import Keys, Mouse, is_shown
from private import journal
from session import PATIENT, PLAN, SITTER, Session, stage_for
from sheet import Sheet

DEMO = (
    "demo",
    "--by-hand",
    "--plan",
    PLAN,
    "--scenario",
    "desaturation",
    "--seconds",
    2000,
)  # SpO2 falls in the 7th minute
BREATHS = 7
STANDING = "SELECT 1 FROM v_alarms WHERE cleared_utc IS NULL AND severity IN ('medium', 'high')"
OPEN_ALARMS = """SELECT 1 FROM v_alarms a WHERE cleared_utc IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM v_events e WHERE e.kind = 'alarm_closed' AND e.utc > a.raised_utc
    AND json_extract(e.data, '$.alarm') = a.name) AND severity = 'high'"""


@contextmanager
def keyboard(sheet: Sheet) -> Iterator[Session]:
    """Keys only."""
    with stage_for(sheet, 2) as stage:
        stage.begin(*DEMO, "--out", stage.out)
        stage.focus(SITTER)
        session = Session(stage, Keys(stage), sheet, "demo")
        _whole(session)
        yield session


@contextmanager
def mouse(sheet: Sheet) -> Iterator[Session]:
    """The mouse only."""
    with stage_for(sheet, 2, readable=True) as stage:
        stage.begin(*DEMO, "--out", stage.out)
        session = Session(stage, Mouse(stage), sheet, "demo")
        _whole(session)
        yield session


def _whole(session: Session) -> None:
    session.see("The room opens", PATIENT)
    session.prepare(("person", "solids", "sitter", "comfort", "same_number", "sound", "baseline", "pressures"))
    start(session)
    _dose(session)
    _evening(session)
    _call(session)
    _alarm(session)
    stand_up(session)
    end(session)


def start(session: Session) -> None:
    session.see("All checks: the start")
    session.act("Enter", "Start the session", "session_started")
    session.see("Started: no dose yet")


def _dose(session: Session) -> None:
    session.press("D", "Mark the dose")
    session.see("The dose is asked back")
    session.act("Enter", "Mark it", "dose_marked")
    session.act("U", "Undo", "event_withdrawn")
    session.see("The dose taken back within ten seconds")
    session.press("D", "Mark the dose")
    session.act("Enter", "Mark it", "dose_marked")
    session.see("Dose marked", settle_s=2)


def _evening(session: Session) -> None:
    session.press("N", "Note")
    session.see("Notes")
    session.act("2", "Talked", "note_added")
    session.act("U", "Undo", "note_withdrawn")
    session.press("N", "Note")
    session.hand.words("asks for water")
    session.see("A note in words")
    session.act("Enter", "Save", "note_added")
    if isinstance(session.hand, Mouse):
        session.press("O", "Acts")
    session.press("→", "Next phase: Peak")
    session.act("Enter", "Mark it", "phase_marked", phase="peak")
    session.see("Next phase marked")
    session.press("H", "It happened")
    session.see("It happened")
    session.act("2", "Distress, panic", "happening_tapped")
    session.see("Guidance: distress")
    session.act("Enter", "Done. Next", "step_answered")
    session.see("Guidance: second step")
    session.act("O", "It is over", "step_answered", answer="over")
    session.press("R", "Response")
    session.see("Response check")
    session.act("1", "To normal voice", "response_recorded")
    session.press("K", "Breaths")
    _count_breaths(session)
    session.press("B", "Blood pressure")
    session.type_pressure("124", "80", "70", "Blood pressure typed")
    session.act("V", "Look-in", "looked_in")
    session.see("Calm")


def _count_breaths(session: Session) -> None:
    before = session.seq
    for breath in range(BREATHS):
        session.press("Space", "Breath")
        if breath == 3:
            session.see("Breath counter")
        time.sleep(1)
    session.stage.wait_for(lambda: _saved(session, before), "the breath count", 40)


def _saved(session: Session, before: int) -> bool:
    if isinstance(session.hand, Keys) or is_shown(session.stage, "Save"):
        session.press("Enter", "Save")
    return bool(session.stage.rows(f"SELECT 1 FROM v_events WHERE kind = 'breaths_counted' AND seq > {before}"))


def _call(session: Session) -> None:
    stage = session.stage
    before = session.seq
    if isinstance(session.hand, Keys):
        stage.focus(PATIENT)
        stage.key("space")
    else:
        stage.click(600, 400)
    session.event("sitter_called", before)
    session.see("Robin calls", PATIENT)
    if isinstance(session.hand, Keys):
        stage.key("F2")  # the one keyboard goes back to the sitter's display
    session.see("The call at the sitter's place", settle_s=0)
    session.act("A", "I'm coming", "call_answered")
    session.see("Sam is coming", PATIENT, 3)
    session.act("A", "I was there", "call_ended")


def _alarm(session: Session) -> None:
    session.event("alarm_raised", within_s=400, alarm="spo2_very_low")
    session.see("Very low oxygen")
    session.act("A", "I'm on it", "alarm_acknowledged")
    session.see("Answered: first the probe")
    session.act("Enter", "Done. Still low", "step_answered", step="wake")
    session.see("Then wake")
    session.act("2", "Loud voice", "response_recorded", answer="loud voice")
    session.see("Then position")
    session.act("E", "Emergency card", "emergency_card_shown")
    session.see("The emergency card during an alarm")
    session.press("Esc", "Back to the screen")
    session.act("P", "Pause sounds 2 min", "sounds_paused")
    session.see("Sounds paused")
    session.act("Enter", "Done. Still low", "step_answered", step="recheck")
    session.stage.wait_for(lambda: not session.stage.rows(STANDING), "the end of every alarm", 240)
    session.see("Oxygen is back")
    seen(session)
    session.see("Seen")


def seen(session: Session) -> None:
    """Every alarm that is over waits for it."""
    while session.stage.rows(OPEN_ALARMS):
        session.act("A", "Seen", "alarm_closed")


def stand_up(session: Session, before_ready: Callable[[], None] | None = None) -> None:
    """Standing up. before_ready: what has to be typed first where nothing comes by itself."""
    session.press("L", "List")
    session.see("The list")
    session.press("Esc", "Back")
    if isinstance(session.hand, Keys):
        session.press("M", "")
        session.see("Music")
        session.press("Esc", "Back")
    session.press("O", "Acts")
    session.see("Acts")
    session.press("Esc", "Back")
    least_s = (session.plan.release.minimum_min or 0) * 60 + 2
    session.stage.wait_for(lambda: _observed_s(session) > least_s, "the plan's minimum", 300)
    session.acts_in_turn((("R", "Response"), ("1", "To normal voice")), "response_recorded", answer="normal voice")
    session.press("O", "Acts")
    session.see("Acts: standing up is offered")
    session.press("Esc", "Back")
    session.acts_in_turn((("O", "Acts"), ("G", "Stand up")), "standing_began")
    session.see("Sit")
    _rung(session, "sit", "Enter", "Steady", "steady")
    session.see("Stand")
    _rung(session, "stand", "D", "Dizzy: sit down", "dizzy")
    session.see("Dizzy: one step down")
    _rung(session, "sit", "Enter", "Steady", "steady")
    _rung(session, "stand", "Enter", "Steady", "steady")
    session.see("Walk")
    _rung(session, "walk", "Enter", "Steady", "steady")
    if before_ready:
        before_ready()
    session.see("Ready?")


def _rung(session: Session, step: str, key: str, name: str, outcome: str) -> None:
    if outcome == "steady":
        time.sleep(session.plan.release.rung_min * 60 + 1)
    session.act(key, name, "stand_answered", step=step, outcome=outcome)


def _observed_s(session: Session) -> float:
    """Seconds since the dose."""
    dose = session.stage.last("SELECT max(json_extract(data, '$.at_utc_ns')) FROM v_events WHERE kind = 'dose_marked'")
    return time.time() - dose / 1e9


def end(session: Session) -> None:
    session.act("Enter", "Ready now", "ready_marked")
    session.see("Ready")
    session.act("Enter", "Release", "released")
    session.see("Released: the hours after")
    session.press("P", "Page to take along")
    session.see("The page in large type")
    session.act("S", "Save as a file", "page_given", how="saved")
    session.see("Saved as a file")
    session.act("Enter", "It was read", "page_given", how="read")
    session.see("The page was given")
    journal(session)
    session.hand.hold("Q", "End the session (hold 2 s)", 3)
    session.event("session_ended", how="released")
