"""What the chart draws: points, pressures, spans, phases, marks and limits; the trend and the pulse wave."""

from __future__ import annotations

from typing import Literal

import msgspec

from kiosk.line.tile import Severity


class Phase(msgspec.Struct, frozen=True):
    """One block of the phase lane, in seconds of session time. marked: filled; else planned, dashed.

    key: the phase's key in the plan, so that the sitter can mark it; "" when it cannot be marked.
    """

    name: str
    start_s: float
    end_s: float
    marked: bool
    current: bool = False
    key: str = ""


class Mark(msgspec.Struct, frozen=True):
    """One mark above the plots. shape: low, high, technical, call, note, dose. severity decides the fill."""

    t_s: float
    shape: Literal["low", "high", "technical", "call", "note", "dose"]
    severity: Severity
    label: str


class LimitLine(msgspec.Struct, frozen=True):
    """One dashed line: plot spo2, pulse or pressure; text at the right end ("low 90"); author on hover."""

    plot: Literal["spo2", "pulse", "pressure"]
    value: float
    side: Literal["low", "high"]
    text: str
    author: str


class Point(msgspec.Struct, frozen=True, array_like=True):
    """One oximeter reading on the chart. None: no valid number. quality: valid, questionable, invalid, ...

    typed marks a value entered by hand (own mark, never joined to the curve).
    """

    t_s: float
    spo2: float | None
    spo2_quality: str
    pulse: float | None
    pulse_quality: str
    typed: bool = False


class Bar(msgspec.Struct, frozen=True, array_like=True):
    """One blood pressure on the chart; high: over a limit."""

    t_s: float
    systolic: float
    diastolic: float
    mean: float | None
    typed: bool
    high: bool
    label: str


class Span(msgspec.Struct, frozen=True, array_like=True):
    """A stretch of session time, e.g. the cuff inflating on the probe's arm."""

    start_s: float
    end_s: float


class Trend(msgspec.Struct, frozen=True, tag="trend"):
    """Points for the chart. reset: forget what you have (first page of a history). more: another page follows.

    others: of a source that is compared and not judged (a strap's pulse), drawn thin.
    """

    points: tuple[Point, ...] = ()
    bars: tuple[Bar, ...] = ()
    cuff: tuple[Span, ...] = ()
    reset: bool = False
    more: bool = False
    others: tuple[Point, ...] = ()


class Sweep(msgspec.Struct, frozen=True, tag="sweep"):
    """The newest stretch of the judged oximeter's pulse wave, as it was sent. Thrown away where the screen is slow.

    first: running number of its first sample, counted through holes, so that a jump is a gap of its true length.
    rate_hz: samples a second; full_scale: the most that a sample can be; None: the device had no sample.
    """

    first: int
    rate_hz: float
    full_scale: int
    samples: tuple[int | None, ...]
