"""What the monitor and the screen say to each other. Facts down, commands up; nothing else crosses.

The screen draws `View` and computes no domain value. Numbers arrive as the text to be shown; ages as seconds at
the moment `View.at_utc_ms` so that the screen may count on between two views and never freezes a "now".
"""

from __future__ import annotations

from typing import Literal

import msgspec

from kiosk.line.aftercare import After
from kiosk.line.calendar import Calendar
from kiosk.line.chart import LimitLine, Mark, Phase, Sweep, Trend
from kiosk.line.pane import Ahead, Card, Chip, Choice, EventLine, Music, Panel, Sentence, Silence, TakeOver
from kiosk.line.prepare import Form, Prepare
from kiosk.line.stand import Stand
from kiosk.line.tile import PressureTile, Tile
from kiosk.session.commands import AnyCommand


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
