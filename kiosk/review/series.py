"""All sessions of one patient side by side: a table by session, minutes and pressures from one zero, limits to try."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from kiosk.line.review import Cuff, Fact, Minute, Rule, Seal, SeriesCurve, SeriesLine, SeriesView, Zero
from kiosk.record.shelf import Part, Series
from kiosk.record.summary import Summary
from kiosk.review.entries import began_ns
from kiosk.review.study import limits as drawn_limits
from kiosk.session.limits import Delayed, Hard, Limits, Tiered
from kiosk.text import number
from kiosk.text import review as words
from kiosk.text.catalogue import _


def series_view(series: Series, limits: Limits, seals: Sequence[Seal], ready: Sequence[str]) -> SeriesView:
    """The table and the rules. limits: of the newest plan; seals, ready: a session each, in the series' order."""
    parts = series.parts
    lines = tuple(
        _line(part, place, seal, when)
        for place, (part, seal, when) in enumerate(zip(parts, seals, ready, strict=True), 1)
    )
    last = parts[-1].line
    return SeriesView(
        patient_id=series.patient_id,
        patient=last.patient_label,
        words=words.series_words(len(parts), last.plan_author),
        lines=lines,
        limits=drawn_limits(limits),
        rules=tuple(rules(limits)),
        planned=words.as_planned(words.planned_limits(_low(limits), _hard(limits))),
        totals=tuple(_totals(series)),
    )


def _low(limits: Limits) -> str:
    low = limits.spo2_low
    return f"{number(low.value)}, {low.delay_s:g} s" if low else ""


def _hard(limits: Limits) -> str:
    return number(limits.spo2_hard.value) if limits.spo2_hard else ""


def _line(part: Part, place: int, seal: Seal, ready: str) -> SeriesLine:
    line, summary = part.line, part.summary
    lows = [m.spo2.low for minutes in list(part.minutes.values())[:1] for m in minutes if m.spo2]
    pressures = [
        (p.systolic, p.diastolic) for p in summary.pressures if p.systolic is not None and p.diastolic is not None
    ]
    top = max(pressures, default=None)
    counts = summary.severities
    return SeriesLine(
        session_id=line.session_id,
        number=place,
        title=words.day(began_ns(line), line.utc_offset_min),
        dose="–" if line.dose_mg is None else f"{line.dose_mg:g}",
        lowest=f"{min(lows):g}" if lows else "–",
        highest=f"{top[0]:g}/{top[1]:g}" if top else "–",
        ready=ready or "–",
        alarms="/".join(str(counts.get(severity, 0)) for severity in ("high", "medium", "low")),
        valid="–" if summary.valid_share is None else f"{100 * summary.valid_share:.0f} %",
        seal=seal,
        simulated=line.simulated,
    )


def _totals(series: Series) -> Iterator[Fact]:
    counted: Counter[str] = Counter()
    for part in series.parts:
        counted.update(part.summary.severities)
    for severity, label in (("high", _("High priority")), ("medium", _("Medium")), ("low", _("Low"))):
        yield Fact(label, str(counted[severity]), "red" if severity == "high" and counted[severity] else "")
    gaps = sum(len(part.summary.gaps) for part in series.parts)
    yield Fact(_("Gaps"), words.in_all(gaps, sum(p.summary.gap_s for p in series.parts)) if gaps else _("none"))
    yield Fact(_("Overrides"), str(sum(part.summary.overrides for part in series.parts)))
    shares = [100 * p.summary.valid_share for p in series.parts if p.summary.valid_share is not None]
    if shares:
        yield Fact(_("Valid SpO2"), words.share_range(min(shares), max(shares)))
    if series.left_out:
        yield Fact(_("Left out"), words.left_out(series.left_out))


def curve(part: Part, patient_id: str, zero: Zero, limits: Limits) -> SeriesCurve:
    """One session's minutes and pressures counted from the dose or the start; empty where it has no such zero."""
    summary = part.summary
    zero_s = summary.dose_s if zero == "dose" else summary.started_s
    minutes = part.minutes.get(zero, ()) if zero_s is not None else ()
    return SeriesCurve(
        patient_id,
        part.line.session_id,
        zero,
        tuple(
            Minute(m.minute, m.spo2 and m.spo2.low, m.spo2 and m.spo2.median, m.pulse and m.pulse.median)
            for m in minutes
        ),
        tuple(_cuffs(summary, zero_s, limits)) if zero_s is not None else (),
    )


def _cuffs(summary: Summary, zero_s: float, limits: Limits) -> Iterator[Cuff]:
    for p in summary.pressures:
        if p.systolic is None or p.diastolic is None:
            continue
        pairs = ((p.systolic, limits.systolic_high), (p.diastolic, limits.diastolic_high))
        high = any(limit is not None and value >= float(limit.value) for value, limit in pairs)
        yield Cuff(p.t_s - zero_s, p.systolic, p.diastolic, high)


_RULES = (
    ("spo2_low", "SpO2 below", "%"),
    ("spo2_hard", "at once below", "%"),
    ("pulse_low", "pulse below", "/min"),
    ("pulse_high", "pulse above", "/min"),
    ("systolic_high", "systolic from", "mmHg"),
)


def rules(limits: Limits) -> Iterator[Rule]:
    """What can be tried, as the plan has it."""
    for key, label, unit in _RULES:
        limit: Delayed | Hard | Tiered | None = getattr(limits, key)
        value = "" if limit is None else f"{limit.value:g}"
        is_delayed = key not in ("systolic_high", "spo2_hard")
        delay = f"{limit.delay_s:g}" if isinstance(limit, Delayed) else ""
        yield Rule(key, _(label), unit, value, delay if is_delayed else "", is_delayed)


def typed_number(text: str) -> Decimal | None:
    """A number as a person types it, None for nothing. Raises ValueError."""
    if not text:
        return None
    try:
        value = Decimal(text.replace(",", "."))
    except ArithmeticError as error:
        raise ValueError(text) from error
    if not value.is_finite():
        raise ValueError(text)
    return value
