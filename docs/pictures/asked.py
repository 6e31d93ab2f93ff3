"""The walk through the questions before a session: 0 to 10, PHQ-9 with thoughts of self-harm, GAD-7, and the hold."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import takewhile

from hands import Keys
from session import PLAN, SITTER, Session, stage_for
from sheet import Sheet

from kiosk.session.check import checks
from kiosk.session.form import SHIPPED, Form, feelings
from kiosk.session.plan import Plan

SCORES = """
[scores]
before = ["nausea", "anxiety", "mood"]
phq9_every_days = 0
gad7_every_days = 0
"""
CONTACTS = "[contacts]\n"
CRISIS_LINE = 'crisis_line = "988"'
TITLES = {"feel_before": "0 to 10", "phq9": "PHQ-9", "gad7": "GAD-7"}
RISK = "1"  # several days


@contextmanager
def questions(sheet: Sheet) -> Iterator[Session]:
    """Keys only. Ends where the start is held: it is answered for by nobody."""
    with stage_for(sheet, 2) as stage:
        plan = stage.folder / "plan.toml"
        text = PLAN.read_text("utf-8").replace(CONTACTS, f"{CONTACTS}{CRISIS_LINE}\n")
        plan.write_text(text + SCORES, "utf-8")
        stage.begin("demo", "--by-hand", "--plan", plan, "--scenario", "desaturation", "--out", stage.out)
        stage.focus(SITTER)
        session = Session(stage, Keys(stage), sheet, "demo")
        session.plan = Plan.from_toml(plan.read_text("utf-8"))
        for check in takewhile(lambda check: check.key != "thoughts", checks(session.plan, "demo")):
            if check.kind == "form":
                _ask(session, check.key)
            elif check.kind != "plan":
                session.answer(check)
        session.see("All are put: the next check")
        session.press("L", "All checks")
        session.see("Nobody has decided yet: the start is held")
        session.hand.hold("Q", "No session today (hold 2 s)", 3)
        session.ends = "not started"
        session.event("session_ended", how=session.ends)
        yield session


def _ask(session: Session, key: str) -> None:
    """Every question; 0 and 1 in turn, so that a total is no count."""
    form: Form = feelings(key, session.plan.scores.before) if key == "feel_before" else SHIPPED[key]
    for n, item in enumerate(form.items):
        if n == 0 or item.risk:
            session.see(f"{TITLES[key]}, question {n + 1}")
        answer = RISK if item.risk else str(n % 2)
        session.act(answer, "", "item_answered", form=key, item=item.key)
        if item.risk:
            session.see("Told at once, with whom to call")
            session.press("Enter", "On with the questions")
    session.event("score_taken", form=key)
