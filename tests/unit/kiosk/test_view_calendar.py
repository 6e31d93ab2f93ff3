"""The calendar as the screen draws it: before the start without this session, after the dose with it."""

from __future__ import annotations

from kiosk.session import commands as c
from kiosk.session import events as e
from kiosk.view.calendar import SHOWN
from tests.unit.kiosk.evening import BASE_NS
from tests.unit.kiosk.test_score import EARLIER, HOUR_NS
from tests.unit.kiosk.test_view_prepare import Bed, prepared


def test_before_the_start_it_stands_on_its_own_check_with_what_speaks_against_today() -> None:
    bed = Bed(kind="patient")
    bed.note(e.SeriesRead((EARLIER,)))  # 21 November; today is the 24th, the sixth stretch of the example's plan
    page = bed.page("series")
    assert page.calendar is not None
    stands = [line.stands for line in page.calendar.lines]
    assert "done" in stands
    assert page.calendar.against == ("The next session is due from Wed 2 Dec 2026 on.",)
    assert page.state == "failed"
    assert not page.required
    assert page.calendar.facts[0] == "7 doses left"


def test_a_renewal_that_is_due_is_told_and_holds_nothing() -> None:
    bed = Bed(kind="patient")
    sessions = tuple(
        e.Earlier(f"s-{n}", BASE_NS - (500 - n) * HOUR_NS, BASE_NS - (499 - n) * HOUR_NS, 0) for n in range(6)
    )
    bed.note(e.SeriesRead(sessions))
    page = bed.page("series")
    assert page.calendar is not None
    assert "The plan has to be confirmed anew: call the provider." in page.calendar.against
    assert "The plan has to be confirmed anew before the next session" in page.calendar.facts
    assert "series" not in [p.key for p in bed.view().prepare.pages if p.required]  # type: ignore[union-attr]


def test_the_session_counts_once_its_dose_is_marked() -> None:
    bed = Bed()
    prepared(bed)
    bed.do(c.MarkDose())
    bed.pass_to(bed.t_s + 121 * 60)
    bed.oxygen()
    bed.pressure("127", "80")
    bed.do(c.RecordResponse("normal voice"))
    bed.do(c.BeginStanding())
    for step in ("sit", "stand", "walk"):
        bed.pass_to(bed.t_s + 125)
        bed.oxygen()
        bed.do(c.AnswerStand(step, "steady"))  # type: ignore[arg-type]
    assert bed.view().calendar is None
    bed.do(c.MarkReady())
    bed.do(c.Release())
    view = bed.view()
    assert view.calendar is not None
    assert view.after is not None
    assert view.feel is not None
    done = [line.what for line in view.calendar.lines if line.stands == "done"]
    assert done == ["Session 6 of 6"]
    assert len(view.calendar.lines) <= SHOWN
    assert [care.say for care in view.after.next] == ["How was the night?", "How are you?", "Session 7"]
    assert view.after.next[0].detail == "Wed 25 Nov 2026, 20:00, after 24 h"
