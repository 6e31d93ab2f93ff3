"""A button of the view as a button of the screen: its look by the plate it stands on, its command by the monitor."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.line.pane import Button as Asked
from kiosk.session.commands import Acknowledge, AnswerCall, EndCall, PauseSounds, ResumeSounds, StartSession
from ui import theme
from ui.kit_button import Button

Use = Callable[[Asked], None]

_NAMES = {
    Acknowledge: "acknowledgeAlarm",
    AnswerCall: "acknowledgeAlarm",
    EndCall: "acknowledgeAlarm",
    PauseSounds: "pauseAlarms",
    ResumeSounds: "pauseAlarms",
    StartSession: "startSession",
}
_ICONS = {
    Acknowledge: "check",
    AnswerCall: "check",
    EndCall: "check",
    PauseSounds: "bell-off",
    ResumeSounds: "bell",
}
_PLATES = {  # plate: look of a primary button, look of the others
    "high": ("on_red", "on_red_outline"),
    "medium": ("on_yellow", "on_yellow_outline"),
    "low": ("primary", "outline"),
    "call": ("primary", "outline"),
    "prompt": ("primary", "outline"),
    "calm": ("primary", "outline"),
}


def icon_of(asked: Asked) -> str:
    """The icon the monitor named, else the usual one of the command."""
    if asked.icon:
        return asked.icon
    if asked.opens == "card" or asked.kind == "call":
        return "phone"
    return _ICONS.get(type(asked.command), "") if asked.command is not None else ""


def name_of(asked: Asked) -> str:
    """The stable object name of a command's button, "" where it has none."""
    return _NAMES.get(type(asked.command), "") if asked.command is not None else ""


def sentence_button(asked: Asked, plate: str, first: bool, use: Use) -> Button:
    """A button at the right of the sentence: the first one is filled."""
    filled, outlined = _PLATES[plate]
    strong = asked.kind == "primary" or (first and asked.kind == "plain" and plate != "prompt")
    strong = strong and not isinstance(asked.command, PauseSounds | ResumeSounds)
    button = Button(
        asked.label,
        asked.key,
        icon_of(asked),
        filled if strong else outlined,
        size=21 if strong else 19,
        height=66,
        weight=600 if strong else 500,
        name=name_of(asked),
    )
    button.clicked.connect(lambda: use(asked))
    return button


def panel_button(asked: Asked, fill_width: bool, use: Use) -> Button:
    """A button of the action panel: one primary, the emergency card's outlined, the others raised."""
    kind = {"primary": "primary", "plain": "raised", "outline": "outline", "call": "outline"}[asked.kind]
    icon = icon_of(asked) or ("arrow-right" if asked.kind == "primary" and asked.key == "Enter" else "")
    size = 21 if asked.kind == "primary" and asked.key == "Enter" else 20
    weight = 600 if asked.kind == "primary" or fill_width else 500
    button = Button(
        asked.label, asked.key, icon, kind, size, theme.BUTTON_ACT, weight, fill_width=fill_width, name=name_of(asked)
    )
    button.clicked.connect(lambda: use(asked))
    return button
