"""Buttons: every one shows its key; the hold button asks for two seconds before it acts."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetricsF, QHideEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy

from ui import keys, theme
from ui.kit import Part, rounded

KINDS: dict[str, tuple[str | None, str, str | None]] = {  # fill, words, border
    "primary": ("fill", "on_fill", None),
    "plain": ("panel", "ink1", None),
    "raised": ("raised", "ink1", None),
    "bare": (None, "ink2", None),
    "outline": (None, "ink1", "ink2"),
    "on_red": ("on_red", "red", None),
    "on_red_outline": (None, "on_red", "on_red"),
    "on_yellow": ("yellow", "on_yellow", None),
    "on_yellow_outline": (None, "ink0", "yellow"),
    "off": ("panel", "ink3", None),
}


class Button(QPushButton, Part):
    """A button with optional icon and key. Focus draws a ring outside; pressed is 82 %; disabled is "not yet".

    fill_width: grows with its row; else it takes what its words need.
    """

    FOCUS_ROOM = 0

    def __init__(
        self,
        text: str = "",
        key: str = "",
        icon: str = "",
        kind: str = "plain",
        size: float = 18,
        height: float = theme.BUTTON,
        weight: int = 500,
        padding: float = 16,
        fill_width: bool = False,
        name: str = "",
    ) -> None:
        super().__init__(text)
        self.key, self.icon_name, self.kind = key, icon, kind
        self.size_u, self.height_u, self.weight, self.padding = size, height, weight, padding
        policy = QSizePolicy.Policy.Expanding if fill_width else QSizePolicy.Policy.Fixed
        self.setSizePolicy(policy, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        # a click must not take the focus: the next letter still belongs to the pane
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if name:
            self.setObjectName(name)
        self.setAccessibleName(text)
        if key:
            self.setAccessibleDescription(key)
        self.rescale(1.0)

    def relabel(self, text: str, icon: str | None = None, kind: str | None = None, key: str | None = None) -> None:
        """Other words, icon, kind or key."""
        self.icon_name = self.icon_name if icon is None else icon
        self.kind = self.kind if kind is None else kind
        self.key = self.key if key is None else key
        if text != self.text():
            self.setText(text)
            self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def shown(self) -> str:
        return self.text() or self.accessibleName()

    def rescale(self, u: float) -> None:
        self.u = u
        self.setFont(theme.font(self.size_u, self.weight, u))
        self.setFixedHeight(self.px(self.height_u))
        self.updateGeometry()

    def _key_width(self) -> float:
        if not self.key:
            return 0
        return max(self.px(24), QFontMetricsF(theme.font(13, 500, self.u)).horizontalAdvance(self.key) + self.px(12))

    def _icon_room(self) -> float:
        return (self.px(self.size_u + 5 + 10) if self.text() else self.px(self.size_u + 5)) if self.icon_name else 0

    def _content_width(self) -> float:
        words = QFontMetricsF(self.font()).horizontalAdvance(self.text())
        return words + self._icon_room() + (self._key_width() + self.px(12) if self.key else 0)

    def sizeHint(self) -> QSize:
        return QSize(round(self._content_width()) + 2 * self.px(self.padding), self.px(self.height_u))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        kind = self.kind if self.isEnabled() else "off"
        if self.isDown() and kind == "plain":
            kind = "raised"
        elif self.isDown():
            painter.setOpacity(0.82)
        fill, words, border = KINDS[kind]
        plate = QRectF(self.rect())
        rounded(
            painter,
            plate,
            self.pf(8),
            theme.colour(fill) if fill else None,
            theme.colour(border) if border else None,
            self.pf(2),
        )
        self._paint_under(painter, plate)
        self._paint_content(painter, words)
        if self.hasFocus():
            self._paint_focus(painter, plate, fill)

    def _paint_under(self, painter: QPainter, plate: QRectF) -> None:
        """Between the plate and the words; the hold button fills here."""

    def _paint_content(self, painter: QPainter, words: str) -> None:
        """Icon, words and key, smaller where the row leaves too little room: a cut key cannot be pressed."""
        painter.save()
        share = (self.width() - 2 * self.px(8)) / max(self._content_width(), 1.0)
        if share < 1:
            middle = QRectF(self.rect()).center()
            painter.translate(middle)
            painter.scale(share, share)
            painter.translate(-middle)
        x = (self.width() - self._content_width()) / 2
        if self.icon_name:
            side = self.px(self.size_u + 5)
            picture = theme.icon(self.icon_name, side, theme.colour(words), dpr=self.devicePixelRatioF())
            painter.drawPixmap(round(x), round((self.height() - side) / 2), picture)
            x += self._icon_room()
        painter.setPen(theme.colour(words))
        painter.setFont(self.font())
        width = QFontMetricsF(self.font()).horizontalAdvance(self.text())
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(x, 0, width + 4, self.height()), flags, self.text())
        if self.key:
            self._paint_key(painter, x + width + self.px(12), words)
        painter.restore()

    def _paint_key(self, painter: QPainter, x: float, words: str) -> None:
        cap = QRectF(x, (self.height() - self.px(24)) / 2, self._key_width(), self.px(24))
        painter.setPen(QPen(theme.colour(words, 0.55), max(1.0, self.pf(1))))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(cap, self.pf(4), self.pf(4))
        painter.setFont(theme.font(13, 500, self.u))
        painter.setPen(theme.colour(words))
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, self.key)

    def _paint_focus(self, painter: QPainter, plate: QRectF, fill: str | None) -> None:
        """The ring: ink0 with a dark line inside, so that it shows on every plate without moving anything."""
        painter.setOpacity(1.0)
        ring, inner = self.pf(2.5), self.pf(5)
        rounded(
            painter,
            plate.adjusted(inner / 2, inner / 2, -inner / 2, -inner / 2),
            self.pf(6),
            None,
            theme.colour("ground"),
            self.pf(2.5),
        )
        rounded(painter, plate, self.pf(8), None, theme.colour("ink0"), ring)


class HoldButton(Button):
    """Acts after being held for two seconds (mouse, touch, Space or its key); fills from the left meanwhile."""

    held = Signal()

    def __init__(self, text: str, icon: str = "", kind: str = "outline", name: str = "", key: str = "") -> None:
        super().__init__(text, key, icon, kind, name=name)
        self._by_key, self._let_go = False, QTimer(self)
        self._let_go.setSingleShot(True)
        self._let_go.setInterval(keys.LET_GO_MS)
        self._let_go.timeout.connect(self.stop)
        self._since = QElapsedTimer()
        self._tick = QTimer(self)
        self._tick.setInterval(50)
        self._tick.timeout.connect(self._advance)
        self.pressed.connect(self._begin)
        self.released.connect(self.stop)

    @property
    def share_held(self) -> float:
        """How much of the hold is done, 0 to 1; 0 also when it is not held."""
        if not self._tick.isActive():
            return 0.0
        return min(1.0, self._since.elapsed() / (theme.HOLD_S * 1000))

    def key_down(self) -> None:
        """Its key went down; one that came up a moment ago was never let go."""
        self._let_go.stop()
        if not self._by_key:
            self._by_key = True
            self._begin()

    def key_up(self) -> None:
        """Its key came up."""
        if self._by_key:
            self._let_go.start()

    def stop(self) -> None:
        """Let go, or out of sight: what was held counts no more."""
        self._by_key = False
        self._tick.stop()
        self.update()

    def _begin(self) -> None:
        self._since.start()
        self._tick.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.stop()

    def _advance(self) -> None:
        self.update()
        if self._since.elapsed() >= theme.HOLD_S * 1000:
            self._tick.stop()
            self.held.emit()

    def _paint_under(self, painter: QPainter, plate: QRectF) -> None:
        share = self.share_held
        if not share:
            return
        done = QRectF(plate.left(), plate.top(), plate.width() * share, plate.height())
        rounded(painter, done, self.pf(8), theme.colour("line"))
