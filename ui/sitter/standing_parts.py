"""What standing up is drawn from: the stairs, why it is allowed now, the values beside those before.

Owned by the screen process. Filled is done, outlined is now, dashed is still to come.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from kiosk.line.stand import Compared, Rung
from kiosk.text.catalogue import _
from ui import theme
from ui.kit import RIGHT, Column, Icon, Part, Row, Text, rescale, rounded, take_out

LOWEST, RISE = 0.42, 0.28  # of the height


class Stairs(QWidget, Part):
    """Steps upward, as many as there are rungs below "ready"."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("stairs")
        self._rungs: tuple[Rung, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_rungs(self, rungs: tuple[Rung, ...]) -> None:
        """Where the person is on the stairs."""
        stairs = rungs[:-1] if len(rungs) > 3 else rungs
        if stairs != self._rungs:
            self._rungs = stairs
            self.setAccessibleName(", ".join(f"{r.label}: {r.detail}" for r in stairs))
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        high = min(float(self.height()), self.pf(260))
        for i, rung in enumerate(self._rungs):
            wide = self.width() / len(self._rungs)
            tall = max(high * min(0.98, LOWEST + RISE * i), min(high, self.pf(84)))  # both lines of words fit in
            plate = QRectF(i * wide + self.pf(4), self.height() - tall, wide - self.pf(8), tall)
            self._paint(painter, rung, plate)

    def _paint(self, painter: QPainter, rung: Rung, plate: QRectF) -> None:
        now, radius = rung.state == "now", self.pf(10)
        if rung.state == "next":
            pen = QPen(theme.colour("ink3"), self.pf(1.5))
            pen.setDashPattern([4, 4])
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(plate, radius, radius)
        else:
            edge = theme.colour("fill") if now else None
            rounded(painter, plate, radius, theme.colour("raised"), edge, self.pf(2.5))
        self._paint_words(painter, rung, plate, "ink0" if now else "ink2")
        if rung.state == "done":
            side = self.px(26)
            sign = theme.icon("check", side, theme.colour("ink2"), 2.25, self.devicePixelRatioF())
            painter.drawPixmap(round(plate.right() - self.pf(42)), round(plate.top() + self.pf(18)), sign)

    def _paint_words(self, painter: QPainter, rung: Rung, plate: QRectF, ink: str) -> None:
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        painter.setPen(theme.colour(ink))
        painter.setFont(theme.font(30, 600, self.u))
        painter.drawText(plate.adjusted(self.pf(18), self.pf(14), 0, 0), left, rung.label)
        room = plate.adjusted(self.pf(18), self.pf(54), -self.pf(8), 0)
        size = 17.0
        while size > 10 and QFontMetricsF(theme.font(size, 400, self.u)).horizontalAdvance(rung.detail) > room.width():
            size -= 0.5
        painter.setFont(theme.font(size, 400, self.u))
        painter.drawText(room, left, rung.detail)


def reasons(column: Column, why: tuple[tuple[bool, str, str], ...]) -> None:
    """ "Why now": each rule of the plan with its sign and its time."""
    column.clear()
    column.add(4.0, Text(_("Why now"), 18, 600, "ink3"), 4.0)
    for ok, words, when in why:
        row = Row(Icon("check", 22, "ink2", 2.25) if ok else Icon("x", 22, "yellow", 2.25), gap=12)
        row.grow(Text(words, 20, 500, "ink1" if ok else "ink0", shrink=True))
        row.add(Text(when, 18, 400, "ink2"))
        row.setAccessibleName(f"{words} {when}: {_('yes') if ok else _('not yet')}")
        column.add(row)


class Nearness(QWidget, Part):
    """Values now beside those before; a number that does not fit gets smaller."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("compared")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(0, 1)
        self._shown: tuple[Compared, ...] | None = None

    def show_compared(self, compared: tuple[Compared, ...]) -> None:
        """The rows of a view."""
        if compared == self._shown:
            return
        self._shown = compared
        take_out(self._grid)
        for column, words in enumerate(("", _("now"), _("before")), 0):
            self._grid.addWidget(Text(words, 16, 400, "ink3", RIGHT), 0, column)
        for at, row in enumerate(compared, 1):
            self._add_row(at, row)
        rescale(self, self.u)

    def _add_row(self, at: int, row: Compared) -> None:
        now = Text(row.now or "–", 28, 600, "ink1" if row.now else "ink3", RIGHT)
        now.setObjectName(f"now_{row.label}")
        now.setAccessibleName(_("{what} now: {value}").format(what=row.label, value=row.now or _("no value")))
        self._grid.addWidget(Text(row.label, 19, 500, "ink2", shrink=True), at, 0)
        self._grid.addWidget(now, at, 1)
        self._grid.addWidget(Text(row.before or "–", 22, 400, "ink3", RIGHT), at, 2)
        if row.ok is not None:
            sign = Icon("check", 22, "ink2", 2.25) if row.ok else Icon("x", 22, "yellow", 2.25)
            sign.setAccessibleName(_("near") if row.ok else _("not near"))
            self._grid.addWidget(sign, at, 3)

    def rescale(self, u: float) -> None:
        self.u = u
        self._grid.setVerticalSpacing(self.px(12))
        self._grid.setHorizontalSpacing(self.px(16))
