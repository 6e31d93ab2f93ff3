"""One session as the window shows it: heading, seal, phases, marks, limits, facts; lines and curves in pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kiosk.line.chart import Mark
from kiosk.line.review import Curves, Happening, Lines, Seal, SessionView, WaveRun
from kiosk.record.reader import SessionLine, WaveformRow
from kiosk.record.remark import Read
from kiosk.review import facts
from kiosk.review.happenings import happenings
from kiosk.review.study import Study, limits, marked, planned
from kiosk.text import clock_time
from kiosk.text import review as words

LINES_A_PAGE = 200
MOST_SAMPLES = 20_000


def session_view(
    study: Study, line: SessionLine, number: int, of: int, seal: Seal, remarks: tuple[Read, ...]
) -> SessionView:
    """Everything but lines and curves. number, of: its place in the patient's series."""
    opened, stale = study.opened, study.plan.limits.stale
    first = clock_time(study.opened_ns, opened.utc_offset_min)
    last_ns = study.opened_ns + round((study.end_s - study.start_s) * 1e9)
    span = words.span(first, clock_time(last_ns, opened.utc_offset_min), line.ended_utc is not None)
    marks = study.desk.story.shown_marks()
    return SessionView(
        session_id=opened.session_id,
        title=words.session_title(number),
        when=f"{words.day(study.opened_ns, opened.utc_offset_min)}, {span}",
        patient=opened.patient_label,
        series=words.series_words(of, opened.plan_author),
        seal=seal,
        tags=tuple(_tags(study)),
        origin_utc_ms=(study.opened_ns - round(study.start_s * 1e9)) // 1_000_000,
        offset_min=opened.utc_offset_min,
        zero_s=study.zero_s,
        has_dose=study.has_dose,
        start_s=study.start_s,
        end_s=study.end_s,
        ageing_after_s=stale.ageing_s,
        gone_after_s=stale.gone_s,
        simulated=opened.simulated,
        planned=planned(study),
        marked=marked(study),
        marks=tuple(m for m in marks if m.shape != "note"),
        notes=(*(m for m in marks if m.shape == "note"), *_remarked(study, remarks)),
        limits=limits(study.plan.limits),
        facts=facts.facts(study),
        gaps=words.gaps(facts.gap_lengths(study)),
        has_wave=study.has_wave,
        file_stem=f"{line.started_utc[:10]}-{opened.session_id}",
    )


def _tags(study: Study) -> Iterator[str]:
    opened = study.opened
    if opened.simulated:
        yield words.simulated()
    if opened.speed != 1:
        yield words.sped(opened.speed)
    if not opened.plan_confirmed:
        yield words.not_confirmed()
    if not study.is_plan_read:
        yield words.plan_not_read()


def _remarked(study: Study, remarks: tuple[Read, ...]) -> Iterator[Mark]:
    for one in remarks:
        t_s = study.end_s if one.remark.t_s is None else one.remark.t_s
        yield Mark(t_s, "note", "none", f"{one.remark.author}: {one.remark.text[:24]}")


def lines(study: Study, remarks: tuple[Read, ...]) -> Iterator[Lines]:
    """What happened, in pages."""
    found = happenings(study, remarks)
    session_id = study.opened.session_id
    starts = range(0, len(found), LINES_A_PAGE) or range(1)
    for start in starts:
        page: Sequence[Happening] = found[start : start + LINES_A_PAGE]
        yield Lines(session_id, tuple(page), reset=start == 0, more=start != starts[-1])


def curves(study: Study) -> Iterator[Curves]:
    """The sitter's own trace, in pages."""
    return (Curves(study.opened.session_id, page) for page in study.desk.trace.pages())


def wave_runs(rows: Iterator[WaveformRow], from_s: float, to_s: float) -> tuple[WaveRun, ...]:
    """The waveform between two seconds; a hole stays one. rows: in order, from before from_s on."""
    kept: list[WaveformRow] = []
    samples = 0
    for row in rows:
        if row.t_s > to_s or samples > MOST_SAMPLES:
            break
        if row.t_s + len(row.block.samples) / row.block.rate_hz >= from_s:
            kept.append(row)
            samples += len(row.block.samples)
    return tuple(WaveRun(row.t_s, row.block.rate_hz, row.block.full_scale, row.block.samples) for row in kept)
