"""`kiosk plan`: mistakes with their line, what is left open, a form that is refused until it is filled in."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest

from kiosk.cli import main
from kiosk.command.plan import suggested_number
from kiosk.planform import ROUTES, form
from kiosk.session.plan import Plan, PlanError
from kiosk.session.profile import PROFILES
from tests.unit.kiosk.evening import EXAMPLE

FILLED = {
    "milligrams": "120", "required, wanted or unused": '"required"', "date, like 2026-11-03": "2026-11-03",
    "percent": "90", "percent, below spo2_low": "85", "hours between two sessions": "72",
    "date of the first session, like 2026-11-04": "2026-11-04", "sessions a week": "2", "for how many weeks": "3",
    "afterwards one every so many weeks": "2", "sessions until the plan has to be confirmed anew": "6",
    "clock time of the next day, like 09:00: no driving and no machines before": '"09:00"',
    "clock time of the next day: no important decision and no serious talk before": '"09:00"',
    "doses in the house": "8", "on which date, like 2026-11-03": "2026-11-03",
}  # fmt: skip
NUMBERS = {"pulse_low": "45", "pulse_high": "130", "systolic_high": ("160", "180"), "diastolic_high": ("100", "110")}


def filled(text: str) -> str:
    """The form as a provider would fill it in."""
    lines: list[str] = []
    for line in text.splitlines():
        key = line.split(" = ")[0]
        numbers = NUMBERS.get(key)
        if key == "hold":
            line = "hold = { systolic = 140, diastolic = 90, recheck_min = 5 }"
        elif key == "minimum_min":
            line = "minimum_min = 120"
        elif isinstance(numbers, tuple):
            line = f"{key} = {{ value = {numbers[0]}, hard = {numbers[1]} }}"
        elif numbers:
            line = re.sub(r'"<.*?>"', numbers, line)
        elif not line.startswith("#"):
            line = re.sub(r'"<(.*?)>"', lambda m: FILLED.get(m[1], '"something"'), line)
        lines.append(line)
    return "\n".join(lines)


def run(*words: str | Path) -> int:
    return main([str(word) for word in words])


def test_the_example_can_be_used_and_says_what_it_leaves_open(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(EXAMPLE, encoding="utf-8")
    assert run("plan", "check", path) == 0
    said = capsys.readouterr().out
    assert "can be used" in said
    assert "nobody has confirmed the plan" in said
    assert run("plan", "check", path, "--json") == 0
    assert json.loads(capsys.readouterr().out)["ok"] is True


def test_a_mistake_is_told_with_its_line_and_the_nearest_word(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(EXAMPLE.replace("minimum_min =", "minimun_min =").replace("optional = []", 'optional = ["musik"]'))
    assert run("plan", "check", path) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert re.search(r"line \d+: release.minimun_min: is not known \(did you mean minimum_min\?\)", said)
    assert run("plan", "check", path, "--json") == 1
    assert json.loads(capsys.readouterr().out)["ok"] is False


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("optional = []", 'optional = ["musik"]', "checks.optional: 'musik' is not a check (did you mean music?)"),
        ("systolic = 140", "systolic = 14", "checks.hold.systolic: 14 must be from 90 to 260"),
        ("minimum_min = 120", "minimum_min = 0", "release.minimum_min: 0 must be from 1 to 1440"),
        ("rung_min = 2", "rung_min = -2", "release.rung_min: -2 must be from 0 to 30"),
        ("min_gap_hours = 20", "min_gap_hours = -1", "series.min_gap_hours: -1 must be from 0 to 8760"),
        ("per_week = 2", "per_week = 8", "series.per_week: 8 must be from 1 to 7"),
        ("per_week = 2\n", "", "series.starts_on: needs per_week beside it"),
        ("doses_on = 2026-11-03\n", "", "series.doses: needs doses_on beside it"),
        ("starts_on = 2026-11-04", "starts_on = 4", "series.starts_on: expected `date | null`, got `int`"),
        ('at = "19:00"', 'at = "25:00"', "series.at: '25:00' is no time of day like 19:00"),
        ("min_gap_hours = 20", "min_gap_hours = 200", "series.per_week: 2 a week do not fit with min_gap_hours 200"),
    ],
)
def test_what_cannot_be_meant_is_refused(old: str, new: str, problem: str) -> None:
    with pytest.raises(PlanError) as refused:
        Plan.from_toml(EXAMPLE.replace(old, new))
    assert problem in str(refused.value)


def test_show_says_in_words_what_the_plan_will_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(EXAMPLE, encoding="utf-8")
    assert run("plan", "show", path) == 0
    said = capsys.readouterr().out
    for words in ("SpO2 below 90 for 15 s", "Peak: 15–60", "* solids: No solid food for 6 hours", "120 minutes after"):
        assert words in said
    assert run("plan", "show", path, "--json") == 0
    assert json.loads(capsys.readouterr().out)["patient"]["label"] == "Robin"


@pytest.mark.parametrize("route", ROUTES)
def test_a_new_plan_is_refused_until_it_is_filled_in(
    route: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "new.toml"
    assert run("plan", "new", path, "--route", route) == 0
    assert run("plan", "check", path) == 1
    assert "patient.label: is still to be filled in" in capsys.readouterr().err
    path.write_text(filled(path.read_text(encoding="utf-8")), encoding="utf-8")
    assert run("plan", "check", path) == 0
    plan = Plan.from_toml(path.read_text(encoding="utf-8"))
    assert [p.to_min for p in plan.route_phases] == [p[3] for p in PROFILES[route].phases]


def test_new_never_overwrites_and_knows_its_routes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "plan.toml"
    path.write_text("mine")
    assert run("plan", "new", path) == 1
    assert path.read_text() == "mine"
    assert "is left as it is" in capsys.readouterr().err
    assert run("plan", "new", tmp_path / "other.toml", "--route", "osmosis") == 1
    assert not (tmp_path / "other.toml").exists()


def test_each_new_plan_is_another_patient() -> None:
    ids = {re.search(r'id = "(p-[0-9a-f]{12})"', form("oral", "112", "test")) for _ in range(3)}
    assert len({found[1] for found in ids if found}) == 3


def test_the_emergency_number_is_only_suggested() -> None:
    assert suggested_number("US")[0] == "911"
    assert suggested_number("DE")[0] == "112"
    assert suggested_number("") == ("112", "the region is not known")
    assert "confirm it" in form("oral", "911", "suggested for US")


@pytest.mark.parametrize("route", ROUTES)
def test_every_profile_is_without_gap_or_overlap(route: str) -> None:
    phases = PROFILES[route].phases
    assert phases[0][2] == 0
    assert all(a[3] == b[2] for a, b in pairwise(phases))


def test_a_plan_without_phases_takes_those_of_its_route() -> None:
    without = EXAMPLE[: EXAMPLE.index("[[phases]]")] + EXAMPLE[EXAMPLE.index("[[pressure]]") :]
    plan = Plan.from_toml(without.replace('route = "sublingual"', 'route = "intramuscular"'))
    assert [(p.name, p.to_min) for p in plan.route_phases] == [
        ("Onset", 5),
        ("Peak", 25),
        ("Return", 60),
        ("After", 120),
    ]
