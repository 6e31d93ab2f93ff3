"""No Bluetooth: what is wrong, three things to try in order, what works and what does not without it.

Owned by the screen process. It names the oximeter's own alarm; it never shows an exit code or a dead end.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk.text.catalogue import _
from ui import keys, theme
from ui.kit import CENTRE, Column, Fixed, Icon, Row, Rule, Text, rescale
from ui.kit_button import Button
from ui.sitter.press import press


def _try(number: int, do: str, how: str) -> Row:
    digit = Row(Text(str(number), 22, 600, "ink1", CENTRE))
    digit.plate("raised")
    digit.radius = 8
    row = Row(Fixed(digit, 48, 48), gap=18)
    row.grow(Column(Text(do, 25, 600, "ink1", shrink=True), Text(how, 18, 400, "ink2", shrink=True), gap=0))
    return row


def _fact(icon: str, words: str) -> Row:
    row = Row(Icon(icon, 22, "ink2", 2), gap=14)
    row.grow(Text(words, 20, 400, "ink1", shrink=True))
    return row


class NoBluetooth(QWidget):
    """`wants`: "again", "without", "back", "checks" or "card". patient and provider: the plan's labels."""

    wants = Signal(str)

    def __init__(self, patient: str, provider: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("noBluetooth")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._patient, self._provider = patient, provider
        self.phase, self.check = Text(_("Preparation"), 17, 600, "ink1"), Text("", 17, 400, "ink2")
        self.clock = Text("", 20, 600, "ink1")
        self.support = Text("", 16, 400, "ink3", shrink=True)
        strip = Fixed(Row(self.phase, self.check, "stretch", self.clock, gap=12), height=32)
        body = Row(gap=23)
        body.grow(self._left(), 826)
        body.add(Rule(vertical=True))
        body.grow(self._right(), 458)
        page = Column(strip, 102.0, gap=0, margin=(20, 12, 20, 22))
        page.grow(body)
        page.add(16.0, Rule(), 15.0, self._foot())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        layout.addWidget(page)
        self._page = page

    def show_trouble(self, clock: str, check: str, support: str) -> None:
        """Now, which check this is, and one line for support ("org.bluez has no adapter")."""
        self.clock.say(clock)
        self.check.say(check)
        self.support.say(_("For support: {trouble}. More in: kiosk doctor").format(trouble=support.rstrip(".")))

    def _left(self) -> Column:
        title = Row(Icon("bluetooth-off", 52, "yellow", 1.6), gap=18)
        title.grow(Text(_("No Bluetooth found."), 54, 600, "ink0", shrink=True, name="troubleTitle"))
        tries = Column(
            _try(1, _("Switch Bluetooth on."), _("Key with the sign, or the system's settings")),
            _try(2, _("Plug in a Bluetooth stick."), _("Any stick for Bluetooth 4.0 or newer")),
            _try(3, _("Restart the laptop."), _("Your answers so far are kept")),
            gap=16,
        )
        answers = Row(
            self._button("again", _("Search again"), "Enter", "refresh-cw", "primary", 21, 600),
            self._button("without", _("Go on without, with a reason"), "S", "", "raised", 20, 500),
            "stretch",
            gap=12,
        )
        lack = Text(_("Oximeter and cuff cannot reach this laptop."), 24, 400, "ink1", shrink=True)
        return Column(7.0, title, 9.0, lack, 32.0, tries, 38.0, answers, 26.0, self.support, "stretch", gap=0)

    def _right(self) -> Column:
        works = [
            _("Emergency card and {name}'s call").format(name=self._patient),
            _("Music, notes, look-ins, breath counter"),
            _("Blood pressure typed in"),
        ]
        missing = [_("Live SpO2 and pulse"), _("Their alarms on this screen")]
        column = Column(Text(_("Works without it"), 20, 600, "ink2"), 4.0, *[_fact("check", w) for w in works], gap=9)
        column.add(14.0, Text(_("Does not work"), 20, 600, "ink2"), 4.0, *[_fact("x", w) for w in missing])
        column.add(14.0, Text(_("So that nothing is missed"), 20, 600, "ink2"), 4.0)
        column.add(_fact("bell", _("Switch on the oximeter's own alarm.")))
        if self._provider:
            column.add(_fact("shield-check", _("{name}'s plan requires an oximeter.").format(name=self._provider)))
        return column.add("stretch")

    def _foot(self) -> Fixed:
        back = self._button("back", _("Back"), "Esc", "arrow-left", "plain", 18, 500, theme.BUTTON)
        checks = self._button("checks", _("All checks"), "L", "list-checks", "plain", 18, 500, theme.BUTTON)
        card = self._button("card", _("Emergency card"), "E", "phone", "outline", 18, 600, theme.BUTTON)
        return Fixed(Row(back, checks, "stretch", card, gap=10), height=theme.BUTTON)

    def _button(
        self, what: str, words: str, key: str, icon: str, kind: str, size: float, weight: int, height: float = 62
    ) -> Button:
        button = Button(words, key, icon, kind, size, height, weight, padding=14 if what == "card" else 16)
        button.clicked.connect(lambda: self.wants.emit(what))
        return button

    def showEvent(self, event: QShowEvent) -> None:
        self.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        rescale(self._page, theme.unit(self.width(), self.height()))

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), theme.colour("ground"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = "E" if keys.name_of(event) == "F1" else keys.name_of(event)
        if event.isAutoRepeat() or not press(key, self):
            event.ignore()
