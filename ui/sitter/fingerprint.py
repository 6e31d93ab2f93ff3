"""The key's fingerprint to be read out or scanned: by it the provider knows that a session file is this room's.

Owned by the screen process. The code holds the fingerprint and nothing else; dark squares on a light ground
with an empty edge of four, because a camera reads no other.
"""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk.text.catalogue import _
from ui import theme
from ui.kit import Column, Part, Row, Text, rescale

EDGE = 4  # modules of the ground around a code (ISO/IEC 18004)
SIDE = 132  # four pixels a square on a small laptop


@cache
def _squares(text: str) -> tuple[tuple[int, ...], ...]:
    """The code's squares, row by row; 1 is dark."""
    import segno

    # in capitals it is a smaller code; whoever types it or scans it may use either
    return tuple(tuple(row) for row in segno.make(text.upper(), error="m", micro=False).matrix)


class Code(QWidget, Part):
    """A square code of a text, "" for none."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def say(self, text: str) -> None:
        """Show the code of another text."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self.update()

    def shown(self) -> str:
        return self._text

    def rescale(self, u: float) -> None:
        self.u = u
        self.setFixedSize(QSize(self.px(SIDE), self.px(SIDE)))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._text:
            return
        squares = _squares(self._text)
        whole = len(squares) + 2 * EDGE
        size = self.width() // whole  # whole pixels: a blurred edge is not read from afar
        left = (self.width() - size * whole) / 2 + size * EDGE
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("ink0"))
        dark = theme.colour("ground")
        for y, row in enumerate(squares):
            for x, is_dark in enumerate(row):
                if is_dark:
                    painter.fillRect(QRectF(left + x * size, left + y * size, size, size), dark)


class Fingerprint(Column):
    """The code, the same in letters, and what to do with it; a line of letters where there is no room for more.

    Hidden while no key is known.
    """

    def __init__(self) -> None:
        super().__init__(gap=0)
        self.code = Code("fingerprintCode")
        self.letters = Column(gap=0)
        words = Column("stretch", gap=2)
        words.add(Text(_("The key of this room"), 17, 600, "ink2", shrink=True))
        words.add(self.letters)
        words.add(Text(_("Read it out to the provider, once: every"), 16, 400, "ink3", shrink=True))
        words.add(Text(_("session file must bear the same."), 16, 400, "ink3", shrink=True), "stretch")
        self.whole = Row(self.code, gap=16).grow(words)
        self.line = Text("", 18, 600, "ink2", shrink=True, name="fingerprintLine")
        self.add(self.whole, self.line)
        self._shown = ""
        self.hide()

    def show_key(self, fingerprint: str) -> None:
        """ "1f0c4-77a1b-03e9d-5520f-c3d18", "" where none is known."""
        self.setVisible(bool(fingerprint))
        if fingerprint == self._shown:
            return
        self._shown = fingerprint
        self.code.say(fingerprint)
        self.letters.clear()
        groups = fingerprint.split("-")
        for part in (groups[:3], groups[3:]):
            self.letters.add(Text("  ".join(part), 22, 600, "ink0", shrink=True))
        self.line.say(_("Key of this room: {key}").format(key=" ".join(groups)))
        self.setAccessibleName(fingerprint)
        rescale(self, self.code.u)

    def fit(self, room_px: int) -> None:
        """Take as much height as there is; what else stands there goes first."""
        is_whole = self.whole.sizeHint().height() <= room_px
        self.whole.setVisible(is_whole)
        self.line.setVisible(not is_whole)

    def shown(self) -> str:
        return self._shown
