"""The one sentence: calm, prompt, call or alarm, in one place that never moves, scrolls or stacks.

Owned by the screen process, used by the pane and over the rest screen. It must never flash, fade or hide a text; only
its marker changes.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent

from kiosk.line.pane import Ahead, Sentence, Silence
from kiosk.line.pane import Button as Asked
from kiosk.line.screen import View
from kiosk.session.commands import PauseSounds, ResumeSounds, StartSession
from kiosk.text.catalogue import _
from ui import theme
from ui.kit import Column, Fixed, Icon, Row, Text, rescale
from ui.kit_alarm import Countdown, Marker
from ui.sitter.asking import icon_of, sentence_button

_PLATES = {  # kind: fill, border
    "calm": (None, None),
    "call": ("panel", "fill"),
    "prompt": ("panel", "ink2"),
    "low": (None, "line"),
    "medium": ("yellow_dim", "yellow"),
    "high": ("red", None),
}
_INKS = {  # kind: title, detail
    "calm": ("ink1", "ink2"),
    "call": ("ink0", "ink1"),
    "prompt": ("ink0", "ink1"),
    "low": ("ink0", "ink2"),
    "medium": ("ink0", "ink1"),
    "high": ("on_red", "on_red"),
}
START = Asked(_("Start the session"), "Enter", "primary", StartSession(), icon="play")


def remaining(silences: tuple[Silence, ...], since_s: float) -> float | None:
    """Seconds left of the pause of all sounds, counted on from the view; None when nothing is paused."""
    left = [s.remaining_s for s in silences if s.remaining_s is not None]
    return max(0.0, left[0] - since_s) if left else None


def minutes(seconds: float) -> str:
    """A countdown as it is read: 92 -> "1:32"."""
    whole = int(seconds + 0.5)
    return f"{whole // 60}:{whole % 60:02d}"


class SentenceSlot(Row):
    """The top slot. `used` carries the view's button that a person pressed."""

    used = Signal(object)

    def __init__(self) -> None:
        super().__init__(gap=18, margin=(0, 2, 0, 4))
        self.setObjectName("alarmBanner")
        self.kind = "calm"
        self.marker = Marker("high")
        hand = Row("stretch", Icon("hand", 40, "on_fill", 2), "stretch")
        hand.plate("fill")
        hand.radius = 8
        self.hand = Fixed(hand, theme.MARKER_SENTENCE, theme.MARKER_SENTENCE)
        self.sign = Icon("eye", 38, "ink1", 1.6)
        sign = Row("stretch", self.sign, "stretch")
        sign.plate(None, "ink2", 1.5)
        sign.radius = 8
        self.asks = Fixed(sign, theme.MARKER_SENTENCE, theme.MARKER_SENTENCE)
        self.title = Text("", 34, 500, "ink1", shrink=True, name="alarmTitle")
        self.detail = Text("", 18, 400, "ink2", shrink=True, name="alarmDetail")
        self.right = Row(gap=18)
        said = Row(self.marker, self.hand, self.asks, gap=18)
        said.grow(Column("stretch", self.title, self.detail, "stretch", gap=1))
        self.grow(said)
        self.add(Row(self.right, "stretch", gap=0))
        self.turning()
        self.ring = Countdown()
        self.left = Text("", 26, 600, "ink1")
        self._drawn: object = None
        self._said: tuple[str, str] = ("calm", "")
        self._silences: tuple[Silence, ...] = ()
        self._paused = False

    def show_view(self, view: View) -> None:
        """Take the sentence, what lies ahead and the silences of a view."""
        sentence = view.sentence
        offered = view.prepare is not None or any(isinstance(b.command, StartSession) for b in sentence.buttons)
        buttons = sentence.buttons if offered or view.stage != "opening" else (*sentence.buttons, START)
        self._silences = view.silences
        self._dress(sentence)
        self.title.say(sentence.title)
        self.detail.say(sentence.detail)
        held = sentence.held if sentence.answered else ()
        paused = any(isinstance(b.command, ResumeSounds) for b in buttons)
        ahead = view.ahead if sentence.kind == "calm" and not buttons else ()
        drawn = (sentence.kind, buttons, held, paused, ahead, self.u)
        if drawn != self._drawn:
            self._drawn, self._paused = drawn, paused
            self._draw_right(sentence.kind, buttons, held, paused, ahead)
        self.count_on(0.0)
        self._speak(sentence)

    def count_on(self, since_s: float) -> None:
        """Let the pause's countdown run between two views."""
        left = remaining(self._silences, since_s)
        if left is not None and self._paused:  # else the ring has gone with its row
            self.ring.leave(left / theme.PAUSE_MAX_S)
            self.left.say(minutes(left))

    def shown(self) -> str:
        return f"{self.title.shown()}\n{self.detail.shown()}".strip()

    def _dress(self, sentence: Sentence) -> None:
        kind = sentence.kind
        alarm = kind in ("low", "medium", "high")
        self.marker.setVisible(alarm)
        if alarm:
            self.marker.set(kind, sentence.answered or sentence.latched)
        self.hand.setVisible(kind == "call")
        self.asks.setVisible(kind == "prompt")
        if kind == "prompt":
            self.sign.show_icon(next((icon_of(b) for b in sentence.buttons if icon_of(b)), "circle-alert"))
        if kind == self.kind and self._drawn is not None:
            return
        self.kind = kind
        self.plate(*_PLATES[kind])
        self.margins((0, 2, 0, 4) if kind == "calm" else (10, 3, 10, 3))
        title, detail = _INKS[kind]
        quiet = {"calm": (34, 500), "prompt": (36, 600)}  # a prompt is no alarm: neither its colour nor its size
        self.title.style_as(title, *quiet.get(kind, (40, 600)))
        self.detail.style_as(detail)

    def _draw_right(
        self, kind: str, buttons: tuple[Asked, ...], held: tuple[str, ...], paused: bool, ahead: tuple[Ahead, ...]
    ) -> None:
        self.right.clear()
        ink = "on_red" if kind == "high" else "ink0"
        if held:
            lines = [Text(t, 19 if i == 0 else 16, 600 if i == 0 else 400, ink) for i, t in enumerate(held)]
            self.right.add(Column("stretch", *lines, "stretch", gap=0))
        if paused:
            self.ring = Countdown(46, ink, "red_deep" if kind == "high" else "line", 5)
            self.left = Text("", 26, 600, ink)
            self.right.add(Row(self.ring, self.left, gap=10))
        for item in ahead:
            words = Column(
                "stretch", Text(item.what, 16, 400, "ink3"), Text(item.when, 18, 500, "ink2"), "stretch", gap=0
            )
            self.right.add(Row(Icon(item.icon, 22, "ink3"), words, gap=10, margin=(10, 0, 0, 0)))
        strong = True
        for asked in buttons:
            self.right.add(sentence_button(asked, kind, strong, self.used.emit))
            strong = strong and isinstance(asked.command, PauseSounds | ResumeSounds)
        rescale(self.right, self.u)

    def _speak(self, sentence: Sentence) -> None:
        """A screen reader hears a new alarm as an alert, once."""
        level = {"high": _("High alarm"), "medium": _("Alarm"), "low": _("Notice"), "call": _("Call")}
        level |= {"prompt": _("Reminder")}
        prefix = f"{level[sentence.kind]}: " if sentence.kind in level else ""
        self.setAccessibleName(f"{prefix}{sentence.title}. {sentence.detail}")
        said = (sentence.kind, sentence.alarm)
        if said != self._said and sentence.kind != "calm":
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
        self._said = said
