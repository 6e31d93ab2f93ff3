"""The patient's page for the hours after as PDF: one sheet in large type, for tired eyes; black on white.

The same words as on the screen. Always exactly one page and never a word cut off: the letters shrink to a least size
that is still large, and what does not fit then is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec

from kiosk.exchange.block import Block, beside, framed, padded, plain, rule, space, stack, text
from kiosk.exchange.fault import ExchangeError, Reason
from kiosk.exchange.flow import Span
from kiosk.exchange.pdf import MM_PER_PT, Document, Paper, clean
from kiosk.exchange.wording import each, texts
from kiosk.session.plan import Plan
from kiosk.text.aftercare import page
from kiosk.text.care import Care, Page
from kiosk.text.catalogue import _
from kiosk.text.guide import DATED

MARGIN, PAD = 14.0, 5.0  # mm
LARGEST_PT, LEAST_PT, STEP_PT = 21.0, 15.0, 0.5  # large print begins at 14 to 16 points
FOOT_PT = 9.0
FAINT = 0.3


def patient_page(plan: Plan, paper: Paper = Paper.A4, tomorrow: date | None = None) -> bytes:
    """The PDF. tomorrow: the day after the dose, None before there was one.

    The same plan, day and paper give the same bytes. Raises ExchangeError NO_LETTER or TOO_LONG.
    """
    words = _cleaned(page(plan, tomorrow))
    with Document(paper, _("The hours after"), tomorrow or _dated(plan)) as doc:
        doc.check_letters(texts(words))
        size_pt = LARGEST_PT
        while size_pt >= LEAST_PT:
            setting = _Setting(doc, size_pt)
            body, foot = setting.body(words), setting.foot(words)
            if body.height + foot.height + 4 <= doc.height - 2 * MARGIN:
                body.draw(MARGIN, MARGIN)
                foot.draw(MARGIN, doc.height - MARGIN - foot.height)
                return doc.content()
            size_pt -= STEP_PT
    raise ExchangeError(Reason.TOO_LONG, _("contacts.people, patient.label, aftercare.stays"))


def _dated(plan: Plan) -> date:
    day = plan.confirmed.on if plan.confirmed else plan.limits.set_on
    return day or date.fromisoformat(f"{DATED}-01")


def _cleaned(words: Page) -> Page:
    """Every text as it is drawn."""
    return msgspec.convert(each(msgspec.to_builtins(words), clean), Page)


class _Setting:
    """How the page is set at one size of letters."""

    def __init__(self, doc: Document, size_pt: float) -> None:
        self._doc, self._pt = doc, size_pt
        self._width = doc.width - 2 * MARGIN
        self._em = size_pt * MM_PER_PT

    def body(self, words: Page) -> Block:
        """Everything from the top: title, the six, when to call."""
        title = plain(self._doc, words.title, self._width, 1.7 * self._pt, heavy=True)
        under = plain(self._doc, words.subtitle, self._width, 0.8 * self._pt, grey=FAINT)
        gap = space(0.6 * self._em)
        cares = stack((self._care(care) for care in words.cares), 0.45 * self._em)
        quiet = plain(self._doc, words.quiet, self._width, 0.85 * self._pt)
        return stack(
            (title, under, gap, rule(self._doc, self._width, 0.6), gap, cares, gap, self._call(words), gap, quiet)
        )

    def _care(self, care: Care) -> Block:
        bullet = plain(self._doc, "•", self._em, self._pt, heavy=True)
        indent = 1.1 * self._em
        said = plain(self._doc, care.say, self._width - indent, self._pt, heavy=True)
        more = [plain(self._doc, care.detail, self._width - indent, 0.85 * self._pt)] if care.detail else []
        return beside(((0, bullet), (indent, stack((said, *more)))))

    def _call(self, words: Page) -> Block:
        width = self._width - 2 * PAD
        title = plain(self._doc, words.call_title, width, 1.3 * self._pt, heavy=True)
        signs = [plain(self._doc, f"•  {sign}", width, self._pt) for sign in words.signs]
        inner = stack((title, space(0.2 * self._em), *signs, *self._people(words, width)))
        return framed(self._doc, padded(inner, PAD), self._width, 0.8)

    def _people(self, words: Page, width: float) -> Iterator[Block]:
        if not words.people:
            return
        yield space(0.4 * self._em)
        yield rule(self._doc, width, 0.4)
        yield space(0.3 * self._em)
        for name, role, number in words.people:
            yield text(self._doc, (Span(number, True), Span(f"{name}, {role}", False)), width, self._pt)

    def foot(self, words: Page) -> Block:
        """Who answers for it and what it is not, small at the bottom."""
        return stack(plain(self._doc, line, self._width, FOOT_PT, grey=FAINT) for line in words.foot)
