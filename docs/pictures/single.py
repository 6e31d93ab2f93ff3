"""The walk on one display: the PIN is locked out while the oxygen falls, and nothing that helps asks for it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from hands import Keys, is_shown
from session import Session, stage_for
from sheet import Sheet
from stage import NeverError

PIN, WRONG = "280651", "1357"
STORY_S = 1400  # the oxygen falls after a fifth of it
FALLING = "SELECT 1 FROM v_vitals WHERE spo2_percent < 90"


@contextmanager
def locked(sheet: Sheet) -> Iterator[Session]:
    """Alarm read, acknowledged, card opened, all without the PIN; then F2 held opens the live pane."""
    with stage_for(sheet, 1, readable=True) as stage:
        stage.kiosk("pin", says=f"{PIN}\n{PIN}\n".encode())
        demo = ("demo", "--by-hand", "--single-screen", "--scenario", "desaturation", "--seconds", STORY_S)
        stage.begin(*demo, "--out", stage.out)
        session = Session(stage, Keys(stage), sheet, "demo")
        _prepare(session)
        stage.until(FALLING, 400)
        session.press("F2", "")
        _lock_out(session, "Locked out while the oxygen falls")
        _help_without_pin(session)
        _hold(session)
        yield session


def _prepare(session: Session) -> None:
    session.see("The rest screen")
    session.press("F2", "")
    session.see("The sitter's PIN")
    _type_pin(session, PIN, "pane_opened")
    session.prepare(())
    session.act("Enter", "Start the session", "session_started")
    session.press("D", "Mark the dose")
    session.act("Enter", "Mark it", "dose_marked")
    session.see("The pane after the dose")
    session.event("pane_closed", within_s=90)
    session.see("Untouched for twenty seconds: the rest screen")


def _lock_out(session: Session, seen: str) -> None:
    """Wrong PINs until no more are taken."""
    before, tries = session.seq, 0
    while not session.stage.rows(
        f"SELECT 1 FROM v_events WHERE kind = 'pin_refused' AND seq > {before} AND json_extract(data, '$.locked_s') > 0"
    ):
        _type_pin(session, WRONG, "pin_refused")
        tries += 1
        if tries == 2:
            session.see("A wrong PIN")
    session.see(seen)


def _type_pin(session: Session, pin: str, kind: str) -> None:
    """One try, with a look whether the keypad is there: untouched for twenty seconds, it goes."""
    before = session.seq
    for _try in range(4):
        if not is_shown(session.stage, "Back to rest"):
            session.press("F2", "")
            session.stage.place("Back to rest", 20)
        session.hand.digits(pin)
        session.press("Enter", "Enter")
        try:
            session.event(kind, before, 8)
        except NeverError:
            session.stage.key(*["BackSpace"] * len(pin))
        else:
            return
    raise NeverError(f"the PIN was not taken: {kind}")


def _help_without_pin(session: Session) -> None:
    session.event("alarm_raised", within_s=120, alarm="spo2_very_low")
    session.see("Very low oxygen over the locked keypad")
    session.act("A", "I'm on it", "alarm_acknowledged", alarm="spo2_very_low")
    session.see("Answered without the PIN")
    session.act("E", "Emergency card", "emergency_card_shown")
    session.see("The emergency card without the PIN")
    session.act("C", "I called", "emergency_called")
    session.see("I called")
    session.press("Esc", "Back to the screen")
    if is_shown(session.stage, "Back to rest"):  # else Esc would call, as almost every key does there
        session.press("Esc", "Back to rest")
    session.see("Over the rest screen: what to do next")
    session.act("Enter", "Done. Still low", "step_answered", on="probe")
    session.see("The next step, still without the PIN")


def _hold(session: Session) -> None:
    session.press("F2", "")
    _lock_out(session, "Locked out again")
    before = session.seq
    with session.stage.holding("key", "F2"):
        time.sleep(2)
        session.see("F2 held", settle_s=0)
        time.sleep(1.6)
    session.event("pane_opened", before, how="held key")
    session.see("The live pane, opened without the PIN and recorded")
    session.stop()
