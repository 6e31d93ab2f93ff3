"""The preparation: which checks are passed, what an answer means, when the session may start.

Pure; asked by `decision`, by the desk at each tick (pressures arrive by themselves) and by the view. It never fills
in an answer: what no person said and no device measured is still to do.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Literal

from devices.reading import Stamp
from kiosk.session import commands as c
from kiosk.session import events as e
from kiosk.session.asking import form_of, forms_before
from kiosk.session.bedside import Bedside, Taken, is_beyond, whole
from kiosk.session.check import TONES, Check, checks
from kiosk.session.events import Event
from kiosk.session.limits import Delayed
from kiosk.session.plan import Plan
from kiosk.session.prepared import LEVELS
from kiosk.session.score import is_gone_through
from kiosk.session.spacing import against_series, gap_h
from kiosk.session.typed import oximetry
from kiosk.session.verdict import SHORTEST_REASON, Decision, Refused, Typed, Why

if TYPE_CHECKING:
    from kiosk.session.state import State

Status = Literal["todo", "passed", "failed", "overridden"]
UNFINISHED = ("first", "in part", "again")  # answers of a check that is not done yet
DAY_NS, HOUR_NS = 24 * 3600 * 10**9, 3600 * 10**9
AHEAD_NS = HOUR_NS  # a time of day up to an hour ahead is a slip, not yesterday's


def checks_of(state: State, bedside: Bedside) -> tuple[Check, ...]:
    """The checks of this session in order; none in a plain restart, which must not wait for them."""
    if state.plain or state.opened is None:
        return ()
    found = checks(bedside.plan, state.opened.kind, bedside.has_sound)
    due = {form.key for form in forms_before(state, bedside.plan)}
    return tuple(k for k in found if _needs_comparison(k.key, state) and _is_due(k, state, due))


def _is_due(check: Check, state: State, due: set[str]) -> bool:
    """Questions only where they are due; the page about thoughts of self-harm only where they were reported."""
    if check.key == "thoughts":
        return bool(state.scores.standing)
    return check.kind != "form" or check.key in due


def _needs_comparison(key: str, state: State) -> bool:
    """What a device sent is compared with its display; typed numbers were read off there, overridden ones are none."""
    if key == "same_number":
        return not _was_typed(state)
    return key != "same_pressure" or _may_be_sent(state)


def _may_be_sent(state: State) -> bool:
    """Whether the cuff sent a pressure before the dose, or still may."""
    if "pressures" in state.prepared.overrides:
        return False
    found = state.prepared.answers.get("pressures")
    return found is None or not found.passed or state.prepared.sent_pressure != ""


def _was_typed(state: State) -> bool:
    """Whether the baseline was typed and no live number was ever compared."""
    baseline = state.prepared.answers.get("baseline")
    return baseline is not None and baseline.answer == "typed" and "same_number" not in state.prepared.answers


def status(check: Check, state: State, plan: Plan) -> Status:
    """Where one check stands."""
    if check.key in state.prepared.overrides:
        return "overridden"
    if check.kind == "plan":
        return "passed" if _plan_says(check.key, state, plan) else "failed"
    if check.kind == "form":
        form = form_of(state, plan, check.key, before=True)
        return "passed" if form and is_gone_through(form, state) else "todo"
    found = state.prepared.answers.get(check.key)
    if found is None or (not found.passed and found.answer in UNFINISHED):
        return "todo"
    return "passed" if found.passed else "failed"


def _plan_says(key: str, state: State, plan: Plan) -> bool:
    if key == "plan_confirmed":
        return plan.confirmed is not None
    if key == "thoughts":
        return not state.scores.standing
    if key == "series":
        return not against_series(state, plan)
    gap, least = gap_h(state), plan.series.min_gap_hours
    if gap is None and state.opened is not None and state.opened.record_locked:
        return least is None  # a dose of this morning may stand in there
    return gap is None or least is None or gap >= least


def holds_start(check: Check, stands: Status) -> bool:
    """Whether this check withholds the start. A measured value that failed holds even where it is optional."""
    if stands in ("passed", "overridden"):
        return False
    return check.required or (check.measured and stands == "failed")


def missing(state: State, bedside: Bedside) -> tuple[str, ...]:
    """Keys of the checks that withhold the start, in order."""
    plan = bedside.plan
    return tuple(k.key for k in checks_of(state, bedside) if holds_start(k, status(k, state, plan)))


def start(state: State, bedside: Bedside | None) -> Decision:
    """Start the session, or say which checks are missing. Without a plan there is nothing to check."""
    left = missing(state, bedside) if bedside else ()
    return Refused(Why.CHECKS_MISSING, what=left) if left else [e.SessionStarted()]


def _find(state: State, key: str, bedside: Bedside | None) -> Check | None:
    return next((k for k in checks_of(state, bedside) if k.key == key), None) if bedside else None


# --- answers ----------------------------------------------------------------------------------------------------------


def answer(state: State, command: c.AnswerCheck, now: Stamp, bedside: Bedside | None) -> Decision:
    """One answer of a person: an event whether it passes or not."""
    check = _find(state, command.check, bedside)
    if check is None or bedside is None:
        return Refused(Why.NO_SUCH_CHECK, what=(command.check,))
    if command.answer not in (*check.passes, *check.fails):
        return Refused(Why.NO_SUCH_ANSWER, what=(command.check,))
    if command.answer in check.fails and check.kind != "sound":
        return [e.CheckAnswered(check.key, command.answer, False, command.data)]
    return _BY_KIND.get(check.kind, _ask)(state, command, now, bedside)


def _ask(state: State, command: c.AnswerCheck, now: Stamp, bedside: Bedside) -> Decision:
    data = dict(command.data)
    if command.check == "same_number":
        if bedside.spo2 is None:
            return Refused(Why.NOT_MEASURED, "spo2")
        data["spo2"] = whole(bedside.spo2)
    if command.check == "same_pressure":
        if not state.prepared.sent_pressure:
            return Refused(Why.NOTHING_SENT)
        data["pressure"] = state.prepared.sent_pressure
    return [e.CheckAnswered(command.check, command.answer, True, data)]


def _named(state: State, command: c.AnswerCheck, now: Stamp, bedside: Bedside) -> Decision:
    name = command.data.get("name", "").strip()
    if not name:
        return Refused(Why.NAME_MISSING, "name")
    return [e.CheckAnswered(command.check, command.answer, True, {**command.data, "name": name})]


FASTING = {"solids": "last_solids", "clear_liquids": "last_liquids"}
"""Check -> name of its field, a local time of day ("13:30")."""


def _time(state: State, command: c.AnswerCheck, now: Stamp, bedside: Bedside) -> Decision:
    field = FASTING[command.check]
    offset_min = state.opened.utc_offset_min if state.opened else 0
    at_utc_ns = _time_of_day(command.data.get(field, ""), now.utc_ns, offset_min)
    if isinstance(at_utc_ns, Refused):
        return at_utc_ns
    asked = bedside.plan.checks
    least_h = asked.solids_h if command.check == "solids" else asked.clear_liquids_h
    hours = (now.utc_ns - at_utc_ns) / HOUR_NS
    data = {field: command.data[field].strip(), "at_utc_ns": str(at_utc_ns), "hours": f"{hours:.1f}"}
    return [e.CheckAnswered(command.check, command.answer, hours >= least_h, data)]


def _time_of_day(text: str, now_utc_ns: int, offset_min: int) -> int | Refused:
    """The newest instant at that local time; one just ahead is a slip, any other future one was yesterday."""
    if not text.strip():
        return Refused(Why.EMPTY, "time")
    try:
        typed = datetime.strptime(text.strip(), "%H:%M")  # noqa: DTZ007 - a time of day, placed below
    except ValueError:
        return Refused(Why.IMPOSSIBLE, "time")
    local = datetime.fromtimestamp(now_utc_ns // 10**9, UTC) + timedelta(minutes=offset_min)
    then = local.replace(hour=typed.hour, minute=typed.minute, second=0)
    ahead_ns = round((then - local).total_seconds()) * 10**9
    if 0 < ahead_ns <= AHEAD_NS:
        return Refused(Why.IN_THE_FUTURE, "time")
    return now_utc_ns + (ahead_ns if ahead_ns <= 0 else ahead_ns - DAY_NS)


def _sound(state: State, command: c.AnswerCheck, now: Stamp, bedside: Bedside) -> Decision:
    """The sitter heard a tone (data: tone, without it every tested one), or did not."""
    tone = command.data.get("tone", "")
    if command.answer == "not heard":
        return [e.CheckAnswered("sound", "not heard", False, {"tone": tone} if tone else {})]
    if tone and tone not in LEVELS:
        return Refused(Why.NO_SUCH_ANSWER, "tone")
    tested = state.prepared.tested
    wanted = [t for t in TONES if (t == tone if tone else LEVELS[t] in tested)]
    bad = [t for t in wanted if LEVELS[t] not in tested or tested[LEVELS[t]].trouble]
    if bad or not wanted:
        return Refused(Why.NOT_TESTED, "tone", tuple(bad))
    heard = dict.fromkeys((*state.prepared.heard, *wanted), "")
    data = {t: _level(tested[LEVELS[t]].level_percent) for t in TONES if t in heard}
    return [e.CheckAnswered("sound", "heard" if len(data) == len(TONES) else "in part", len(data) == len(TONES), data)]


def _level(percent: int | None) -> str:
    return "" if percent is None else f"{percent} %"


def _baseline(state: State, command: c.AnswerCheck, now: Stamp, bedside: Bedside) -> Decision:
    """SpO2 and pulse before the dose: what is live now, or what the sitter read off and typed."""
    if command.answer == "typed":
        return _baseline_typed(command, now, bedside)
    if bedside.spo2 is None or bedside.pulse is None:
        return Refused(Why.NOT_MEASURED, "spo2" if bedside.spo2 is None else "pulse")
    return [_baseline_event("take", bedside.spo2, bedside.pulse, bedside.plan)]


def _baseline_typed(command: c.AnswerCheck, now: Stamp, bedside: Bedside) -> Decision:
    numbers = [_number(command.data.get(name, "")) for name in ("spo2", "pulse")]
    if numbers[0] is None or numbers[1] is None:
        return Refused(Why.EMPTY if not all(command.data.get(n) for n in ("spo2", "pulse")) else Why.IMPOSSIBLE, "spo2")
    confirmed = command.data.get("confirmed") == "yes"
    typed = oximetry(c.TypeOximetry(numbers[0], numbers[1], confirmed=confirmed), now)
    if not isinstance(typed, Typed):
        return typed
    event = _baseline_event("typed", numbers[0], numbers[1], bedside.plan)
    return Typed(typed.measurement, typed.utc_ns, (event,))


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text.strip())
    except InvalidOperation:
        return None


def _baseline_event(how: str, spo2: Decimal, pulse: Decimal, plan: Plan) -> e.CheckAnswered:
    """It fails beyond the plan's own alarm limits: an alarm would sound from the first second."""
    limits = plan.limits
    rows: tuple[tuple[str, Delayed | None, Decimal, int], ...] = (
        ("SpO2", limits.spo2_low, spo2, -1),
        ("pulse", limits.pulse_low, pulse, -1),
        ("pulse", limits.pulse_high, pulse, 1),
    )
    beyond = [name for name, limit, value, side in rows if limit and (value - limit.value) * side > 0]
    data = {"spo2": whole(spo2), "pulse": whole(pulse), **({"beyond": ", ".join(beyond)} if beyond else {})}
    return e.CheckAnswered("baseline", how, not beyond, data)


_BY_KIND: dict[str, Callable[[State, c.AnswerCheck, Stamp, Bedside], Decision]] = {
    "time": _time,
    "named": _named,
    "sound": _sound,
    "oximetry": _baseline,
}


def override(state: State, command: c.OverrideCheck, bedside: Bedside | None) -> Decision:
    """Go on although a check failed: a typed reason of ten characters or more, and a name."""
    check = _find(state, command.check, bedside)
    if check is None or bedside is None:
        return Refused(Why.NO_SUCH_CHECK, what=(command.check,))
    rules, reason, by = bedside.plan.checks, command.reason.strip(), command.by.strip()
    if check.key in rules.never_override:
        return Refused(Why.MAY_NOT_OVERRIDE, what=(check.key,))
    if status(check, state, bedside.plan) in ("passed", "overridden"):
        return Refused(Why.NOTHING_TO_OVERRIDE, what=(check.key,))
    if len(reason) < SHORTEST_REASON:
        return Refused(Why.REASON_TOO_SHORT, "reason")
    if not by:
        return Refused(Why.NAME_MISSING, "by")
    if rules.override_by and by.casefold() not in [name.casefold() for name in rules.override_by]:
        return Refused(Why.MAY_NOT_OVERRIDE, "by", rules.override_by)
    return [e.CheckOverridden(check.key, reason, by)]


# --- pressures, which arrive by themselves ----------------------------------------------------------------------------


def pressures_taken(state: State, bedside: Bedside) -> list[Event]:
    """What a newly arrived pressure answers: the first, the second, or a hold until it is measured again."""
    check = _find(state, "pressures", bedside)
    if check is None or status(check, state, bedside.plan) in ("passed", "overridden"):
        return []
    found = _next_pressure(state, bedside)
    if found is None:
        return []
    rules, answered = bedside.plan.checks, state.prepared.answers.get("pressures")
    if rules.hold and is_beyond(found, rules.hold.systolic, rules.hold.diastolic):
        data = {"value": found.text, "first_seq": str(found.seq)}
        seconds = rules.hold.recheck_min * 60
        return [e.CheckAnswered("pressures", "held", False, data), e.HoldBegan("pressures", seconds, found.text)]
    if answered and answered.answer == "first":
        return [e.CheckAnswered("pressures", "measured", True, {**answered.data, **_as_data("second", found)})]
    return [e.CheckAnswered("pressures", "first", False, _as_data("first", found))]


def _next_pressure(state: State, bedside: Bedside) -> Taken | None:
    """The oldest one that counts: after the opening, after the hold, and apart from the one before."""
    answered, hold = state.prepared.answers.get("pressures"), state.prepared.holds.get("pressures")
    from_s = max(state.opened_s, 0.0) if hold is None else hold.until_s
    used = ""
    if answered is not None and answered.answer in ("first", "held"):
        used = answered.data.get("first_seq", "")
        if answered.answer == "first":
            from_s = max(from_s, float(answered.data["first_t_s"]) + bedside.plan.checks.pressures_apart_s)
    elif answered is not None:  # "no", "again": what comes after that answer counts
        from_s = max(from_s, answered.t_s)
    good = (p for p in bedside.pressures if p.seq and not p.doubted and str(p.seq) != used)
    return next((p for p in good if p.t_s >= from_s), None)


def _as_data(name: str, p: Taken) -> dict[str, str]:
    more = {f"{name}_pulse": whole(p.pulse)} if p.pulse is not None else {}
    more |= {f"{name}_mean": whole(p.mean)} if p.mean is not None else {}
    return {
        name: p.text,
        f"{name}_seq": str(p.seq),
        f"{name}_t_s": f"{p.t_s:.3f}",
        f"{name}_utc_ns": str(p.utc_ns),
        f"{name}_how": "typed" if p.typed else "measured",
        **more,
    }
