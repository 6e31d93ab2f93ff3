"""One check: one instruction, what to look for, its answers; at the right what arrives by itself or is typed.

Owned by the screen process. It sends the command that the view put on the button, with what was typed; it never
answers by itself, and a reading that arrives moves nothing on.
"""

from __future__ import annotations

import msgspec
from PySide6.QtCore import Signal

from kiosk.line.pane import Button as Asked
from kiosk.line.prepare import CheckPage
from kiosk.session.commands import AnswerCheck
from kiosk.text.catalogue import _
from ui import theme
from ui.kit import Column, Fixed, Icon, Row, Text, rescale
from ui.kit_alarm import Countdown
from ui.kit_button import Button
from ui.sitter.asking import icon_of
from ui.sitter.flow import Flow
from ui.sitter.instruction import Instruction
from ui.sitter.lower import Lower
from ui.sitter.prepare_fields import ClockField, ClockSteps, FieldTile, Keypad, clock_of, minutes_of
from ui.sitter.prepare_parts import ReadingTile, StateMark
from ui.sitter.sentence import minutes
from ui.sitter.typed import Typed

SKIP = Asked(_("Skip with a reason"), "S")
OVERRIDE = Asked(_("Go on with a reason"), "S")
NEXT = Asked(_("Next check"), "Enter", "primary", icon="arrow-right")


class CheckStep(Row):
    """`used`: a command with what was typed; `wants`: skip, next, pressure, card or another thing to open."""

    used = Signal(object)
    wants = Signal(str)

    def __init__(self, below: Lower) -> None:
        super().__init__(gap=20)
        self.setObjectName("checkPage")
        self.page: CheckPage | None = None
        self.below, self.known, self.clock = below, "", ""
        self.instruction = Instruction()
        self.notes, self.buttons = Column(gap=8), Flow()
        self.message = Text("", 19, 600, "ink0", shrink=True, name="checkMessage")
        self.tiles, self.fields = Column(gap=16), list[FieldTile]()
        self.pad, self.steps = Keypad(), ClockSteps()
        self.mark, self.result = StateMark("passed", 22), Text("", 19, 400, "ink2", wrap=True, name="checkResult")
        self.ring, self.left = Countdown(46), Text("", 30, 600, "ink1", name="holdLeft")
        self.hold = Row(self.ring, self.left, Text(_("until it is measured again"), 19, 400, "ink2"), "stretch", gap=14)
        self._hold_s, self._hold_of_s = 0.0, 0.0
        self._open = self._sure = False  # number fields are open; the odd value was asked back
        self._drawn: dict[str, object] = {}
        self.turning()
        self.grow(self._left())
        self.beside = Fixed(self._right(), 526, upright=(None, None))
        self.add(20.0, self.beside)
        self._is_upright = False
        self.steps.stepped.connect(self._step)

    def _left(self) -> Column:
        self.free = Column(Fixed(self.notes, height=92), Fixed(self.message, height=30), self.buttons, "stretch", gap=0)
        self.left_side = Column(40.0, self.instruction, 8.0, gap=0)
        return self.left_side.grow(self.free)

    def _right(self) -> Column:
        line = Row(self.mark, gap=10, margin=(4, 8, 0, 0))
        line.grow(self.result)
        self.line = line
        return Column(40.0, self.tiles, 12.0, self.steps, 12.0, self.pad, line, self.hold, "stretch", gap=0)

    # --- what the view says ---

    def show_page(self, page: CheckPage, clock: str) -> None:
        """Draw a check. Another check begins with empty fields and nothing said."""
        if self.page is None or self.page.key != page.key:
            self._open = self._sure = False
            self.message.say("")
            self._hold_of_s = 0.0
            self._drawn.clear()
        self.page, self.clock = page, clock
        self.instruction.show_words(page.say, page.detail)
        self._draw("notes", (page.notes, page.overridden), self._draw_notes)
        self._draw("tiles", (page.fields, self._open), self._draw_fields)
        self._draw("values", (page.tiles, self._open), self._draw_tiles)
        self._draw("buttons", (page.buttons, page.state, page.can_override, self._open, self._sure), self._draw_buttons)
        self._show_result(page)
        self._show_hold(page)
        self.arrange()

    def reflow(self, upright: bool) -> None:
        super().reflow(upright)
        self._is_upright = upright

    def host(self) -> None:
        """Let the alarm's panel and the open forms stand on this page."""
        self.left_side.add(self.below)

    def arrange(self) -> None:
        """Give the place of notes and buttons to an alarm's panel or an open form, and back."""
        tall = self.below.tall()
        self.below.setVisible(tall)
        self.free.setVisible(not tall)
        self.beside.setVisible(not (tall and self._is_upright))  # below each other there is room for one of them
        self.instruction.grow_to((180 if theme.text_of(self.u) <= 1 else 116) if tall else 210)
        typing = tall and isinstance(self.below.drawer, Typed)
        shown = bool(self.fields) and self.page is not None and self.page.fields[0].kind in ("time", "number")
        self.pad.setVisible(typing or shown)
        self.steps.setVisible(shown and isinstance(self.fields[0].field, ClockField))
        self.line.setVisible(bool(self.result.shown()) and not typing)

    def count_on(self, since_s: float) -> None:
        """The hold counts down between two views."""
        left = max(0.0, self._hold_s - since_s)
        self.left.say(minutes(left))
        if self._hold_of_s:
            self.ring.leave(left / self._hold_of_s)

    def say(self, sentence: str) -> None:
        """What became of an answer."""
        self.message.say(sentence)

    def ask_back(self, sentence: str) -> None:
        """The value can hardly be: it is sent again only when a person says that it is right."""
        self._sure = True
        self.message.say(sentence)
        self._again()

    def take_digit(self, key: str) -> bool:
        """A digit typed while no field has the focus goes to the first one."""
        field = self.fields[0].field if self.fields else None
        if field is None or not key.isdigit():
            return False
        field.setFocus()
        field.insert(key)
        field.textEdited.emit(field.text())
        return True

    def escape(self) -> bool:
        """Esc closes the fields that T opened."""
        if not self._open:
            return False
        self._open = self._sure = False
        self._again()
        return True

    def half_typed(self) -> bool:
        """Whether words or digits would be lost."""
        return any(tile.typed() for tile in self.fields)

    def focus_field(self) -> bool:
        """Give the keys to the first field; False when there is none."""
        field = self.fields[0].field if self.fields else None
        if field is not None:
            field.setFocus()
        return field is not None

    def _draw(self, part: str, now: object, draw: object) -> None:
        if self._drawn.get(part) != now:
            self._drawn[part] = now
            draw()  # type: ignore[operator]

    def _again(self) -> None:
        if self.page is not None:
            self.show_page(self.page, self.clock)

    def _draw_notes(self) -> None:
        self.notes.clear()
        assert self.page is not None
        rows = self.page.notes
        if self.page.overridden:
            reason, who, when = (*self.page.overridden, "", "", "")[:3]
            rows = (("circle-alert", f"“{reason}” {who}, {when}"), *rows)
        for icon, words in rows[: 3 if theme.text_of(self.u) <= 1 else 2]:
            row = Row(Icon(icon, 22, "ink3"), gap=12)
            row.grow(Text(words, 19 if len(words) < 75 else 15, 400, "ink2", wrap=True))
            self.notes.add(row)
        self.notes.add("stretch")
        rescale(self.notes, self.u)

    def _shown_fields(self) -> bool:
        assert self.page is not None
        return bool(self.page.fields) and (self._open or self.page.fields[0].kind != "number")

    def _draw_fields(self) -> None:
        """Fields take the place of the tiles while a person types."""
        assert self.page is not None
        self.tiles.clear()
        self._drawn.pop("values", None)
        self.fields = []
        if not self._shown_fields():
            return
        small = len(self.page.fields) > 1
        for asked in self.page.fields:
            tile = FieldTile(asked, self.known if asked.kind == "text" else "", small)
            tile.changed.connect(self._typed)
            self.fields.append(tile)
            self.tiles.add(Fixed(tile, height=124 if small else 196 if asked.kind == "text" else 156))
        rescale(self.tiles, self.u)
        self.focus_field()

    def _draw_tiles(self) -> None:
        assert self.page is not None
        if self._shown_fields():
            return
        self.tiles.clear()
        for index, tile in enumerate(self.page.tiles):
            drawn = ReadingTile(index)
            drawn.show_tile(tile)
            self.tiles.add(Fixed(drawn, height=156))
        rescale(self.tiles, self.u)

    def _show_result(self, page: CheckPage) -> None:
        self.result.say(page.result)
        self.result.style_as("ink0" if page.state == "failed" else "ink2")
        self.mark.show_state("failed" if page.state == "failed" else "passed")

    def _show_hold(self, page: CheckPage) -> None:
        self.hold.setVisible(page.hold_s is not None)
        self._hold_s = page.hold_s or 0.0
        self._hold_of_s = max(self._hold_of_s, self._hold_s)
        self.count_on(0.0)

    # --- what a person does ---

    def _draw_buttons(self) -> None:
        assert self.page is not None
        asked = [self._as_shown(b) for b in self.page.buttons if not (self._open and b.key == "Enter")]
        if self._open:
            asked.append((Asked(_("Back"), "Esc", icon="arrow-left"), None))
        elif self.page.state in ("passed", "overridden") and not any(b.kind == "primary" for b, _c in asked):
            asked.append((NEXT, None))
        if self.page.can_override and not self._open:
            asked.append((SKIP if self.page.state == "todo" else OVERRIDE, None))
        self.buttons.show_buttons([self._button(shown, sent) for shown, sent in asked])
        self._allow()

    def _as_shown(self, asked: Asked) -> tuple[Asked, Asked | None]:
        words = _("Yes, it is right") if self._sure else _("Save")
        if self._open and self._opens_fields(asked):
            return msgspec.structs.replace(asked, label=words, key="Enter", kind="primary", icon="check"), asked
        if self._sure and asked.kind == "primary":
            return msgspec.structs.replace(asked, label=words), asked
        return asked, asked

    def _opens_fields(self, asked: Asked) -> bool:
        """The button that is about typed numbers."""
        page = self.page
        typed = isinstance(asked.command, AnswerCheck) and asked.key == "T"
        return page is not None and bool(page.fields) and page.fields[0].kind == "number" and typed

    def _button(self, shown: Asked, sent: Asked | None) -> Button:
        primary = shown.kind == "primary"
        kind = {"primary": "primary", "plain": "plain", "outline": "outline", "call": "outline"}[shown.kind]
        name = f"answer_{sent.command.answer}" if sent and isinstance(sent.command, AnswerCheck) else ""
        if shown in (SKIP, OVERRIDE):
            name = "skipCheck"
        button = Button(
            shown.label, shown.key, icon_of(shown), kind, 20, theme.BUTTON_ACT, 600 if primary else 500, name=name
        )
        button.clicked.connect(lambda: self._use(shown, sent))
        return button

    def _use(self, shown: Asked, sent: Asked | None) -> None:
        if shown in (SKIP, OVERRIDE):
            self.wants.emit("override")
        elif shown == NEXT:
            self.wants.emit("next")
        elif sent is None:
            self.escape()
        elif sent.opens:
            self.wants.emit(sent.opens)
        elif self._opens_fields(sent) and not self._open:
            self._open = True
            self._again()
        elif sent.command is not None:
            self._send(sent)

    def _send(self, sent: Asked) -> None:
        command = sent.command
        if isinstance(command, AnswerCheck):
            data = {tile.asked.name: tile.value() for tile in self.fields if tile.value()}
            if self._sure:
                data["confirmed"] = "yes"
            command = msgspec.structs.replace(command, data={**command.data, **data})
        self.used.emit(command)

    def _typed(self) -> None:
        self.message.say("")
        if self._sure:
            self._sure = False
            self._again()
        self._allow()

    def _allow(self) -> None:
        """The answer that needs what is typed is "not yet" until it is whole."""
        whole = all(tile.value() for tile in self.fields)
        for button in self.buttons.buttons:
            if button.kind == "primary":
                button.setEnabled(whole)

    def _step(self, by_min: int) -> None:
        field = self.fields[0].field if self.fields else None
        if isinstance(field, ClockField):
            now = minutes_of(self.clock) or 0
            field.step(by_min, clock_of(now // 10 * 10))
            field.setFocus()
