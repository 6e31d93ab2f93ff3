"""Each alarm as what it was (DetectedIssue) and as what was said (Communication), with the limit and who set it."""

from __future__ import annotations

from collections.abc import Iterator

from kiosk.exchange.fhir.case import Case
from kiosk.exchange.fhir.code import HL7, Json, coding, concept
from kiosk.record.occurrence import Occurrence
from kiosk.session.events import Severity
from kiosk.text import title
from kiosk.text.alarm import short
from kiosk.text.export import NOT_CONFIRMED

_SEVERITY = {Severity.HIGH: ("high", "stat"), Severity.MEDIUM: ("moderate", "urgent")}


def alarms(case: Case, trends: list[str]) -> Iterator[Json]:
    """Both resources of each occurrence. trends: names of the trend observations that the bundle holds."""
    for alarm in case.whole.alarms:
        yield _issue(case, alarm, trends)
        yield _said(case, alarm)


def _levels(alarm: Occurrence) -> tuple[str, str]:
    return _SEVERITY.get(alarm.severity, ("low", "routine"))


def _words(case: Case, alarm: Occurrence) -> str:
    """The sentence as it was shown, the limit, and whether a provider answers for it."""
    said = title(alarm.name, alarm.data, case.names)
    if not alarm.limit_text:
        return f"{said}."
    by = "" if case.opened.plan_confirmed else f" ({NOT_CONFIRMED})"
    return f"{said}. {alarm.limit_text}{by}."


def _issue(case: Case, alarm: Occurrence, trends: list[str]) -> Json:
    period = {"start": case.time(alarm.raised_ns)}
    if alarm.cleared_ns is not None:
        period["end"] = case.time(alarm.cleared_ns)
    answered = alarm.acknowledged_ns
    return case.resource(
        "DetectedIssue",
        f"alarm {alarm.seq}",
        status="preliminary" if alarm.cleared_ns is None else "final",
        code=concept(short(alarm.name)),
        severity=_levels(alarm)[0],
        patient=case.ref("patient"),
        identifiedPeriod=period,
        author=case.ref("gateway"),
        implicated=[case.ref(name) for name in trends if name.startswith(f"trend {alarm.name.split('_')[0]} ")],
        detail=_words(case, alarm),
        mitigation=None
        if answered is None
        else [{"action": concept("Taken on by the sitter"), "date": case.time(answered)}],
    )


def _said(case: Case, alarm: Occurrence) -> Json:
    return case.resource(
        "Communication",
        f"alert {alarm.seq}",
        status="completed",
        category=[concept("Alert", coding(f"{HL7}/communication-category", "alert", "Alert"))],
        priority=_levels(alarm)[1],
        subject=case.ref("patient"),
        about=[case.ref(f"alarm {alarm.seq}")],
        encounter=case.ref("session"),
        sent=case.time(alarm.raised_ns),
        received=None if alarm.acknowledged_ns is None else case.time(alarm.acknowledged_ns),
        recipient=[case.ref(case.sitter_at(alarm.raised_ns))],
        sender=case.ref("gateway"),
        payload=[{"contentString": _words(case, alarm)}],
    )
