"""Questions to the patient: totals, what is missing, what must be told at once, and what is due when."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.failure import Refusal
from kiosk.planfile import read_plan
from kiosk.session import commands as c
from kiosk.session import events as e
from kiosk.session.asking import follow_up_due, forms_before
from kiosk.session.form import BANDS, GAD7, PHQ9, SHIPPED, Form, band
from kiosk.session.plan import Plan, PlanError
from kiosk.session.preparation import checks_of, missing, status
from kiosk.session.questionnaire import QuestionnaireError, Unfit, read_questionnaire
from kiosk.session.score import taken
from kiosk.session.verdict import Refused, Why
from kiosk.text import Names, sentence
from kiosk.text import form as words
from tests.unit.kiosk.evening import BASE_NS, EXAMPLE, PLAN, Evening

HOUR_NS, DAY_NS = 3600 * 10**9, 24 * 3600 * 10**9
EARLIER = e.Earlier("s-1", BASE_NS - 80 * HOUR_NS, BASE_NS - 78 * HOUR_NS, 0)


def score_of(form: Form, values: list[int | None]) -> e.ScoreTaken:
    (found,) = taken(form, dict(zip((item.key for item in form.items), values, strict=True)), "")
    assert isinstance(found, e.ScoreTaken)
    return found


def after(*sessions: e.Earlier, taken: tuple[e.Taken, ...] = (), kind: str = "patient") -> Evening:
    """A preparation that knows these earlier sessions."""
    evening = Evening(kind=kind)
    evening.take(e.SeriesRead(sessions, taken))
    return evening


def keys(evening: Evening) -> list[str]:
    return [form.key for form in forms_before(evening.state, evening.plan)]


@pytest.mark.parametrize(
    ("form", "total", "name"),
    [
        (PHQ9, 0, "minimal"), (PHQ9, 4, "minimal"), (PHQ9, 5, "mild"), (PHQ9, 9, "mild"), (PHQ9, 10, "moderate"),
        (PHQ9, 14, "moderate"), (PHQ9, 15, "moderately severe"), (PHQ9, 19, "moderately severe"), (PHQ9, 20, "severe"),
        (PHQ9, 27, "severe"), (GAD7, 0, "minimal"), (GAD7, 4, "minimal"), (GAD7, 5, "mild"), (GAD7, 9, "mild"),
        (GAD7, 10, "moderate"), (GAD7, 14, "moderate"), (GAD7, 15, "severe"), (GAD7, 21, "severe"),
    ],
)  # fmt: skip
def test_totals_have_the_published_bands(form: Form, total: int, name: str) -> None:
    values: list[int | None] = [0] * len(form.items)
    for i in itertools.islice(itertools.cycle(range(len(values))), total):
        values[i] = (values[i] or 0) + 1
    found = score_of(form, values)
    assert (found.total, found.band, found.highest) == (total, name, 3 * len(form.items))
    assert band(form.key, total) == name


@given(st.sampled_from([PHQ9, GAD7]), st.data())
def test_a_total_is_the_plain_sum_and_with_one_missing_there_is_none(form: Form, data: st.DataObject) -> None:
    values = data.draw(st.lists(st.integers(0, 3), min_size=len(form.items), max_size=len(form.items)))
    assert score_of(form, [*values]).total == sum(values)
    gone = data.draw(st.integers(0, len(values) - 1))
    found = score_of(form, [None if i == gone else value for i, value in enumerate(values)])
    assert (found.total, found.band) == (None, "")
    assert found.missing == (form.items[gone].key,)
    assert form.items[gone].key not in found.values


def test_the_instruments_are_whole_and_carry_their_notice() -> None:
    assert ([len(form.items) for form in (PHQ9, GAD7)], PHQ9.highest, GAD7.highest) == ([9, 7], 27, 21)
    assert [item.key for item in PHQ9.items if item.risk] == ["phq9_9"]
    for form in (PHQ9, GAD7):
        assert "No permission required to reproduce, translate, display or distribute" in words.notice(form)
        for item in form.items:
            assert [words.label(item.key, n) for n in range(4)] == [
                "Not at all", "Several days", "More than half the days", "Nearly every day",
            ]  # fmt: skip
    for form in SHIPPED.values():
        for item in form.items:
            for choice in item.choices:
                assert words.label(item.key, choice.value)
    assert set(BANDS) == {"phq9", "gad7"}


def test_questions_are_put_one_after_the_other_and_the_total_comes_with_the_last() -> None:
    evening = after()
    assert keys(evening) == ["feel_before", "phq9", "gad7"]
    for n in range(1, 9):
        evening.must(c.AnswerItem("phq9", f"phq9_{n}", 2))
        assert "phq9" not in evening.state.scores.taken
    evening.must(c.AnswerItem("phq9", "phq9_9", 0))
    assert evening.state.scores.taken["phq9"].total == 16
    assert "PHQ-9: 16 of 27, moderately severe." in evening.story
    assert evening.story[-2].endswith("hurting yourself in some way – Not at all.")
    evening.must(c.AnswerItem("phq9", "phq9_1", None))
    assert evening.state.scores.taken["phq9"].total is None
    assert evening.story[-1] == "PHQ-9: no total, 1 not answered."


@pytest.mark.parametrize("value", [-1, 4, 2.0, "2", True, False])
def test_an_answer_that_the_question_does_not_have_is_refused(value: object) -> None:
    found = after().do(c.AnswerItem("phq9", "phq9_1", value))  # type: ignore[arg-type]
    assert isinstance(found, Refused) or value == 2.0
    assert isinstance(after().do(c.AnswerItem("phq9", "phq9_77", 1)), Refused)
    assert isinstance(after().do(c.AnswerItem("bladder", "blood", 1)), Refused)  # not due before the first session


def test_thoughts_of_self_harm_are_told_at_once_hold_the_start_and_need_a_reason() -> None:
    evening = after().answer_all("phq9")
    assert missing(evening.state, evening.bedside) == ("plan_confirmed", "phq9")
    for n in range(1, 9):
        evening.must(c.AnswerItem("phq9", f"phq9_{n}", 0))
    evening.must(c.AnswerItem("phq9", "phq9_9", 1))
    assert isinstance(evening.events[-2], e.ThoughtsReported)
    assert "THOUGHTS OF SELF-HARM reported by Robin" in evening.story[-2]
    assert missing(evening.state, evening.bedside) == ("plan_confirmed", "thoughts")
    assert isinstance(evening.do(c.StartSession()), Refused)
    short = evening.do(c.OverrideCheck("thoughts", "spoke", "Sam"))
    assert isinstance(short, Refused)
    assert short.why is Why.REASON_TOO_SHORT
    evening.must(c.OverrideCheck("thoughts", "Spoke with Dr. Okafor, who decides to go on.", "Sam"))
    assert missing(evening.state, evening.bedside) == ("plan_confirmed",)
    evening.must(c.AnswerItem("phq9", "phq9_9", 2))  # reported anew: what was decided before does not cover it
    assert missing(evening.state, evening.bedside) == ("plan_confirmed", "thoughts")


def test_a_slip_is_corrected_and_stays_in_the_record() -> None:
    evening = after()
    evening.must(c.AnswerItem("phq9", "phq9_9", 3))
    assert "thoughts" in [check.key for check in checks_of(evening.state, evening.bedside)]
    evening.must(c.AnswerItem("phq9", "phq9_9", 0))
    assert "thoughts" not in [check.key for check in checks_of(evening.state, evening.bedside)]
    assert len(evening.state.scores.reported) == 1
    assert evening.state.scores.standing == ()


def test_thoughts_hold_the_start_of_a_demonstration_too_and_of_a_plan_that_calls_them_optional() -> None:
    plan = msgspec.structs.replace(PLAN, checks=msgspec.structs.replace(PLAN.checks, optional=("thoughts", "phq9")))
    evening = Evening(plan, kind="demo").answer_all()
    evening.must(c.AnswerItem("phq9", "phq9_9", 1))
    assert missing(evening.state, evening.bedside) == ("thoughts",)


def test_what_follows_a_session_is_asked_first_when_it_is_due_and_only_once() -> None:
    assert keys(after())[0] == "feel_before"
    assert keys(after(EARLIER))[:2] == ["follow_24h", "follow_72h"]
    assert checks_of(after(EARLIER).state, after(EARLIER).bedside)[0].key == "follow_24h"
    new = msgspec.structs.replace(EARLIER, dose_utc_ns=BASE_NS - 25 * HOUR_NS)
    assert [key for key in keys(after(EARLIER, new)) if key.startswith("follow")] == ["follow_24h"]
    answered = e.Taken("follow_24h", "s-1", BASE_NS - HOUR_NS)
    assert [key for key in keys(after(EARLIER, taken=(answered,))) if key.startswith("follow")] == ["follow_72h"]
    evening = after(EARLIER).answer_form("follow_24h")
    found = evening.state.scores.taken["follow_24h"]
    assert (found.about, found.missing) == ("s-1", ())
    assert status(checks_of(evening.state, evening.bedside)[0], evening.state, evening.plan) == "passed"


@given(st.integers(0, 100 * 24), st.integers(0, 100 * 24))
def test_bladder_questions_are_due_thirty_days_after_the_last_ones_or_the_first_dose(
    first_h: int, answered_h: int
) -> None:
    first = msgspec.structs.replace(EARLIER, dose_utc_ns=BASE_NS - first_h * HOUR_NS)
    assert follow_up_due("bladder", e.SeriesRead((first,)), BASE_NS) == (first_h >= 30 * 24)
    past = e.SeriesRead((first,), (e.Taken("bladder", "", BASE_NS - answered_h * HOUR_NS),))
    assert follow_up_due("bladder", past, BASE_NS) == (answered_h >= 30 * 24)
    assert not follow_up_due("bladder", e.SeriesRead(()), BASE_NS)


def test_phq_and_gad_are_asked_when_the_last_ones_are_as_old_as_the_plan_says() -> None:
    for days, expected in ((13, ["gad7"]), (14, ["phq9", "gad7"])):
        old = e.Taken("phq9", "s-1", BASE_NS - days * DAY_NS, 12)
        assert [key for key in keys(after(taken=(old,))) if key in ("phq9", "gad7")] == expected


def test_after_the_start_only_what_belongs_there_is_asked() -> None:
    evening = Evening().begun()
    assert isinstance(evening.do(c.AnswerItem("phq9", "phq9_1", 1)), Refused)
    evening.answer_form("feel_after", mood=8, anxiety=None)
    found = evening.state.scores.taken["feel_after"]
    assert (found.total, found.values["mood"], found.missing) == (None, 8, ("anxiety",))
    assert evening.story[-1] == (
        "How Robin feels after: Nausea 0, Dizziness 0, Far away from body or surroundings 0, Mood 8, 1 not answered."
    )


def test_a_plan_that_asks_for_thoughts_needs_a_crisis_line_and_a_contact() -> None:
    with pytest.raises(PlanError) as refused:
        Plan.from_toml(EXAMPLE.replace('crisis_line = "988"', ""))
    assert "contacts.crisis_line: is missing: the plan asks for thoughts of self-harm" in str(refused.value)
    line = next(i for i, text in enumerate(EXAMPLE.splitlines(), 1) if text == "[contacts]")
    assert f"line {line}: contacts.crisis_line" in str(refused.value)
    with pytest.raises(PlanError) as misspelt:
        Plan.from_toml(EXAMPLE.replace('before = ["nausea"', 'before = ["nausia"'))
    assert "'nausia' is not an item (did you mean nausea?)" in str(misspelt.value)


# --- questions from a file --------------------------------------------------------------------------------------------

FILE = {
    "resourceType": "Questionnaire",
    "status": "active",
    "title": "Calm scale",
    "copyright": "Free to use with this notice.",
    "item": [
        {
            "linkId": "g", "type": "group", "text": "Today,",
            "item": [
                {
                    "linkId": "a", "type": "choice", "text": "how calm were you?",
                    "answerOption": [
                        {"valueCoding": {"code": "x1", "display": "Calm"}}, {"valueCoding": {"code": "x2"}},
                    ],
                },
                {"linkId": "b", "type": "integer", "text": "How many hours?",
                 "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/maxValue", "valueInteger": 24}]},
            ],
        },
        {"linkId": "c", "type": "boolean", "text": "Alone?"},
        {"linkId": "d", "type": "string", "text": "Anything else?"},
    ],
}  # fmt: skip


def test_a_questionnaire_is_asked_as_it_was_meant_and_makes_no_total() -> None:
    form = read_questionnaire("q_calm", json.dumps(FILE))
    assert [(item.key, item.kind, item.text) for item in form.items] == [
        ("a", "choice", "Today, how calm were you?"),
        ("b", "number", "Today, How many hours?"),
        ("c", "choice", "Alone?"),
        ("d", "text", "Anything else?"),
    ]
    assert (form.title, words.notice(form), form.highest) == ("Calm scale", "Free to use with this notice.", 0)
    plan = msgspec.structs.replace(PLAN, scores=msgspec.structs.replace(PLAN.scores, questionnaires=("calm.json",)))
    evening = Evening(plan)
    evening.take(e.QuestionnaireRead(form))
    evening.must(c.AnswerItem("q_calm", "a", "x1"))
    assert evening.story[-1] == "calm: Today, how calm were you? – Calm."
    for value in ("x3", 1, ""):
        assert isinstance(evening.do(c.AnswerItem("q_calm", "a", value)), Refused)
    for value in (25, "2", True):
        assert isinstance(evening.do(c.AnswerItem("q_calm", "b", value)), Refused)
    assert isinstance(evening.do(c.AnswerItem("q_calm", "d", "  ")), Refused)
    for item, value in (("b", 24), ("c", False), ("d", " Quiet. ")):
        evening.must(c.AnswerItem("q_calm", item, value))
    found = evening.state.scores.taken["q_calm"]
    assert (found.total, found.highest, found.values) == (None, 0, {"b": 24})
    assert evening.state.scores.of("q_calm")["d"].value == "Quiet."


@pytest.mark.parametrize(
    ("change", "why", "word"),
    [
        ({"resourceType": "Patient"}, Unfit.NOT_A_QUESTIONNAIRE, ""),
        ({"item": []}, Unfit.NO_ITEMS, ""),
        ({"item": [{"linkId": "a", "type": "date", "text": "When?"}]}, Unfit.TYPE, "date"),
        ({"item": [{"linkId": "a", "type": "open-choice", "text": "?"}]}, Unfit.TYPE, "open-choice"),
        ({"item": [{"type": "boolean", "text": "Alone?"}]}, Unfit.NO_KEY, ""),
        ({"item": [{"linkId": "a", "type": "boolean"}]}, Unfit.NO_TEXT, ""),
        ({"item": [{"linkId": "a", "type": "boolean", "text": "?", "repeats": True}]}, Unfit.PART, "repeats"),
        ({"item": [{"linkId": "a", "type": "boolean", "text": "?", "initial": [{}]}]}, Unfit.PART, "initial"),
        ({"item": [{"linkId": "a", "type": "boolean", "text": "?", "enableWhen": [{}]}]}, Unfit.PART, "enableWhen"),
        ({"item": [{"linkId": "a", "type": "choice", "text": "?"}]}, Unfit.CHOICES, ""),
        ({"item": [{"linkId": "a", "type": "choice", "text": "?", "answerOption": [{"valueDate": "2026"}]}]},
         Unfit.ANSWER, "valueDate"),
        ({"item": [{"linkId": "a", "type": "boolean", "text": "?"}] * 2}, Unfit.NO_KEY, ""),
        ({"item": "many"}, Unfit.PART, "item"),
        ({"title": ["x"]}, Unfit.PART, "title"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_as_it_was_meant_is_refused_by_name(
    change: dict[str, object], why: Unfit, word: str
) -> None:
    with pytest.raises(QuestionnaireError) as refused:
        read_questionnaire("q_x", json.dumps({**FILE, **change}))
    assert refused.value.why is why
    assert refused.value.word == word or why in (Unfit.NO_KEY,)
    assert words.unfit(refused.value)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda kids: (
    st.lists(kids, max_size=3) | st.dictionaries(st.sampled_from(["item", "type", "text", "linkId", "answerOption"]),
                                                 kids, max_size=4))))  # fmt: skip
def test_whatever_a_file_holds_it_is_read_or_refused(what: object) -> None:
    whole = {**FILE, "item": what}
    try:
        form = read_questionnaire("q_x", json.dumps(whole))
    except QuestionnaireError:
        return
    assert form.items


def test_a_plan_with_a_file_that_is_not_there_or_unfit_is_refused_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(EXAMPLE.replace("questionnaires = []", 'questionnaires = ["calm.json"]'))
    with pytest.raises(Refusal) as missing_file:
        read_plan(str(path))
    assert "scores.questionnaires: calm.json: No such file" in missing_file.value.sentence
    (tmp_path / "calm.json").write_text("{")
    with pytest.raises(Refusal, match=r"calm.json: it is not JSON"):
        read_plan(str(path))
    (tmp_path / "calm.json").write_text(json.dumps(FILE))
    assert [form.key for form in read_plan(str(path)).questions] == ["q_calm"]


def test_every_answer_of_every_form_has_a_sentence() -> None:
    for form in SHIPPED.values():
        for item in form.items:
            for value in (*(choice.value for choice in item.choices), None):
                said = sentence(e.ItemAnswered(form.key, item.key, value, highest=3), Names("Robin", "Sam"))
                assert said.endswith(f"{words.label(item.key, value)}.") or words.is_feeling(item.key)
