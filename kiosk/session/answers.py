"""What was answered in this session's sets of questions, as the fold of its events. Nothing is worked out here.

Pure; part of `kiosk.session.state.State`.
"""

from __future__ import annotations

import msgspec

from kiosk.session import events as e
from kiosk.session.events import Event

_replace = msgspec.structs.replace


class Reported(msgspec.Struct, frozen=True):
    """Thoughts of death or self-harm were reported: what was answered to which question, and when."""

    form: str
    item: str
    value: int
    seq: int
    utc_ns: int


class Answers(msgspec.Struct, frozen=True):
    """given: form -> item -> its newest answer. taken: form -> its newest total. reported: every report, in order."""

    given: dict[str, dict[str, e.ItemAnswered]] = {}
    taken: dict[str, e.ScoreTaken] = {}
    reported: tuple[Reported, ...] = ()

    def of(self, form: str) -> dict[str, e.ItemAnswered]:
        """Item -> answer of one form."""
        return self.given.get(form, {})

    @property
    def standing(self) -> tuple[Reported, ...]:
        """Reports whose answer has not been changed to "not at all" since; the newest of each question.

        One that came before this session has no answer in it, and stands.
        """
        newest = {(r.form, r.item): r for r in self.reported}
        return tuple(r for r in newest.values() if self._value(r) > 0)

    def _value(self, report: Reported) -> int:
        answer = self.of(report.form).get(report.item)
        if answer is None:
            return report.value
        return answer.value if type(answer.value) is int else 0

    def apply(self, event: Event, seq: int, utc_ns: int) -> Answers:
        """After `event`, row `seq`."""
        match event:
            case e.ItemAnswered(form=form, item=item):
                return _replace(self, given={**self.given, form: {**self.of(form), item: event}})
            case e.ScoreTaken(form=form):
                return _replace(self, taken={**self.taken, form: event})
            case e.ThoughtsReported(form=form, item=item, value=value):
                new = Reported(form, item, value, seq, utc_ns)
                return _replace(self, reported=(*self.reported, new))
            case _:
                return self
