"""Questions that were answered, totals, and what must be told at once."""

from __future__ import annotations

from kiosk.session.events.event import Event
from kiosk.session.form import Form


class QuestionnaireRead(Event, frozen=True, tag="questionnaire_read"):
    """An imported set of questions as it was at the opening: a file changed since then changes nothing."""

    questions: Form


class ItemAnswered(Event, frozen=True, tag="item_answered"):
    """One question was answered; a later answer to the same item replaces it.

    value: None when the person would not say. question, label: of an imported form, as shown; "" where `kiosk.text`
    has the words. about: id of the earlier session that it follows, "" for this one. highest: the largest value that
    could be answered, 0 where there is none.
    """

    form: str
    item: str
    value: int | str | bool | None
    question: str = ""
    label: str = ""
    about: str = ""
    highest: int = 0


class ScoreTaken(Event, frozen=True, tag="score_taken"):
    """A set of questions was gone through. total: None where a counted item is missing or none are counted.

    band: the published severity band's word. missing: keys of the items without a value. values: of those that count
    or are numbers.
    """

    form: str
    total: int | None
    highest: int
    band: str
    missing: tuple[str, ...] = ()
    values: dict[str, int] = {}
    about: str = ""


class ThoughtsReported(Event, frozen=True, tag="thoughts_reported"):
    """Thoughts of death or self-harm were reported (PHQ-9 item 9 above 0, or a follow-up's own question)."""

    form: str
    item: str
    value: int
    about: str = ""


ScoreEvent = QuestionnaireRead | ItemAnswered | ScoreTaken | ThoughtsReported
