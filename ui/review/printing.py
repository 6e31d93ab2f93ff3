"""Prints what the provider sees: heading, verification and facts above the chart, on one landscape page.

The whole report is a file of its own (`Report`); this is the system's print dialog for the page that is on the screen.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QMarginsF, QPoint, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPageLayout, QPainter
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget

from ui import theme
from ui.sitter.lanes import Lane

MARGIN_MM = 10.0


def printer() -> QPrinter:
    """Landscape, for the dialog to change. Its document has no name of a person."""
    made = QPrinter(QPrinter.PrinterMode.HighResolution)
    made.setPageOrientation(QPageLayout.Orientation.Landscape)
    made.setPageMargins(QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM), QPageLayout.Unit.Millimeter)
    made.setDocName("session-room review")
    return made


def draw_page(made: QPrinter, title: str, lines: Sequence[str], chart: QWidget, rows: Sequence[Lane]) -> bool:
    """One page: title, lines of facts, the rows of a chart as large as they fit. False: the printer does not take it.

    Row by row, in lines and letters: a widget rendered as a whole would come out as a picture of dots.
    """
    painter = QPainter()
    if not painter.begin(made):
        return False
    page = QRectF(painter.viewport())
    unit = page.width() / theme.BASE_WIDTH
    top = _words(painter, page, unit, title, lines)
    room = page.height() - top
    share = min(page.width() / chart.width(), room / chart.height())
    painter.translate((page.width() - chart.width() * share) / 2, top)
    painter.scale(share, share)
    for row in rows:
        if row.isVisibleTo(chart):
            painter.save()
            painter.translate(row.mapTo(chart, QPoint(0, 0)))
            row.paint(painter)
            painter.restore()
    return painter.end()


def _words(painter: QPainter, page: QRectF, unit: float, title: str, lines: Sequence[str]) -> float:
    """Where the page is free below them."""
    top = 0.0
    for text, size, weight in ((title, 22, 600), *((line, 14, 400) for line in lines)):
        font = theme.font(size, weight, unit)
        metrics = QFontMetricsF(font, painter.device())
        painter.setFont(font)
        painter.setPen(theme.colour("ink0"))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
        box = metrics.boundingRect(QRectF(0, 0, page.width(), page.height()), flags.value, text)
        painter.drawText(QRectF(0, top, page.width(), box.height()), flags.value, text)
        top += box.height() + 4 * unit
    return top + 8 * unit
