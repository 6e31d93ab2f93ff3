"""What an answer to a question leads to: its event, a report that cannot wait, and the total once all is gone through.

Pure. A total is given only where every item that counts has a value: nothing is estimated from the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.session import commands as c
from kiosk.session import events as e
from kiosk.session.asking import about, form_of
from kiosk.session.events import Event
from kiosk.session.form import Form, Item, Value, band
from kiosk.session.plan import Plan
from kiosk.session.verdict import Decision, Refused, Why

if TYPE_CHECKING:
    from kiosk.session.state import State

LONGEST_TEXT = 2000
LARGEST_NUMBER = 10**9


def answer(state: State, command: c.AnswerItem, plan: Plan | None, *, before: bool) -> Decision:
    """One answer, None for a person who would not say."""
    form = form_of(state, plan, command.form, before=before) if plan else None
    item = form.item(command.item) if form else None
    if form is None or item is None:
        return Refused(Why.NO_SUCH_CHECK, what=(command.form, command.item))
    if command.value is not None:
        refused = _refuse(item, command.value)
        if refused is not None:
            return refused
    of = about(form.key, state.series)
    given = {key: a.value for key, a in state.scores.of(form.key).items()}
    value = command.value.strip() if isinstance(command.value, str) else command.value
    return [*answered(form, item, value, of), *taken(form, {**given, item.key: value}, of)]


def answered(form: Form, item: Item, value: Value | None, of: str) -> list[Event]:
    """One answer, and the report that cannot wait. of: the earlier session that it is about, "" for this one."""
    said = e.ItemAnswered(form.key, item.key, value, item.text, _label(item, value), of, _highest(item))
    return [said, *_reported(item, said)]


def _refuse(item: Item, value: Value) -> Refused | None:
    match item.kind:
        case "choice" | "scale":
            known = any(type(choice.value) is type(value) and choice.value == value for choice in item.choices)
            return None if known else Refused(Why.NO_SUCH_ANSWER, item.key)
        case "number":
            least = -LARGEST_NUMBER if item.least is None else item.least
            most = LARGEST_NUMBER if item.most is None else item.most
            fits = type(value) is int and least <= value <= most
            return None if fits else Refused(Why.IMPOSSIBLE, item.key)
        case "text":
            if not isinstance(value, str) or not value.strip():
                return Refused(Why.EMPTY, item.key)
            return None if len(value) <= LONGEST_TEXT else Refused(Why.IMPOSSIBLE, item.key)


def _label(item: Item, value: Value | None) -> str:
    return next((c.label for c in item.choices if type(c.value) is type(value) and c.value == value), "")


def _highest(item: Item) -> int:
    numbers = [c.value for c in item.choices if type(c.value) is int]
    return max(numbers, default=0)


def _reported(item: Item, said: e.ItemAnswered) -> list[Event]:
    if not item.risk or type(said.value) is not int or said.value <= 0:
        return []
    return [e.ThoughtsReported(said.form, said.item, said.value, said.about)]


def taken(form: Form, values: dict[str, Value | None], of: str) -> list[Event]:
    """The total, once each question has been put; none while one is still open."""
    if any(item.key not in values for item in form.items):
        return []
    numbers = {key: value for key, value in values.items() if type(value) is int}
    counted = [item.key for item in form.items if item.counts]
    missing = tuple(item.key for item in form.items if values[item.key] is None)
    total = sum(numbers[key] for key in counted) if counted and all(key in numbers for key in counted) else None
    return [e.ScoreTaken(form.key, total, form.highest, band(form.key, total), missing, numbers, of)]


def is_gone_through(form: Form, state: State) -> bool:
    """Whether every question was put: answered, or not answered on purpose."""
    given = state.scores.of(form.key)
    return all(item.key in given for item in form.items)
