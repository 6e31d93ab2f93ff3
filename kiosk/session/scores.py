"""The plan's word on questions: what the patient is asked before, after and between sessions.

Pure, a part of the plan (`kiosk.session.plan`). Which are due when is worked out in `kiosk.session.asking`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import TYPE_CHECKING

import msgspec

from kiosk.session.checked_toml import near
from kiosk.session.form import FEELINGS, FOLLOW_UPS

if TYPE_CHECKING:
    from kiosk.session.plan import Plan

OWN = "q_"  # prefix of an imported form's key


class Scores(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is asked. before, after: 0 to 10 items in the preparation and after release. follow_ups: 24 h and 72 h after
    a session and the monthly bladder questions, first thing in the next preparation.

    phq9_every_days, gad7_every_days: asked when the last one is so many days old, 0: at each session, None: never.
    questionnaires: files beside the plan (FHIR R4 Questionnaire, JSON).
    """

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    follow_ups: bool = False
    phq9_every_days: int | None = None
    gad7_every_days: int | None = None
    questionnaires: tuple[str, ...] = ()

    @property
    def asks_for_thoughts(self) -> bool:
        """Whether a question about thoughts of death or self-harm is among them."""
        return self.phq9_every_days is not None or self.follow_ups

    def asks(self, key: str) -> bool:
        """Whether the plan has this form at all, due or not."""
        if key in FOLLOW_UPS:
            return self.follow_ups
        wanted = {
            "feel_before": bool(self.before),
            "feel_after": bool(self.after),
            "phq9": self.phq9_every_days is not None,
            "gad7": self.gad7_every_days is not None,
        }
        return wanted.get(key, key in map(own_key, self.questionnaires))


def own_key(file: str) -> str:
    """The key of an imported form: its file's name without the ending."""
    return OWN + PurePath(file).stem


def scores_problems(plan: Plan) -> Iterator[tuple[tuple[str, ...], str]]:
    """(path in the plan, what is wrong)."""
    scores = plan.scores
    for field, items in (("before", scores.before), ("after", scores.after)):
        for item in items:
            if item not in FEELINGS:
                yield ("scores", field), f"{item!r} is not an item{near(item, FEELINGS)}"
        if len(set(items)) < len(items):
            yield ("scores", field), "an item is there twice"
    for field in ("phq9_every_days", "gad7_every_days"):
        days: int | None = getattr(scores, field)
        if days is not None and not 0 <= days <= 365:
            yield ("scores", field), f"{days} must be from 0 to 365"
    keys = [own_key(file) for file in scores.questionnaires]
    if len(set(keys)) < len(keys):
        yield ("scores", "questionnaires"), "two files have the same name"
    if scores.asks_for_thoughts and not plan.contacts.crisis_line:
        yield ("contacts", "crisis_line"), "is missing: the plan asks for thoughts of self-harm"
    if scores.asks_for_thoughts and not plan.contacts.people:
        yield ("contacts", "people"), "is missing: the plan asks for thoughts of self-harm"
