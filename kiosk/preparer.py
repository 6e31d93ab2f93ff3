"""Who goes through the preparation where no person does: the demo's sitter, and a session begun at the command line.

Owned by the monitor. The demo's sitter presses the pages' own buttons and types what a sitter would; it never
reaches a patient's session. There nobody is asked, so every check is overridden, and says so: no answer is invented.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import msgspec

from kiosk.line.pane import Button
from kiosk.line.prepare import CheckPage, Question
from kiosk.line.screen import TakePicture, View
from kiosk.session import commands as c

AGAIN_AFTER_S, TRIES = 2.0, 5  # the tone part may still be starting
PRESSURES = ((Decimal(126), Decimal(78), Decimal(71)), (Decimal(124), Decimal(80), Decimal(70)))
FEELS = {"mood": 6, "anxiety": 3, "phq9_9": 0, "dissociation": 0}  # place among the answers, of the demonstration
NOBODY_ASKED = "Begun at the command line without a screen: nobody was asked."


class Preparer:
    """The demo's sitter before the start. speed: of the session's clock, so that waiting is by a person's time."""

    def __init__(self, speed: float) -> None:
        self._again_s = AGAIN_AFTER_S * max(speed, 1.0)
        self._pressed: dict[str, tuple[float, int]] = {}  # command -> when last, how often

    def see(self, view: View) -> list[c.Command | TakePicture]:
        """What the sitter presses at this view: every page that can be answered now, then the start."""
        if view.prepare is None:
            return self._press(view, c.StartSession()) if view.spo2.state == "live" else []
        if view.prepare.start is not None:
            return self._press(view, c.StartSession())
        return [asked for page in view.prepare.pages for asked in self._page(view, page)]

    def _page(self, view: View, page: CheckPage) -> list[c.Command | TakePicture]:
        if page.state == "failed" and page.can_override:
            return self._press(view, c.OverrideCheck(page.key, "Demonstration: going on all the same.", "Sam"))
        if page.state != "todo":
            return []
        if page.key == "pressures":
            return self._pressure(view, page)
        if page.form is not None:
            return [asked for q in page.form.questions for asked in self._question(view, page.form.key, q)]
        is_waiting = page.tiles and not all(tile.value for tile in page.tiles)
        asking = [b for b in page.buttons if b.command is not None]
        # the cuff goes on the arm without the probe, as a sitter is taught
        button = next((b for b in asking if page.key == "cuff" and b.command == c.AnswerCheck("cuff", "right")), None)
        button = button or next(iter(asking), None)
        if is_waiting or button is None or button.command is None:
            return []
        if self._has_tried(button):
            return self._press(view, c.AnswerCheck(page.key, "not heard"))
        return self._press(view, _filled(view, page, button.command))

    def _question(self, view: View, form: str, question: Question) -> list[c.Command | TakePicture]:
        """An invented answer of an invented person; none that would call for help."""
        if question.state != "todo" or not question.options:
            return []
        place = FEELS.get(question.key, 1 if form in ("phq9", "gad7") or question.kind == "scale" else 0)
        return self._press(view, c.AnswerItem(form, question.key, question.options[place].value))

    def _has_tried(self, button: Button) -> bool:
        return isinstance(button.command, c.TestSound) and self._pressed.get(repr(button.command), (0, 0))[1] >= TRIES

    def _pressure(self, view: View, page: CheckPage) -> list[c.Command | TakePicture]:
        """Reads the cuff's display and types it, the second after the first has its place."""
        systolic, diastolic, pulse = PRESSURES[1 if page.tiles[0].value else 0]
        return self._press(view, c.TypePressure(systolic, diastolic, pulse))

    def _press(self, view: View, command: c.Command) -> list[c.Command | TakePicture]:
        key = repr(command)
        last_s, count = self._pressed.get(key, (-1e9, 0))
        if view.t_s - last_s < self._again_s:
            return []
        self._pressed[key] = view.t_s, count + 1
        return [command]


def _filled(view: View, page: CheckPage, command: c.Command) -> c.Command:
    """The command with the page's fields typed in."""
    if not isinstance(command, c.AnswerCheck):
        return command
    typed = {field.name: _typed(view, field.name) for field in page.fields}
    return msgspec.structs.replace(command, data={**command.data, **typed})


def _typed(view: View, field: str) -> str:
    hours = {"last_solids": 7, "last_liquids": 3}.get(field)
    if hours is None:
        return "Sam" if field == "name" else ""
    now = datetime.strptime(view.clock, "%H:%M")  # noqa: DTZ007 - a time of day as the clock on the screen shows it
    return (now - timedelta(hours=hours)).strftime("%H:%M")


class Unattended:
    """`kiosk monitor --session`: overrides what holds the start, in its own name, and starts. Does nothing else."""

    def __init__(self) -> None:
        self._done: set[str] = set()

    def see(self, view: View) -> list[c.Command | TakePicture]:
        """Overrides first, the start at the next view."""
        if view.started:
            return []
        if view.prepare is None or view.prepare.start is not None:
            return self._once("start", c.StartSession())
        held = [p.key for p in view.prepare.pages if p.required and p.state in ("todo", "failed")]
        if "pressures" in held:  # the comparison with the cuff goes with them
            held = [key for key in held if key != "same_pressure"]
        return [x for key in held for x in self._once(key, c.OverrideCheck(key, NOBODY_ASKED, "kiosk monitor"))]

    def _once(self, key: str, command: c.Command) -> list[c.Command | TakePicture]:
        if key in self._done:
            return []
        self._done.add(key)
        return [command]

    def last_pictures(self) -> list[TakePicture]:
        """None: there is no screen."""
        return []

    def not_taken(self, picture: TakePicture) -> None:
        """There is no screen that could miss one."""

    def never_came(self, path: str) -> None:
        """No picture is asked for."""
