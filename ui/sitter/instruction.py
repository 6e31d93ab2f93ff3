"""The one action of a whole screen with its detail: as large as its room allows, its lines broken, never cut.

Owned by the screen process.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme
from ui.kit import Part, Text


class Instruction(QWidget, Part):
    """One sentence and its detail, as large as the room allows; lines are broken, nothing is left away."""

    def __init__(self, size: float = theme.TYPE["say_step"][0], name: str = "checkSay", height: float = 210) -> None:
        super().__init__()
        self.size_u, self.height_u = size, height
        self.say = Text("", size, 600, "ink0", wrap=True, name=name)
        self.detail = Text("", 24, 400, "ink1", wrap=True, name=name.replace("Say", "Detail"))
        top = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        for words in (self.say, self.detail):
            words.setParent(self)
            words.setAlignment(top)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.rescale(1.0)

    def show_words(self, say: str, detail: str) -> None:
        """What to do, and what to look for."""
        if (say, detail) != (self.say.shown(), self.detail.shown()):
            self.say.say(say)
            self.detail.say(detail)
            self._fit()

    def grow_to(self, height: float) -> None:
        """Another height, in u."""
        if height != self.height_u:
            self.height_u = height
            self.rescale(self.u)

    def rescale(self, u: float) -> None:
        self.u = u
        self.setFixedHeight(self.px(self.height_u))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()

    def _high(self, words: str, size: float, weight: int) -> float:
        room = QRectF(0, 0, max(1, self.width()), 10_000)
        flags = int(Qt.TextFlag.TextWordWrap.value)
        return QFontMetricsF(theme.font(size, weight, self.u)).boundingRect(room, flags, words).height()

    def _fit(self) -> None:
        share = 1.0
        while share > 0.45 and self._total(share) > self.height():
            share -= 0.03
        self.say.style_as(size=self.size_u * share)
        self.detail.style_as(size=max(17.0, 24 * share))
        self.say.u = self.detail.u = self.u
        self.say.rescale(self.u)
        self.detail.rescale(self.u)
        first = round(self._high(self.say.shown(), self.say.size_u, 600)) + 2
        self.say.setGeometry(0, 0, self.width(), first)
        top = first + self.px(8)
        self.detail.setGeometry(0, top, self.width(), max(0, self.height() - top))

    def _total(self, share: float) -> float:
        say = self._high(self.say.shown(), self.size_u * share, 600)
        return say + self._high(self.detail.shown(), max(17.0, 24 * share), 400) + self.pf(10)
