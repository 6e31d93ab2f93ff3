"""The preparation: one check a page, all checks on one page, an override written out, and the start.

Owned by the screen process. Only a person's press moves it on: a reading that arrives fills its place and waits. It
keeps no answer of its own: what is passed is what the view says. The start must never follow from an Enter that was
held down for the step before.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from kiosk.line.prepare import CheckPage, Prepare
from kiosk.line.screen import Answer, Begin, View
from kiosk.session.commands import AnswerCheck, AnswerItem, AnswerPairing, Command, EndSession, OverrideCheck
from kiosk.text.catalogue import _
from ui.kit import Column
from ui.sitter.blank import TroublePage
from ui.sitter.calendar import CalendarPage
from ui.sitter.crisis import CrisisStep
from ui.sitter.front import Front
from ui.sitter.pairing import PairingPage
from ui.sitter.prepare_all import AllChecks
from ui.sitter.prepare_foot import PrepareFoot
from ui.sitter.prepare_override import OverrideForm
from ui.sitter.prepare_parts import Progress, answered
from ui.sitter.prepare_step import CheckStep
from ui.sitter.prepare_strip import PrepareStrip
from ui.sitter.press import press, press_primary
from ui.sitter.question import QuestionStep

QUIET_S = 0.3  # the second half of a double press must not answer the next check
START_QUIET_S = 0.5
FORM = (0.0, 20.0, 0.0, 16.0)  # room around the override's form
STALE_S = 15.0  # numbers in the strip leave when no view came for so long


class PrepareScreen(Front):
    """Shows `View.prepare`; `asked` carries commands."""

    def __init__(self, parent: QWidget | None = None, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__("prepareScreen", _("Preparation"), parent, now)
        self.mode = "step"  # step, all, override
        self.key = self._hosted = self._urgent = ""
        self._ready: Prepare | None = None
        self._sent: tuple[str, CheckPage] | None = None
        self._done = False
        self._shown_at_s = self._startable_at_s = float("-inf")
        self.strip, self.progress = PrepareStrip(), Progress()
        self.step, self.all, self.form = CheckStep(self.below), AllChecks(self.below), OverrideForm()
        self.trouble, self._typing = TroublePage(), False
        self.pairing = PairingPage(now)
        self.questions, self.crisis = QuestionStep(self.below), CrisisStep(self.below)
        pages: dict[str, QWidget] = {"step": self.step, "all": self.all, "override": self.form}
        pages |= {"trouble": self.trouble, "pairing": self.pairing}
        self.calendar = CalendarPage()
        pages |= {"questions": self.questions, "crisis": self.crisis, "calendar": self.calendar}
        body, self._places = Column(gap=0), dict[str, Column]()
        for mode, page in pages.items():
            self._places[mode] = Column(gap=0, margin=FORM if mode == "override" else 0).grow(page)
            body.grow(self._places[mode])
        progress = Column(10.0, self.progress, "stretch", gap=0)
        self.foot = PrepareFoot(self.undo, self.card)
        self.end = self.foot.leave
        self.put_together(self.strip, progress, body, self.foot)
        self._connect()

    def _connect(self) -> None:
        self.step.used.connect(self._answer)
        for part in (self.step, self.trouble, self.foot, self.crisis):
            part.wants.connect(self._want)
        self.questions.used.connect(self._answer)
        self.questions.turned.connect(self._turned)
        self.questions.gone_through.connect(self._advance)
        self.pairing.used.connect(self.asked)
        self.all.chosen.connect(self._choose)
        self.all.forward.connect(self._advance)
        self.all.start_pressed.connect(self._start)
        self.form.asked.connect(self._answer)
        self.form.left.connect(self._back)

    def begin(self, begin: Begin) -> None:
        super().begin(begin)
        self.step.known = begin.sitter
        self.trouble.begin(begin.patient)

    # --- what the view says ---

    def draw(self, view: View) -> None:
        ready = view.prepare
        if ready is None or not ready.pages:
            return
        if ready.start is not None and (self._ready is None or self._ready.start is None):
            self._startable_at_s = self._now()
        first = self._ready is None
        self._ready = ready
        if self.page() is None:
            self._choose_first(ready, first)
        self._look_at_answer()
        self._see_urgent(ready)
        if view.panel is not None and self.mode == "override":
            self.mode = "step"  # an alarm's panel needs the place; the words typed so far are kept
        self._see_pairing(ready)
        self._show(view, ready)

    def _see_pairing(self, ready: Prepare) -> None:
        """A device that is being paired waits half a minute: it comes in front, what is half typed is kept."""
        if not self.pairing.show_pairing(ready.pairing):
            return
        self.below.close_drawer()
        self._sent, parent = None, self.parentWidget()
        if parent is not None:
            parent.setFocus()
        self.refocus()

    def _see_urgent(self, ready: Prepare) -> None:
        """A page that cannot wait comes in front once, whatever is in hand; nothing half typed is lost by it."""
        if ready.urgent and ready.urgent != self._urgent:
            self.below.close_drawer()
            self._choose(ready.urgent)
        self._urgent = ready.urgent

    def page(self) -> CheckPage | None:
        """The check in hand, as the newest view has it."""
        pages = self._ready.pages if self._ready else ()
        return next((page for page in pages if page.key == self.key), None)

    def _choose_first(self, ready: Prepare, first: bool) -> None:
        left = next((p.key for p in ready.pages if p.state in ("todo", "failed")), "")
        self.key = left or ready.pages[0].key
        if first and not left:
            self.mode = "all"

    def _look_at_answer(self) -> None:
        """Move on when a person's answer passed; a view that came before the answer decides nothing."""
        page = self.page()
        if self._sent is None or page is None or self._sent[0] != page.key:
            return
        if not self._done and page == self._sent[1]:
            return
        self._sent, self._done = None, False
        if page.form is not None and not self.questions.is_last():
            return  # its own questions come first
        if page.state in ("passed", "overridden"):
            self._advance()

    def _show(self, view: View, ready: Prepare) -> None:
        page = self.page()
        assert page is not None
        in_hand = page.key if self.mode != "all" else ""
        self.progress.show_pages(ready.pages, in_hand)
        at, of = ready.pages.index(page) + 1, len(ready.pages)
        shown = self._shown(page)
        many = _("{n} of {of} checks answered").format(n=answered(ready.pages), of=of)
        which = many if self.mode == "all" else _("Check {n} of {of}").format(n=at, of=of)
        self.strip.show_strip(view, ready, _("Pairing") if shown == "pairing" else which)
        for mode, place in self._places.items():
            place.setVisible(mode == shown)
        self.trouble.show_page(page)
        host = self._host()
        if self.mode != "override" and self._hosted != host.objectName():
            self._hosted = host.objectName()
            host.host()
        self.foot.show_for(self.mode, pairs=shown == "pairing")
        if self.mode == "all":
            self.all.show_all(ready)
        elif page.form is not None:
            self.questions.show_form(page.form)
        elif page.crisis is not None:
            self.crisis.show_crisis(page.crisis, page.can_override, page.overridden)
        elif shown == "calendar" and page.calendar is not None:
            self.calendar.show_calendar(page.calendar)
        elif self.mode == "step":
            self.step.show_page(page, view.clock)

    def _host(self) -> AllChecks | CheckStep | QuestionStep | CrisisStep:
        """Where an alarm's panel and an open form stand now."""
        page = self.page()
        if self.mode == "all":
            return self.all
        if page is not None and page.form is not None:
            return self.questions
        return self.crisis if page is not None and page.crisis is not None else self.step

    def _shown(self, page: CheckPage) -> str:
        """A check's own place; or what keeps its device from being read, until a person types instead.

        An alarm's panel and an open form come before a device that is being paired.
        """
        if self.pairing.is_open and not self.below.tall():
            return "pairing"
        if self.mode == "step" and (page.form is not None or page.crisis is not None):
            return "questions" if page.form is not None else "crisis"
        if self.mode == "step" and page.calendar is not None and not self.below.tall():
            return "calendar"
        troubled = page.trouble is not None and page.state == "todo" and not self._typing and not self.below.tall()
        return "trouble" if self.mode == "step" and troubled else self.mode

    def _redraw(self) -> None:
        if self._view is not None and self._ready is not None:
            self._show(self._view, self._ready)

    def arrange(self) -> None:
        self._redraw()
        self._host().arrange()

    def count_on(self, since_s: float) -> None:
        super().count_on(since_s)
        self.step.count_on(since_s)
        self.pairing.count_on(since_s)
        self.all.count_on(since_s)
        if since_s > STALE_S:
            self.strip.show_numbers("", "")

    def answer(self, answer: Answer, command: Command | None) -> None:
        if not isinstance(command, AnswerCheck | AnswerItem | OverrideCheck) and self.below.drawer is not None:
            super().answer(answer, command)
            return
        if isinstance(command, AnswerPairing):
            self.pairing.say(answer.sentence)
            return
        if isinstance(command, AnswerItem) and answer.state not in ("refused", "failed"):
            self._question_taken(command)
            return
        said = self.form if self.mode == "override" else self.questions if self._asks() else self.step
        if answer.state == "ask" and isinstance(command, AnswerCheck):
            self._sent = None
            self.step.ask_back(answer.sentence)
        elif answer.state in ("refused", "failed"):
            self._sent = None
            said.say(answer.sentence or _("NOT SAVED"))
            if self.mode == "all":
                self.all.missing.say(answer.sentence)
        else:
            self._done = self._sent is not None

    def _question_taken(self, command: AnswerItem) -> None:
        """On to the next question; the last one's page is left when the view says that it is passed."""
        question = self.questions.question
        if not self._asks() or question is None or question.key != command.item:
            return
        if self.questions.is_last():
            self._done = self._sent is not None
        else:
            self._sent = None
            self.questions.taken()

    def _asks(self) -> bool:
        """Whether a set of questions is in hand."""
        page = self.page()
        return self.mode == "step" and page is not None and page.form is not None

    def _turned(self) -> None:
        """Another question: what was pressed for the one before counts no more."""
        self._shown_at_s = self._now()

    # --- what a person does ---

    def _answer(self, command: Command) -> None:
        page = self.page()
        if page is None or self._now() - self._shown_at_s < QUIET_S:
            return
        if isinstance(command, AnswerCheck | AnswerItem | OverrideCheck):
            self._sent, self._done = (page.key, page), False
        self.step.say("")
        self.questions.say("")
        self.asked.emit(command)

    def _want(self, what: str) -> None:
        page = self.page()
        turns = {"back": self._back, "all": self._show_all, "later": lambda: self._go(1)}
        if what in turns:
            turns[what]()
        elif what == "leave":
            self.asked.emit(EndSession("not started"))
        elif what == "next":
            if self._now() - self._shown_at_s >= QUIET_S:
                self._advance_from_crisis() if page is not None and page.crisis else self._advance()
        elif what == "typed":
            self._typing = True
            self._turn("step")
        elif what == "override" and page is not None:
            self._turn("override")
            self.form.open_for(page, self.step.known)
        else:
            self.open(what)

    def _advance(self) -> None:
        """To the next check that is still to do; when there is none, to all of them."""
        pages = self._ready.pages if self._ready else ()
        at = next((i for i, page in enumerate(pages) if page.key == self.key), 0)
        in_turn = [*pages[at + 1 :], *pages[: at + 1]]
        found = next((p for p in in_turn if p.state == "todo"), None)
        if found is None and self.mode == "all":
            found = next((p for p in in_turn if p.state == "failed" and p.required), None)
        self.form.empty()
        if found is None:
            self._turn("all")
        else:
            self.key = found.key
            self._turn("step")

    def _advance_from_crisis(self) -> None:
        """Back to the questions, of which that page came in the midst."""
        pages = self._ready.pages if self._ready else ()
        asked = next((p.key for p in pages if p.form is not None and p.state == "todo"), "")
        self._choose(asked) if asked else self._advance()

    def _go(self, by: int) -> None:
        pages = self._ready.pages if self._ready else ()
        at = next((i for i, page in enumerate(pages) if page.key == self.key), 0) + by
        if 0 <= at < len(pages):
            self.key = pages[at].key
            self._turn("step")
        else:
            self._turn("all")

    def _choose(self, key: str) -> None:
        self.key = key
        self._turn("step")

    def _show_all(self) -> None:
        self._turn("all")

    def _back(self) -> None:
        if self.mode == "step":
            if not (self.questions if self._asks() else self.step).escape():
                self._go(-1)
        else:
            self._turn("step")

    def _turn(self, mode: str) -> None:
        """Show a page; what was pressed for the page before counts no more."""
        self.mode, self._shown_at_s = mode, self._now()
        self._sent = None
        parent = self.parentWidget()
        if parent is not None:
            parent.setFocus()
        self._redraw()
        if mode == "step":
            self._focus_field()

    def _focus_field(self) -> None:
        (self.questions if self._asks() else self.step).focus_field()

    def _start(self) -> None:
        """Only a press of its own starts: not the one that answered the last check, nor one that is still held."""
        shown_at_s = max(self._shown_at_s, self._startable_at_s)
        start = self._ready.start if self._ready else None
        if start is not None and start.command is not None and self._now() - shown_at_s >= START_QUIET_S:
            self.asked.emit(start.command)

    def refocus(self) -> None:
        if self.pairing.is_open:
            self.pairing.focus_field()
        elif self.mode == "override":
            self.form.reason.setFocus()
        elif self.mode == "step":
            self._focus_field()

    def own_key(self, key: str) -> bool:
        page = self.page()
        place = self._places[self._shown(page) if page else self.mode]
        if place is self._places["pairing"]:
            return self.pairing.take_key(key)
        if self.mode != "override" and key in ("M", "N"):
            self.open({"M": "music", "N": "note"}[key])
            return True
        if self.mode == "all" and key in ("↑", "↓"):
            self.all.step_focus(1 if key == "↓" else -1)
            return True
        if self._asks() and self.questions.take_key(key):
            return True
        if press(key, place, self) or (key == "Enter" and press_primary(place)):
            return True
        if key == "Enter" and self.mode == "step" and self.step.fields:
            self.step.say(_("Type it first."))
            return True
        return self.mode == "step" and self.step.take_digit(key)
