"""The list of sessions: each with its place in its patient's series, its marks, and what a search looks through."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from kiosk.line.review import Entry, Sign
from kiosk.record.reader import SessionLine
from kiosk.record.summary import Summary
from kiosk.story import SHAPE
from kiosk.text import alarm as alarm_words
from kiosk.text import review as words

_ORDER = {"high": 0, "medium": 1, "low": 2}
MOST_SIGNS = 3


def numbers(lines: Sequence[SessionLine]) -> dict[str, int]:
    """Session id to its place in its patient's series, from 1; lines: the oldest first."""
    found: dict[str, int] = {}
    seen: dict[str, int] = {}
    for line in lines:
        seen[line.patient_id] = seen.get(line.patient_id, 0) + 1
        found[line.session_id] = seen[line.patient_id]
    return found


def began_ns(line: SessionLine) -> int:
    """When it began, nanoseconds of UTC to the millisecond."""
    return round(datetime.fromisoformat(line.started_utc).timestamp() * 1000) * 1_000_000


def entry(line: SessionLine, number: int, summary: Summary | None, is_named: bool = False) -> Entry:
    """One line of the list; without a summary nothing is said of what happened in it. is_named: also whose it is."""
    day = words.day(began_ns(line), line.utc_offset_min)
    overrides = words.overrides(summary.overrides) if summary else ""
    named = line.patient_label if is_named else ""
    detail = ", ".join(x for x in (named, words.dose(line.dose_mg), overrides, words.ended(line.ended_how)) if x)
    notices = tuple(_notices(line, summary))
    signs = tuple(_signs(summary)) if summary else ()
    searched = (line.patient_label, day, line.started_utc[:10], detail, line.medication, line.session_id, line.kind)
    return Entry(
        session_id=line.session_id,
        patient_id=line.patient_id,
        patient=line.patient_label,
        number=number,
        title=day,
        detail=detail,
        notices=", ".join(notices),
        signs=signs,
        flags=tuple(_flags(line, summary)),
        words=" ".join((*searched, *notices, *(sign.words for sign in signs))).lower(),
    )


def _notices(line: SessionLine, summary: Summary | None) -> Iterator[str]:
    if line.simulated:
        yield words.simulated()
    if line.verified == "changed":
        yield words.signer_changed()
    elif line.verified == "unknown":
        yield words.signer_unknown()
    if summary and not summary.limits_confirmed:
        yield words.unconfirmed()


def _signs(summary: Summary) -> Iterator[Sign]:
    ordered = sorted(summary.alarms, key=lambda alarm: (_ORDER.get(alarm.severity, 3), alarm.name))
    for alarm in ordered[: MOST_SIGNS - bool(summary.gaps)]:
        said = words.counted(alarm_words.short(alarm.name), alarm.count, alarm.severity)
        yield Sign(SHAPE.get(alarm.name, "technical"), alarm.severity, said)  # pyright: ignore[reportArgumentType]
    if summary.gaps:
        yield Sign("technical", "none", words.gap_flag(len(summary.gaps), summary.gap_s))


def _flags(line: SessionLine, summary: Summary | None) -> Iterator[str]:
    if line.simulated:
        yield "simulated"
    if line.verified in ("unknown", "changed"):
        yield "signer"
    if summary is None:
        return
    raised = {alarm.severity for alarm in summary.alarms if alarm.count}
    yield from (severity for severity in _ORDER if severity in raised)
    if summary.gaps:
        yield "gaps"
    if summary.overrides:
        yield "override"
    if not summary.limits_confirmed:
        yield "unconfirmed"
