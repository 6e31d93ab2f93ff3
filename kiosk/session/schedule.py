"""What the plan's clock says: which phase it is, which blood pressure is due. Counted from the dose, else the start.

Pure; asked by the monitor at each tick and by the review. It reminds; it alarms nothing, and a marked phase always
goes before a planned one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from kiosk.session.events import PhaseMarked
from kiosk.session.plan import Plan
from kiosk.session.state import PhaseMark, Stage, State


class Block(msgspec.Struct, frozen=True):
    """One block of the phase lane, in session seconds. marked: it happened; else planned and still to come."""

    key: str
    name: str
    start_s: float
    end_s: float
    marked: bool
    current: bool = False


class Window(msgspec.Struct, frozen=True):
    """One blood pressure of the plan. taken_s: when it was taken, None if not (yet)."""

    at_s: float
    from_s: float
    to_s: float
    state: Literal["later", "due", "late", "missed", "done"]
    taken_s: float | None = None


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
    return tuple(_window(spans, i, taken, now_s) for i in range(len(spans)))


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
    since = state.looked_in_s if state.looked_in_s is not None else anchor_s(state)
    every_s = plan.checks.look_in_every_min * 60
    return None if since is None or every_s <= 0 else since + every_s
