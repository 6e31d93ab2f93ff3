"""What the review's process and the provider's window say to each other: sessions down, wishes up, no more.

The window draws what it is told and opens no file. Curves come as the same `Trend` pages as to the sitter's chart.
Nothing of a file that did not verify is ever sent as data.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from kiosk.line.chart import LimitLine, Mark, Phase, Trend
from kiosk.line.screen import Leave, Pictured, PinAnswer, ScreenTrouble
from kiosk.line.tile import Severity

Format = Literal["archive", "pdf", "csv", "fhir"]
Kind = Literal["alarm", "call", "note", "provider", "override", "phase", "other"]
Zero = Literal["dose", "started"]
FLAGS = ("high", "medium", "low", "gaps", "override", "unconfirmed", "signer", "simulated")
"""By what a list can be narrowed; `Entry.flags` holds those that are true of a session."""


class Opening(msgspec.Struct, frozen=True, tag="opening"):
    """First message. source: what is looked at, in words. pin: nothing else comes before the sitter's PIN was typed.

    note_why: why no notes can be added here, "" where they can. text_percent: size of the words, 100 to 150.
    """

    source: str
    pin: bool = False
    note_why: str = ""
    text_percent: int = 100


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """What was given cannot be shown as data: why, a sentence each. is_altered: it is not what was signed."""

    name: str
    reasons: tuple[str, ...]
    is_altered: bool = False


class Sign(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One small mark of a session in the list, and its words."""

    shape: Literal["low", "high", "technical", "call", "note", "dose"]
    severity: Severity
    words: str


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One session of the list. number: its place in the patient's series, from 1. words: what a search looks through.

    detail: dose and overrides; notices: what must be known before it is read (simulated, signer, limits), short.
    """

    session_id: str
    patient_id: str
    patient: str
    number: int
    title: str
    detail: str
    notices: str
    signs: tuple[Sign, ...]
    flags: tuple[str, ...]
    words: str


class Shelf(msgspec.Struct, frozen=True, tag="shelf"):
    """A page of the list, the newest last. reset: the first page; more: another page follows."""

    entries: tuple[Entry, ...]
    reset: bool = False
    more: bool = False


class Seal(msgspec.Struct, frozen=True):
    """Whether a session is what was recorded, and by whom. good: known signer; unknown, changed: look; bad: altered."""

    state: Literal["checking", "good", "unknown", "changed", "bad"]
    words: str
    detail: str = ""


class Fact(msgspec.Struct, frozen=True, array_like=True):
    """One line of the summary. tone "red": beyond a limit."""

    label: str
    value: str
    tone: Literal["", "red"] = ""


class Happening(msgspec.Struct, frozen=True, array_like=True):
    """One line beside the chart. t_s: session second; at: local time; since: from the dose; detail: a second line."""

    t_s: float
    at: str
    since: str
    kind: Kind
    shape: str
    severity: Severity
    text: str
    detail: str = ""


class SessionView(msgspec.Struct, frozen=True, tag="session"):
    """One session but for its curves and its lines. zero_s: second of the dose, or of the start (`has_dose` False)."""

    session_id: str
    title: str
    when: str
    patient: str
    series: str
    seal: Seal
    tags: tuple[str, ...]
    origin_utc_ms: int
    offset_min: int
    zero_s: float
    has_dose: bool
    start_s: float
    end_s: float
    ageing_after_s: float
    gone_after_s: float
    simulated: bool
    planned: tuple[Phase, ...]
    marked: tuple[Phase, ...]
    marks: tuple[Mark, ...]
    notes: tuple[Mark, ...]
    limits: tuple[LimitLine, ...]
    facts: tuple[Fact, ...]
    gaps: str
    has_wave: bool
    file_stem: str  # name of its files: the day and its id


class Sealed(msgspec.Struct, frozen=True, tag="sealed"):
    """Every row of a session was looked at: what its header says from now on."""

    session_id: str
    seal: Seal


class Lines(msgspec.Struct, frozen=True, tag="lines"):
    """A page of what happened in a session, in order of time."""

    session_id: str
    lines: tuple[Happening, ...]
    reset: bool = False
    more: bool = False


class Curves(msgspec.Struct, frozen=True, tag="curves"):
    """A page of a session's curves."""

    session_id: str
    trend: Trend


class WaveRun(msgspec.Struct, frozen=True, array_like=True):
    """A stretch of waveform without a hole. t_s: second of its first sample; None: the device had no sample."""

    t_s: float
    rate_hz: float
    full_scale: int
    samples: tuple[int | None, ...]


class Wave(msgspec.Struct, frozen=True, tag="wave"):
    """The waveform from `from_s` to `to_s`; () where none was recorded."""

    session_id: str
    from_s: float
    to_s: float
    runs: tuple[WaveRun, ...]


class Minute(msgspec.Struct, frozen=True, array_like=True):
    """One minute of a session, as measured: lowest and middle valid SpO2, middle valid pulse; None: no valid one."""

    minute: int
    spo2_low: float | None
    spo2: float | None
    pulse: float | None


class Cuff(msgspec.Struct, frozen=True, array_like=True):
    """One blood pressure of a series. t_s: seconds from the same zero as the minutes."""

    t_s: float
    systolic: float
    diastolic: float
    high: bool


class SeriesLine(msgspec.Struct, frozen=True):
    """One session of a series, as it stands in the table; words and numbers ready to be shown."""

    session_id: str
    number: int
    title: str
    dose: str
    lowest: str
    highest: str
    ready: str
    alarms: str
    valid: str
    seal: Seal
    simulated: bool


class Rule(msgspec.Struct, frozen=True):
    """One limit that can be tried. key: name in the plan; value, delay: as the plan has them, "" for none."""

    key: str
    label: str
    unit: str
    value: str
    delay: str = ""
    has_delay: bool = True


class SeriesView(msgspec.Struct, frozen=True, tag="series"):
    """All sessions of one patient, in order of time. planned: the limits that the newest plan names, in words."""

    patient_id: str
    patient: str
    words: str
    lines: tuple[SeriesLine, ...]
    limits: tuple[LimitLine, ...]
    rules: tuple[Rule, ...]
    planned: str
    totals: tuple[Fact, ...]
    scores: tuple[Fact, ...] = ()


class SeriesCurve(msgspec.Struct, frozen=True, tag="series_curve"):
    """One session's minutes and pressures, counted from `zero`."""

    patient_id: str
    session_id: str
    zero: Zero
    minutes: tuple[Minute, ...]
    pressures: tuple[Cuff, ...]


class Tried(msgspec.Struct, frozen=True, tag="tried"):
    """What limits would have made of one session. name: whose limits; left: sessions of this wish still to come.

    high, medium, low: alarms by the highest severity that each reached; words: which, and how often each.
    """

    id: int
    name: Literal["planned", "trial"]
    session_id: str
    high: int
    medium: int
    low: int
    words: str
    left: int


class Told(msgspec.Struct, frozen=True, tag="told"):
    """What became of a wish, by its id. share: 0 to 1 while it is under way. path: the file that was made."""

    id: int
    state: Literal["under way", "done", "failed"]
    sentence: str
    share: float = 0.0
    path: str = ""


class Picture(msgspec.Struct, frozen=True, tag="picture"):
    """Demo and tests: grab the window to a PNG and answer with `Pictured`."""

    path: str


ToReview = (
    Opening
    | Refused
    | Shelf
    | SessionView
    | Sealed
    | Lines
    | Curves
    | Wave
    | SeriesView
    | SeriesCurve
    | Tried
    | Told
    | PinAnswer
    | Picture
    | Leave
)


class TypePin(msgspec.Struct, frozen=True, tag="type_pin"):
    """The sitter's PIN, once; kept nowhere."""

    pin: str


class OpenSession(msgspec.Struct, frozen=True, tag="open_session"):
    """Show this session."""

    session_id: str


class OpenSeries(msgspec.Struct, frozen=True, tag="open_series"):
    """Show all sessions of a patient, counted from the dose or from each session's start."""

    patient_id: str
    zero: Zero = "dose"


class AskWave(msgspec.Struct, frozen=True, tag="ask_wave"):
    """Send the waveform of a stretch."""

    session_id: str
    from_s: float
    to_s: float


class TryLimits(msgspec.Struct, frozen=True, tag="try_limits"):
    """What would these limits have made of the series? rules: key to (value, delay), as typed."""

    id: int
    patient_id: str
    rules: dict[str, tuple[str, str]]


class AddNote(msgspec.Struct, frozen=True, tag="add_provider_note"):
    """A provider's note on a session; t_s: the second it is about, None for the session as a whole."""

    id: int
    session_id: str
    text: str
    author: str
    t_s: float | None = None


class Export(msgspec.Struct, frozen=True, tag="export"):
    """Write a session. to: where to, a whole path."""

    id: int
    session_id: str
    format: Format
    to: str


class Windowed(msgspec.Struct, frozen=True, tag="windowed"):
    """The window is shown."""


class Closed(msgspec.Struct, frozen=True, tag="closed"):
    """A person closed the window."""


FromReview = (
    TypePin
    | OpenSession
    | OpenSeries
    | AskWave
    | TryLimits
    | AddNote
    | Export
    | Windowed
    | Closed
    | Pictured
    | ScreenTrouble
)
