"""What happened in a session, for the list beside the chart: alarms from raised to cleared, calls, overrides, notes."""

from __future__ import annotations

from collections.abc import Iterator

from kiosk.line.review import Happening, Kind
from kiosk.line.tile import Severity
from kiosk.record.occurrence import Occurrence
from kiosk.record.remark import Read
from kiosk.review.study import Study, Told
from kiosk.session import events as e
from kiosk.story import SHAPE
from kiosk.text import alarm as alarm_words
from kiosk.text import clock_time
from kiosk.text import review as words
from kiosk.text.preparation import check_title

_SEVERITY: dict[int, Severity] = {0: "none", 1: "low", 2: "medium", 3: "high"}
_KINDS: dict[type, Kind] = {
    e.NoteAdded: "note",
    e.HappeningTapped: "note",
    e.SessionStarted: "phase",
    e.DoseMarked: "phase",
    e.PhaseMarked: "phase",
    e.ReadyMarked: "phase",
    e.Released: "phase",
}
_ELSEWHERE = (e.SitterCalled, e.CheckOverridden)  # told as lines of their own kind


def happenings(study: Study, remarks: tuple[Read, ...]) -> list[Happening]:
    """All lines, in order of time."""
    made = [*_alarms(study), *_calls(study), *_overrides(study), *_story(study), *_remarks(study, remarks)]
    return sorted(made, key=lambda line: line.t_s)


def _line(study: Study, t_s: float, utc_ns: int, kind: Kind, text: str, **more: str) -> Happening:
    at = clock_time(utc_ns, study.opened.utc_offset_min, with_seconds=True)
    since = words.since(t_s - study.zero_s, study.has_dose)
    severity = more.get("severity", "none")
    return Happening(t_s, at, since, kind, more.get("shape", ""), severity, text, more.get("detail", ""))  # pyright: ignore[reportArgumentType]


def _alarms(study: Study) -> Iterator[Happening]:
    for one in study.alarms:
        raised_s = one.raised_s
        acknowledged_s = None if one.acknowledged_ns is None else (one.acknowledged_ns - one.raised_ns) / 1e9
        cleared_s = None if one.cleared_ns is None else (one.cleared_ns - one.raised_ns) / 1e9
        worst = _worst(study, one, raised_s, raised_s + cleared_s if cleared_s is not None else study.end_s)
        title = alarm_words.short(one.name) + (f", {worst}" if worst else "")
        detail = "; ".join(x for x in (words.lasted(cleared_s), words.answered(acknowledged_s), one.limit_text) if x)
        shape = SHAPE.get(one.name, "technical")
        severity = _SEVERITY[int(one.severity)]
        yield _line(study, raised_s, one.raised_ns, "alarm", title, shape=shape, severity=severity, detail=detail)


def _worst(study: Study, one: Occurrence, from_s: float, to_s: float) -> str:
    """The worst valid value while it stood, "" for an alarm that is about none."""
    if one.name.startswith("spo2"):
        values = [p.spo2 for p in study.desk.trace.points if from_s <= p.t_s <= to_s and p.spo2_quality == "valid"]
    elif one.name in ("pulse_low", "pulse_high"):
        values = [p.pulse for p in study.desk.trace.points if from_s <= p.t_s <= to_s and p.pulse_quality == "valid"]
    else:
        return one.data.get("value", "") if one.name.startswith("pressure") else ""
    known = [value for value in values if value is not None]
    if not known:
        return ""
    return words.worst(one.name, f"{(max if one.name.endswith('high') else min)(known):g}")


def _calls(study: Study) -> Iterator[Happening]:
    called: tuple[float, int, str] | None = None
    for row in study.rows:
        if isinstance(row.what, e.SitterCalled) and called is None:
            called = row.t_s, row.stamp.utc_ns, row.text
        elif isinstance(row.what, e.CallAnswered) and called is not None:
            yield _call(study, called, row.t_s - called[0])
            called = None
        elif isinstance(row.what, e.CallEnded) and called is not None:
            yield _call(study, called, None)
            called = None
    if called is not None:
        yield _call(study, called, None)


def _call(study: Study, called: tuple[float, int, str], after_s: float | None) -> Happening:
    t_s, utc_ns, text = called
    return _line(study, t_s, utc_ns, "call", text, shape="call", detail=words.answered(after_s))


def _overrides(study: Study) -> Iterator[Happening]:
    for row in study.rows:
        if isinstance(row.what, e.CheckOverridden):
            title, detail = check_title(row.what.check), f"“{row.what.reason}” {row.what.by}"
            yield _line(
                study,
                row.t_s,
                row.stamp.utc_ns,
                "override",
                words.overridden(title),
                shape="technical",
                severity="low",
                detail=detail,
            )


def _story(study: Study) -> Iterator[Happening]:
    """The sentences as they were shown; what was taken back is not among them (it stays in the record)."""
    for told in study.told:
        if told.line.seq not in study.desk.story.withdrawn and not isinstance(told.event, _ELSEWHERE):
            kind = _kind(told)
            more = (
                {"shape": "note"}
                if kind == "note"
                else {"shape": "dose"}
                if isinstance(told.event, e.DoseMarked)
                else {}
            )
            yield _line(study, _moved(study, told), told.line.utc_ns, kind, told.line.text, **more)


def _kind(told: Told) -> Kind:
    return "note" if told.line.note else _KINDS.get(type(told.event), "other")


def _moved(study: Study, told: Told) -> float:
    """Where it happened, when its time was corrected since."""
    act = next((act for act in study.desk.state.acts if act.seq == told.line.seq), None)
    return told.t_s if act is None else act.t_s


def _remarks(study: Study, remarks: tuple[Read, ...]) -> Iterator[Happening]:
    for one in remarks:
        remark = one.remark
        t_s = study.end_s if remark.t_s is None else remark.t_s
        detail = words.remark(remark.author, words.day(remark.utc_ns, study.opened.utc_offset_min), one.problem)
        made = _line(study, t_s, remark.utc_ns, "provider", remark.text, shape="note", detail=detail)
        yield made if remark.t_s is not None else _whole(made)


def _whole(line: Happening) -> Happening:
    """About the session as a whole: it has a place at the end and no time of its own."""
    return Happening(line.t_s, line.at, "", line.kind, line.shape, line.severity, line.text, line.detail)


def mark_of(line: Happening) -> str:
    """Label of a note's mark on the chart."""
    return line.text[:24]
