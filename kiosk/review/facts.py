"""The summary of one session for the provider: what was given, what was measured, how it ended. Numbers as recorded."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from kiosk.line.chart import Bar
from kiosk.line.review import Fact
from kiosk.review.study import Study
from kiosk.session import events as e
from kiosk.session.trend import gaps, valid_share
from kiosk.text import clock_time, number
from kiosk.text import review as words
from kiosk.text.catalogue import _
from kiosk.text.emergency import route_words

AT_40_S, GIVE_S = 40 * 60.0, 10 * 60.0


def facts(study: Study) -> tuple[Fact, ...]:
    """The lines, top to bottom; what never happened says so."""
    opened, state = study.opened, study.desk.state
    given = words.dose(float(opened.dose_mg) if opened.dose_mg is not None else None)
    taken = clock_time(state.dose.at_utc_ns, opened.utc_offset_min) if state.dose else _("not marked")
    return (
        Fact(_("Dose"), f"{given}, {taken}"),
        Fact(_("Route"), route_words(opened.route)),
        *_pressures(study),
        *_below(study),
        Fact(_("Ready"), _since(study, e.ReadyMarked)),
        Fact(_("Released"), _since(study, e.Released)),
        Fact(_("Ended"), _(state.ended_how) if state.ended_how else _("not ended")),
        Fact(_("Valid SpO2"), words.share(share(study))),
    )


def _since(study: Study, kind: type[e.Event]) -> str:
    """When that happened last."""
    found = [row.t_s for row in study.rows if isinstance(row.what, kind)]
    return words.since(found[-1] - study.zero_s, study.has_dose) if found else _("not marked")


def _pressures(study: Study) -> Iterator[Fact]:
    bars, zero_s = study.desk.trace.bars, study.zero_s
    before = [bar for bar in bars if bar.t_s <= zero_s]
    middle = [bar for bar in bars if abs(bar.t_s - zero_s - AT_40_S) <= GIVE_S]
    after = [bar for bar in bars if bar.t_s > zero_s]
    yield _pressure(_("Pressure before"), before[-1:])
    yield _pressure(_("at 40 min"), sorted(middle, key=lambda bar: abs(bar.t_s - zero_s - AT_40_S))[:1])
    yield _pressure(_("last one"), after[-1:])


def _pressure(label: str, bars: list[Bar]) -> Fact:
    if not bars:
        return Fact(label, _("not measured"))
    typed = _(", typed") if bars[0].typed else ""
    return Fact(label, bars[0].label + typed, "red" if bars[0].high else "")


def _below(study: Study) -> Iterator[Fact]:
    limit = study.plan.limits.spo2_low
    if limit is None:
        yield Fact(_("SpO2 limit"), _("no limit set"))
        return
    seconds, first_s = below(study, float(limit.value))
    first = words.since(first_s - study.zero_s, study.has_dose) if first_s is not None else ""
    label = _("Below {limit}").format(limit=number(limit.value))
    yield Fact(label, words.beyond(first, seconds), "red" if seconds else "")


def below(study: Study, limit: float) -> tuple[float, float | None]:
    """Seconds that a valid SpO2 stood below a limit, each until the next reading; and when that was first."""
    stale_s, seconds, first_s = study.plan.limits.stale.gone_s, 0.0, None
    points = [p for p in study.desk.trace.points if not p.typed]
    for point, after in pairwise(points):
        is_below = point.spo2 is not None and point.spo2_quality == "valid" and point.spo2 < limit
        if is_below and after.t_s - point.t_s <= stale_s:
            seconds += after.t_s - point.t_s
            first_s = point.t_s if first_s is None else first_s
    return seconds, first_s


def share(study: Study) -> float | None:
    """Share of the time from start to end that a valid SpO2 covers, None where it was not started."""
    started_s = study.desk.state.started_s
    if started_s is None:
        return None
    points = ((p.t_s, p.spo2_quality == "valid" and p.spo2 is not None) for p in study.desk.trace.points if not p.typed)
    return valid_share(points, started_s, study.end_s, study.plan.limits.stale.gone_s)


def gap_lengths(study: Study) -> list[float]:
    """Each stretch without a usable SpO2 from start to end, in seconds."""
    started_s = study.desk.state.started_s
    if started_s is None:
        return []
    points = ((p.t_s, p.spo2 is not None) for p in study.desk.trace.points if not p.typed and p.t_s >= started_s)
    return [to_s - from_s for from_s, to_s in gaps(points, study.end_s, study.plan.limits.stale.gone_s, started_s)]
