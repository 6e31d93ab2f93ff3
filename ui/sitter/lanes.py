"""The rows of the chart that are no curves: phases, marks, and the times below."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from kiosk.line.chart import Mark, Phase
from ui import theme
from ui.kit import Part
from ui.sitter.axis import Span

MIDDLE_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class Lane(QWidget, Part):
    """A row of fixed height whose data area begins after the chart's gutter, so that all rows share one time axis."""

    def __init__(self, height: float) -> None:
        super().__init__()
        self.height_u = height
        self.title = ""  # in the gutter
        self.shown_span = Span(-36 * 60, 19 * 60, 0)
        self._sized, self._area = (0, 0, 0.0), QRectF()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.rescale(1.0)

    def rescale(self, u: float) -> None:
        self.u = u
        self.setFixedHeight(self.px(self.height_u))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        self.paint(QPainter(self), QRectF(event.rect()))

    def paint(self, painter: QPainter, part: QRectF | None = None) -> None:
        """Draw this row from (0, 0) on: on the screen, or on paper. part: nothing outside it will be seen."""

    def area(self) -> QRectF:
        """The data area of this row."""
        size = self.width(), self.height(), self.u
        if size != self._sized:  # asked for with every point that is drawn
            left = self.px(theme.CHART_GUTTER)
            width = max(1, self.width() - left - self.px(theme.CHART_RIGHT))
            self._sized, self._area = size, QRectF(left, 0, width, self.height())
        return self._area

    def x_of(self, t_s: float) -> float:
        """The pixel of a session second."""
        area = self.area()
        return area.left() + self.shown_span.share(t_s) * area.width()

    def second_at(self, x: float) -> float:
        """The session second of a pixel."""
        area, shown = self.area(), self.shown_span
        return shown.start_s + (x - area.left()) / area.width() * (shown.end_s - shown.start_s)

    def show_span(self, shown: Span) -> None:
        """Take another stretch of time, or another now in the same one."""
        before_px, is_same = self._now_px(), shown.is_same_stretch(self.shown_span)
        self.shown_span = shown
        if not is_same:
            self.update()
        elif before_px != self._now_px():
            self.move_now(before_px, self._now_px())

    def move_now(self, before_px: int, now_px: int) -> None:
        """The line of now stands at another pixel."""
        left, right = sorted((before_px, now_px))
        self.update(QRect(left - self.px(1), 0, right - left + 2 * self.px(1) + 1, self.height()))

    def _now_px(self) -> int:
        return round(self.x_of(self.shown_span.now_s))

    def _draw_title(self, painter: QPainter) -> None:
        if self.title:
            painter.setFont(theme.font(14, 400, self.u))
            painter.setPen(theme.colour("ink3"))
            painter.drawText(QRectF(0, 0, self.area().left(), self.height()), MIDDLE_LEFT, self.title)

    def _now_line(self, painter: QPainter) -> None:
        painter.setPen(QPen(theme.colour("line"), self.pf(1)))
        x = self._now_px() + 0.5
        painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))


class PhaseLane(Lane):
    """Filled: marked, the one in force brighter. Dashed: planned."""

    def __init__(self) -> None:
        super().__init__(theme.PHASE_LANE)
        self.phases: tuple[Phase, ...] = ()

    def show_phases(self, phases: tuple[Phase, ...]) -> None:
        """Take the phases of a view."""
        if phases != self.phases:
            self.phases = phases
            self.setAccessibleName(", ".join(p.name for p in phases if p.current))
            self.update()

    def move_now(self, before_px: int, now_px: int) -> None:
        self.update()  # a block that grows may get its name

    def paint(self, painter: QPainter, part: QRectF | None = None) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_title(painter)
        for phase in self.phases:
            left, right = self.x_of(phase.start_s), self.x_of(phase.end_s)
            if phase.marked:
                self._block(painter, phase, left, min(right, self._now_px()) if phase.current else right)
            else:
                self._block(painter, phase, max(left, self._now_px()), right)

    def _block(self, painter: QPainter, phase: Phase, left: float, right: float) -> None:
        area = self.area()
        left, right = max(left, area.left()), min(right, area.right())
        if right - left < self.pf(3 if phase.marked else 52):
            return
        box = QRectF(left + self.pf(1), self.pf(1), right - left - self.pf(2), self.height() - self.pf(2))
        if phase.marked:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("line" if phase.current else "raised"))
        else:
            pen = QPen(theme.colour("ink3"), self.pf(1))
            pen.setDashPattern(list(theme.DASH_PLANNED))
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            box.adjust(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, self.pf(4), self.pf(4))
        font = theme.font(15, 500 if phase.current else 400, self.u)
        if QFontMetricsF(font).horizontalAdvance(phase.name) + self.pf(14) > box.width():
            return
        painter.setFont(font)
        painter.setPen(theme.colour("ink1" if phase.current and phase.marked else "ink2" if phase.marked else "ink3"))
        painter.drawText(box.adjusted(self.pf(8), 0, 0, 0), MIDDLE_LEFT, phase.name)


def draw_mark(painter: QPainter, at: QPointF, shape: str, severity: str, size: float) -> None:
    """Shape says what, fill says how urgent; `size` is half the mark's width in pixels."""
    ink = theme.colour({"high": "red_line", "medium": "yellow", "low": "yellow"}.get(severity, "ink2"))
    solid = severity in ("high", "medium")
    painter.setPen(QPen(ink, size * 0.24))
    fill = theme.colour("mark") if severity == "medium" else ink
    painter.setBrush(fill if solid else Qt.BrushStyle.NoBrush)
    x, y = at.x(), at.y()
    flat = size * 0.8
    match shape:
        case "low":
            painter.drawPolygon(
                QPolygonF([QPointF(x - size, y - flat), QPointF(x + size, y - flat), QPointF(x, y + size)])
            )
        case "high":
            painter.drawPolygon(
                QPolygonF([QPointF(x - size, y + flat), QPointF(x + size, y + flat), QPointF(x, y - size)])
            )
        case "technical":
            points = [QPointF(x - size, y), QPointF(x, y - size), QPointF(x + size, y), QPointF(x, y + size)]
            painter.drawPolygon(QPolygonF(points))
        case "call":
            painter.drawEllipse(at, size, size)
        case "dose":
            painter.drawLine(QPointF(x, y - size * 1.5), QPointF(x, y + size * 1.5))
            painter.setBrush(ink)
            painter.drawEllipse(at, size * 0.7, size * 0.7)
        case _:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(x - flat, y - flat, 2 * flat, 2 * flat), 2, 2)


class MarkLane(Lane):
    """Marks with their label where there is room, else on hover."""

    def __init__(self) -> None:
        super().__init__(theme.MARK_LANE)
        self.marks: tuple[Mark, ...] = ()

    def show_marks(self, marks: tuple[Mark, ...]) -> None:
        """Take the marks of a view."""
        if marks != self.marks:
            self.marks = tuple(sorted(marks, key=lambda m: m.t_s))
            self.update()

    def paint(self, painter: QPainter, part: QRectF | None = None) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._now_line(painter)
        self._draw_title(painter)
        font = theme.font(14, 400, self.u)
        metrics, half = QFontMetricsF(font), self.pf(6.2)
        painter.setFont(font)
        inside = [
            (self.x_of(m.t_s), m) for m in self.marks if self.shown_span.start_s <= m.t_s <= self.shown_span.end_s
        ]
        seen = QRectF(self.rect()) if part is None else part
        for (x, mark), end in zip(inside, [*(x - self.pf(8) for x, _mark in inside[1:]), self.width()], strict=False):
            if x - 2 * half > seen.right() or max(end, x + 2 * half) < seen.left():
                continue
            at = QPointF(x, self.height() / 2)
            draw_mark(painter, at, mark.shape, mark.severity, half)
            if mark.label and x + self.pf(10) + metrics.horizontalAdvance(mark.label) <= end:
                painter.setPen(theme.colour("ink2"))
                painter.drawText(QPointF(x + self.pf(10), at.y() + self.pf(5)), mark.label)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            near = [m for m in self.marks if abs(self.x_of(m.t_s) - event.pos().x()) <= self.px(12)]
            QToolTip.showText(event.globalPos(), "\n".join(m.label for m in near), self)
            return True
        return super().event(event)


class TimeLane(Lane):
    """Local time of day below the lowest plot."""

    def __init__(self) -> None:
        super().__init__(27)
        self.ticks: list[tuple[float, str]] = []

    def show_ticks(self, ticks: list[tuple[float, str]]) -> None:
        """Session second and words of each tick."""
        if ticks != self.ticks:
            self.ticks = ticks
            self.update()

    def move_now(self, before_px: int, now_px: int) -> None:
        """Now has no line here."""

    def paint(self, painter: QPainter, part: QRectF | None = None) -> None:
        painter.setFont(theme.font(15, 400, self.u))
        painter.setPen(theme.colour("ink3"))
        for t_s, words in self.ticks:
            box = QRectF(self.x_of(t_s) - self.pf(40), self.pf(5), self.pf(80), self.pf(20))
            painter.drawText(box, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter, words)
