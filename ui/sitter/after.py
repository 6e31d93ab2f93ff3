"""The hours after, from the release on: ready and released, six cards, when to call, the page for the patient, the end.

Owned by the screen process. Alarms go on to the end and keep their places here; the end of the session is held for two
seconds as everywhere.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from kiosk.line.aftercare import After
from kiosk.line.screen import Answer, View
from kiosk.session.commands import AnswerItem, Command, EndSession, GivePage, LookIn, MakePage
from kiosk.text.catalogue import _
from ui import theme
from ui.kit import Column, Fixed, Row, Rule, Text, rescale
from ui.kit_button import Button, HoldButton
from ui.sitter.after_more import AfterMore
from ui.sitter.after_page import AfterPage
from ui.sitter.after_parts import Cares, fill_beside
from ui.sitter.fingerprint import Fingerprint
from ui.sitter.flow import Flow
from ui.sitter.front import Front
from ui.sitter.press import press, press_primary
from ui.sitter.strip import Strip

_FOOT = (("note", _("Note"), "N"), ("pressure", _("Blood pressure"), "B"), ("look_in", _("Look-in"), "V"))
_MORE = (("happenings", _("It happened"), "H"), ("list", _("List"), "L"))


class AfterScreen(Front):
    """Shows `View.after`; `asked` carries commands, `opens` "card"; `journal` is the button of it."""

    def __init__(self, parent: QWidget | None = None, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__("afterScreen", _("The hours after"), parent, now)
        self.strip = Strip()
        self.title = Text("", theme.TYPE["say_step"][0], 600, "ink0", shrink=True, name="afterSay")
        self.times, self.cares, self.buttons = Row(gap=12), Cares(), Flow()
        self.message = Text("", 18, 600, "ink0", shrink=True, name="afterMessage")
        self.whose = Text("", 17, 400, "ink3", shrink=True)
        self.page = AfterPage()
        self.page.asked.connect(self.asked)
        self.page.closed.connect(self._close_page)
        self.more = AfterMore(self.below)
        self.more.asked.connect(self.asked)
        self.more.closed.connect(self._close_more)
        self.give = self._button(_("Page to take along"), "P", "file-text", "givePage", self._open_page)
        self.feel = self._button(_("How it is now"), "F", "smile", "feelNow", lambda: self._open_more("feel"))
        self.series = self._button(_("Calendar"), "C", "clock", "openCalendar", lambda: self._open_more("calendar"))
        self.journal = self._button(_("Journal"), "J", "notebook-pen", "openJournal", lambda: self.message.say(""))
        self.buttons.show_buttons(self._act_buttons())
        self.following = Column(gap=0, margin=(22, 4, 0, 0))
        self._drawn: dict[str, object] = {}
        slot = Row(self.title, gap=0)
        body = Row(gap=0).turning()
        body.grow(self._left_side(), 820)
        self.fingerprint = Fingerprint()
        side = Column(gap=0).grow(self.following)
        side.add(Row(22.0, gap=0).grow(self.fingerprint), 6.0)
        self.beside = Fixed(Row(Rule(vertical=True), gap=0).grow(side), 466, upright=(None, None))
        body.add(22.0, self.beside)
        self.put_together(self.strip, slot, body, self._foot())
        self.page.hide()

    def _act_buttons(self) -> list[Button]:
        return [self.feel, self.give, self.journal, self.series]

    def _button(self, words: str, key: str, icon: str, name: str, act: Callable[[], None]) -> Button:
        button = Button(words, key, icon, "raised", 20, theme.BUTTON_ACT, 600, name=name)
        button.clicked.connect(act)
        return button

    def _left_side(self) -> Column:
        self.free = Column(self.times, 14.0, gap=0)
        self.free.grow(self.cares)
        self.free.add(4.0, Fixed(self.message, height=24), 4.0, self.buttons, 4.0, self.whose, 4.0)
        left = Column(2.0, gap=0)
        left.grow(self.free)
        left.grow(self.page)
        left.grow(self.more)
        return left.add(self.below)

    def _foot(self) -> Row:
        end = HoldButton(_("End the session (hold 2 s)"), "square", "outline", name="endSession", key="Q")
        end.held.connect(lambda: self.asked.emit(EndSession("released")))
        self.end = end
        foot = Row(end, gap=10)
        for opened, words, key in _FOOT:
            foot.add(self._foot_button(opened, words, key))
        more = Row(gap=10)
        for opened, words, key in _MORE:
            more.add(self._foot_button(opened, words, key))
        more.add(self.undo, "stretch", self.card)
        return Row(foot.add("stretch"), gap=8).turning().grow(more)

    def _foot_button(self, opened: str, words: str, key: str) -> Button:
        button = Button(words, key, padding=14, name=f"after_{opened}")
        button.clicked.connect(lambda _checked=False, what=opened: self.open(what))
        return button

    # --- what the view says ---

    def draw(self, view: View) -> None:
        after = view.after
        if after is None:
            return
        self.strip.show_view(view)
        self.title.say(after.page.title if self.page.isVisibleTo(self) else after.say)
        self._draw("times", after.times, lambda: self._draw_times(after))
        self.cares.show_cares(after.page.cares)
        beside = (after.next, after.page.call_title, after.page.signs)
        self._draw("beside", beside, lambda: self._draw_beside(after))
        self._draw_buttons(after, view)
        self.fingerprint.show_key(after.fingerprint)
        self.page.show_after(after)
        self.more.show_view(view)
        self.arrange()

    def arrange(self) -> None:
        tall, reads = self.below.tall(), self._reads
        self.below.setVisible(tall)
        asks = self.more.what != ""
        self.free.setVisible(not tall and not reads and not asks)
        self.page.setVisible(not tall and reads)
        self.more.setVisible(not tall and asks)
        self.beside.setVisible(not reads and not asks and not (tall and self._is_upright))
        self.fingerprint.fit(self.beside.height() - self.following.sizeHint().height())

    _reads = False  # the page is open

    def _draw(self, part: str, now: object, draw: Callable[[], None]) -> None:
        if self._drawn.get(part) != (now, self._u):
            self._drawn[part] = (now, self._u)
            draw()

    def _draw_times(self, after: After) -> None:
        self.times.clear()
        for what, how in after.times:
            self.times.add(Text(what, 23, 600, "ink1", shrink=True), Text(how, 20, 400, "ink2", shrink=True), 20.0)
        self.times.add("stretch")
        rescale(self.times, self._u)

    def _draw_beside(self, after: After) -> None:
        fill_beside(self.following, after.next, after.page.call_title, after.page.signs)
        rescale(self.following, self._u)

    def _draw_buttons(self, after: After, view: View) -> None:
        """The page is what is still to be done; once it was given nothing here is in front."""
        self.feel.setVisible(view.feel is not None)
        self.series.setVisible(view.calendar is not None)
        done = view.feel is not None and all(q.state != "todo" for q in view.feel.questions)
        self.feel.relabel(_("How it is now"), icon="check" if done else "smile")
        words = _("Page: {given}").format(given=after.given.lower()) if after.given else _("Page to take along")
        self.give.relabel(words, kind="raised" if after.given else "primary")
        self.buttons.fit()
        self.whose.say(_("The journal is the patient's own. It leaves only entry by entry."))

    # --- what a person does ---

    def _open_page(self) -> None:
        self.page.message.say("")
        self._show_page(True)

    def _close_page(self) -> None:
        self._show_page(False)

    def _open_more(self, what: str) -> None:
        self._show_page(False)
        self.more.open_for(what)
        self.arrange()
        self.more.focus_field()

    def _close_more(self) -> None:
        self.arrange()
        parent = self.parentWidget()
        if parent is not None:
            parent.setFocus()

    def _show_page(self, reads: bool) -> None:
        self._reads = reads
        self.message.say("")
        self.arrange()
        if self._view is not None and self._view.after is not None:
            self.title.say(self._view.after.page.title if reads else self._view.after.say)

    def open(self, what: str) -> None:
        if what == "look_in":
            self.asked.emit(LookIn())
        else:
            super().open(what)

    def answer(self, answer: Answer, command: Command | None) -> None:
        if isinstance(command, AnswerItem):
            self.more.answer(answer, command)
        elif isinstance(command, MakePage):
            self.page.say(answer)
        elif isinstance(command, GivePage):
            self.message.say(answer.sentence)
        else:
            super().answer(answer, command)

    def own_key(self, key: str) -> bool:
        if self.more.what:
            return self.more.take_key(key)
        if self._reads:
            return press(key, self.page) or (key == "Enter" and press_primary(self.page))
        if press(key, self.free, self) or (key == "Enter" and press_primary(self.free)):
            return True
        opened = {"M": "music", "K": "breaths", "O": "acts"}.get(key)
        if opened is None:
            return False
        self.open(opened)
        return True
