"""What is marked on the time axis and listed behind the chart: alarms, events, notes, each with its number. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from kiosk.exchange.report.case import Case
from kiosk.exchange.source import Occurrence
from kiosk.session import events as e
from kiosk.session.correction import Act
from kiosk.session.events import Severity

Shape = Literal["down", "up", "diamond", "ring", "square", "dose"]
LOW = ("spo2_low", "spo2_very_low", "spo2_area", "pulse_low", "breaths_low")
HIGH = ("pulse_high", "pressure_high", "breaths_high")


class Mark(msgspec.Struct, frozen=True):
    """label: "A1", "E2", "N3". severity: of an alarm. text: the sentence as it was shown. until_ns: end of an alarm."""

    label: str
    lane: Literal["alarms", "events", "notes"]
    shape: Shape
    utc_ns: int
    t_s: float
    text: str = ""
    severity: Severity = Severity.NONE
    alarm: Occurrence | None = None


_ACTS = (e.HappeningTapped, e.ResponseRecorded, e.BreathsCounted, e.PressureSkipped, e.HelpUpBegan, e.DoseMarked)
_MOMENTS = (
    e.SitterCalled,
    e.CallAnswered,
    e.EmergencyCardShown,
    e.EmergencyCalled,
    e.SessionStarted,
    e.SitterChanged,
    e.StandingBegan,
    e.StandAnswered,
    e.ReadyMarked,
    e.Released,
    e.SessionEnded,
)


def alarms(case: Case) -> tuple[Mark, ...]:
    """Every alarm, in the order in which it was raised."""
    return tuple(
        Mark(f"A{n}", "alarms", _shape(a.name), a.raised_ns, case.second(a.raised_ns), "", a.severity, a)
        for n, a in enumerate(case.whole.alarms, 1)
    )


def _shape(alarm: str) -> Shape:
    return "down" if alarm in LOW else "up" if alarm in HIGH else "diamond"


def events(case: Case) -> tuple[Mark, ...]:
    """What the sitter saw and did, and the steps of the session, by when they happened; nothing taken back."""
    return _numbered("E", "events", sorted(_happened(case)))


def notes(case: Case) -> tuple[Mark, ...]:
    """Notes that count."""
    found: list[tuple[int, float, str, Shape]] = [
        (a.utc_ns, a.t_s, a.event.text, "square") for a in _counting(case) if isinstance(a.event, e.NoteAdded)
    ]
    return _numbered("N", "notes", sorted(found))


def _numbered(
    letter: str, lane: Literal["events", "notes"], found: list[tuple[int, float, str, Shape]]
) -> tuple[Mark, ...]:
    return tuple(
        Mark(f"{letter}{n}", lane, shape, utc_ns, t_s, text) for n, (utc_ns, t_s, text, shape) in enumerate(found, 1)
    )


def _counting(case: Case) -> Iterator[Act]:
    return (act for act in case.state.acts if not act.withdrawn)


def _happened(case: Case) -> Iterator[tuple[int, float, str, Shape]]:
    told = {row.seq: row.text for row in case.events}
    for act in _counting(case):
        if isinstance(act.event, _ACTS):
            shape: Shape = "dose" if isinstance(act.event, e.DoseMarked) else "ring"
            yield act.utc_ns, act.t_s, told.get(act.seq, ""), shape
    for row in case.events:
        if isinstance(row.what, _MOMENTS):
            yield row.stamp.utc_ns, row.t_s, row.text, "ring"
