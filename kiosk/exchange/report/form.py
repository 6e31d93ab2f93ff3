"""The first page: the fields of the esketamine programme's monitoring form, filled from the record and nothing else.

What nobody recorded says so; what only a provider can judge is left to a pen.
"""

from __future__ import annotations

from collections.abc import Iterator

from kiosk.exchange.block import Block, beside, plain, rule, space, stack
from kiosk.exchange.report import effect, measured
from kiosk.exchange.report.case import Case
from kiosk.exchange.report.first import first
from kiosk.exchange.report.sheets import FAINT, GAP, SMALL_PT, Cell, Sheets
from kiosk.exchange.report.trace import NS
from kiosk.session import events as e
from kiosk.session.bedside import Taken, is_beyond, whole
from kiosk.session.limits import Limits
from kiosk.session.state import Stage
from kiosk.text import duration
from kiosk.text import report as words
from kiosk.text import report_form as names
from kiosk.text.emergency import route_words
from kiosk.text.happening import label
from kiosk.text.preparation import check_title
from kiosk.text.report_list import sections

_LABEL, _WIDE_LABEL = 30.0, 44.0  # mm
_JUDGED = ("baseline", "pressures")


def form(case: Case, sheets: Sheets) -> None:
    """All of it, from the top of the first page."""
    _urgent(case, sheets)
    _summary(case, sheets)
    _vital_signs(case, sheets)
    _effects(case, sheets)
    _adverse(case, sheets)
    _overrides(case, sheets)
    sheets.gap(GAP)
    sheets.add(_pen(sheets))


def moment(case: Case, utc_ns: int | None) -> str:
    """An instant in words; "not recorded" for none."""
    return words.not_recorded() if utc_ns is None else words.moment(case.clock(utc_ns), case.minute(utc_ns))


def _urgent(case: Case, sheets: Sheets) -> None:
    found = [f"{_when_or_day(case, one.utc_ns)}: {one.text}" for one in first(case)]
    if found:
        sheets.plate([words.first_title(), *found])
        sheets.gap()


def _when_or_day(case: Case, utc_ns: int) -> str:
    """Minutes say nothing of an answer days later."""
    if utc_ns <= case.until_ns:
        return moment(case, utc_ns)
    return f"{case.day(utc_ns)} {case.clock(utc_ns)}"


def _summary(case: Case, sheets: Sheets) -> None:
    half = (sheets.width - 2 * GAP) / 2
    left = sheets.facts(_who(case), half, _LABEL)
    right = sheets.facts(_what(case), half, _LABEL)
    if max(left.height, right.height) < sheets.whole:
        sheets.add(beside(((0, left), (half + 2 * GAP, right))))
        return
    for name, value in (*_who(case), *_what(case)):  # names that nobody can have
        sheets.paragraph(f"{name}: {value}")


def _who(case: Case) -> Iterator[tuple[str, str]]:
    plan, opened, none = case.plan, case.opened, words.not_recorded()
    yield names.patient(), opened.patient_label or none
    if plan is not None and plan.patient.card_name:
        yield names.full_name(), plan.patient.card_name
    yield names.patient_id(), opened.patient_id or none
    read = next((row.what for row in case.events if isinstance(row.what, e.SeriesRead)), None)
    if read is not None:
        yield names.earlier(), words.earlier(len(read.sessions))
    yield names.sitter(), ", ".join(name for name in case.told.sitter_names if name) or none
    yield names.provider(), opened.plan_confirmed or _provider(case) or none
    yield names.place(), plan.contacts.address if plan and plan.contacts.address else none
    if plan is not None:
        yield names.other_medicines(), ", ".join(plan.patient.medications) or names.none_in_plan()
        yield names.allergies(), ", ".join(plan.patient.allergies) or names.none_in_plan()


def _provider(case: Case) -> str:
    """Who set the limits, where nobody confirmed them."""
    author = case.opened.plan_author
    return names.not_confirmed_by(author) if author else ""


def _what(case: Case) -> Iterator[tuple[str, str]]:
    opened, state, none = case.opened, case.state, words.not_recorded()
    amount = "" if opened.dose_mg is None else whole(opened.dose_mg)
    yield names.medicine(), opened.medication or none
    yield names.dose(), words.dose(amount, route_words(opened.route))
    yield names.lot(), case.plan.medication.lot if case.plan and case.plan.medication.lot else none
    yield names.taken(), case.clock(state.dose.at_utc_ns) if state.dose else none
    yield names.started(), none if state.started_s is None else case.clock(case.utc_ns(state.started_s))
    yield names.ready(), moment(case, state.ladder.ready_utc_ns)
    yield names.released(), moment(case, state.ladder.released_utc_ns)
    yield names.ended(), _ended(case)
    yield names.monitored(), _monitored(case)


def _ended(case: Case) -> str:
    if case.state.stage is not Stage.ENDED or case.whole.ended_ns is None:
        return names.not_ended()
    return f"{moment(case, case.whole.ended_ns)} ({case.state.ended_how})"


def _monitored(case: Case) -> str:
    dose = case.state.dose
    if dose is None:
        return words.not_recorded()
    return words.span_min((case.until_ns - dose.at_utc_ns) / NS / 60)


# --- vital signs ------------------------------------------------------------------------------------------------------


def pressure(taken: Taken) -> str:
    """One in words."""
    mean = "" if taken.mean is None else whole(taken.mean)
    pulse = "" if taken.pulse is None else whole(taken.pulse)
    return words.pressure(taken.text, mean, pulse, words.pressure_remarks(taken.typed, taken.doubted))


def _vital_signs(case: Case, sheets: Sheets) -> None:
    sheets.title(sections()["pressures"])
    found = measured.pressures(case)
    rows = [
        (names.pressure_before(), _pressed(case, found.before)),
        (names.pressure_at_40(), _pressed(case, found.at_40)),
        (names.pressure_leaving(case.state.ladder.released_utc_ns is not None), _pressed(case, found.leaving)),
        (names.pressure_highest(), _pressed(case, measured.highest(case))),
        (names.baseline(), _baseline(case)),
        (names.acceptable_before(), _acceptable(case)),
        (names.acceptable_leaving(), _met(case)),
        (names.lowest_spo2(), _lowest(case)),
    ]
    for name, value in rows:
        sheets.add(sheets.facts([(name, value)], sheets.width, _WIDE_LABEL))
        sheets.gap(0.7)
    value, of_what = _share(case)
    sheets.add(sheets.facts([(names.valid_spo2(), value)], sheets.width, _WIDE_LABEL))
    if of_what:
        sheets.add(sheets.block(of_what, sheets.width - _WIDE_LABEL, SMALL_PT), _WIDE_LABEL)


def _pressed(case: Case, taken: Taken | None) -> str:
    if taken is None:
        return words.not_recorded()
    limits = case.plan.limits if case.plan else Limits()
    upper, lower = limits.systolic_high, limits.diastolic_high
    beyond = is_beyond(taken, None if upper is None else upper.value, None if lower is None else lower.value)
    said = f"{pressure(taken)}; {moment(case, taken.utc_ns)}"
    return f"{said}; {words.beyond()}" if beyond else said


def _acceptable(case: Case) -> str:
    answers = case.state.prepared.answers
    passed = {key: answers[key].passed if key in answers else None for key in _JUDGED}
    overridden = [row.what.check for row in case.events if isinstance(row.what, e.CheckOverridden)]
    return words.before_dose(passed, overridden)


def _met(case: Case) -> str:
    ready_ns = case.state.ladder.ready_utc_ns
    return words.not_recorded() if ready_ns is None else words.rules_met(case.clock(ready_ns))


def _lowest(case: Case) -> str:
    found = measured.lowest_spo2(case)
    return words.not_recorded() if found is None else words.lowest(whole(found[0]), moment(case, found[1]))


def _baseline(case: Case) -> str:
    prepared = case.state.prepared
    return (
        words.baseline(prepared.value("baseline", "spo2"), prepared.value("baseline", "pulse")) or words.not_recorded()
    )


def _share(case: Case) -> tuple[str, str]:
    """The share, and of what."""
    found = measured.share(case)
    if found is None:
        return words.not_recorded(), ""
    start, end = case.clock(found.from_ns), case.clock(found.until_ns)
    return words.percent(found.valid), words.share(found.valid, found.usable, start, end, case.stale_s)


# --- effects, events, overrides ---------------------------------------------------------------------------------------


def _effects(case: Case, sheets: Sheets) -> None:
    sheets.title(sections()["effects"])
    asleep, breathes = effect.sedation(case), effect.breathing(case)
    called = words.effects()
    told = (
        (called[0], words.occurred, asleep, words.sedation(asleep.seen, asleep.checks)),
        (called[1], words.occurred, effect.Effect(None), words.dissociation()),
        (called[2], words.signs, breathes, words.breathing(breathes.seen, breathes.checks)),
    )
    rows = [
        (name, Cell(say(one.occurred), True), _when(case, one, one.onset_ns), _over(case, one), more)
        for name, say, one, more in told
    ]
    sheets.table(words.effects_heads(), (30, 26, 32, 32, 66), rows)


def _when(case: Case, one: effect.Effect, utc_ns: int | None) -> str:
    return words.DASH if one.occurred is not True else moment(case, utc_ns)


def _over(case: Case, one: effect.Effect) -> str:
    return _when(case, one, one.resolved_ns)


def _adverse(case: Case, sheets: Sheets) -> None:
    sheets.title(sections()["adverse"])
    rows = sorted((h.utc_ns, h) for h in case.state.happenings)
    for utc_ns, happened in rows:
        over = "" if happened.closed_s is None else names.over_after(duration(happened.closed_s - happened.t_s))
        sheets.paragraph(f"{moment(case, utc_ns)}: {label(happened.kind)}{over}", heavy=True)
    if not rows:
        sheets.paragraph(words.no_adverse())
    sheets.paragraph(words.serious(), SMALL_PT, grey=FAINT)


def _overrides(case: Case, sheets: Sheets) -> None:
    sheets.title(sections()["overrides"])
    rows = [row for row in case.events if isinstance(row.what, e.CheckOverridden)]
    for row in rows:
        assert isinstance(row.what, e.CheckOverridden)
        title = check_title(row.what.check, case.opened.patient_label)
        said = words.override(row.what.by, title, row.what.reason)
        sheets.paragraph(f"{case.clock(row.stamp.utc_ns)}: {said}", heavy=True)
    if not rows:
        sheets.paragraph(words.none_recorded())


def _pen(sheets: Sheets) -> Block:
    """Three lines for a pen."""
    third = sheets.width / 3
    cells = [
        (
            i * third,
            stack((space(7), rule(sheets.doc, third - GAP, 0.2), plain(sheets.doc, name, third, SMALL_PT, grey=FAINT))),
        )
        for i, name in enumerate(words.pen())
    ]
    return beside(cells)
