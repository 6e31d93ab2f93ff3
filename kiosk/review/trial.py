"""Limits as a provider types them, made into limits that can be judged by; and a result in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

import msgspec

from kiosk.line.review import Tried
from kiosk.record.hindsight import Result
from kiosk.review.series import rules, typed_number
from kiosk.session.limits import Delayed, Hard, Limits, Tiered, contradictions
from kiosk.text import alarm as alarm_words
from kiosk.text import review as words
from kiosk.text import review_act as act_words

AUTHOR = "trial"


class NotALimit(Exception):  # noqa: N818 - an answer to what was typed, said as a sentence
    """What was typed cannot be judged by; sentence says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def typed_limits(planned: Limits, typed: Mapping[str, tuple[str, str]]) -> Limits:
    """The plan's limits with what was typed in place of them. Raises NotALimit."""
    changed: dict[str, Any] = {}
    for rule in rules(planned):
        value_text, delay_text = typed.get(rule.key, (rule.value, rule.delay))
        try:
            value, delay = typed_number(value_text), typed_number(delay_text)
        except ValueError as error:
            raise NotALimit(act_words.not_a_limit(rule.label)) from error
        changed[rule.key] = None if value is None else _limit(planned, rule.key, value, delay)
    if changed["spo2_low"] is None:
        changed["spo2_area"] = None  # counted below a limit that is not there
    made = msgspec.structs.replace(planned, **changed, author=planned.author or AUTHOR)
    wrong = next(contradictions(made), None)
    if wrong is not None:
        path, what = wrong
        raise NotALimit(act_words.contradiction(f"{path[0]} {what}"))
    return made


def _limit(planned: Limits, key: str, value: Decimal, delay: Decimal | None) -> Delayed | Hard | Tiered:
    before: Delayed | Hard | Tiered | None = getattr(planned, key)
    if key == "systolic_high":
        hard = before.hard if isinstance(before, Tiered) and before.hard is not None and before.hard > value else None
        return Tiered(value, hard)
    if key == "spo2_hard":
        return Hard(value, before.delay_s) if isinstance(before, Hard) else Hard(value)
    return Delayed(value) if delay is None else Delayed(value, float(delay))


def tried(asked_id: int, name: Literal["planned", "trial"], session_id: str, result: Result, left: int) -> Tried:
    """One session's result."""
    counts = Counter(alarm.name for alarm in result.alarms)
    named = ", ".join(words.times(alarm_words.short(alarm), n) for alarm, n in counts.most_common())
    high, medium, low = (result.severities[severity] for severity in ("high", "medium", "low"))
    return Tried(asked_id, name, session_id, high, medium, low, named or words.no_alarm(), left)
