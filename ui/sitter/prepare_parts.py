"""What the preparation is drawn from: its progress, the sign of a check's state, a reading's place.

Owned by the screen process. Solid is done, outlined is still to come, hatched was taken on by a person. A reading that
has not come leaves bars: nothing here fills a place in.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from kiosk.line.prepare import CheckPage, CheckTile
from kiosk.text.catalogue import _
from ui import theme
from ui.kit import Column, Part, Row, Text, rounded
from ui.kit_value import Numeral
from ui.sitter.plot import hatch

GROUP_GAP, GAP = 22.0, 5.0


def _hatch_inside(painter: QPainter, inside: QPainterPath, step: float, width: float) -> None:
    """Taken on by a person: yellow lines inside a shape; sizes in pixels."""
    painter.save()
    painter.setClipPath(inside)
    hatch(painter, inside.boundingRect(), "yellow", step, width)
    painter.restore()


def draw_state(painter: QPainter, state: str, box: QRectF, dpr: float) -> None:
    """The sign of a check: passed, failed, overridden, now or todo."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    sign = {"passed": ("check", "ink2"), "failed": ("x", "yellow")}.get(state)
    if sign is not None:
        picture = theme.icon(sign[0], round(box.width()), theme.colour(sign[1]), 2.5, dpr)
        painter.drawPixmap(box.topLeft().toPoint(), picture)
        return
    middle, half = box.center(), box.width() / 2 - 1
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if state == "overridden":
        corners = [(-half, 0), (0, -half), (half, 0), (0, half)]
        diamond = QPolygonF([middle + QPointF(x, y) for x, y in corners])
        painter.setPen(QPen(theme.colour("yellow"), box.width() / 12))
        painter.drawPolygon(diamond)
        path = QPainterPath()
        path.addPolygon(diamond)
        _hatch_inside(painter, path, box.width() / 4.6, box.width() / 16)
        return
    painter.setPen(QPen(theme.colour("ink0" if state == "now" else "ink3"), box.width() / 13))
    painter.setBrush(theme.colour("ink0") if state == "now" else Qt.BrushStyle.NoBrush)
    painter.drawEllipse(middle, half * 0.55, half * 0.55)


class StateMark(QWidget, Part):
    """A check's sign alone."""

    def __init__(self, state: str, size: float = 24) -> None:
        super().__init__()
        self.state, self.size_u = state, size
        self.rescale(1.0)

    def show_state(self, state: str) -> None:
        """Another state."""
        self.state = state
        self.update()

    def rescale(self, u: float) -> None:
        self.u = u
        self.setFixedSize(self.px(self.size_u), self.px(self.size_u))

    def paintEvent(self, event: QPaintEvent) -> None:
        draw_state(QPainter(self), self.state, QRectF(self.rect()), self.devicePixelRatioF())


class Progress(QWidget, Part):
    """Groups of checks above each other's bars: how far it is, and where."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("checkProgress")
        self._groups: list[tuple[str, list[str]]] = []
        self.rescale(1.0)

    def show_pages(self, pages: tuple[CheckPage, ...], now: str) -> None:
        """The states of all checks. now: key of the check in hand, "" for none."""
        groups: list[tuple[str, list[str]]] = []
        for page in pages:
            if not groups or groups[-1][0] != page.group:
                groups.append((page.group, []))
            groups[-1][1].append("now" if page.key == now else page.state)
        if groups != self._groups:
            self._groups = groups
            self.setAccessibleName(_("{n} of {of} checks answered").format(n=answered(pages), of=len(pages)))
            self.update()

    def rescale(self, u: float) -> None:
        self.u = u
        self.setFixedHeight(self.px(46))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        count = sum(len(states) for _name, states in self._groups)
        if not count:
            return
        groups, gap = self.pf(GROUP_GAP), self.pf(GAP)
        one = (self.width() - groups * (len(self._groups) - 1) - gap * (count - len(self._groups))) / count
        x = 0.0
        for name, states in self._groups:
            room = len(states) * (one + gap) - gap
            self._paint_name(painter, name, states, QRectF(x, 0, room, self.pf(24)))
            for state in states:
                self._paint_bar(painter, state, QRectF(x, self.pf(32), one, self.pf(8)))
                x += one + gap
            x += groups - gap

    def _paint_name(self, painter: QPainter, name: str, states: list[str], room: QRectF) -> None:
        now = "now" in states
        painter.setFont(theme.font(16, 600 if now else 400, self.u))
        painter.setPen(theme.colour("ink1" if now else "ink3" if "todo" in states else "ink2"))
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)

    def _paint_bar(self, painter: QPainter, state: str, bar: QRectF) -> None:
        round_by, inset = self.pf(4), self.pf(0.7)
        if state == "passed":
            rounded(painter, bar, round_by, theme.colour("ink3"))
        elif state == "now":
            rounded(painter, bar.adjusted(0, -self.pf(2), 0, self.pf(2)), self.pf(6), theme.colour("ink0"))
        elif state == "todo":
            rounded(painter, bar.adjusted(0, inset, 0, -inset), round_by, None, theme.colour("line"), self.pf(1.25))
        else:
            rounded(painter, bar, round_by, None, theme.colour("yellow"), self.pf(1.5))
            if state == "overridden":
                path = QPainterPath()
                path.addRoundedRect(bar.adjusted(1, 1, -1, -1), round_by, round_by)
                _hatch_inside(painter, path, self.pf(5), self.pf(1.2))


def answered(pages: tuple[CheckPage, ...]) -> int:
    """How many checks have an answer."""
    return sum(page.state != "todo" for page in pages)


class Plate(Column):
    """A surface whose edge can be dashed: dashed waits for something."""

    def __init__(self, margin: tuple[float, float, float, float] = (22, 14, 22, 10)) -> None:
        super().__init__(gap=0, margin=margin)
        self.dashed = False

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.dashed:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(theme.colour("ink3"), self.pf(1.5))
        pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inset = self.pf(0.75)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), self.pf(10), self.pf(10))


class ReadingTile(Plate):
    """The place of a reading that comes by itself: filled once it is there, dashed with bars while it is not."""

    def __init__(self, index: int) -> None:
        super().__init__()
        self.label = Text("", 20, 600, "ink2")
        self.side = Text("", 17, 400, "ink2", shrink=True)
        self.numeral = Numeral(86, bar=(112, 56), left=True)
        self.numeral.setObjectName(f"checkValue{index}")
        head = Row(self.label, gap=10)
        head.grow(Row("stretch", self.side, gap=0))
        self.add(head, "stretch", self.numeral, "stretch")

    def show_tile(self, tile: CheckTile) -> None:
        """The reading, or that it is awaited."""
        known = bool(tile.value)
        self.dashed = not known
        self.plate("panel" if known else None)
        self.label.say(tile.label)
        self.label.style_as("ink1" if known else "ink2")
        self.side.say(tile.detail or ("" if known else _("waiting")))
        self.numeral.set(tile.value, "ink1" if known else "ink3", bars=not known)
        self.setAccessibleName(f"{tile.label}: {tile.value or _('waiting')} {tile.detail}".strip())
        self.update()
