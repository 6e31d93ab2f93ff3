"""What the monitor and the screen say to each other. Facts down, commands up; nothing else crosses.

The screen draws `View` and computes no domain value. Numbers arrive as the text to be shown; ages as seconds at
the moment `View.at_utc_ms` so that the screen may count on between two views and never freezes a "now".
"""

from __future__ import annotations

from typing import Literal

import msgspec

from kiosk.line.aftercare import After
from kiosk.line.calendar import Calendar
from kiosk.session.commands import AnyCommand

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


class Button(msgspec.Struct, frozen=True):
    """A button of the sentence or action panel. command is sent as it stands; card opens the emergency card."""

    label: str
    key: str  # "A", "Enter", "1"
    kind: Literal["primary", "plain", "outline", "call"] = "plain"
    command: AnyCommand | None = None
    opens: Literal["", "card", "breaths", "response", "pressure", "note", "dose"] = ""
    icon: str = ""


class Step(msgspec.Struct, frozen=True):
    """One chip of the stepper: state done, now or next. command chooses it (every step can be chosen)."""

    label: str
    state: Literal["done", "now", "next"]
    command: AnyCommand | None = None


class Panel(msgspec.Struct, frozen=True):
    """The action panel (lower left, replaces pulse, pressure and events while something is asked).

    say: the one action (46 u). side_*: right column: a heading and lines; "If you call, read this" / "After that".
    """

    steps: tuple[Step, ...]
    say: str
    detail: str
    buttons: tuple[Button, ...]
    side_title: str = ""
    side_lines: tuple[str, ...] = ()
    side_icon: str = ""


class Sentence(msgspec.Struct, frozen=True):
    """The top slot: calm, call, low, medium, high. answered: steady marker. latched: the condition is gone.

    held: once answered, who has it and what breaks it ("You are on it, 21:56", "Below 85 sounds again").
    """

    kind: Literal["calm", "prompt", "call", "low", "medium", "high"]
    title: str
    detail: str
    alarm: str = ""
    answered: bool = False
    latched: bool = False
    buttons: tuple[Button, ...] = ()
    held: tuple[str, ...] = ()


class Silence(msgspec.Struct, frozen=True):
    """One row of "Silent now": name, and what ends it ("1:32", "below 85 sounds again")."""

    name: str
    ends: str
    remaining_s: float | None = None


class Ahead(msgspec.Struct, frozen=True):
    """Right of the calm sentence: icon name, what, when ("21:52 · in 3 min")."""

    icon: str
    what: str
    when: str


class Chip(msgspec.Struct, frozen=True):
    """One dim item at the right of the strip; loud=True draws it in ink0."""

    icon: str
    text: str
    loud: bool = False


class EventLine(msgspec.Struct, frozen=True):
    """One line of the newest events, newest first: local time, sentence, state of storing.

    seq: of the event, for undo. undo: whether "Undo" is offered. correctable: its time can be another.
    stored: "" stored, "saving…", "NOT SAVED".
    """

    at: str
    text: str
    seq: int = 0
    undo: bool = False
    stored: str = ""
    correctable: bool = False


class Music(msgspec.Struct, frozen=True):
    """The music strip. steer: "hold" while it stays through phases, "safe" while the calming piece is wanted.

    looking: how far the own music has been looked into, "" when nothing is being looked into.
    """

    state: Literal["playing", "paused", "stopped", "failed", "off"]
    title: str = ""
    detail: str = ""  # "Peak · 12 min left"
    volume: int = 70
    steer: Literal["", "hold", "safe"] = ""
    previewing: bool = False
    looking: str = ""


class Card(msgspec.Struct, frozen=True):
    """The emergency card: who to call, what to read out, what to do, other contacts."""

    number: str
    own_phone: str
    phone_note: str
    where: tuple[str, ...]
    who: tuple[str, ...]
    now: tuple[str, ...]
    also: tuple[str, ...]
    until: tuple[str, ...]
    contacts: tuple[tuple[str, str, str], ...]  # name, role, number
    called_at: str = ""


class Field(msgspec.Struct, frozen=True):
    """One thing to type or choose in a check. kind: time ("13:30"), number, text, choice (of `choices`)."""

    name: str
    label: str
    kind: Literal["time", "number", "text", "choice"]
    unit: str = ""
    choices: tuple[str, ...] = ()
    value: str = ""


class CheckTile(msgspec.Struct, frozen=True):
    """A reading that arrives by itself into an empty place: "First", "128/79", "20:45 · pulse 70 · mean 95"."""

    label: str
    value: str = ""  # "" draws two bars and "waiting"
    detail: str = ""


class DeviceTrouble(msgspec.Struct, frozen=True):
    """Why a check's device cannot be read at all. key: stable word. tries: what to do, and how, in order."""

    key: str
    title: str
    lack: str
    tries: tuple[tuple[str, str], ...]


class Option(msgspec.Struct, frozen=True):
    """One answer to a question. value goes into `AnswerItem`; key: as its button shows."""

    label: str
    key: str
    value: int | str | bool


class Question(msgspec.Struct, frozen=True):
    """One question, one page. kind "scale": options are 0 to 10 in one row, low and high its ends in words.

    kind "number", "text": typed; `AnswerItem.value` is the number or the words. state: skipped, the person would not
    say. chosen: index of the option that stands, -1 for none. value: what was typed.
    """

    key: str
    text: str
    kind: Literal["choice", "scale", "number", "text"]
    options: tuple[Option, ...] = ()
    low: str = ""
    high: str = ""
    state: Literal["todo", "answered", "skipped"] = "todo"
    chosen: int = -1
    value: str = ""


class Crisis(msgspec.Struct, frozen=True):
    """Thoughts of self-harm were reported: what to do, and whom to call (name, role, number), the nearest first."""

    say: str
    detail: str
    contacts: tuple[tuple[str, str, str], ...]
    told: str  # what was answered to which question


class Form(msgspec.Struct, frozen=True):
    """A set of questions to a person. result: the total in words once all is answered, "" before."""

    key: str
    title: str
    intro: str
    questions: tuple[Question, ...]
    notice: str = ""
    result: str = ""


class CheckPage(msgspec.Struct, frozen=True):
    """One check: one action a screen. state: todo, passed, failed, overridden.

    title and value: its row on the page of all checks. say: seven words; notes: (icon, text) below.
    buttons carry their commands whole; an `answer` with fields is sent by the screen with data filled in.
    hold_s: seconds of a countdown until it can be done again. overridden: reason, who, when.
    can_override: a failed required check; the override takes reason and name (`OverrideCheck`).
    """

    key: str
    group: str
    title: str
    state: Literal["todo", "passed", "failed", "overridden"]
    say: str
    detail: str
    value: str = ""
    notes: tuple[tuple[str, str], ...] = ()
    buttons: tuple[Button, ...] = ()
    fields: tuple[Field, ...] = ()
    tiles: tuple[CheckTile, ...] = ()
    result: str = ""
    required: bool = True
    can_override: bool = False
    overridden: tuple[str, ...] = ()
    hold_s: float | None = None
    trouble: DeviceTrouble | None = None  # its device cannot be read: what to try, and typing instead
    form: Form | None = None  # a set of questions instead of one answer
    crisis: Crisis | None = None
    calendar: Calendar | None = None  # the series, on its own check's page


class Pairing(msgspec.Struct, frozen=True):
    """A device is being paired, or could not be: it stands in front of the checks until it is answered.

    key: another one for each question, so that nothing typed or pressed for one reaches the next. digits: to be
    compared or typed on the device, of which `entered` are typed there. types: six digits are typed here, and go with
    the button's `AnswerPairing`. left_s of of_s: seconds until it is given up, None where nothing waits.
    """

    key: str
    say: str
    detail: str
    digits: str = ""
    entered: int = 0
    types: bool = False
    buttons: tuple[Button, ...] = ()
    left_s: float | None = None
    of_s: float = 0


class Prepare(msgspec.Struct, frozen=True):
    """The preparation. pages in order, by group. start: the button when nothing is missing, else None.

    missing: "3 checks are missing" and which; summary: "17 passed, 1 overridden. Dose comes next."
    """

    pages: tuple[CheckPage, ...]
    start: Button | None
    missing: str
    summary: str
    spo2: str = ""
    pulse: str = ""
    pairing: Pairing | None = None
    urgent: str = ""  # key of the page that must be shown at once, however far the others are


class Rung(msgspec.Struct, frozen=True):
    """One step of the stairs: sit, stand, walk, ready."""

    key: str
    label: str
    detail: str
    state: Literal["done", "now", "next"]


class Compared(msgspec.Struct, frozen=True):
    """One row "now / before": ok is None when there is nothing to compare."""

    label: str
    now: str
    before: str
    ok: bool | None = None


class Stand(msgspec.Struct, frozen=True):
    """Standing up. wait_s: seconds until "Steady" can be pressed, of `wait_of_s`. why: (ok, text, time)."""

    rungs: tuple[Rung, ...]
    say: str
    detail: str
    buttons: tuple[Button, ...]
    why: tuple[tuple[bool, str, str], ...]
    compared: tuple[Compared, ...]
    rules: str
    notes: tuple[tuple[str, str], ...] = ()
    wait_s: float = 0
    wait_of_s: float = 0


class Choice(msgspec.Struct, frozen=True):
    """One entry of a menu of one-tap acts: happenings, phases, the session's own acts."""

    label: str
    command: AnyCommand
    key: str = ""
    hint: str = ""


class TakeOver(msgspec.Struct, frozen=True):
    """A hand-over that began. heard: a tone was played that the new sitter can have heard. words: what came of it."""

    heard: bool
    words: str = ""


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


class RestView(msgspec.Struct, frozen=True):
    """The patient's screen. hint: "Touch anywhere to call Sam" in the first minute after dimming, else "".

    state: rest, calling (banner and tone asked for), coming (they are under way and the sitter answered),
    aloud ("Call out loud": no confirmation within 1 s).
    """

    state: Literal["rest", "calling", "coming", "aloud"]
    say: str = ""
    detail: str = ""


class View(msgspec.Struct, frozen=True, tag="view"):
    """Everything the screen shows, whole; sent on change and once a second. State replaces state."""

    at_utc_ms: int
    t_s: float  # session seconds at this view
    clock: str  # local "21:49"
    stage: Literal["opening", "live", "ended"]
    phase: str
    elapsed: str  # "0:47 after dose" or "0:12 since start"
    dose: str
    chips: tuple[Chip, ...]
    tags: tuple[str, ...]  # outlined: "Simulated", "Limits not confirmed by a provider"
    sentence: Sentence
    ahead: tuple[Ahead, ...]
    panel: Panel | None
    silences: tuple[Silence, ...]
    spo2: Tile
    pulse: Tile
    pressure: PressureTile
    events: tuple[EventLine, ...]
    music: Music
    card: Card
    phases: tuple[Phase, ...]
    marks: tuple[Mark, ...]
    limits: tuple[LimitLine, ...]
    due: tuple[float, float, str] | None  # next pressure window: from t_s, to t_s, text
    rest: RestView
    pane_open: bool  # one display: whether the pane may be shown
    alarm_over_rest: bool  # one display: banner, acknowledge, pause and card lie over the rest screen
    armed: str  # what is armed, in words
    started: bool  # whether the session was started (StartSession done)
    prepare: Prepare | None = None  # not None while the session is opened and not started
    stand: Stand | None = None  # not None while the ladder of standing up is open
    feel: Form | None = None  # what is asked after release
    calendar: Calendar | None = None  # the series, after release
    after: After | None = None  # not None from the release on: the hours after
    happenings: tuple[Choice, ...] = ()  # one-tap events
    acts: tuple[Choice, ...] = ()  # further acts of the list: mark dose, next phase, up with help, hand over, stand up
    hand_over: TakeOver | None = None  # not None while another sitter is about to take over
    undo_seq: int = 0  # the one-key act that can be taken back now, and
    undo_text: str = ""  # what it was
    escalation: int = 0  # unanswered high: 1 on both displays, 2 the emergency card itself
    plan_signature: str = ""  # whose the limits are, in words; "" where the record does not tell


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


class Begin(msgspec.Struct, frozen=True, tag="begin"):
    """First message to a new screen.

    origin_utc_ms + t_s·1000 is the wall clock of a chart point; offset_min the local zone's offset then.
    leave_by_escape: demo only. stale_after_s: a gap on the chart begins when no valid value came for this long.
    breathing_guide: the rest screen's light breathes deeply enough to be followed; never with reduced_motion.
    sitter_display, patient_display: the displays chosen before, by key ("AUO/B156 @ eDP-1") or by connector ("eDP-1"),
    "" to let the screen choose. ask_displays: ask a person where nobody has chosen yet. two_displays: this run had
    both already; one that is missing now is away and takes none of the other's place.
    pin_digits: length of the PIN, 0 when it is not known (then Enter ends it).
    journal: path of the patient's journal, which the screen opens by itself; "" where there is none.
    """

    single_screen: bool
    windowed: bool
    leave_by_escape: bool
    simulated: bool
    patient: str
    sitter: str
    origin_utc_ms: int
    offset_min: int
    ageing_after_s: float = 5
    gone_after_s: float = 15
    reduced_motion: bool = False
    breathing_guide: bool = False
    text_percent: int = 100  # of small words on the sitter's pane, 100 to 150
    sitter_display: str = ""
    patient_display: str = ""
    ask_displays: bool = False
    two_displays: bool = False
    pin_digits: int = 0
    journal: str = ""


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


class PinAnswer(msgspec.Struct, frozen=True, tag="pin_answer"):
    """Answer to OpenPane. ok opens the pane; else tries_left or the seconds of the lock-out."""

    ok: bool
    tries_left: int = 0
    locked_s: float = 0


class Answer(msgspec.Struct, frozen=True, tag="answer"):
    """Answer to a command by its id. state: done, saving, saved, failed, ask (plausibility: ask `sentence` back)."""

    id: int
    state: Literal["done", "saving", "saved", "failed", "ask", "refused"]
    sentence: str = ""


class TakePicture(msgspec.Struct, frozen=True, tag="take_picture"):
    """Demo and tests: grab a window ("rest" or "sitter") to a PNG and answer with `Pictured`."""

    window: Literal["rest", "sitter"]
    path: str


class Leave(msgspec.Struct, frozen=True, tag="leave"):
    """Close the windows and end."""


ToScreen = Begin | View | Trend | Sweep | PinAnswer | Answer | TakePicture | Leave


class Shown(msgspec.Struct, frozen=True, tag="shown"):
    """The windows are on their displays; sent again whenever that changed. windows: "rest on HDMI-1", ...


    one_display: the pane lies behind the PIN on the patient's display, whatever `Begin` asked for.
    rest_hidden: the patient's display is gone, so that no touch calls. patient, sitter: the displays' names.
    keys: of the patient's and of the sitter's display, also while one is away.
    """

    windows: tuple[str, ...]
    one_display: bool = False
    rest_hidden: bool = False
    patient: str = ""
    sitter: str = ""
    keys: tuple[str, str] = ("", "")


class Do(msgspec.Struct, frozen=True, tag="do"):
    """A person asked for something; id counts up so that the answer finds it."""

    id: int
    command: AnyCommand


class AskHistory(msgspec.Struct, frozen=True, tag="ask_history"):
    """Send the chart from this session second on."""

    since_s: float = 0


class Pictured(msgspec.Struct, frozen=True, tag="pictured"):
    """A picture was taken. texts: objectName -> text shown in that window at that moment."""

    path: str
    texts: dict[str, str]


class Left(msgspec.Struct, frozen=True, tag="left"):
    """The person left by the way out that this run allows (Escape in the demo)."""


class ScreenTrouble(msgspec.Struct, frozen=True, tag="screen_trouble"):
    """A fault of the screen's own: a message that it does not know, a picture that it could not write."""

    text: str


class Covered(msgspec.Struct, frozen=True, tag="covered"):
    """Another program's window has the keys, for `for_s` seconds so far; is_over: not any more."""

    for_s: float
    is_over: bool = False


class DisplaysChosen(msgspec.Struct, frozen=True, tag="displays_chosen"):
    """A person said which display is whose: keys to remember for the next `Begin`."""

    sitter_display: str
    patient_display: str


FromScreen = Shown | Do | AskHistory | Pictured | Left | ScreenTrouble | Covered | DisplaysChosen
