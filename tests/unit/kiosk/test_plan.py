"""The provider's plan: what is read, what is refused, and that every mistake is told with its line."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from kiosk.session.limits import Limits
from kiosk.session.plan import Plan, PlanError, PlanReason

EXAMPLE = (Path(__file__).parents[3] / "kiosk" / "assets" / "example-plan.toml").read_text(encoding="utf-8")

SMALL = """
[patient]
id = "p-1"
label = "Robin"

[sitter]
label = "Sam"

[medication]
name = "Ketamine"
route = "sublingual"

[contacts]
address = "14 Alder Lane"
emergency_number = "911"
"""


def problems(text: str) -> list[str]:
    with pytest.raises(PlanError) as refused:
        Plan.from_toml(text)
    return [str(problem) for problem in refused.value.problems]


def line_of(text: str, part: str) -> int:
    return next(i for i, line in enumerate(text.splitlines(), 1) if part in line)


def test_the_shipped_example_is_read_and_confirmed_by_nobody() -> None:
    plan = Plan.from_toml(EXAMPLE)
    assert (plan.patient.label, plan.sitter.label, plan.medication.dose_mg) == ("Robin", "Sam", Decimal(120))
    assert plan.confirmed is None
    assert plan.confirmed_text == ""
    assert plan.devices.oximeter.use == "required"
    assert [p.number for p in plan.contacts.people] == ["555 0142", "555 0199"]
    assert [p.name for p in plan.route_phases] == ["Onset", "Peak", "Return", "After"]
    assert "EXAMPLE" in EXAMPLE.splitlines()[0]


def test_every_limit_says_who_set_it_and_when() -> None:
    assert Plan.from_toml(EXAMPLE).limits.sentences() == (
        "SpO2 below 90 for 15 s, set by Dr. Okafor, 3 Nov 2026",
        "SpO2 below 85 for 2 s, set by Dr. Okafor, 3 Nov 2026",
        "Pulse below 45 for 15 s, set by Dr. Okafor, 3 Nov 2026",
        "Pulse above 130 for 15 s, set by Dr. Okafor, 3 Nov 2026",
        "Blood pressure 160/100 or higher, set by Dr. Okafor, 3 Nov 2026",
        "SpO2 below 90 by 100 points × seconds, or 3 times in 60 s, set by Dr. Okafor, 3 Nov 2026",
        "Breathing fewer than 8 times a minute, set by Dr. Okafor, 3 Nov 2026",
        "Breathing more than 30 times a minute, set by Dr. Okafor, 3 Nov 2026",
    )
    assert Plan.from_toml(EXAMPLE).limits.text("pressure_high", hard=True).startswith("Blood pressure 180/110")


def test_an_absent_limit_is_absent_and_said_to_be() -> None:
    plan = Plan.from_toml(SMALL)
    assert plan.limits == Limits()
    assert plan.limits.sentences()[0] == "No limit set for low SpO2"
    assert plan.medication.dose_mg is None
    assert (plan.limits.stale.ageing_s, plan.limits.stale.gone_s, plan.limits.stale.high_s) == (5, 15, 60)


def test_a_confirmed_plan_says_by_whom() -> None:
    confirmed = SMALL + '[confirmed]\nby = "Dr. Okafor"\non = 2026-11-03\nrole = "prescriber"\n'
    assert Plan.from_toml(confirmed).confirmed_text == "Dr. Okafor, 2026-11-03, prescriber"


def test_a_mistyped_key_never_means_no_limit() -> None:
    text = EXAMPLE.replace("spo2_low =", "sp02_low =")
    assert problems(text) == [
        f"line {line_of(text, 'sp02_low')}: limits.sp02_low: is not known (did you mean spo2_low?)"
    ]


def test_all_mistakes_are_told_together_with_their_lines() -> None:
    text = EXAMPLE.replace('route = "sublingual"\nlot', 'route = "sublingal"\nlot')
    text = text.replace("gone_s = 15", 'gone_s = "soon"').replace('name = "Peak"\n', "").replace("[sitter]", "[siter]")
    told = problems(text)
    assert [line.split(": ")[1] for line in told] == [
        "sitter",
        "siter",
        "medication.route",
        "limits.stale.gone_s",
        "phases.1.name",
    ]
    assert "did you mean sublingual?" in told[2]
    assert told[2].startswith(f"line {line_of(text, 'sublingal')}:")
    header = line_of(text, 'key = "peak"') - 1
    assert told[4].startswith(f"line {header}:")


def test_text_that_is_not_toml_names_its_line() -> None:
    with pytest.raises(PlanError) as refused:
        Plan.from_toml('[patient]\nid = "p"\nlabel = = "Robin"\n')
    assert refused.value.reason is PlanReason.UNREADABLE
    assert refused.value.problems[0].line == 3
    assert problems("") != []
    assert problems('a = "')[0].startswith("line 1:")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("gone_s = 15 ", "gone_s = 30 ", "limits.stale.gone_s: 30 must be above 0 and at most 15 s (only shorter)"),
        ("ageing_s = 5 ", "ageing_s = 0 ", "limits.stale.ageing_s: 0 must be above 0 and at most 5 s (only shorter)"),
        ("value = 85,", "value = 95,", "limits.spo2_hard.value: 95 must be below spo2_low 90"),
        ("value = 85,", "value = 8,", "limits.spo2_hard.value: 8 must be from 50 to 100"),
        (
            "value = 90, delay_s = 15",
            "value = 90, delay_s = 600",
            "limits.spo2_low.delay_s: 600 must be from 0 to 60 s",
        ),
        ("value = 45,", "value = nan,", "limits.pulse_low.value: nan is not a number"),
        (
            "value = 160, hard = 180",
            "value = 160, hard = 150",
            "limits.systolic_high.hard: 150 must be above value 160",
        ),
        ('author = "Dr. Okafor"\n', "", "limits.author: is missing: every limit shows who set it"),
        ("dose_mg = 120", "dose_mg = -1", "medication.dose_mg: -1 must be above 0"),
        ("to_min = 15", "to_min = -2", "phases.0.to_min: -2 must be after from_min 0"),
        ("from_min = 15", "from_min = 10", "phases.1.from_min: 10 is before the end of 'onset'"),
        ('onset = "ambient"', 'onsett = "ambient"', "music.onsett: is not the key of a phase"),
        ("window_min = 5", "window_min = 0", "pressure.0.window_min: 0 must be above 0"),
        ("[patient]", "patient = 3\n[sitter2]", "patient: must be a table of keys"),
    ],
)
def test_what_cannot_be_meant_is_refused(old: str, new: str, told: str) -> None:
    assert old in EXAMPLE
    lines = problems(EXAMPLE.replace(old, new, 1))
    assert any(told in line for line in lines), lines


def test_a_phase_of_another_route_is_not_this_sessions() -> None:
    other = EXAMPLE.replace('routes = ["sublingual"]', 'routes = ["oral"]', 1)
    assert [p.name for p in Plan.from_toml(other).route_phases] == ["Peak", "Return", "After"]
