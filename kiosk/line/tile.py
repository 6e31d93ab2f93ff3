"""The value tiles of the sitter's pane: newest numbers with their age, quality and limits, as text to be shown."""

from __future__ import annotations

from typing import Literal

import msgspec

Severity = Literal["none", "low", "medium", "high"]


class Tile(msgspec.Struct, frozen=True):
    """SpO2 or pulse. state decides the drawing:

    live (solid) - ageing (over 5 s: outlined, age shown) - gone (over 15 s: two bars, `last` outlined) -
    invalid (finger off: two bars) - off (no device; `note` says who decided) - waiting (no reading yet).
    number: text to show, "" when there is none. last: last valid number, "" if none. age_s: of number or last.
    answered: somebody is on every alarm of this severity on it; the marker stands still.
    questionable: number gets "~", `note` says why. severity: alarm on this value (tile plate). limits: shown small.
    """

    state: Literal["live", "ageing", "gone", "invalid", "off", "waiting"]
    number: str = ""
    last: str = ""
    age_s: float | None = None
    questionable: bool = False
    severity: Severity = "none"
    answered: bool = False
    limits: tuple[str, ...] = ()  # ("low 90", "hard 85")
    note: str = ""  # "Good signal", "Finger is out of the probe", ...
    count: int = 0  # readings so far: moves with each reading, stands still when data do
    unread: str = ""  # why no device can bring a number now ("Bluetooth is off"): typing is offered


class PressureTile(msgspec.Struct, frozen=True):
    """Blood pressure. state: none yet, fresh, old (outside its window), due, late, inflating, off."""

    state: Literal["none", "fresh", "old", "due", "late", "inflating", "off"]
    systolic: str = ""
    diastolic: str = ""
    mean: str = ""
    at: str = ""  # local time "21:43"
    age: str = ""  # "27 min ago"
    next: str = ""  # "Next 22:02", "Due now, until 21:47"
    cuff: str = ""  # momentary cuff pressure while inflating
    typed: bool = False
    severity: Severity = "none"
    note: str = ""
