"""A device that cannot be read: what is wrong, three things to try in order, what works and what does not without it.

Owned by the screen process. It names the oximeter's own alarm and offers typing; it never shows an exit code or a
dead end, and goes by itself when the device can be read.
"""

from __future__ import annotations

from PySide6.QtCore import Signal

from kiosk.line.prepare import CheckPage, DeviceTrouble
from kiosk.text.catalogue import _
from ui import theme
from ui.kit import CENTRE, Column, Fixed, Icon, Row, Rule, Text, rescale
from ui.kit_button import Button


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


class TroublePage(Row):
    """`wants`: "typed" (the check as it is, numbers typed) or "override" (go on without, with a reason)."""

    wants = Signal(str)

    def __init__(self) -> None:
        super().__init__(gap=23)
        self.setObjectName("troublePage")
        self.title = Text("", 54, 600, "ink0", shrink=True, name="troubleTitle")
        self.lack = Text("", 24, 400, "ink1", shrink=True)
        self.tries, self.facts = Column(gap=16), Column(gap=9)
        self.typed = self._button(_("Type values instead"), "T", "check", "primary", "typeInstead", "typed")
        self.without = self._button(_("Go on without, with a reason"), "S", "", "raised", "goWithout", "override")
        self.support = Text("", 16, 400, "ink3", shrink=True)
        self._patient = ""
        self._drawn: object = None
        self.turning()
        self.grow(self._left(), 826)
        self.rule = Rule(vertical=True)
        self.add(self.rule)
        self.grow(Column(40.0, self.facts, "stretch", gap=0), 458)

    def reflow(self, upright: bool) -> None:
        super().reflow(upright)
        self.rule.setVisible(not upright)

    def begin(self, patient: str) -> None:
        """The patient's label."""
        self._patient = patient

    def show_page(self, page: CheckPage) -> None:
        """Draw the trouble of a check."""
        trouble = page.trouble
        if trouble is None:
            return
        self.without.setVisible(page.can_override)
        drawn = (trouble, page.notes, self._patient, self.u)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        self.title.say(trouble.title)
        self.lack.say(trouble.lack)
        self.support.say(_("It is looked for every second. More in: kiosk doctor"))
        self.tries.clear()
        self.tries.add(*[_try(n, do, how) for n, (do, how) in enumerate(trouble.tries, 1)])
        self._draw_facts(trouble, page.notes)
        rescale(self, self.u)

    def _left(self) -> Column:
        title = Row(Icon("bluetooth-off", 52, "yellow", 1.6), gap=18)
        title.grow(self.title)
        answers = Row(self.typed, self.without, "stretch", gap=12)
        return Column(
            26.0, title, 9.0, self.lack, 26.0, self.tries, 30.0, answers, 22.0, self.support, "stretch", gap=0
        )

    def _draw_facts(self, trouble: DeviceTrouble, notes: tuple[tuple[str, str], ...]) -> None:
        works = [
            _("Emergency card and {name}'s call").format(name=self._patient),
            _("Music, notes, look-ins, breath counter"),
            _("Blood pressure and oxygen typed in"),
        ]
        missing = [_("Live SpO2 and pulse"), _("Their alarms on this screen")]
        if trouble.key == "no cuff":
            missing = [_("Pressures that come by themselves")]
        self.facts.clear()
        self.facts.add(Text(_("Works without it"), 20, 600, "ink2"), 4.0, *[_fact("check", w) for w in works])
        self.facts.add(14.0, Text(_("Does not work"), 20, 600, "ink2"), 4.0, *[_fact("x", w) for w in missing])
        self.facts.add(14.0, Text(_("So that nothing is missed"), 20, 600, "ink2"), 4.0)
        self.facts.add(_fact("bell", _("Switch on the oximeter's own alarm.")))
        self.facts.add(*[_fact("shield-check", words) for icon, words in notes if icon == "info"])

    def _button(self, words: str, key: str, icon: str, kind: str, name: str, what: str) -> Button:
        weight = 600 if kind == "primary" else 500
        button = Button(words, key, icon, kind, 20, theme.BUTTON_ACT, weight, name=name)
        button.clicked.connect(lambda: self.wants.emit(what))
        return button
