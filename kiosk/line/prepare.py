"""The preparation: checks as tiles and pages, their fields and questions, pairing, and what keeps the start away."""

from __future__ import annotations

from typing import Literal

import msgspec

from kiosk.line.calendar import Calendar
from kiosk.line.pane import Button


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
