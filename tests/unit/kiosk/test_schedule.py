"""Phases and blood-pressure windows by the plan's clock."""

from __future__ import annotations

from pathlib import Path

from devices.reading import Stamp
from kiosk.session import events as e
from kiosk.session.events import Event
from kiosk.session.plan import Plan
from kiosk.session.schedule import anchor_s, lane, next_look_s, next_pressure, phase_due, phase_names, windows
from kiosk.session.state import State

PLAN = Plan.from_toml(
    (Path(__file__).parents[3] / "kiosk" / "assets" / "example-plan.toml").read_text(encoding="utf-8")
)
OPENED = e.SessionOpened("s", "demo", True, 1, "p", "Robin", "Sam", "0", 0, "", "", "", "", "K", "oral", None, ())
MIN = 60.0


def fold(*rows: tuple[float, Event], state: State | None = None) -> State:
    state = state or State()
    for t_s, event in rows:
        state = state.apply(event, state.seq + 1, Stamp(int(t_s * 1e9), int(t_s * 1e9)), t_s)
    return state


STARTED = fold((0, OPENED), (60, e.SessionStarted()))
DOSED = fold((600, e.DoseMarked(600 * 10**9)), state=STARTED)


def test_the_plan_counts_from_the_dose_else_from_the_start() -> None:
    assert anchor_s(State()) is None
    assert anchor_s(STARTED) == 60
    assert anchor_s(DOSED) == 600
    assert lane(PLAN, State(), 10) == ()
    assert windows(PLAN, State(), [], 10) == ()


def test_before_any_mark_the_lane_is_all_plan() -> None:
    blocks = lane(PLAN, DOSED, 600)
    assert [(b.name, b.start_s, b.end_s, b.marked) for b in blocks] == [
        ("Onset", 600, 600 + 15 * MIN, False),
        ("Peak", 600 + 15 * MIN, 600 + 60 * MIN, False),
        ("Return", 600 + 60 * MIN, 600 + 105 * MIN, False),
        ("After", 600 + 105 * MIN, 600 + 140 * MIN, False),
    ]


def test_marked_blocks_end_now_and_the_plan_goes_on_after_them() -> None:
    state = fold((600, e.PhaseMarked("onset", "Onset", True)), (1740, e.PhaseMarked("peak", "Peak")), state=DOSED)
    blocks = lane(PLAN, state, 3000)
    assert [(b.key, b.start_s, b.end_s, b.marked, b.current) for b in blocks] == [
        ("onset", 600, 1740, True, False),
        ("peak", 1740, 3000, True, True),
        ("peak", 3000, 600 + 60 * MIN, False, False),
        ("return", 600 + 60 * MIN, 600 + 105 * MIN, False, False),
        ("after", 600 + 105 * MIN, 600 + 140 * MIN, False, False),
    ]


def test_the_clock_moves_a_phase_once() -> None:
    assert phase_due(PLAN, STARTED, 700) is None  # no dose, no phases
    due = phase_due(PLAN, DOSED, 601)
    assert due == e.PhaseMarked("onset", "Onset", planned=True)
    state = fold((601, due), state=DOSED)
    assert phase_due(PLAN, state, 602) is None
    assert phase_due(PLAN, state, 600 + 16 * MIN) == e.PhaseMarked("peak", "Peak", planned=True)


def test_the_clock_never_takes_back_what_the_sitter_marked() -> None:
    early = fold((700, e.PhaseMarked("peak", "Peak")), state=DOSED)
    assert phase_due(PLAN, early, 600 + 16 * MIN) is None
    back = fold((600 + 17 * MIN, e.PhaseMarked("onset", "Onset")), state=DOSED)
    assert phase_due(PLAN, back, 600 + 18 * MIN) is None
    later = phase_due(PLAN, back, 600 + 61 * MIN)
    assert later == e.PhaseMarked("return", "Return", planned=True)


def test_a_pressure_is_later_then_due_then_late_then_missed() -> None:
    def states(minutes: float, *taken_min: float) -> list[str]:
        taken = [600 + m * MIN for m in taken_min]
        return [w.state for w in windows(PLAN, DOSED, taken, 600 + minutes * MIN)]

    assert states(5) == ["later"] * 5
    assert states(12)[0] == "due"
    assert states(20)[0] == "due"
    assert states(21)[0] == "late"
    assert states(31)[0] == "missed"
    assert states(31, 14)[0] == "done"
    assert states(31, 25)[0] == "done"  # late, but taken
    assert states(41, 5, 41)[:2] == ["missed", "done"]


def test_a_late_pressure_is_missed_when_the_next_one_opens() -> None:
    state = [w.state for w in windows(PLAN, DOSED, [], 600 + 55 * MIN)]
    assert state == ["missed", "missed", "due", "later", "later"]


def test_the_next_pressure_is_the_due_one() -> None:
    found = next_pressure(windows(PLAN, DOSED, [], 600 + 12 * MIN))
    assert found is not None
    assert (found.from_s, found.to_s, found.state) == (600 + 10 * MIN, 600 + 20 * MIN, "due")
    assert next_pressure(windows(PLAN, DOSED, [], 600 + 500 * MIN)) is None


def test_the_next_look_counts_from_the_last_one() -> None:
    assert next_look_s(PLAN, State()) is None
    assert next_look_s(PLAN, DOSED) == 600 + 15 * MIN
    looked = fold((900, e.LookedIn()), state=DOSED)
    assert next_look_s(PLAN, looked) == 900 + 15 * MIN


def test_phases_have_names_for_marking_by_hand() -> None:
    assert phase_names(PLAN) == {"onset": "Onset", "peak": "Peak", "return": "Return", "after": "After"}
