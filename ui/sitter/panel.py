"""The action panel: the one thing to do now, the steps before and after it, and what stays silent.

Owned by the screen process. It advances by a person's answer only, never by itself.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QPushButton, QSizePolicy

from kiosk.line.pane import Panel, Silence, Step
from kiosk.text.catalogue import _
from ui import theme
from ui.kit import Column, Fixed, Icon, Part, Row, Rule, Text, rescale, rounded
from ui.kit_alarm import Countdown
from ui.sitter.asking import panel_button
from ui.sitter.sentence import minutes


class StepChip(QPushButton, Part):
    """One step: done (check, dim), now (filled), next (outlined). Every step can be chosen."""

    def __init__(self, number: int, step: Step) -> None:
        super().__init__()
        self.number, self.step = number, step
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        state = {"done": _("done"), "now": _("now"), "next": _("next")}[step.state]
        self.setAccessibleName(f"{number} {step.label}, {state}")
        self.setEnabled(step.command is not None)
        self.rescale(1.0)

    def rescale(self, u: float) -> None:
        self.u = u
        self.setFixedHeight(self.px(theme.BUTTON))
        self.updateGeometry()

    def _weight(self) -> int:
        return 600 if self.step.state == "now" else 400

    def sizeHint(self) -> QSize:
        words = QFontMetricsF(theme.font(17, self._weight(), self.u)).horizontalAdvance(self.step.label)
        sign = self.px(17) if self.step.state == "done" else self._digit_width()
        wide = max(round(words + sign) + self.px(7 + 11 + 12) + 1, self.px(theme.BUTTON))
        return QSize(wide, self.px(theme.BUTTON))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.px(theme.BUTTON), self.px(theme.BUTTON))

    def _size(self) -> float:
        """What does not fit gets smaller."""
        return 17 * min(1.0, self.width() / self.sizeHint().width())

    def _digit_width(self, size: float = 17) -> float:
        return QFontMetricsF(theme.font(size, 600, self.u)).horizontalAdvance(str(self.number))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        now = self.step.state == "now"
        border = "ink0" if self.hasFocus() else None if now else "line"
        fill = theme.colour("fill") if now else None
        rounded(painter, QRectF(self.rect()), self.pf(8), fill, theme.colour(border) if border else None, self.pf(1))
        x = float(self.px(11))
        middle = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if self.step.state == "done":
            side = self.px(17)
            sign = theme.icon("check", side, theme.colour("ink3"), 2.25, self.devicePixelRatioF())
            painter.drawPixmap(round(x), (self.height() - side) // 2, sign)
            x += side
        else:
            painter.setFont(theme.font(self._size(), 600, self.u))
            painter.setPen(theme.colour("on_fill" if now else "ink3"))
            painter.drawText(QRectF(x, 0, self.width(), self.height()), middle, str(self.number))
            x += self._digit_width(self._size())
        painter.setFont(theme.font(self._size(), self._weight(), self.u))
        painter.setPen(theme.colour({"now": "on_fill", "done": "ink3", "next": "ink2"}[self.step.state]))
        painter.drawText(QRectF(x + self.px(7), 0, self.width(), self.height()), middle, self.step.label)


class SilenceList(Column):
    """ "Silent now": every silence with its end. Empty or visible, never behind a menu."""

    def __init__(self, compact: bool = False) -> None:
        super().__init__(gap=4)
        self.setObjectName("silences")
        self._compact = compact  # one line a row, where only the height of the events is free
        self._rows: tuple[Silence, ...] | None = None
        self._rings: list[tuple[Countdown, Text, Silence]] = []
        self._scale = 0.0

    def show_silences(self, silences: tuple[Silence, ...]) -> None:
        """Draw the rows; the list hides itself when nothing is silent."""
        self.setVisible(bool(silences))
        names = tuple((s.name, s.remaining_s is None) for s in silences)
        if names != tuple((s.name, s.remaining_s is None) for s in self._rows or ()) or self._scale != self.u:
            self._build(silences)
        self._rings = [(r, t, s) for (r, t, _s), s in zip(self._rings, silences, strict=True)]
        self._rows, self._scale = silences, self.u
        self.count_on(0.0)

    def count_on(self, since_s: float) -> None:
        """Let the countdowns run between two views."""
        for ring, words, silence in self._rings:
            if silence.remaining_s is None:
                words.say(silence.ends)
                continue
            left = max(0.0, silence.remaining_s - since_s)
            ring.leave(left / theme.PAUSE_MAX_S)
            words.say(_("{time} left").format(time=minutes(left)))

    def shown(self) -> str:
        return "\n".join(f"{s.name}: {t.shown()}" for _r, t, s in self._rings)

    def _build(self, silences: tuple[Silence, ...]) -> None:
        self.clear()
        self._rings = []
        if not self._compact:
            self.add(Text(_("Silent now"), 16, 500, "ink3"), 2.0)
        for silence in silences:
            if self._compact:
                self._build_line(silence)
                continue
            ring, words = Countdown(34), Text("", 16, 400, "ink2", shrink=True)
            sign = Icon("bell-off", 26) if silence.remaining_s is None else ring
            row = Row(sign, gap=12)
            row.grow(Column("stretch", Text(silence.name, 18, 500, "ink1", shrink=True), words, "stretch", gap=0))
            self.add(row, 6.0)
            self._rings.append((ring, words, silence))
        self.add("stretch")
        rescale(self, self.u)

    def _build_line(self, silence: Silence) -> None:
        ring, words = Countdown(20, width=3), Text("", 16, 400, "ink2", shrink=True)
        sign = Icon("bell-off", 18) if silence.remaining_s is None else ring
        row = Row(sign, Text(silence.name, 16, 500, "ink1"), gap=8)
        row.grow(words)
        self.add(row)
        self._rings.append((ring, words, silence))


class ActionPanel(Column):
    """Steps, the one action with a line of detail, its answers; at the right the silences or what to read out."""

    used = Signal(object)
    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__(gap=8, margin=(16, 14, 16, 14))
        self.setObjectName("actionPanel")
        self.plate("panel")
        self.steps = Row(gap=6)
        self.action = Text("", 46, 600, "ink0", shrink=True, name="actionSay", least=0.5)
        self.detail = Text("", 22, 400, "ink1", shrink=True, name="actionDetail")
        self.silences = SilenceList()
        self.side = Column(gap=2)
        self.answers = Row(gap=12)
        top = Row(gap=18).turning()
        top.grow(Column(self.steps, "stretch", self.action, self.detail, "stretch", gap=4))
        self.rule = Rule(vertical=True)
        told = Column(self.silences, self.side, "stretch", gap=4)
        told.upright = QBoxLayout.Direction.LeftToRight
        self.beside = Fixed(told, 250, upright=(None, None))
        top.add(self.rule, self.beside)
        self.grow(top)
        self.add(self.answers)
        self._drawn: dict[str, object] = {}

    def reflow(self, upright: bool) -> None:
        super().reflow(upright)
        self.rule.setVisible(not upright)

    def show_panel(self, panel: Panel, silences: tuple[Silence, ...]) -> None:
        """Draw the panel of a view."""
        self.action.say(panel.say)
        self.detail.say(panel.detail)
        self.silences.show_silences(silences)
        self.side.setVisible(len(silences) < 2)
        # compared part by part: a sentence that counts seconds must not replace a button under the hand
        for part, draw in (
            (panel.steps, self._draw_steps),
            ((panel.side_title, panel.side_lines, panel.side_icon), self._draw_side),
            (panel.buttons, self._draw_answers),
        ):
            if self._drawn.get(draw.__name__) != (part, self.u):
                self._drawn[draw.__name__] = (part, self.u)
                draw(panel)
                rescale(self, self.u)

    def _draw_steps(self, panel: Panel) -> None:
        self.steps.clear()
        for number, step in enumerate(panel.steps, 1):
            chip = StepChip(number, step)
            chip.clicked.connect(lambda _checked=False, command=step.command: self.chosen.emit(command))
            self.steps.add(chip)
        self.steps.add("stretch")

    def _draw_side(self, panel: Panel) -> None:
        self.side.clear()
        if not panel.side_title and not panel.side_lines:
            return
        most = 26 / theme.text_of(self.u)  # letters a line has room for
        lines = [
            Text(line, 19 if i < 2 else 18, 600 if i == 0 else 500 if i == 1 else 400, "ink1", wrap=len(line) > most)
            for i, line in enumerate(panel.side_lines)
        ]
        words = Column(*lines, gap=2)
        beside = Row(Icon(panel.side_icon, 24), words, "stretch", gap=12) if panel.side_icon else words
        self.side.add(Text(panel.side_title, 16, 500, "ink3"), 2.0, beside, "stretch")

    def _draw_answers(self, panel: Panel) -> None:
        self.answers.clear()
        fill = len(panel.buttons) >= 3
        for asked in panel.buttons:
            self.answers.add(panel_button(asked, fill, self.used.emit))
        if not fill:
            self.answers.add("stretch")
