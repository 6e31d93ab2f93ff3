"""The rows of the chart that are no curves: phases, marks, and the times below."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from kiosk.line.screen import Mark, Phase
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
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.rescale(1.0)

    def rescale(self, u: float) -> None:
        self.u = u
        self.setFixedHeight(self.px(self.height_u))

    def paintEvent(self, event: QPaintEvent) -> None:
        self.paint(QPainter(self))

    def paint(self, painter: QPainter) -> None:
        """Draw this row from (0, 0) on: on the screen, or on paper."""

    def area(self) -> QRectF:
        """The data area of this row."""
        left = self.px(theme.CHART_GUTTER)
        return QRectF(left, 0, max(1, self.width() - left - self.px(theme.CHART_RIGHT)), self.height())

    def x_of(self, t_s: float) -> float:
        """The pixel of a session second."""
        area = self.area()
        return area.left() + self.shown_span.share(t_s) * area.width()

    def show_span(self, shown: Span) -> None:
        """Take another stretch of time."""
        self.shown_span = shown
        self.update()

    def _draw_title(self, painter: QPainter) -> None:
        if self.title:
            painter.setFont(theme.font(14, 400, self.u))
            painter.setPen(theme.colour("ink3"))
            painter.drawText(QRectF(0, 0, self.area().left(), self.height()), MIDDLE_LEFT, self.title)

    def _now_line(self, painter: QPainter) -> None:
        painter.setPen(QPen(theme.colour("line"), self.pf(1)))
        x = self.x_of(self.shown_span.now_s)
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

    def paint(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_title(painter)
        for phase in self.phases:
            start, end = phase.start_s, phase.end_s
            if phase.marked:
                self._block(painter, phase, start, min(end, self.shown_span.now_s) if phase.current else end)
            else:
                self._block(painter, phase, max(start, self.shown_span.now_s), end)

    def _block(self, painter: QPainter, phase: Phase, start_s: float, end_s: float) -> None:
        area = self.area()
        left, right = max(self.x_of(start_s), area.left()), min(self.x_of(end_s), area.right())
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

    def paint(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._now_line(painter)
        self._draw_title(painter)
        font = theme.font(14, 400, self.u)
        painter.setFont(font)
        inside = [m for m in self.marks if self.shown_span.start_s <= m.t_s <= self.shown_span.end_s]
        for mark, after in zip(inside, [*inside[1:], None][: len(inside)], strict=True):
            at = QPointF(self.x_of(mark.t_s), self.height() / 2)
            draw_mark(painter, at, mark.shape, mark.severity, self.pf(6.2))
            end = self.x_of(after.t_s) - self.pf(8) if after is not None else self.width()
            words = QFontMetricsF(font).horizontalAdvance(mark.label)
            if mark.label and at.x() + self.pf(10) + words <= end:
                painter.setFont(font)
                painter.setPen(theme.colour("ink2"))
                painter.drawText(QPointF(at.x() + self.pf(10), at.y() + self.pf(5)), mark.label)

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
        self.ticks = ticks
        self.update()

    def paint(self, painter: QPainter) -> None:
        painter.setFont(theme.font(15, 400, self.u))
        painter.setPen(theme.colour("ink3"))
        for t_s, words in self.ticks:
            box = QRectF(self.x_of(t_s) - self.pf(40), self.pf(5), self.pf(80), self.pf(20))
            painter.drawText(box, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter, words)
