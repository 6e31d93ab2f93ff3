"""Which light is asked for: by whose display the built-in panel is, by phase, by what has to be seen."""

from __future__ import annotations

import msgspec
import pytest

from kiosk.dim import Levels, Places, wanted
from kiosk.line.chart import Phase
from kiosk.line.screen import RestView, View
from kiosk.line.stand import Stand
from kiosk.session.plan import Plan, PlanError

LEVELS = Levels(rest=40, wake=70, pane=90, phases={"peak": 15})
ALONE = Places("eDP-1", "", True)
PATIENTS = Places("eDP-1", "HDMI-1", False)
SITTERS = Places("HDMI-1", "eDP-1", False)
OUTSIDE = Places("HDMI-1", "DP-2", False)
PEAK = Phase("Peak", 0, 60, marked=True, current=True, key="peak")
NO_STAND = Stand((), "", "", (), (), (), "")


def view(**changes: object) -> View:
    """A calm moment of a started session on one display, its pane closed."""
    fields = dict.fromkeys(View.__struct_fields__)
    calm = {"started": True, "stage": "live", "phases": (), "pane_open": False, "alarm_over_rest": False}
    calm["escalation"] = 0
    return View(**{**fields, **calm, "rest": RestView("rest"), **changes})  # pyright: ignore


@pytest.mark.parametrize(
    ("places", "changes", "percent"),
    [
        (ALONE, {}, 40),
        (ALONE, {"phases": (PEAK,)}, 15),
        (ALONE, {"started": False}, 100),
        (ALONE, {"stage": "ended"}, 100),
        (ALONE, {"stand": NO_STAND}, 100),
        (ALONE, {"pane_open": True}, 70),
        (ALONE, {"alarm_over_rest": True}, 70),
        (ALONE, {"alarm_over_rest": True, "phases": (PEAK,)}, 70),
        (ALONE, {"rest": RestView("aloud")}, 70),
        (PATIENTS, {"pane_open": True}, 40),
        (PATIENTS, {"pane_open": True, "alarm_over_rest": True}, 40),
        (PATIENTS, {"rest": RestView("coming")}, 70),
        (PATIENTS, {"alarm_over_rest": True, "escalation": 1}, 70),
        (SITTERS, {"pane_open": True}, 90),
        (SITTERS, {"pane_open": True, "alarm_over_rest": True}, 100),
        (OUTSIDE, {}, 100),
        (Places(), {}, 100),
    ],
)
def test_the_level_asked_for(places, changes, percent):
    assert wanted(view(**changes), places, LEVELS).percent == percent


def test_a_wake_is_faster_than_a_dimming_and_the_supervisor_learns_of_a_single_display():
    assert wanted(view(), ALONE, LEVELS).seconds == 4
    assert wanted(view(alarm_over_rest=True), ALONE, LEVELS).seconds == 2
    assert wanted(view(), ALONE, LEVELS).single
    assert not wanted(view(), PATIENTS, LEVELS).single


def test_an_alarm_never_makes_it_darker_than_rest():
    levels = msgspec.structs.replace(LEVELS, rest=80)
    assert wanted(view(alarm_over_rest=True), ALONE, levels).percent == 80


PLAN = """
[patient]
id = "p-1"
label = "A"
[sitter]
label = "B"
[medication]
name = "Ketamine"
route = "sublingual"
[contacts]
address = "1 Street"
emergency_number = "112"
[light]
rest_percent = 20
wake_percent = {wake}
phases = {{ {phase} = 10 }}
"""


def test_the_plan_bounds_the_light_and_refuses_what_cannot_be_meant():
    light = Plan.from_toml(PLAN.format(wake=60, phase="peak")).light
    assert (light.rest_percent, light.wake_percent, light.phases) == (20, 60, {"peak": 10})
    with pytest.raises(PlanError) as caught:
        Plan.from_toml(PLAN.format(wake=5, phase="paek"))
    assert len(caught.value.problems) == 2
