"""What the plan's clock says: which phase it is, which blood pressure is due. Counted from the dose, else the start.

Pure; asked by the monitor at each tick and by the review. It reminds; it alarms nothing, and a marked phase always
goes before a planned one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from kiosk.session.bedside import Bedside, Taken, is_beyond
from kiosk.session.events import HelpUpEnded, PhaseMarked
from kiosk.session.plan import Plan
from kiosk.session.state import PhaseMark, Stage, State

AGAIN_AFTER_S = 300.0  # a pressure beyond a limit is measured again: widely published as "repeat in 5 minutes"
AGAIN_LATE_S = 120.0
BACK_FOR_S = 5.0  # a signal that is back this long is no touch in passing


class Block(msgspec.Struct, frozen=True):
    """One block of the phase lane, in session seconds. marked: it happened; else planned and still to come."""

    key: str
    name: str
    start_s: float
    end_s: float
    marked: bool
    current: bool = False


class Window(msgspec.Struct, frozen=True):
    """One blood pressure of the plan. taken_s: when it was taken, None if not (yet).

    at_min: its minute in the plan, None for one that is asked for because the last was beyond a limit (`again`).
    """

    at_s: float
    from_s: float
    to_s: float
    state: Literal["later", "due", "late", "missed", "done", "skipped"]
    taken_s: float | None = None
    at_min: float | None = None

    @property
    def again(self) -> bool:
        """Whether it is the second look at a high one."""
        return self.at_min is None


class LookIn(msgspec.Struct, frozen=True):
    """The visual check at one instant. unanswered_s: seconds since it was due, 0 while it is not."""

    state: Literal["none", "later", "due"]
    due_s: float | None = None
    unanswered_s: float = 0.0


def anchor_s(state: State) -> float | None:
    """Session second from which the plan counts: the dose, else the start; None before the start."""
    return state.dose.t_s if state.dose is not None else state.started_s


def planned(plan: Plan, anchor: float) -> tuple[Block, ...]:
    """The plan's phases for its route, in session seconds."""
    return tuple(
        Block(p.key, p.name, anchor + p.from_min * 60, anchor + p.to_min * 60, False) for p in plan.route_phases
    )


def current_phase(state: State) -> PhaseMark | None:
    """The phase in force: the newest marked one."""
    return state.phases[-1] if state.phases else None


def lane(plan: Plan, state: State, now_s: float) -> tuple[Block, ...]:
    """The phase lane at `now_s`: marked blocks up to now, then what the plan says is still to come."""
    marks = state.phases
    ends = [*(mark.t_s for mark in marks[1:]), now_s]
    past = tuple(
        Block(mark.key, mark.name, mark.t_s, end, True, current=mark is marks[-1])
        for mark, end in zip(marks, ends, strict=False)
    )
    anchor = anchor_s(state)
    return past if anchor is None else (*past, *_ahead(planned(plan, anchor), current_phase(state), now_s))


def _ahead(blocks: Sequence[Block], current: PhaseMark | None, now_s: float) -> tuple[Block, ...]:
    """The planned rest: of the current phase until its planned end, then the later ones."""
    keys = [block.key for block in blocks]
    first = keys.index(current.key) if current is not None and current.key in keys else 0
    return tuple(
        msgspec.structs.replace(block, start_s=max(block.start_s, now_s))
        for block in blocks[first:]
        if block.end_s > now_s
    )


def phase_due(plan: Plan, state: State, now_s: float) -> PhaseMarked | None:
    """The phase that the plan's clock reaches now, None if none. After a mark by the sitter only later ones."""
    anchor = anchor_s(state)
    if anchor is None or state.stage is not Stage.STARTED or state.dose is None:
        return None
    blocks = planned(plan, anchor)
    reached = [block for block in blocks if block.start_s <= now_s]
    current = current_phase(state)
    if not reached or (current is not None and not _is_later(reached[-1], current, blocks)):
        return None
    return PhaseMarked(reached[-1].key, reached[-1].name, planned=True)


def _is_later(block: Block, current: PhaseMark, blocks: Sequence[Block]) -> bool:
    order = {b.key: i for i, b in enumerate(blocks)}
    moved_by_hand = not current.planned
    return order[block.key] > order.get(current.key, -1) and not (moved_by_hand and block.start_s <= current.t_s)


def phase_names(plan: Plan) -> dict[str, str]:
    """Key -> name, for marking by hand."""
    return {phase.key: phase.name for phase in plan.route_phases}


def windows(plan: Plan, state: State, taken_s: Iterable[float], now_s: float) -> tuple[Window, ...]:
    """The plan's blood pressures at `now_s`. taken_s: session seconds of the usable pressures so far.

    Due within the window; late after it; missed when twice the window has passed since, or the next one opens.
    A pressure counts for the window that it falls into, early ones for none.
    """
    anchor = anchor_s(state)
    if anchor is None:
        return ()
    times = sorted(plan.pressure, key=lambda p: p.at_min)
    spans = [(anchor + p.at_min * 60, p.window_min * 60) for p in times]
    taken = sorted(taken_s)
    return tuple(_of_plan(_window(spans, i, taken, now_s), times[i].at_min, state) for i in range(len(spans)))


def _of_plan(window: Window, at_min: float, state: State) -> Window:
    """With its minute; skipped by the sitter unless it was taken all the same."""
    is_skipped = at_min in state.skipped_min and window.state != "done"
    return msgspec.structs.replace(window, at_min=at_min, state="skipped" if is_skipped else window.state)


def remeasure(plan: Plan, pressures: Sequence[Taken], now_s: float) -> Window | None:
    """The second look that a pressure beyond a limit of the plan asks for, until another one was taken."""
    limits = plan.limits
    high = limits.systolic_high, limits.diastolic_high
    newest = pressures[-1] if pressures else None
    if newest is None or not is_beyond(newest, *(None if limit is None else limit.value for limit in high)):
        return None
    at_s = newest.t_s + AGAIN_AFTER_S
    state = "later" if now_s < at_s else "due" if now_s <= at_s + AGAIN_LATE_S else "late"
    return Window(at_s, at_s, at_s + AGAIN_LATE_S, state)


def next_window(plan: Plan, state: State, pressures: Sequence[Taken], now_s: float) -> Window | None:
    """The blood pressure to be shown: of the plan, or the second look at a high one, whichever comes first."""
    following = next_pressure(windows(plan, state, [p.t_s for p in pressures], now_s))
    again = remeasure(plan, pressures, now_s) if state.stage is Stage.STARTED else None
    found = [w for w in (again, following) if w is not None]
    return min(found, key=lambda w: w.at_s, default=None)


def skippable_min(state: State, bedside: Bedside) -> float | None:
    """Minute in the plan of the pressure that is due or late now, None if none is."""
    found = windows(bedside.plan, state, [p.t_s for p in bedside.pressures], bedside.now_s)
    return next((w.at_min for w in found if w.state in ("due", "late")), None)


def _window(spans: list[tuple[float, float]], i: int, taken: list[float], now_s: float) -> Window:
    at_s, half_s = spans[i]
    from_s, to_s = at_s - half_s, at_s + half_s
    closed_s = to_s + 2 * half_s
    if i + 1 < len(spans):
        closed_s = max(to_s, min(closed_s, spans[i + 1][0] - spans[i + 1][1]))
    found = next((t for t in taken if from_s <= t < closed_s), None)
    if found is not None:
        return Window(at_s, from_s, to_s, "done", found)
    if now_s < from_s:
        return Window(at_s, from_s, to_s, "later")
    return Window(at_s, from_s, to_s, "due" if now_s <= to_s else "late" if now_s < closed_s else "missed")


def next_pressure(all_windows: Iterable[Window]) -> Window | None:
    """The one to be shown: due or late before any later one."""
    return next((w for w in all_windows if w.state in ("due", "late", "later")), None)


def next_look_s(plan: Plan, state: State) -> float | None:
    """Session second of the next look at the patient; None if the plan asks for none or nothing has begun."""
    since = state.seen_s if state.seen_s is not None else anchor_s(state)
    every_s = plan.checks.look_in_every_min * 60
    return None if since is None or every_s <= 0 else since + every_s


def look_in_state(plan: Plan, state: State, now_s: float) -> LookIn:
    """Whether a look at the patient is due: a quiet prompt first; how long it stays unanswered is for the alarms."""
    due_s = next_look_s(plan, state) if state.stage is Stage.STARTED else None
    if due_s is None:
        return LookIn("none")
    return LookIn("due", due_s, now_s - due_s) if now_s >= due_s else LookIn("later", due_s)


def help_up_over(state: State, bedside: Bedside) -> HelpUpEnded | None:
    """The end of "up with help" by time, or because a signal that was gone has been back for some seconds."""
    until_s, since_s, back_s = state.help_up_until_s, state.help_up_since_s, bedside.spo2_back_s
    if until_s is None or since_s is None:
        return None
    if bedside.now_s >= until_s:
        return HelpUpEnded("time")
    is_back = back_s is not None and back_s > since_s and bedside.now_s - back_s >= BACK_FOR_S
    return HelpUpEnded("signal") if is_back and bedside.spo2 is not None else None
