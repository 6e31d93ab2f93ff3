"""One question a page: a scale from 0 to 10, answers to choose from, a number or words; by keys, mouse or touch.

Owned by the screen process; stands in the preparation and in the hours after. Nothing is chosen beforehand, and only a
person's press moves it on. It keeps no answer of its own: what stands is what the view says.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal

from kiosk.line.prepare import Form, Question
from kiosk.session.commands import AnswerItem
from kiosk.text.catalogue import _
from ui import theme
from ui.kit import Column, Fixed, Row, Text, rescale
from ui.kit_button import Button
from ui.sitter.drawer import Field
from ui.sitter.instruction import Instruction
from ui.sitter.lower import Lower
from ui.sitter.prepare_fields import DigitField, Keypad

ONE_COLUMN = 4  # answers below each other; more of them stand in two columns
BESIDE = 300.0


class QuestionStep(Column):
    """`used` carries an `AnswerItem`. `turned` says that another question is shown; `gone_through`: behind the last."""

    used = Signal(object)
    turned = Signal()
    gone_through = Signal()

    def __init__(self, below: Lower) -> None:
        super().__init__(gap=0)
        self.setObjectName("questionPage")
        self.form: Form | None = None
        self.below, self.at = below, 0
        self.place = Text("", 20, 600, "ink2", shrink=True, name="questionPlace")
        self.intro = Text("", 20, 400, "ink2", shrink=True, name="questionIntro")
        self.instruction = Instruction(46, "questionSay", 150)
        self.answers, self.options = Column(gap=10), list[Button]()
        self.field: Field | None = None
        self.pad = Keypad()
        self.message = Text("", 19, 600, "ink0", shrink=True, name="questionMessage")
        self.skip = Button(_("No answer to this"), "S", kind="plain", size=20, height=62, fill_width=True)
        self.skip.setObjectName("skipQuestion")
        self.skip.clicked.connect(lambda: self._send(None))
        self.next = Button(_("Next question"), "Enter", "arrow-right", "primary", 20, 62, 600, fill_width=True)
        self.next.setObjectName("nextQuestion")
        self.next.clicked.connect(self._onward)
        self.save = Button(_("Save"), "Enter", "check", "primary", 20, 62, 600, fill_width=True)
        self.save.setObjectName("saveQuestion")
        self.save.clicked.connect(self._save)
        self.notice = Text("", 14, 400, "ink3", wrap=True, name="questionNotice")
        self._drawn: object = None
        self._lay_out()

    def _lay_out(self) -> None:
        head = Row(self.place, gap=14).turning()
        head.grow(self.intro)
        acts = Column(self.save, self.next, self.skip, Fixed(self.message, height=30), "stretch", gap=12)
        put = Column(self.answers, Fixed(self.pad, 700, upright=(None, None)), "stretch", gap=14)
        self.free = Row(gap=24).turning()
        self.free.grow(put)
        self.free.add(Fixed(acts, BESIDE, upright=(None, None)))
        self.add(26.0, head, 8.0, self.instruction)
        self.grow(self.free)
        self.add(self.notice, 6.0)

    # --- what the view says ---

    def show_form(self, form: Form) -> None:
        """Draw a form; another one begins at its first question that was not put yet."""
        if self.form is None or self.form.key != form.key:
            todo = (i for i, q in enumerate(form.questions) if q.state == "todo")
            self.at = next(todo, 0)
            self.message.say("")
        self.form = form
        self.at = min(self.at, len(form.questions) - 1)
        self._show()

    @property
    def question(self) -> Question | None:
        """The one in hand."""
        return self.form.questions[self.at] if self.form else None

    def is_last(self) -> bool:
        """Whether no question of this form is left to put, behind this one or before it."""
        return self.form is None or self._following() is None

    def taken(self) -> None:
        """The newest answer was taken: on to the next question."""
        self.message.say("")
        self._onward()

    def say(self, sentence: str) -> None:
        """Why an answer was not taken."""
        self.message.say(sentence)

    def host(self) -> None:
        """Let the alarm's panel and the open forms stand on this page."""
        self.add(self.below)

    def arrange(self) -> None:
        """An alarm's panel or an open form takes the answers' place."""
        tall = self.below.tall()
        self.below.setVisible(tall)
        self.free.setVisible(not tall)
        self.instruction.grow_to(150 if theme.text_of(self.u) <= 1 else 112)
        self.notice.setVisible(bool(self.notice.shown()) and not tall)

    def focus_field(self) -> bool:
        """Give the keys to what is typed into; False where there is nothing."""
        if self.field is not None:
            self.field.setFocus()
        return self.field is not None

    def _show(self) -> None:
        form, question = self.form, self.question
        if form is None or question is None:
            return
        place = _("Question {n} of {of}").format(n=self.at + 1, of=len(form.questions))
        self.place.say(f"{form.title} · {place}")
        self.intro.say(form.intro)
        self.instruction.show_words(question.text, "")
        self.notice.say(form.notice)
        if self._drawn != (form.key, question, self.u):
            self._drawn = (form.key, question, self.u)
            self._draw(question)
        typed = question.kind in ("number", "text")
        self.save.setVisible(typed)
        self.next.setVisible(not typed and question.state != "todo")
        self.skip.relabel(_("Not answered") if question.state == "skipped" else _("No answer to this"))
        self.pad.setVisible(question.kind == "number")
        self.arrange()

    def _draw(self, question: Question) -> None:
        self.answers.clear()
        self.options, self.field = [], None
        {"scale": self._draw_scale, "choice": self._draw_choices}.get(question.kind, self._draw_field)(question)
        rescale(self.answers, self.u)

    def _button(self, question: Question, index: int, height: float) -> Button:
        option = question.options[index]
        kind = "primary" if index == question.chosen else "raised"
        name = f"option_{index}"
        button = Button(option.label, option.key, kind=kind, size=22, height=height, fill_width=True, name=name)
        button.clicked.connect(lambda: self._send(option.value))
        self.options.append(button)
        return button

    def _draw_scale(self, question: Question) -> None:
        """0 to 10 side by side, its ends named below."""
        row = Row(gap=8)
        for index in range(len(question.options)):
            row.grow(self._button(question, index, 84))
        ends = Row(Text(question.low, 18, 400, "ink2"), "stretch", Text(question.high, 18, 400, "ink2"))
        self.answers.add(row, ends)

    def _draw_choices(self, question: Question) -> None:
        count = len(question.options)
        half = count if count <= ONE_COLUMN else (count + 1) // 2
        columns = Row(gap=12)
        for begins in range(0, count, half):
            column = Column(gap=10)
            for index in range(begins, min(begins + half, count)):
                column.add(self._button(question, index, 60))
            columns.grow(column.add("stretch"))
        self.answers.add(columns)

    def _draw_field(self, question: Question) -> None:
        if question.kind == "number":
            self.field = DigitField("", "field_question", question.text, 9, 64, 76)
            self.answers.add(Row(Fixed(self.field, 420), "stretch"))
        else:
            self.field = Field(name="field_question", said=question.text)
            self.field.setMaxLength(2000)
            self.answers.add(self.field)
        self.field.setText(question.value)
        self.field.textEdited.connect(lambda _typed: self.message.say(""))

    # --- what a person does ---

    def _send(self, value: int | str | bool | None) -> None:
        form, question = self.form, self.question
        if form is not None and question is not None:
            self.used.emit(AnswerItem(form.key, question.key, value))

    def _save(self) -> None:
        question = self.question
        words = self.field.text().strip() if self.field is not None else ""
        if question is None or not words:
            self.message.say(_("Type it first."))
        elif question.kind == "text":
            self._send(words)
        elif words.isdigit():
            self._send(int(words))

    def _following(self) -> int | None:
        """The next question: the one behind, or the first that is still open once the end is reached."""
        assert self.form is not None
        questions = self.form.questions
        if self.at + 1 < len(questions):
            return self.at + 1
        left = (i for i, q in enumerate(questions) if q.state == "todo" and i != self.at)
        return next(left, None)

    def _onward(self) -> None:
        following = self._following() if self.form else None
        if following is None:
            self.gone_through.emit()
        else:
            self._turn(following)

    def escape(self) -> bool:
        """Esc: the question before; False at the first."""
        if self.at == 0:
            return False
        self._turn(self.at - 1)
        return True

    def _turn(self, at: int) -> None:
        self.at = at
        self.message.say("")
        self._drawn = None
        self.turned.emit()
        self._show()
        self.focus_field()

    def take_key(self, key: str) -> bool:
        """A digit is an answer; up and down go through the answers, Enter takes the one in focus."""
        if self.below.tall():
            return False
        if key in ("↑", "↓"):
            self._step(key == "↓")
            return True
        focused = next((b for b in self.options if b.hasFocus()), None)
        if key == "Enter" and focused is not None:
            focused.click()
            return True
        chosen = next((b for b in self.options if key and b.key == key and b.isVisible()), None)
        if chosen is not None:
            chosen.click()
        return chosen is not None

    def _step(self, down: bool) -> None:
        """Through the list; on a scale up is more."""
        if not self.options:
            return
        scale = self.question is not None and self.question.kind == "scale"
        by = 1 if down != scale else -1
        now = next((i for i, b in enumerate(self.options) if b.hasFocus()), None)
        first = 0 if by > 0 else len(self.options) - 1
        at = first if now is None else max(0, min(len(self.options) - 1, now + by))
        self.options[at].setFocus(Qt.FocusReason.TabFocusReason)
