"""The walks in the real room on a computer without Bluetooth: everything typed, and a power cut in the middle."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from hands import Keys
from session import PATIENT, PLAN, SITTER, Session, stage_for
from sheet import Sheet
from stage import Stage
from whole import STANDING, end, seen, stand_up, start

UNANSWERED = """NOT EXISTS (SELECT 1 FROM v_events a WHERE a.kind IN ('alarm_acknowledged', 'alarm_cleared')
    AND a.seq > v_events.seq AND json_extract(a.data, '$.alarm') = json_extract(v_events.data, '$.alarm'))"""


@contextmanager
def typed(sheet: Sheet) -> Iterator[Session]:
    """No Bluetooth at all: the real room on a computer without an adapter."""
    with stage_for(sheet, 2) as stage:
        session = _real(stage, sheet)
        session.see("The first check")
        session.prepare(("probe", "baseline", "pressures"))
        start(session)
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
        seen(session)
        stand_up(session, lambda: _type_oximetry(session, "96", "66"))
        end(session)
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
        session.stop()
        yield session
