"""The sitter's page as PDF: one sheet of paper from the plan, read in a dim room, filled in with a pen.

Always exactly one page, and never a word cut off: the letters shrink to a readable least size, and what does not fit
then is refused. Black on white, weight instead of colour, because home printers are grey.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import product

import msgspec

from kiosk.exchange.block import Block, beside, filled, framed, padded, plain, rule, space, stack, text, tick_box
from kiosk.exchange.fault import ExchangeError, Reason
from kiosk.exchange.flow import Span
from kiosk.exchange.pdf import MM_PER_PT, Document, Paper, clean
from kiosk.exchange.wording import each, texts
from kiosk.session.plan import Plan
from kiosk.text.catalogue import _
from kiosk.text.guide import DATED
from kiosk.text.section import Item, Section
from kiosk.text.sheet import CallBox, Sheet, sheet

MARGIN, GUTTER, PAD = 10.0, 6.0, 2.0  # mm
LARGEST_PT, LEAST_PT, STEP_PT = 10.5, 7.0, 0.25  # at 7 an x is 1.27 mm high; food labels need 1.2
CELL, LABEL = 5.5, 21.0  # mm: height of a cell for a pen, width of the row's name
URGENT = 2  # sections that stand first in the left column
COLUMNS = 9  # blood pressures beside each other
WHITE, FAINT = 1.0, 0.3
_UNIT = re.compile(r"(\d) (s|min|h|mg|%)(?!\w)")


def page(plan: Plan, paper: Paper = Paper.A4) -> bytes:
    """The PDF. The same plan and paper give the same bytes. Raises ExchangeError NO_LETTER or TOO_LONG."""
    words = _cleaned(sheet(plan))
    with Document(paper, _("Sitter's page"), _dated(plan)) as doc:
        doc.check_letters(texts(words))
        size_pt = LARGEST_PT
        while size_pt >= LEAST_PT:
            body, foot = _Setting(doc, size_pt).of(words)
            if body.height + foot.height <= doc.height - 2 * MARGIN:
                body.draw(MARGIN, MARGIN)
                foot.draw(MARGIN, doc.height - MARGIN - foot.height)
                return doc.content()
            size_pt -= STEP_PT
    raise ExchangeError(Reason.TOO_LONG, _longest(plan))


def _dated(plan: Plan) -> date:
    """The day of the content, for the file's own date."""
    day = plan.confirmed.on if plan.confirmed else plan.limits.set_on
    return day or date.fromisoformat(f"{DATED}-01")


def _cleaned(words: Sheet) -> Sheet:
    """Every text of the sheet as it is drawn."""
    return msgspec.convert(each(msgspec.to_builtins(words), lambda text: _joined(clean(text))), Sheet)


def _joined(text: str) -> str:
    """A number stays on one line with its unit."""
    return _UNIT.sub("\\1\u00a0\\2", text)


def _longest(plan: Plan) -> str:
    """The three parts of the plan that take most room, with their letters."""
    patient, contacts = plan.patient, plan.contacts
    parts = {
        _("contacts.people"): sum(len(p.name + p.role + p.number) for p in contacts.people),
        _("contacts.address"): len(contacts.address),
        _("patient.medications"): sum(map(len, patient.medications)),
        _("patient.allergies"): sum(map(len, patient.allergies)),
        _("patient.label, card_name"): len(patient.label + patient.card_name),
        _("medication"): len(plan.medication.name + plan.medication.lot),
        _("devices"): len(plan.devices.oximeter.why + plan.devices.cuff.why),
        _("phases"): sum(len(p.name) for p in plan.route_phases),
        _("pressure"): 8 * len(plan.pressure),
    }
    longest = sorted(parts.items(), key=lambda part: -part[1])[:3]
    return ", ".join(_("{part} ({n} letters)").format(part=name, n=n) for name, n in longest)


class _Setting:
    """How the sheet is set at one size of letters."""

    def __init__(self, doc: Document, size_pt: float) -> None:
        self._doc, self._pt = doc, size_pt
        self._width = doc.width - 2 * MARGIN
        self._em = size_pt * MM_PER_PT

    def of(self, words: Sheet) -> tuple[Block, Block]:
        """Everything from the top, and what stands at the foot of the sheet."""
        gap = 0.5 * self._em
        body = stack((self._head(words), self._call(words.call), self._columns(words.sections)), gap)
        log = self._log(words)
        small = [plain(self._doc, line, self._width, 0.85 * self._pt, grey=FAINT) for line in words.foot[1:]]
        first = plain(self._doc, words.foot[0], self._width, self._pt, heavy=True)
        return body, stack((space(gap), log, space(gap / 2), first, *small))

    def _head(self, words: Sheet) -> Block:
        width, pt = self._width, self._pt
        right = 0.62 * width
        first = beside(
            (
                (0, plain(self._doc, words.title, right - GUTTER, 1.9 * pt, heavy=True)),
                (right, plain(self._doc, words.subtitle, width - right, pt, grey=FAINT)),
            )
        )
        second = beside(
            (
                (0, plain(self._doc, words.medicine, right - GUTTER, 1.2 * pt, heavy=True)),
                (right, plain(self._doc, words.taken, width - right, 1.2 * pt, heavy=True)),
            )
        )
        if not words.warning:
            return stack((first, second, plain(self._doc, words.confirmed, width, pt)))
        warning = plain(self._doc, words.warning, width - 2 * PAD, 1.1 * pt, heavy=True)
        return stack((first, second, space(0.3 * self._em), framed(self._doc, padded(warning, PAD / 2), width, 0.6)))

    def _call(self, call: CallBox) -> Block:
        doc, pt, width = self._doc, self._pt, self._width
        left = 0.36 * width
        notes = [plain(doc, note, left - 2 * PAD, pt, grey=WHITE) for note in call.notes]
        number = plain(doc, call.title, left - 2 * PAD, 2.6 * pt, heavy=True, grey=WHITE)
        plate = padded(stack((number, *notes)), PAD)
        inner = width - left - 2 * PAD
        read = [plain(doc, call.read_out_title, inner, pt, grey=FAINT)]
        read += [text(doc, self._spans(item), inner, 1.15 * pt) for item in call.read_out]
        until = text(doc, (Span(f"{call.until_title}:", True), Span(call.until, False)), inner, pt)
        said = padded(stack((*read, space(0.3 * self._em), until)), PAD)
        top = beside(((0, filled(doc, plate, left, 0.0, said.height)), (left, said)))
        return framed(doc, stack((top, *self._people(call))), width, 0.6)

    def _people(self, call: CallBox) -> Iterator[Block]:
        """Whom else to call, two beside each other; a rule above."""
        if not call.people:
            return
        half = (self._width - 2 * PAD) / 2
        cells = [
            text(self._doc, (Span(number, True), Span(f"{name}, {role}", False)), half - PAD, 1.1 * self._pt)
            for name, role, number in call.people
        ]
        rows = [beside(((0, a), *((half, b) for b in cells[i + 1 : i + 2]))) for i, a in enumerate(cells) if i % 2 == 0]
        yield rule(self._doc, self._width, 0.6)
        yield padded(stack(rows, 0.15 * self._em), PAD)

    def _columns(self, sections: tuple[Section, ...]) -> Block:
        """Two columns, the urgent sections first in the left one; the others where both come out equally long."""
        width, gap = (self._width - GUTTER) / 2, 0.55 * self._em
        made = [self._section(section, width) for section in sections]
        urgent, others = made[:URGENT], made[URGENT:]

        def longer(sides: tuple[bool, ...]) -> float:
            return max(b.height for b in self._halves(urgent, others, sides, gap))

        best = min(product((True, False), repeat=len(others)), key=longer)
        left, right = self._halves(urgent, others, best, gap)
        return beside(((0, left), (width + GUTTER, right)))

    def _halves(
        self, urgent: list[Block], others: list[Block], sides: tuple[bool, ...], gap: float
    ) -> tuple[Block, Block]:
        left = [block for block, is_left in zip(others, sides, strict=True) if is_left]
        right = [block for block, is_left in zip(others, sides, strict=True) if not is_left]
        return stack((*urgent, *left), gap), stack(right, gap)

    def _section(self, section: Section, width: float) -> Block:
        doc, pt, em = self._doc, self._pt, self._em
        indent = 1.25 * em
        rows = [
            beside(((0, self._mark(section.mark, i)), (indent, text(doc, self._spans(item), width - indent, pt))))
            for i, item in enumerate(section.items, 1)
        ]
        title = plain(doc, section.title, width, 1.15 * pt, heavy=True)
        return stack((rule(doc, width, 0.4), space(0.2 * em), title, space(0.1 * em), *rows))

    def _mark(self, mark: str, number: int) -> Block:
        if mark == "box":
            return tick_box(self._doc, self._em)
        sign = {"number": str(number), "cross": "×"}.get(mark, "•")
        return plain(self._doc, sign, self._width, self._pt, heavy=True)

    def _spans(self, item: Item) -> tuple[Span, ...]:
        return tuple(span for span in (Span(item.lead, True), Span(item.more, False)) if span.text)

    def _log(self, words: Sheet) -> Block:
        title = plain(self._doc, words.log_title, self._width, self._pt, heavy=True)
        rows = [self._table(words, i) for i in range(0, len(words.columns), COLUMNS)]
        return stack((title, space(0.2 * self._em), *rows))

    def _table(self, words: Sheet, first: int) -> Block:
        """Empty cells for a pen, below the time and window of each blood pressure."""
        columns = words.columns[first : first + COLUMNS]
        wide, small = (self._width - LABEL) / max(COLUMNS - 2, len(columns)), 0.9 * self._pt
        heads = beside(
            (LABEL + i * wide + 1, text(self._doc, (Span(name, True), Span(window, False)), wide - 1, small))
            for i, (name, window) in enumerate(columns)
        )
        labels = [plain(self._doc, row, LABEL, small, grey=FAINT) for row in words.log_rows]
        edges = [LABEL + i * wide for i in range(len(columns) + 1)]
        height = heads.height + CELL * len(labels)

        def draw(x: float, y: float) -> None:
            heads.draw(x, y)
            for i, label in enumerate(labels):
                top = y + heads.height + i * CELL
                label.draw(x, top + (CELL - label.height) / 2)
                self._doc.rule(x + LABEL, top, x + edges[-1], top)
            bottom = y + height
            self._doc.rule(x + LABEL, bottom, x + edges[-1], bottom)
            for edge in edges:
                self._doc.rule(x + edge, y + heads.height, x + edge, bottom)

        return Block(height, draw)
