"""The cover: over everything when the line to the monitor is lost, so that no old value is taken for a live one.

Belongs to the screen process, shown by its own watchdog. Its ground is dark, for it may come on the patient's display;
it must never flash and never go away by itself: a new screen process replaces this one.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk.text import room
from ui import theme
from ui.kit import CENTRE, Column, Icon, Part, Row, Text, rescale


class Cover(QWidget, Part):
    """Says that monitoring stopped. `touched`: a touch, click or key on it (on one display it may be the patient)."""

    touched = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("cover")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(f"{room.monitoring_stopped()} {room.look_at_the_person()}")
        self.says = Text(room.monitoring_stopped(), 46, 600, "ink0", CENTRE, shrink=True, name="coverSays")
        self.detail = Text(room.look_at_the_person(), 22, 400, "ink1", CENTRE, wrap=True, name="coverDetail")
        self.aloud = Text("", 34, 600, "ink1", CENTRE, name="coverAloud")
        sign = Row("stretch", Icon("triangle-alert", 72, "yellow", 1.6), "stretch")
        column = Column("stretch", sign, self.says, self.detail, self.aloud, "stretch", gap=16, margin=20)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(column)

    def call_aloud(self) -> None:
        """Somebody touched it: nobody hears a call over the line now."""
        self.aloud.say(room.call_aloud())

    def texts(self) -> dict[str, str]:
        """Object name to the words shown now."""
        return {"cover": "\n".join(t.text() for t in (self.says, self.detail, self.aloud) if t.text())}

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.touched.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.touched.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        rescale(self, theme.unit(self.width(), self.height()))

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), theme.colour("ground"))
