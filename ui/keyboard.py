"""Letters and digits on the screen, for a hand with a mouse or a finger only.

Belongs to the screen process. It comes when a text field has the focus and the last thing that was used was a pointer,
and goes with the first real key. It writes into the field and decides nothing. It must never cover the field, nor
what lies outside its room (the sentence of an alarm).
"""

from __future__ import annotations

from functools import cached_property
from typing import cast

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QLineEdit, QPlainTextEdit, QWidget
from shiboken6 import isValid

from kiosk.text.catalogue import _
from ui import theme
from ui.kit import Part, rescale, rounded
from ui.kit_button import Button

TextInput = QLineEdit | QPlainTextEdit
GAP, MARGIN, CLEAR = 4.0, 4.0, 4.0  # between keys, around them, to what must stay readable; in u
WIDEST_KEY = 102.0
LETTERS_WIDE = 13 * (theme.BUTTON + GAP) + 2 * MARGIN  # below it the digits stand in a row of their own
_POINTER = (QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin, QEvent.Type.TabletPress)

Keys = tuple[tuple[str, int], ...]  # what a key writes or does, how many columns it takes
SHIFT, ERASE, NEXT, DONE, SPACE = "shift", "erase", "next", "done", " "
_ICONS = {ERASE: "delete"}


def _each(keys: str) -> Keys:
    return tuple((key, 1) for key in keys)


LETTERS: tuple[Keys, ...] = (
    _each("qwertyuiop789"),
    _each("asdfghjkl'456"),
    ((SHIFT, 1), *_each("zxcvbnm,.123")),
    (*_each("-:"), (SPACE, 4), (ERASE, 2), (NEXT, 2), ("0", 1), (DONE, 2)),
)
UPRIGHT_LETTERS: tuple[Keys, ...] = (
    _each("1234567890"),
    _each("qwertyuiop"),
    _each("asdfghjkl'"),
    ((SHIFT, 1), *_each("zxcvbnm,.")),
    (*_each("-:"), (SPACE, 3), (ERASE, 1), (NEXT, 2), (DONE, 2)),
)
DIGITS: tuple[Keys, ...] = ((*_each("12345"), (ERASE, 1), (NEXT, 1)), (*_each("67890:"), (DONE, 1)))


class Pad(QWidget, Part):
    """Rows of keys of one width; `keys` by what they write or do."""

    def __init__(self, rows: tuple[Keys, ...], name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.rows, self.keys = rows, dict[str, Button]()
        self.columns = sum(span for _key, span in rows[0])
        self._grid = QGridLayout(self)
        for at_row, row in enumerate(rows):
            column = 0
            for key, span in row:
                self.keys[key] = button = _key_button(key)
                self._grid.addWidget(button, at_row, column, 1, span)
                column += span
        for column in range(self.columns):
            self._grid.setColumnStretch(column, 1)
        self.rescale(1.0)

    def rescale(self, u: float) -> None:
        self.u = u
        margin = self.px(MARGIN)
        self._grid.setContentsMargins(margin, margin, margin, margin)
        self._grid.setSpacing(self.px(GAP))

    def height_u(self) -> float:
        """What its rows need."""
        return len(self.rows) * (theme.BUTTON + GAP) - GAP + 2 * MARGIN

    def capital(self, on: bool) -> None:
        """Show the letters as they will be written."""
        for key, button in self.keys.items():
            if len(key) == 1 and key.isalpha():
                button.relabel(key.upper() if on else key)
        if SHIFT in self.keys:
            self.keys[SHIFT].relabel(_("Shift"), kind="outline" if on else "raised")


def _key_button(key: str) -> Button:
    words = {NEXT: _("Next"), DONE: _("Done"), SPACE: "", SHIFT: _("Shift"), ERASE: ""}
    said = {NEXT: _("Next field"), DONE: _("Put the keyboard away"), SPACE: _("Space"), SHIFT: _("Capital letter")}
    said |= {ERASE: _("Delete")}
    kind, size = "raised", 18 if key in (NEXT, DONE, SHIFT) else 24
    button = Button(words.get(key, key), "", _ICONS.get(key, ""), kind, size, padding=2, fill_width=True)
    button.setObjectName(f"key_{ {' ': 'space'}.get(key, key) }")
    button.setAccessibleName(said.get(key, key))
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    if key == ERASE:
        button.setAutoRepeat(True)
        button.setAutoRepeatDelay(500)
        button.setAutoRepeatInterval(80)
    return button


class Keyboard(QWidget, Part):
    """Lies over `host`, within the room that `place` gives it. It shows and hides itself."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self.setObjectName("screenKeyboard")
        self._host, self._room = host, QRect()
        self._pointer = self._away = False
        self._shift = False
        self._field: TextInput | None = None
        self._before: TextInput | None = None  # the field that had the focus last
        self._pads: list[Pad] = []
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self.arrange)
        app = cast(QApplication, QApplication.instance())
        app.installEventFilter(self)
        app.focusChanged.connect(self._focus_moved)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # a click gives the focus to the nearest parent that takes it
        self.hide()

    # Each pad is built when a field wants it. A hand on a real keyboard never does, and all three are 6 ms of a start.

    @cached_property
    def letters(self) -> Pad:
        """Letters with digits beside them."""
        return self._built(Pad(LETTERS, "letterPad"))

    @cached_property
    def upright_letters(self) -> Pad:
        """The same where there is less room across."""
        return self._built(Pad(UPRIGHT_LETTERS, "uprightLetterPad"))

    @cached_property
    def digits(self) -> Pad:
        """Digits alone."""
        return self._built(Pad(DIGITS, "digitKeys"))

    def _built(self, pad: Pad) -> Pad:
        pad.hide()
        pad.setParent(self)
        for key, button in pad.keys.items():
            button.clicked.connect(lambda _checked=False, k=key: self.use(k))
        rescale(pad, self.u)
        self._pads.append(pad)
        return pad

    # --- when it is there ---

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in _POINTER and isinstance(watched, QWidget):
            self._pointed_at(watched)
        elif kind == QEvent.Type.KeyPress and watched.isWidgetType():
            self._pointer = False
            self._soon.start()
        return False

    def _pointed_at(self, watched: QWidget) -> None:
        if watched is self or self.isAncestorOf(watched):
            return
        self._pointer = True
        # a press on anything but a field puts it away; what that press opens brings it back with its field
        self._away = _input(watched) is None
        self._soon.start()

    def _focus_moved(self, _old: QWidget | None, now: QWidget | None) -> None:
        field = _input(now)
        self._field = field if field is not None and self._host.isAncestorOf(field) else None
        if self._field is not None:
            # a button beside the field that writes into it gives the focus back: nothing was opened
            self._away = self._away and self._field is self._before
            self._before = self._field
        self._soon.start()

    def place(self, room: QRect, u: float) -> None:
        """Where it may lie, in the host's pixels."""
        self._room = room
        if u != self.u:
            rescale(self, u)
        self.arrange()

    def arrange(self) -> None:
        """Show or hide it, beside the field as it lies now."""
        field = self._field
        if self._before is not None and not (isValid(self._before) and self._before.isVisible()):
            self._before = None
        wanted = field is not None and isValid(field) and field.isVisible() and self._pointer and not self._away
        if not wanted or field is None:
            self.hide()
            return
        wide = self._room.width() >= self.px(LETTERS_WIDE)
        pad = self.digits if _takes_digits(field) else self.letters if wide else self.upright_letters
        if pad is self.digits and _has_own_keys(self._host):
            self.hide()
            return
        for other in self._pads:
            other.setVisible(other is pad)
        if self.focusProxy() is not field:
            self.setFocusProxy(field)  # so that a press on a key leaves it where it is
        place = self._beside(field, pad)
        self.setGeometry(place)
        pad.setGeometry(0, 0, place.width(), place.height())
        self._show_case()
        self.show()
        self.raise_()

    def _beside(self, field: QWidget, pad: Pad) -> QRect:
        """Above or below the largest surface around the field that leaves room for it; the field itself at least."""
        high, clear = self.px(pad.height_u()), self.px(CLEAR)
        left, wide = self._across(field, pad)
        around: list[QWidget] = [field]
        while (parent := around[-1].parentWidget()) is not None and parent is not self._host:
            around.append(parent)
        for surface in reversed(around):
            taken = QRect(surface.mapTo(self._host, QPoint(0, 0)), surface.size())
            for top in (taken.bottom() + 1 + clear, taken.top() - clear - high):
                if top >= self._room.top() and top + high <= self._room.bottom() + 1:
                    return QRect(left, top, wide, high)
        taken = QRect(field.mapTo(self._host, QPoint(0, 0)), field.size())
        above, below = taken.top() - self._room.top(), self._room.bottom() - taken.bottom()
        top = taken.top() - clear - high if above > below else taken.bottom() + 1 + clear
        return QRect(left, top, wide, high)

    def _across(self, field: QWidget, pad: Pad) -> tuple[int, int]:
        """In the left column where the field lies in it: the numbers stay readable; else as wide as it needs."""
        right = field.mapTo(self._host, QPoint(field.width(), 0)).x()
        column = self._room.left() + self.px(theme.COLUMN_LEFT)
        most = self.px(pad.columns * WIDEST_KEY)
        room = self.px(theme.COLUMN_LEFT) if right <= column and column < self._room.right() else self._room.width()
        wide = min(room, most)
        return self._room.left() + (room - wide) // 2, wide

    # --- what it writes ---

    def use(self, key: str) -> None:
        """A key was pressed."""
        field = self._field
        if field is None or not isValid(field):
            return
        if key == DONE:
            self._away = True
            self.hide()
        elif key == NEXT:
            self._next(field)
        elif key == SHIFT:
            self._shift = not self._shift
            self._show_case()
        elif key == ERASE:
            _erase(field)
            self._show_case()
        else:
            _write(field, key.upper() if self._capital() else key)
            self._shift = False
            self._show_case()

    def _next(self, field: TextInput) -> None:
        found = dict.fromkeys(map(_input, self._host.findChildren(QWidget)))
        fields = [f for f in found if f is not None and f.isVisible() and f.isEnabled()]
        if field in fields:
            fields[(fields.index(field) + 1) % len(fields)].setFocus()

    def _capital(self) -> bool:
        """The first letter of a sentence is one, unless Shift says otherwise."""
        return self._begins() != self._shift

    def _begins(self) -> bool:
        field = self._field
        if field is None or not isValid(field):
            return False
        if isinstance(field, QLineEdit) and field.echoMode() != QLineEdit.EchoMode.Normal:
            return False  # a passphrase has the letters that are pressed
        words = field.text() if isinstance(field, QLineEdit) else field.toPlainText()
        return not words.strip() or words.endswith(". ")

    def _show_case(self) -> None:
        for pad in self._pads:
            pad.capital(self._capital())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # between two keys: nothing behind it is meant

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rounded(painter, self.rect().toRectF(), self.pf(10), theme.colour("panel"), theme.colour("line"), self.pf(1.5))


def _input(widget: QWidget | None) -> TextInput | None:
    """The text field that this widget is, or the viewport of."""
    if widget is None or not isValid(widget):
        return None
    found = widget if isinstance(widget, QLineEdit) else widget.parentWidget()
    found = widget if isinstance(widget, QPlainTextEdit) else found
    return found if isinstance(found, QLineEdit | QPlainTextEdit) and not found.isReadOnly() else None


def _takes_digits(field: TextInput) -> bool:
    return isinstance(field, QLineEdit) and (field.validator() is not None or getattr(field, "digits_only", False))


def _has_own_keys(host: QWidget) -> bool:
    """A page with a digit pad of its own needs no second one."""
    return any(pad.isVisible() for pad in host.findChildren(QWidget, "digitPad"))


def _to_end_of_digits(field: QLineEdit) -> None:
    """A finger cannot place a cursor between two digits, and a mouse does so without meaning it."""
    if _takes_digits(field) and not field.hasSelectedText():
        field.end(False)


def _write(field: TextInput, words: str) -> None:
    if isinstance(field, QPlainTextEdit):
        field.insertPlainText(words)
        return
    before = field.text()
    _to_end_of_digits(field)
    field.insert(words)
    if field.text() != before:
        field.textEdited.emit(field.text())


def _erase(field: TextInput) -> None:
    if isinstance(field, QPlainTextEdit):
        field.textCursor().deletePreviousChar()
        return
    _to_end_of_digits(field)
    field.backspace()
    field.textEdited.emit(field.text())
