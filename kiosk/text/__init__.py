"""Every sentence that a person reads, in one place. No Qt, no I/O beyond the message catalogue.

Instructions have seven words or fewer and begin with the verb; durations are "1 min 1 s", ages "42 s ago".
Sentences go through gettext (`_`); without a catalogue they are shown as written here.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kiosk.text.action import Script, ScriptStep, script
    from kiosk.text.alarm import detail, mark_label, title
    from kiosk.text.event import Names, sentence
    from kiosk.text.measure import age, clock_time, duration, elapsed, number

__all__ = [
    "Names",
    "Script",
    "ScriptStep",
    "age",
    "clock_time",
    "detail",
    "duration",
    "elapsed",
    "mark_label",
    "number",
    "script",
    "sentence",
    "title",
]
# Loaded when first asked for: the sentences of all events take 30 ms, which the screen need not spend before its first.
_HOMES = {
    "action": ("Script", "ScriptStep", "script"),
    "alarm": ("detail", "mark_label", "title"),
    "event": ("Names", "sentence"),
    "measure": ("age", "clock_time", "duration", "elapsed", "number"),
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(importlib.import_module(f"kiosk.text.{home}"), name)
    raise AttributeError(name)
