"""The patient's page in large type, handed over on the screen: what to do, what to leave, when to call.

Owned by the screen process. It says the same as the printed one, from the same words.
"""

from __future__ import annotations

from PySide6.QtCore import Signal

from kiosk.line.aftercare import After
from kiosk.line.screen import Answer
from kiosk.session.commands import GivePage, MakePage
from kiosk.text.care import Page
from kiosk.text.catalogue import _
from ui import theme
from ui.kit import Column, Fixed, Row, Text, rescale
from ui.kit_button import Button
from ui.sitter.after_parts import CareCard
from ui.sitter.flow import Flow


class AfterPage(Column):
    """`asked` carries commands, `closed` says that the page is put away."""

    asked = Signal(object)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__(gap=0)
        self.setObjectName("afterPage")
        self.cares, self.call = Column(gap=4), Column(gap=0)
        self.message = Text("", 19, 600, "ink0", shrink=True, name="pageMessage")
        self.quiet = Text("", 22, 400, "ink2", shrink=True, name="quietWords")
        self.read = Button(_("It was read"), "Enter", "check", "primary", 20, theme.BUTTON_ACT, 600, name="pageRead")
        self.save = Button(_("Save as a file"), "S", "file-text", "raised", 20, theme.BUTTON_ACT, name="savePage")
        self.print = Button(_("Print"), "P", "printer", "raised", 20, theme.BUTTON_ACT, name="printPage")
        self.back = Button(_("Back"), "Esc", "arrow-left", "raised", 20, theme.BUTTON_ACT, name="pageBack")
        self.buttons = Flow()
        self.buttons.show_buttons([self.read, self.save, self.print, self.back])
        self.read.clicked.connect(self._give)
        self.save.clicked.connect(lambda: self._make(False))
        self.print.clicked.connect(lambda: self._make(True))
        self.back.clicked.connect(self.closed)
        columns = Row(gap=36).turning()
        columns.grow(self.cares, 3)
        columns.grow(self.call, 2)
        self.grow(columns)
        self.add(self.quiet, 4.0, Fixed(self.message, height=26), 2.0, self.buttons, 8.0)
        self._shown: tuple[Page, float] | None = None

    def show_after(self, after: After) -> None:
        """The page of a view."""
        if self._shown == (after.page, self.u):
            return
        self._shown = (after.page, self.u)
        self.cares.clear()
        for care in after.page.cares:
            self.cares.add(CareCard(care, 32, plate=False))
        self.cares.add("stretch")
        self._fill_call(after.page)
        self.quiet.say(after.page.quiet)
        rescale(self.cares, self.u)
        rescale(self.call, self.u)

    def _fill_call(self, page: Page) -> None:
        self.call.clear()
        self.call.add(Text(page.call_title, 36, 600, "ink0", shrink=True), 10.0)
        for sign in page.signs:
            self.call.add(Text(sign, 27, 500, "ink1", shrink=True), 6.0)
        self.call.add(12.0)
        for name, role, number in page.people:
            self.call.add(Text(f"{number}  {name}, {role}", 24, 500, "ink1", shrink=True), 4.0)
        self.call.add("stretch")

    def say(self, answer: Answer) -> None:
        """What became of saving or printing."""
        words = {"saving": _("A moment …"), "failed": _("That did not work.")}.get(answer.state, "")
        self.message.say(answer.sentence or words)

    def _give(self) -> None:
        self.message.say("")
        self.asked.emit(GivePage())
        self.closed.emit()

    def _make(self, printed: bool) -> None:
        self.message.say("")
        self.asked.emit(MakePage(printed))
