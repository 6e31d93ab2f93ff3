"""The hours after: what the plan may say of them, when the page may be given, and that paper and screen agree."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import msgspec
import pypdf
import pytest

from kiosk.exchange.fault import ExchangeError, Reason
from kiosk.exchange.patient_page import patient_page
from kiosk.exchange.pdf import Paper
from kiosk.line.page import Made, Make, NotMade
from kiosk.printing import make
from kiosk.session import commands as c
from kiosk.session import events as e
from kiosk.session.aftercare import LONGEST_SHARED, Aftercare, next_day
from kiosk.session.decision import Refused, Why
from kiosk.session.plan import Plan, PlanError
from kiosk.text.aftercare import cares, page
from tests.unit.kiosk.evening import EXAMPLE, MIN, PLAN, Evening
from tests.unit.kiosk.test_view_prepare import Bed, prepared

CARE = Aftercare(driving_from="09:30", decisions_from="12:00", stays="Jo Rivera")
HOUR_NS = 3600 * 10**9


def with_care(care: Aftercare = CARE) -> Plan:
    return msgspec.structs.replace(PLAN, aftercare=care)


def words_of(pdf: bytes) -> str:
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert len(reader.pages) == 1
    return " ".join(reader.pages[0].extract_text().split())


def up(bed: Bed) -> Bed:
    bed.do(c.MarkDose())
    bed.pass_to(bed.t_s + 121 * MIN)
    bed.oxygen()
    bed.pressure("127", "80")
    bed.do(c.RecordResponse("normal voice"))
    bed.do(c.BeginStanding())
    for step in ("sit", "stand", "walk"):
        bed.pass_to(bed.t_s + 2 * MIN)
        bed.oxygen()
        bed.do(c.AnswerStand(step, "steady"))  # type: ignore[arg-type]
    bed.do(c.MarkReady())
    return bed


def test_a_time_that_is_none_is_refused_with_its_line() -> None:
    text = EXAMPLE + '\n[aftercare]\ndriving_from = "9:00"\n'
    with pytest.raises(PlanError) as refused:
        Plan.from_toml(text)
    line = text.splitlines().index('driving_from = "9:00"') + 1
    assert f"line {line}: aftercare.driving_from: '9:00' must be a time of day like 09:00" in str(refused.value)


def test_the_day_after_is_the_day_after_the_dose_in_the_rooms_own_zone() -> None:
    midnight_utc_ns = 1_795_564_800 * 10**9  # 2026-11-25 00:00 UTC
    assert next_day(midnight_utc_ns, 0) == date(2026, 11, 26)
    assert next_day(midnight_utc_ns, -300) == date(2026, 11, 25)
    assert next_day(midnight_utc_ns - HOUR_NS, 60) == date(2026, 11, 26)


def test_where_the_plan_says_no_time_none_is_named() -> None:
    said = " ".join(f"{care.say} {care.detail}" for care in cares(PLAN, date(2026, 11, 15)))
    assert not any(letter.isdigit() for letter in said)
    assert "for several hours" in said


def test_the_plans_times_are_clock_times_of_a_day_that_is_named() -> None:
    said = [care.detail for care in cares(with_care(), date(2026, 11, 15))]
    assert "until Sun 15 Nov, 09:30, after sleep" in said
    assert "until Sun 15 Nov, 12:00; no serious talks" in said
    assert said[-1] == "Jo Rivera"
    assert "until 09:30 of the next day, after sleep" in [care.detail for care in cares(with_care())]


def test_the_page_is_given_after_the_release_and_not_before() -> None:
    evening = Evening().begun()
    refused = evening.do(c.GivePage())
    assert isinstance(refused, Refused)
    assert refused.why is Why.NOT_RELEASED
    evening.take(e.Released("Sam"))
    assert evening.do(c.GivePage()) == [e.PageGiven("read")]
    assert evening.state.page_given_utc_ns == evening.now.utc_ns
    assert evening.story[-1] == "Robin has read the page for the hours after."


def test_an_entry_is_shared_word_for_word_or_not_at_all() -> None:
    evening = Evening().begun()
    text = "The sea.\nIt was warm. "
    assert evening.do(c.ShareEntry(text, "images", 5)) == [e.EntryShared(text, "images", 5)]
    for wrong, why in (("  \n", Why.EMPTY), ("x" * (LONGEST_SHARED + 1), Why.TOO_LONG)):
        refused = evening.do(c.ShareEntry(wrong))
        assert isinstance(refused, Refused)
        assert refused.why is why


def test_after_the_release_the_view_shows_both_times_and_whether_the_page_was_given() -> None:
    bed = up(prepared())
    assert bed.view().after is None
    bed.do(c.Release())
    after = bed.view().after
    assert after is not None
    assert after.say == "Robin is up."
    assert [what.split()[0] for what, _how in after.times] == ["Ready", "Released"]
    assert after.times[0][1] == "2:07 after the dose"
    assert after.times[1][1] == "by Sam"
    assert after.given == ""
    bed.do(c.GivePage())
    given = bed.view().after
    assert given is not None
    assert given.given.startswith("Given ")
    bed.do(c.EndSession("released"))
    assert bed.view().after is None


@pytest.mark.parametrize("paper", list(Paper))
def test_paper_says_what_the_screen_says_on_one_page(paper: Paper) -> None:
    plan, day = with_care(), date(2026, 11, 15)
    words, printed = page(plan, day), words_of(patient_page(plan, paper, day))
    for care in words.cares:
        assert care.say in printed
        assert care.detail in printed
    for sign in (*words.signs, words.title, words.call_title, words.quiet, *words.foot):
        assert sign in printed
    for name, role, number in words.people:
        assert f"{number}{name}, {role}".replace(" ", "") in printed.replace(" ", "")


def test_the_same_plan_and_day_give_the_same_bytes() -> None:
    day = date(2026, 11, 15)
    assert patient_page(with_care(), Paper.A4, day) == patient_page(with_care(), Paper.A4, day)


def test_what_does_not_fit_in_large_type_is_refused() -> None:
    with pytest.raises(ExchangeError) as refused:
        patient_page(with_care(Aftercare(stays="Jo " * 600)))
    assert refused.value.reason is Reason.TOO_LONG


@pytest.fixture
def wanted(tmp_path: Path) -> Callable[..., Make]:
    def make_it(printed: bool = False, name: str = "page.pdf") -> Make:
        return Make(EXAMPLE, str(tmp_path / "pages" / name), "2026-11-15", printed=printed)

    return make_it


def test_the_page_is_saved_readable_by_its_owner_only_and_never_over_another(wanted: Callable[..., Make]) -> None:
    one = wanted()
    assert make(one) == Made(one.path)
    assert Path(one.path).stat().st_mode & 0o777 == 0o600
    again = make(one)
    assert isinstance(again, NotMade)
    assert again.reason == "disk"


def test_a_printer_is_given_the_file_and_its_refusal_is_told(
    wanted: Callable[..., Make], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert make(wanted(printed=True)) == NotMade("no printer", "", wanted().path)
    command = tmp_path / "lp"
    command.write_text('#!/bin/sh\n[ -s "$2" ] || exit 3\necho "$2" > "${0%/*}/asked"\n')
    command.chmod(0o700)
    second = wanted(printed=True, name="second.pdf")
    assert make(second) == Made(second.path, printed=True)
    assert (tmp_path / "asked").read_text().strip() == second.path
    command.write_text("#!/bin/sh\necho 'lp: no default destination' >&2\nexit 1\n")
    third = wanted(printed=True, name="third.pdf")
    assert make(third) == NotMade("printer refused", "lp: no default destination", third.path)
