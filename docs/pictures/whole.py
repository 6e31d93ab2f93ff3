"""The walks through a whole session on two displays: by keys, by mouse, without Bluetooth, and over a power cut."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from hands import Keys, Mouse
from session import PATIENT, PLAN, SITTER, Session, stage_for
from sheet import Sheet
from stage import Stage

DEMO = ("demo", "--by-hand", "--plan", PLAN, "--scenario", "desaturation", "--seconds", 1200)
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
    _start(session)
    _dose(session)
    _evening(session)
    _call(session)
    _alarm(session)
    _up(session)
    _end(session)


def _start(session: Session) -> None:
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
    session.act("Enter", "Done", "step_answered")
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
        time.sleep(2.5)
    session.stage.wait_for(lambda: _saved(session, before), "the breath count", 40)


def _saved(session: Session, before: int) -> bool:
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
    _seen(session)
    session.see("Seen")


def _seen(session: Session) -> None:
    """Every alarm that is over waits for it."""
    while session.stage.rows(OPEN_ALARMS):
        session.act("A", "Seen", "alarm_closed")


def _up(session: Session, before_ready: Callable[[], None] | None = None) -> None:
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


def _end(session: Session) -> None:
    session.act("Enter", "Ready now", "ready_marked")
    session.see("Ready")
    session.act("Enter", "Release", "released")
    session.see("Released")
    session.hand.hold("Q", "End the session (hold 2 s)", 3)
    session.event("session_ended", how="released")


@contextmanager
def typed(sheet: Sheet) -> Iterator[Session]:
    """No Bluetooth at all: the real room on a computer without an adapter."""
    with stage_for(sheet, 2) as stage:
        session = _real(stage, sheet)
        session.see("The first check")
        session.prepare(("probe", "baseline", "pressures"))
        _start(session)
        session.press("D", "Mark the dose")
        session.act("Enter", "Mark it", "dose_marked")
        session.see("Dose marked")
        _type_oximetry(session, "96", "66", "Oximeter read and typed")
        session.see("Typed values on the chart")
        session.press("B", "Blood pressure")
        session.type_pressure("124", "80", "70", "Blood pressure typed")
        session.act("V", "Look-in", "looked_in")
        _type_oximetry(session, "84", "90")
        session.event("alarm_raised", within_s=30, alarm="spo2_very_low")
        session.see("A low typed value alarms")
        session.act("A", "I'm on it", "alarm_acknowledged", alarm="spo2_very_low")
        session.see("Answered")
        _type_oximetry(session, "95", "72")
        session.stage.wait_for(lambda: not stage.rows(STANDING), "the end of every alarm", 60)
        session.see("A better one ends it")
        _seen(session)
        _up(session, lambda: _type_oximetry(session, "96", "66"))
        _end(session)
        yield session


def _real(stage: Stage, sheet: Sheet) -> Session:
    stage.begin("run", "--plan", PLAN)
    stage.focus(SITTER)
    return Session(stage, Keys(stage), sheet, "patient")


def _type_oximetry(session: Session, spo2: str, pulse: str, seen: str = "") -> None:
    count = "SELECT count(*) FROM v_vitals WHERE source = 'typed'"
    before = session.stage.last(count) or 0
    session.press("B", "Blood pressure")
    for _pressure_field in range(3):
        session.hand.onward()
    session.hand.digits(spo2)
    session.hand.onward()
    session.hand.digits(pulse)
    if seen:
        session.see(seen)
    session.press("Enter", "Save")
    session.stage.wait_for(lambda: (session.stage.last(count) or 0) > before, "the typed oxygen", 20)


@contextmanager
def resume(sheet: Sheet) -> Iterator[Session]:
    """A power cut in the middle: every process is killed at once, then the room is started again."""
    with stage_for(sheet, 2) as stage:
        session = _real(stage, sheet)
        session.prepare(())
        session.act("Enter", "Start the session", "session_started")
        session.press("D", "Mark the dose")
        session.act("Enter", "Mark it", "dose_marked")
        session.press("N", "Note")
        session.hand.words("last words before the power cut")
        session.act("Enter", "Save", "note_added")
        session.press("→", "Next phase: Peak")
        session.act("Enter", "Mark it", "phase_marked", phase="peak")
        session.see("Before the power cut")
        before = session.seq
        stage.kill()
        session.see("Every process killed at once", settle_s=0.5)
        time.sleep(8)
        stage.begin("run", "--plan", PLAN)
        stage.focus(SITTER)
        session.event("run_resumed", before)
        session.event("alarm_raised", before, alarm="monitoring_restarted")
        session.see("Started again: the same session, and the gap said")
        session.see("The patient's display", PATIENT, 0)
        while stage.rows(f"SELECT 1 FROM v_events WHERE kind = 'alarm_raised' AND seq > {before} AND {UNANSWERED}"):
            session.act("A", "I'm on it", "alarm_acknowledged")
        session.see("Answered: phase, dose and note are where they were")
        _type_oximetry(session, "84", "90")
        session.event("alarm_raised", before, 30, alarm="spo2_very_low")
        session.see("Alarms are armed")
        session.act("A", "I'm on it", "alarm_acknowledged", alarm="spo2_very_low")
        session.press("L", "List")
        session.see("The list over the gap")
        session.press("Esc", "Back")
        yield session


UNANSWERED = """NOT EXISTS (SELECT 1 FROM v_events a WHERE a.kind IN ('alarm_acknowledged', 'alarm_cleared')
    AND a.seq > v_events.seq AND json_extract(a.data, '$.alarm') = json_extract(v_events.data, '$.alarm'))"""
