"""`kiosk followup`: the questions after the last session at a terminal, without opening the room.

What is answered goes behind the end of that session, in its own chain, and is signed with it; nothing is written
before the last question was put. Thoughts of self-harm are told at once, with whom to call.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.command import Subparsers, new
from kiosk.failure import Reason, Refusal

if TYPE_CHECKING:
    from kiosk.session.form import Form, Item, Value
    from kiosk.session.plan import Plan

FORMS = ("follow_24h", "follow_72h", "bladder")


def add(subparsers: Subparsers) -> None:
    """Grammar of the command."""
    parser = new(
        subparsers,
        "followup",
        "Answer the questions after the last session.",
        "kiosk followup --plan plan.toml",
        json=True,
    )
    parser.add_argument("--plan", type=Path, metavar="FILE", help="the provider's plan; without it the settings' one")
    parser.add_argument(
        "--form", choices=FORMS, help="which questions; without it all that are due. One may be answered again"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Exit 1 where nothing is due, the plan asks nothing, or the questions were broken off: then nothing is written."""
    from kiosk import clock, datadir
    from kiosk.history import history
    from kiosk.later import add_later
    from kiosk.launch import load_settings, record_sentence
    from kiosk.planfile import read_plan
    from kiosk.record.fault import RecordError
    from kiosk.session.asking import follow_up_due

    folder = Path(args.data_dir) if args.data_dir else datadir.default()
    plan = read_plan(str(args.plan) if args.plan else load_settings(folder).text("room.plan")).plan
    if not plan.scores.follow_ups:
        raise Refusal(Reason.BAD_PLAN, "This plan asks nothing after a session: [scores] follow_ups is not true in it.")
    try:
        past = history(folder / datadir.RECORD, plan.patient.id)
    except RecordError as error:
        raise Refusal(Reason.RECORD, record_sentence(error)) from error
    if not past.sessions:
        raise Refusal(Reason.NOT_FOUND, "No session with a dose is recorded for this plan's patient.")
    now_ns = clock.Clock().now().utc_ns
    wanted = [args.form] if args.form else [key for key in FORMS if follow_up_due(key, past, now_ns)]
    if not wanted:
        raise Refusal(Reason.NOT_FOUND, "Nothing is due now. `--form follow_24h` asks all the same.")
    session_id = past.sessions[-1].session_id
    events = [event for key in wanted for event in _ask(plan, key)]
    add_later(folder, session_id, events)
    _tell(args, session_id, events)
    return 0


def _ask(plan: Plan, key: str) -> list[Any]:
    """Every question of a form, one line each."""
    from kiosk.session.form import SHIPPED
    from kiosk.session.score import answered, taken
    from kiosk.text import form as words

    form: Form = SHIPPED[key]
    _say(f"{words.title(key, plan.patient.label)}. {words.intro(key)}.")
    found: list[Any] = []
    values: dict[str, Value | None] = {}
    for item in form.items:
        values[item.key] = value = _answer(item)
        found += answered(form, item, value, "")
        if item.risk and type(value) is int and value > 0:
            _say(_whom_to_call(plan))
    return [*found, *taken(form, values, "")]


def _answer(item: Item) -> int | None:
    """A number that the question has; an empty line: no answer."""
    from kiosk.text import form as words

    known = [choice.value for choice in item.choices]
    if item.kind == "scale":
        low, high = words.ends(item)
        hint = f"0 {low} … 10 {high}"
    else:
        hint = ", ".join(f"{value} {words.label(item.key, value)}" for value in known)
    while True:
        _say(f"{words.question(item.key)} [{hint}; empty: no answer]", end=" ")
        line = sys.stdin.readline()
        if not line:
            raise Refusal(Reason.NEEDS_ANSWER, "The questions were broken off. Nothing was written.")
        typed = line.strip()
        if not typed:
            return None
        if typed.isdigit() and int(typed) in known:
            return int(typed)


def _whom_to_call(plan: Plan) -> str:
    contacts = plan.contacts
    rows = [f"  {person.name}, {person.role}: {person.number}" for person in contacts.people]
    lines = [f"  Crisis line, day and night: {contacts.crisis_line}"] if contacts.crisis_line else []
    danger = f"  In danger now: {contacts.emergency_number}"
    return "\n".join((f"Stay with {plan.patient.label}. Call now.", *lines, *rows, danger))


def _say(words: str, end: str = "\n") -> None:
    sys.stderr.write(words + end)
    sys.stderr.flush()


def _tell(args: argparse.Namespace, session_id: str, events: list[Any]) -> None:
    from kiosk.session import events as kinds

    scores = [event for event in events if isinstance(event, kinds.ScoreTaken)]
    if args.json:
        facts = [{"form": s.form, "values": s.values, "missing": list(s.missing)} for s in scores]
        sys.stdout.write(json.dumps({"session": session_id, "answered": facts}) + "\n")
    else:
        sys.stdout.write(f"Recorded with the session {session_id}, and signed.\n")
