"""The question which display the patient sees: a large number on each display, asked once, before a session.

Belongs to the screen process. Answered by a digit or by a touch on any of the displays; until then the room stays as it
was chosen. It must never stand in the way of help: the emergency card's key takes it away, and so does a session.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk.text import room
from ui import keys, theme
from ui.displays import name_of
from ui.kit import CENTRE, Column, Part, Row, Text, rescale
from ui.kit_button import Button
from ui.windows import Window, put_on

MOST = 9


class WhichPage(QWidget, Part):
    """One display's number, and the question with a button for each number. `chosen`: a number, 0 to leave it so."""

    chosen = Signal(int)

    def __init__(self, number: int, count: int, patient: str) -> None:
        super().__init__()
        self.setObjectName("whichPage")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.count = count
        self.number = Text(str(number), 300, 600, "ink1", CENTRE, shrink=True, name="displayNumber")
        self.says = Text(room.which_display(patient), 40, 600, "ink0", CENTRE, wrap=True, name="whichDisplay")
        self.detail = Text(room.which_display_detail(), 20, 400, "ink2", CENTRE, wrap=True)
        self.answers = [
            Button(str(n), str(n), kind="plain", size=34, height=86, weight=600, padding=40, name=f"display{n}")
            for n in range(1, count + 1)
        ]
        for n, button in enumerate(self.answers, 1):
            button.setAccessibleName(room.display_number(n))
            button.clicked.connect(lambda _=False, n=n: self.chosen.emit(n))
        self.later = Button(room.leave_displays(), "Esc", kind="bare", name="leaveDisplays")
        self.later.clicked.connect(lambda: self.chosen.emit(0))
        choice = Row("stretch", *self.answers, "stretch", gap=16)
        after = Row("stretch", self.later, "stretch")
        column = Column("stretch", self.number, self.says, self.detail, 20, choice, after, "stretch", gap=14, margin=20)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(column)
        self.setAccessibleName(f"{room.display_number(number)}. {room.which_display(patient)}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        name = keys.name_of(event)
        if event.isAutoRepeat():
            return
        if name == "Esc":
            self.chosen.emit(0)
        elif name.isdecimal() and 1 <= int(name) <= self.count:
            self.chosen.emit(int(name))

    def resizeEvent(self, event: QResizeEvent) -> None:
        rescale(self, theme.unit(self.width(), self.height()))

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), theme.colour("ground"))


class Which(QObject):
    """Asks on all displays at once. `chosen`: the name of the display that the patient sees, "" to leave it so."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._asked: list[tuple[str, Window]] = []

    @property
    def is_open(self) -> bool:
        """Whether it is being asked."""
        return bool(self._asked)

    def ask(self, patient: str) -> None:
        """Put a number on each display; again, when displays came or went."""
        self.close()
        screens = QGuiApplication.screens()[:MOST]
        for number, screen in enumerate(screens, 1):
            page, window = WhichPage(number, len(screens), patient), Window("whichWindow")
            page.chosen.connect(self._choose)
            window.hold([page])
            put_on(window, screen)
            self._asked.append((name_of(screen), window))
        if self._asked:
            self._asked[0][1].activateWindow()

    def close(self) -> None:
        """Ask no more."""
        asked, self._asked = self._asked, []
        for _, window in asked:
            window.allow_close = True
            window.hide()
            window.deleteLater()

    def _choose(self, number: int) -> None:
        name = self._asked[number - 1][0] if 0 < number <= len(self._asked) else ""
        self.close()
        self.chosen.emit(name)
