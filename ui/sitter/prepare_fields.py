"""What is typed into a check: a time of day and numbers in large digits, a name, a choice; by keys, mouse or touch.

Owned by the screen process. Every field begins empty and stays so until a person types: it proposes nothing. Letters
go through a field of digits to the pane, so that the emergency card stays one key away.
"""

from __future__ import annotations

import re
from typing import cast

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPalette
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from shiboken6 import isValid

from kiosk.line.prepare import Field as Asked
from kiosk.text.catalogue import _
from ui import theme
from ui.kit import Column, Row, Text
from ui.kit_button import Button
from ui.sitter.drawer import Field
from ui.sitter.prepare_parts import Plate

DAY_MIN = 24 * 60
STEPS = (-60, -10, 10, 60)  # minutes
_FREE = (Qt.Key.Key_Backspace, Qt.Key.Key_Delete, Qt.Key.Key_Left, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Tab)


def minutes_of(clock: str) -> int | None:
    """Minutes since midnight of "13:30"; None when it is no time of day."""
    found = re.fullmatch(r"(\d{1,2}):(\d{2})", clock)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        return None
    return int(found[1]) * 60 + int(found[2])


def clock_of(minutes: int) -> str:
    """ "13:30" of minutes since midnight, on any day."""
    return f"{minutes % DAY_MIN // 60:02d}:{minutes % 60:02d}"


def with_colon(typed: str) -> str:
    """Digits as they are typed become a time of day: "1330" -> "13:30", "930" -> "9:30"."""
    if re.fullmatch(r"\d{1,2}:\d{0,2}", typed):
        return typed
    digits = re.sub(r"\D", "", typed)[:4]
    hours = 2 if len(digits) < 2 or int(digits[:2]) < 24 else 1
    return digits if len(digits) <= hours else f"{digits[:hours]}:{digits[hours : hours + 2]}"


class DigitField(Field):
    """Large digits without a frame; whatever is no digit goes on to the pane."""

    focused = Signal(bool)
    digits_only = True

    def __init__(self, hint: str, name: str, said: str, most: int, size: float = 86, height: float = 92) -> None:
        self.digits_u, self.digits_height = size, height
        super().__init__(hint=hint, name=name, said=said)
        self.setMaxLength(most)
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Base, theme.colour("panel"))
        self.setPalette(palette)

    def rescale(self, u: float) -> None:
        self.u = u
        self.setFont(theme.font(self.digits_u, 500, u))
        self.setFixedHeight(self.px(self.digits_height))
        self.setTextMargins(0, 0, 0, 0)

    def value(self) -> str:
        """What was typed, "" while it is nothing that could be meant."""
        return self.text() if self.text().isdigit() else ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        own = event.text() in tuple("0123456789:") and event.text() != ""
        if not own and event.key() not in _FREE:
            event.ignore()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focused.emit(False)


class ClockField(DigitField):
    """A time of day, hours and minutes; the colon comes by itself."""

    def __init__(self, name: str, said: str, size: float = 86, height: float = 92) -> None:
        super().__init__("--:--", name, _("{what}, hours and minutes").format(what=said), 5, size, height)
        self.textEdited.connect(lambda typed: self.setText(with_colon(typed)))

    def value(self) -> str:
        minutes = minutes_of(self.text())
        return "" if minutes is None else clock_of(minutes)

    def step(self, by_min: int, begins: str) -> None:
        """Earlier or later. An empty field begins at `begins`: a person pressed, and sees it."""
        stands = minutes_of(self.text())
        if stands is None:
            stands = minutes_of(begins) or 0
        self.setText(clock_of(stands + by_min))
        self.textEdited.emit(self.text())


class NameField(Field):
    """A name; 1 takes the one that is known while nothing is typed."""

    def __init__(self, name: str, said: str, width: float | None = None) -> None:
        super().__init__(width=width, name=name, said=said)
        self.known = ""
        self.first_refusal = self._take

    def take_known(self) -> None:
        """A person pressed the button with the name on it."""
        self.setText(self.known)
        self.setFocus()
        self.textEdited.emit(self.known)

    def value(self) -> str:
        """The name without spaces around it."""
        return self.text().strip()

    def _take(self, key: str) -> bool:
        if key != "1" or self.text() or not self.known:
            return False
        self.take_known()
        return True


class FieldTile(Plate):
    """One field as a tile at the place where a reading would arrive. `changed`: a person typed."""

    changed = Signal()

    def __init__(self, asked: Asked, known: str = "", small: bool = False) -> None:
        super().__init__()
        self.asked = asked
        self.plate("panel", "line", 1.5)
        self.label = Text(asked.label, 20, 600, "ink1", shrink=True)
        unit = _("hours:minutes") if asked.kind == "time" else asked.unit
        head = Row(gap=10)
        head.grow(self.label)
        head.add(Text(unit, 17, 400, "ink2"))
        self.add(head)
        self.choices: list[Button] = []
        self._chosen = ""
        self.field = self._field(asked, known, small)
        self.add("stretch")
        if self.field is not None:
            self.field.setText(asked.value)
            self.field.textEdited.connect(lambda _words: self.changed.emit())
            self.add(self.field)
        self._below(asked, known)
        self.add("stretch")

    def value(self) -> str:
        """What was typed or chosen; "" while it is not whole."""
        if self.field is None:
            return self._chosen
        return cast(DigitField | NameField, self.field).value()

    def typed(self) -> bool:
        """Whether anything stands in it."""
        return bool(self._chosen or (self.field is not None and self.field.text().strip()))

    def _field(self, asked: Asked, known: str, small: bool) -> Field | None:
        name = f"field_{asked.name}"
        if asked.kind == "choice":
            return None
        if asked.kind == "text":
            made = NameField(name, asked.label)
            made.known = known
            return made
        size, height = (64, 66) if small else (86, 92)
        if asked.kind == "time":
            field: DigitField = ClockField(name, asked.label, size, height)
        else:
            field = DigitField("", name, f"{asked.label} {asked.unit}".strip(), 3, size, height)
        field.focused.connect(lambda on: self.plate("panel", "fill" if on else "line", 2 if on else 1.5))
        return field

    def _below(self, asked: Asked, known: str) -> None:
        line = Row(gap=8)
        if isinstance(self.field, NameField) and known:
            button = Button(known, "1", "user-round", "raised", 18, name="takeName")
            button.clicked.connect(self.field.take_known)
            line.add(button, "stretch")
        for i, choice in enumerate(asked.choices, 1):
            button = Button(choice, str(i), kind="raised", fill_width=True)
            button.setCheckable(True)
            button.clicked.connect(lambda _checked=False, c=choice: self._choose(c))
            self.choices.append(button)
            line.add(button)
        if known or asked.choices:
            self.add(12.0, line)

    def _choose(self, choice: str) -> None:
        self._chosen = choice
        for button in self.choices:
            button.relabel(button.text(), kind="primary" if button.text() == choice else "raised")
        self.changed.emit()


class Keypad(Column):
    """Digits for mouse and touch; they go to the field that had the focus last: a click takes it away."""

    def __init__(self) -> None:
        super().__init__(gap=12)
        self._last: QLineEdit | None = None
        cast(QApplication, QApplication.instance()).focusChanged.connect(self._focus_moved)
        self.setObjectName("digitPad")
        for digits in ("12345", "67890"):
            row = Row(gap=12)
            for digit in digits:
                row.add(self._digit(digit))
            row.add(self._erase() if digits[0] == "1" else self._further())
            self.add(row)

    def _digit(self, digit: str) -> Button:
        button = Button(digit, kind="raised", size=22, fill_width=True)
        button.setObjectName(f"digit{digit}")
        button.clicked.connect(lambda: self._put(digit))
        return button

    def _erase(self) -> Button:
        button = Button("", icon="delete", kind="raised", size=22, fill_width=True, name="digitDelete")
        button.setAccessibleName(_("Delete a digit"))
        button.clicked.connect(self._delete)
        return button

    def _further(self) -> Button:
        button = Button(_("Next"), kind="raised", size=18, padding=8, fill_width=True, name="nextField")
        button.clicked.connect(self._next)
        return button

    def _focus_moved(self, _old: QWidget | None, now: QWidget | None) -> None:
        if isinstance(now, QLineEdit):
            self._last = now

    def _target(self) -> QLineEdit | None:
        field = self._last
        if field is None or not isValid(field) or not field.isVisible():
            return None
        field.setFocus()
        return field

    def _put(self, digit: str) -> None:
        field = self._target()
        if field is not None and len(field.text()) < field.maxLength():
            field.insert(digit)
            field.textEdited.emit(field.text())

    def _delete(self) -> None:
        field = self._target()
        if field is not None:
            field.backspace()
            field.textEdited.emit(field.text())

    def _next(self) -> None:
        field = self._target()
        if field is not None:
            tab = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier)
            QApplication.sendEvent(field, tab)


class ClockSteps(Row):
    """Earlier and later, for a hand without a keyboard. `stepped` carries minutes."""

    stepped = Signal(int)

    def __init__(self, steps: tuple[int, ...] = STEPS) -> None:
        super().__init__(gap=12)
        for by_min in steps:
            long, sign = abs(by_min), "−" if by_min < 0 else "+"
            words = _("{sign} {h} h").format(sign=sign, h=long // 60) if long >= 60 else f"{sign} {long} min"
            button = Button(words, kind="raised", padding=8, fill_width=True, name=f"step{by_min:+d}")
            button.setAutoRepeat(True)
            button.setAutoRepeatDelay(500)
            button.setAutoRepeatInterval(180)
            button.clicked.connect(lambda _checked=False, by=by_min: self.stepped.emit(by))
            self.add(button)
