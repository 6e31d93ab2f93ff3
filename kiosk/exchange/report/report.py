"""Puts the report together. The same rows, paper and versions give the same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from kiosk import __version__
from kiosk.exchange.block import Block, beside, plain, rule, space, stack
from kiosk.exchange.pdf import Document, Paper
from kiosk.exchange.report import mark
from kiosk.exchange.report.case import Case, of
from kiosk.exchange.report.chart import Chart
from kiosk.exchange.report.form import form
from kiosk.exchange.report.letter import Letters
from kiosk.exchange.report.listing import lists
from kiosk.exchange.report.sheets import FAINT, MARGIN, SMALL_PT, TITLE_PT, Sheets, bar
from kiosk.exchange.report.trace import NS
from kiosk.exchange.source import Source
from kiosk.text import report as words
from kiosk.text import report_list

_WHOLE_S = 4 * 3600.0  # what one chart shows well
_PART_S = 3 * 3600.0


def report(source: Source, paper: Paper = Paper.A4, doubt: str = "") -> bytes:
    """The PDF. doubt: why the rows are not as they were recorded, "" if they are; it then stands on every page.

    Raises ExchangeError NO_SESSION where the rows do not begin with the opening of a session, and RecordError.
    """
    return drawn(of(source), paper, doubt)


def drawn(case: Case, paper: Paper = Paper.A4, doubt: str = "") -> bytes:
    """The PDF of a session whose rows were read already."""
    day = datetime.fromtimestamp(case.whole.last_ns / NS, UTC).date()
    with Document(paper, f"{words.title(case.opened.kind)} {case.opened.session_id}", day) as doc:
        sheets = _sheets(case, doc, doubt)
        sheets.add(plain(doc, words.title(case.opened.kind), sheets.width, TITLE_PT, heavy=True))
        sheets.gap()
        form(case, sheets)
        alarms = mark.alarms(case)
        others = (*mark.events(case), *mark.notes(case))
        _charts(Chart(case, (*alarms, *others), sheets.letters), sheets)
        lists(case, sheets, alarms, others)
        for line in words.letters(sheets.letters.replaced, sheets.letters.shortened):
            sheets.gap()
            sheets.paragraph(line, heavy=True)
        sheets.draw()
        return doc.content()


def _sheets(case: Case, doc: Document, doubt: str) -> Sheets:
    letters = Letters(doc.drawable)
    opened = case.opened
    said = letters.shown(words.head(opened.patient_label, opened.patient_id, _day(case)))
    known = (opened.simulated, opened.speed, bool(opened.plan_confirmed), case.whole.ended_ns is not None)
    banners = [letters.shown(line) for line in words.banners(*known, doubt)]
    width, made_by = doc.width - 2 * MARGIN, words.made_by(__version__)
    wide = doc.measure(made_by, False, SMALL_PT)

    def header(page: int, pages: int) -> Block:
        return stack((plain(doc, said, width, SMALL_PT, heavy=True), space(0.8), bar(doc, banners, width)))

    def footer(page: int, pages: int) -> Block:
        left = plain(doc, letters.shown(words.foot(opened.session_id, page, pages)), width * 0.6, SMALL_PT, heavy=True)
        right = plain(doc, made_by, wide + 1, SMALL_PT, grey=FAINT)
        return stack((rule(doc, width, 0.2), space(0.8), beside(((0, left), (width - wide, right)))))

    return Sheets(doc, letters, header, footer)


def _day(case: Case) -> str:
    """ "24 Nov 2026, 20:38 to 23:21, UTC+01:00"."""
    offset = case.told.offset_min(case.whole.opened_ns)
    begun = datetime.fromtimestamp(case.whole.opened_ns / NS, UTC) + timedelta(minutes=offset)
    return words.day(
        begun.date(), case.clock(case.whole.opened_ns), case.clock(case.whole.ended_ns or case.whole.last_ns), offset
    )


def _charts(chart: Chart, sheets: Sheets) -> None:
    """The whole session on a page; a long one in parts as well."""
    sheets.turn()
    heads = report_list.sections()
    for i, (from_s, to_s) in enumerate(_spans(chart.case)):
        sheets.turn()
        clocks = [chart.case.clock(chart.case.utc_ns(t_s)) for t_s in (from_s, to_s)]
        sheets.title(report_list.chart_title(*clocks, whole=i == 0), outline=False)
        if i == 0:
            sheets.entry(heads["chart"])
        below = [
            sheets.block(text, sheets.width, SMALL_PT, grey=FAINT)
            for text in (report_list.legend(), report_list.reduced(chart.case.stale_s))
        ]
        room = sheets.room - sum(block.height for block in below) - 3.0
        sheets.add(chart.block(sheets.doc, sheets.width, room, from_s, to_s))
        sheets.gap(2)
        for block in below:
            sheets.add(block)


def _spans(case: Case) -> Iterator[tuple[float, float]]:
    end_s = max(case.end_s, 60.0)
    yield 0.0, end_s
    if end_s > _WHOLE_S:
        start_s = 0.0
        while start_s < end_s:
            yield start_s, min(start_s + _PART_S, end_s)
            start_s += _PART_S
