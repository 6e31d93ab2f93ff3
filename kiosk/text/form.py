"""The words of the shipped sets of questions, and of what was answered.

PHQ-9 and GAD-7: the public English instruments, word by word, with their notice. Their wording must not be changed or
put in other words; a translation is its own validated text. The 0 to 10 items and the follow-ups are the program's
own, of 2026-11, educational: they are no published scale.
"""

from __future__ import annotations

import msgspec

from kiosk.session import events as e
from kiosk.session.form import Form, Item, Value
from kiosk.session.questionnaire import QuestionnaireError, Unfit
from kiosk.text.catalogue import _

PFIZER = (
    "Developed by Drs. Robert L. Spitzer, Janet B.W. Williams, Kurt Kroenke and colleagues, with an educational grant "
    "from Pfizer Inc. No permission required to reproduce, translate, display or distribute."
)
_TWO_WEEKS = "Over the last 2 weeks, how often have you been bothered by"


class FormWords(msgspec.Struct, frozen=True):
    """title: its row. intro: over each question. notice: whose it is."""

    title: str
    intro: str = ""
    notice: str = ""


class ItemWords(msgspec.Struct, frozen=True):
    """text: the question. labels: of its answers in order; of a scale the words at 0 and 10."""

    text: str
    labels: tuple[str, ...]


FORMS = {
    "feel_before": FormWords("How {patient} feels now", "0 to 10, now"),
    "feel_after": FormWords("How {patient} feels after", "0 to 10, now"),
    "phq9": FormWords("PHQ-9", f"{_TWO_WEEKS} any of the following problems?", PFIZER),
    "gad7": FormWords("GAD-7", f"{_TWO_WEEKS} the following problems?", PFIZER),
    "follow_24h": FormWords("The night after", "About the first 24 hours after the last session"),
    "follow_72h": FormWords("The days after", "About the first 72 hours after the last session"),
    "bladder": FormWords("Three monthly questions", "About the last month"),
}
_OFTEN = ("Not at all", "Several days", "More than half the days", "Nearly every day")
_SLEEP = ("Well", "Somewhat", "Badly")
_NO_YES = ("No", "Yes")
ITEMS = {
    "nausea": ItemWords("Nausea", ("none", "the worst")),
    "dizziness": ItemWords("Dizziness", ("none", "the worst")),
    "anxiety": ItemWords("Anxiety", ("none", "the worst")),
    "dissociation": ItemWords("Far away from body or surroundings", ("not at all", "entirely")),
    "mood": ItemWords("Mood", ("the worst", "the best")),
    "phq9_1": ItemWords("Little interest or pleasure in doing things", _OFTEN),
    "phq9_2": ItemWords("Feeling down, depressed, or hopeless", _OFTEN),
    "phq9_3": ItemWords("Trouble falling or staying asleep, or sleeping too much", _OFTEN),
    "phq9_4": ItemWords("Feeling tired or having little energy", _OFTEN),
    "phq9_5": ItemWords("Poor appetite or overeating", _OFTEN),
    "phq9_6": ItemWords(
        "Feeling bad about yourself — or that you are a failure or have let yourself or your family down", _OFTEN
    ),
    "phq9_7": ItemWords(
        "Trouble concentrating on things, such as reading the newspaper or watching television", _OFTEN
    ),
    "phq9_8": ItemWords(
        "Moving or speaking so slowly that other people could have noticed? Or the opposite — being so fidgety or "
        "restless that you have been moving around a lot more than usual",
        _OFTEN,
    ),
    "phq9_9": ItemWords("Thoughts that you would be better off dead or of hurting yourself in some way", _OFTEN),
    "gad7_1": ItemWords("Feeling nervous, anxious, or on edge", _OFTEN),
    "gad7_2": ItemWords("Not being able to stop or control worrying", _OFTEN),
    "gad7_3": ItemWords("Worrying too much about different things", _OFTEN),
    "gad7_4": ItemWords("Trouble relaxing", _OFTEN),
    "gad7_5": ItemWords("Being so restless that it is hard to sit still", _OFTEN),
    "gad7_6": ItemWords("Becoming easily annoyed or irritable", _OFTEN),
    "gad7_7": ItemWords("Feeling afraid, as if something awful might happen", _OFTEN),
    "slept": ItemWords("How did you sleep?", _SLEEP),
    "unsteady": ItemWords("Were you still dizzy or unsteady the next day?", ("No", "A little", "Yes")),
    "one_thing": ItemWords("Did you do the one thing you chose?", ("Yes", "Partly", "Not yet")),
    "thoughts": ItemWords("Thoughts that you would be better off dead, or of hurting yourself?", _NO_YES),
    "frequency": ItemWords("Do you pass water more often than before?", ("No", "Somewhat", "Much more often")),
    "urgency_pain": ItemWords("Sudden urge or pain when passing water?", ("No", "Sometimes", "Often")),
    "blood": ItemWords("Blood in your urine?", _NO_YES),
}
BANDS = {
    "minimal": "minimal",
    "mild": "mild",
    "moderate": "moderate",
    "moderately severe": "moderately severe",
    "severe": "severe",
}


def title(key: str, patient: str = "", form: Form | None = None) -> str:
    """The row of a form; an imported one has its own title."""
    if form is not None and form.title:
        return form.title
    words = FORMS.get(key)
    return _(words.title).format(patient=patient or _("the patient")) if words else key.removeprefix("q_")


def intro(key: str) -> str:
    """What stands over each of its questions."""
    return _(FORMS[key].intro) if key in FORMS else ""


def notice(form: Form) -> str:
    """Whose it is and under which terms."""
    return FORMS[form.key].notice if form.key in FORMS else form.notice or _("The file names no licence.")


_UNFIT = {
    Unfit.NOT_JSON: "it is not JSON ({word})",
    Unfit.NOT_A_QUESTIONNAIRE: "it is not a FHIR Questionnaire",
    Unfit.NO_ITEMS: "it has no questions",
    Unfit.TOO_MANY: "it has {word} questions, 100 at most are asked",
    Unfit.NO_TEXT: "question {item} has no text",
    Unfit.NO_KEY: "question {item} has no linkId of its own",
    Unfit.TYPE: "question {item} is of type “{word}”; choice, integer, boolean and string are asked",
    Unfit.PART: "question {item} uses “{word}”, which is not supported",
    Unfit.CHOICES: "question {item} needs 1 to 12 different answers to choose from",
    Unfit.ANSWER: "question {item} has an answer “{word}”; valueCoding, valueInteger and valueString are asked",
    Unfit.LONG: "question {item} is too long ({word})",
}


def unfit(error: QuestionnaireError) -> str:
    """Why a file's questions cannot be asked."""
    return _(_UNFIT[error.why]).format(item=error.item or "?", word=error.word)


def question(item: str, text: str = "") -> str:
    """A question; text: of an imported one."""
    return text or (_(ITEMS[item].text) if item in ITEMS else item)


def ends(item: Item) -> tuple[str, str]:
    """The words at 0 and at 10 of a scale."""
    words = ITEMS[item.key].labels
    return _(words[0]), _(words[-1])


def label(item: str, value: Value | None, text: str = "") -> str:
    """An answer as it was shown; text: of an imported one."""
    if value is None:
        return _("no answer")
    words = ITEMS.get(item)
    if text or words is None:
        return text or (_("yes") if value is True else _("no") if value is False else str(value))
    is_scale = len(words.labels) == 2 and words.labels != _NO_YES
    return str(value) if is_scale or type(value) is not int else _(words.labels[value])


def total(score: e.ScoreTaken) -> str:
    """ "12 of 27, moderate", or that an answer is missing; "" where no total is made."""
    if not score.highest:
        return ""
    if score.total is None:
        return _("no total, {n} not answered").format(n=len(score.missing))
    return _("{total} of {highest}, {band}").format(
        total=score.total, highest=score.highest, band=_(BANDS.get(score.band, score.band))
    )


def taken(v: e.ScoreTaken, patient: str) -> str:
    """The sentence of a set that was gone through."""
    name, made = title(v.form, patient), total(v)
    if made:
        return f"{name}: {made}."
    values = ", ".join(f"{question(key)} {value}" for key, value in v.values.items() if is_feeling(key))
    left = _(", {n} not answered").format(n=len(v.missing)) if v.missing else ""
    return f"{name}: {values or _('answered')}{left}."


def is_feeling(item: str) -> bool:
    """Whether it is one of the 0 to 10 items."""
    return item in ITEMS and len(ITEMS[item].labels) == 2 and ITEMS[item].labels != _NO_YES


def answered(v: e.ItemAnswered, patient: str) -> str:
    """The sentence of one answer: the question as it was put, and the answer as it was shown."""
    of = f"/{v.highest}" if is_feeling(v.item) and v.value is not None else ""
    return f"{title(v.form, patient)}: {question(v.item, v.question)} – {label(v.item, v.value, v.label)}{of}."


def reported(v: e.ThoughtsReported, patient: str) -> str:
    """What stands first wherever the session is told."""
    return _("THOUGHTS OF SELF-HARM reported by {patient}: {question} – {label}.").format(
        patient=patient, question=question(v.item), label=label(v.item, v.value)
    )
