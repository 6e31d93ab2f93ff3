"""Scores, follow-ups and doses of a series beside its vital signs: a value a session in the series' order, a dash where
there is none. Nothing is estimated, no trend is drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kiosk.line.review import Fact
from kiosk.session import events as e
from kiosk.session.form import BLADDER, FEELINGS
from kiosk.text import form as words
from kiosk.text.catalogue import _

NONE = "–"
Scored = Sequence[tuple[str, Sequence[e.Event]]]
"""Session id and its scores, reports and dose, a session each, in the series' order."""


def score_facts(found: Scored, doses: tuple[int, int] | None) -> Iterator[Fact]:
    """The rows. doses: how many there were, and how many sessions used one since; None where no plan says."""
    newest = _newest(found)
    ids = [session_id for session_id, _events in found]
    reports = sum(isinstance(event, e.ThoughtsReported) for _id, events in found for event in events)
    if reports:
        yield Fact(_("Thoughts of self-harm reported"), str(reports), "red")
    for form in ("phq9", "gad7"):
        scores = [newest.get((form, one)) for one in ids]
        highest = next((s.highest for s in scores if s), 0)
        if highest:
            label = _("{name} of {n}").format(name=words.title(form), n=highest)
            yield Fact(label, ", ".join(NONE if s is None or s.total is None else str(s.total) for s in scores))
    for item in FEELINGS:
        pairs = [[_value(newest.get((form, one)), item) for form in ("feel_before", "feel_after")] for one in ids]
        if any(value != NONE for pair in pairs for value in pair):
            yield Fact(_("{item}, before → after").format(item=words.question(item)), ", ".join(map(" → ".join, pairs)))
    for form, label in (("follow_24h", _("Mood after 24 h")), ("follow_72h", _("Mood after 72 h"))):
        if any((form, one) in newest for one in ids):
            yield Fact(label, ", ".join(_value(newest.get((form, one)), "mood") for one in ids))
    yield from _bladder(found)
    if doses is not None:
        yield Fact(_("Doses left"), str(doses[0] - doses[1]))


def _newest(found: Scored) -> dict[tuple[str, str], e.ScoreTaken]:
    """The newest of each form by the session that it is about."""
    return {
        (event.form, event.about or session_id): event
        for session_id, events in found
        for event in events
        if isinstance(event, e.ScoreTaken)
    }


def _value(score: e.ScoreTaken | None, item: str) -> str:
    return str(score.values[item]) if score is not None and item in score.values else NONE


def _bladder(found: Scored) -> Iterator[Fact]:
    """The newest answers, in words; anything but "no" stands out."""
    answered = [x for _id, events in found for x in events if isinstance(x, e.ScoreTaken) and x.form == BLADDER.key]
    for item in BLADDER.items if answered else ():
        value = answered[-1].values.get(item.key)
        yield Fact(words.question(item.key), words.label(item.key, value), "red" if value else "")
