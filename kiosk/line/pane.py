"""What the sitter's pane says in words and buttons: sentence and panel, chips, silences, events, music, card."""

from __future__ import annotations

from typing import Literal

import msgspec

from kiosk.session.commands import AnyCommand


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
