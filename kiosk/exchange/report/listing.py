"""The lists behind form and chart: alarms, events, notes, pressures, gaps, limits, devices, versions, seal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kiosk import __version__
from kiosk.exchange.report import measured
from kiosk.exchange.report.case import Case
from kiosk.exchange.report.form import moment
from kiosk.exchange.report.mark import Mark
from kiosk.exchange.report.sheets import BODY_PT, FAINT, SMALL_PT, TITLE_PT, Cell, Sheets
from kiosk.record.reader import Row
from kiosk.session import events as e
from kiosk.session.bedside import Taken, whole
from kiosk.signature import signer_of
from kiosk.text import report as form_words
from kiosk.text import report_list as words
from kiosk.text import title
from kiosk.text.export import plan_signed
from kiosk.text.report import DASH

_AFTERWARDS = (e.PageGiven, e.EntryShared)
_OF_THE_RECORD = (e.RunAnchored, e.RunResumed, e.ChainSealed, e.SealingFailed)
_SEAL_MM = 46.0
_STOPS = (e.RunResumed, e.ClockJumped, e.RecordingFailed, e.RecordingRestored, e.ProtectionLost, e.SealingFailed)


def lists(case: Case, sheets: Sheets, alarms: Iterable[Mark], others: Iterable[Mark]) -> None:
    """All of them, in the order in which a reader asks."""
    heads = words.sections()
    _table(sheets, heads["alarms"], words.alarm_heads(), (11, 18, 10, 22, 26, 16, 83), _alarms(case, alarms))
    _table(sheets, heads["marks"], words.mark_heads(), (11, 18, 10, 147), _marks(case, others))
    later = list(_later(case))
    if later:
        _table(sheets, heads["later"], words.later_heads(), (36, 150), later)
    columns = (18, 12, 22, 14, 14, 106)
    _table(sheets, heads["all pressures"], words.pressure_heads(), columns, _pressures(case))
    _gaps(case, sheets)
    _limits(case, sheets)
    _table(sheets, heads["devices"], words.device_heads(), (44, 56, 50, 36), _devices(case))
    _versions(case, sheets)
    _seal(case, sheets)


def _table(
    sheets: Sheets, head: str, heads: tuple[str, ...], shares: tuple[float, ...], rows: Iterable[tuple[Cell | str, ...]]
) -> None:
    found = list(rows)
    sheets.title(head)
    if found:
        sheets.table(heads, shares, found)
    else:
        sheets.paragraph(form_words.none_recorded())


def _minute(case: Case, utc_ns: int) -> str:
    return form_words.signed(case.minute(utc_ns))


def _alarms(case: Case, marks: Iterable[Mark]) -> Iterator[tuple[Cell | str, ...]]:
    for mark in marks:
        one = mark.alarm
        assert one is not None
        answered = words.never() if one.acknowledged_ns is None else case.clock(one.acknowledged_ns, True)
        over = words.still() if one.cleared_ns is None else _cleared(case, one.name, one.cleared_ns)
        said = title(one.name, one.data, case.names)
        said = f"{said}. {one.limit_text}." if one.limit_text else f"{said}."
        at = (case.clock(one.raised_ns, True), _minute(case, one.raised_ns))
        yield mark.label, *at, answered, over, words.severity(one.severity.name.lower()), Cell(said)


def _cleared(case: Case, name: str, utc_ns: int) -> str:
    return words.cleared(case.clock(utc_ns, True), case.why_cleared.get((name, utc_ns), ""))


def _marks(case: Case, marks: Iterable[Mark]) -> Iterator[tuple[Cell | str, ...]]:
    for mark in sorted(marks, key=lambda m: m.utc_ns):
        yield mark.label, case.clock(mark.utc_ns, True), _minute(case, mark.utc_ns), mark.text


def _later(case: Case) -> Iterator[tuple[Cell | str, ...]]:
    """What was added behind the end, and what the patient did before it for the hours after."""
    ended = False
    for row in case.events:
        if isinstance(row.what, _AFTERWARDS) or (ended and not isinstance(row.what, _OF_THE_RECORD)):
            yield f"{case.day(row.stamp.utc_ns)} {case.clock(row.stamp.utc_ns)}", row.text
        ended |= isinstance(row.what, e.SessionEnded)


def _pressures(case: Case) -> Iterator[tuple[Cell | str, ...]]:
    for p in sorted(case.pressures, key=lambda p: p.utc_ns):
        more = form_words.pressure_remarks(p.typed, p.doubted)
        numbers = (Cell(p.text, True), _number(p, "mean"), _number(p, "pulse"))
        yield case.clock(p.utc_ns, True), _minute(case, p.utc_ns), *numbers, more


def _number(taken: Taken, field: str) -> str:
    number = getattr(taken, field)
    return DASH if number is None else whole(number)


def _gaps(case: Case, sheets: Sheets) -> None:
    rows = [
        (
            case.clock(case.utc_ns(a), True),
            case.clock(case.utc_ns(b), True),
            form_words.gap_length(b - a),
            _why(case, a, b),
        )
        for a, b in measured.holes(case)
    ]
    _table(sheets, words.sections()["gaps"], words.gap_heads(), (22, 22, 26, 116), rows)
    sheets.gap(1)
    sheets.paragraph(words.gaps_note(case.stale_s), SMALL_PT, grey=FAINT)
    if case.left_out:
        sheets.paragraph(words.left_out(case.left_out), SMALL_PT, grey=FAINT)
    stops = [row for row in case.events if isinstance(row.what, _STOPS)]
    if stops:
        sheets.gap()
        sheets.paragraph(words.interrupted_title(), heavy=True)
        for row in stops:
            sheets.paragraph(f"{case.clock(row.stamp.utc_ns, True)}: {row.text}")


def _why(case: Case, from_s: float, to_s: float) -> str:
    """What stood meanwhile, as far as an alarm told."""
    start, end = case.utc_ns(from_s), case.utc_ns(to_s)
    found = [
        title(a.name, {}, case.names)
        for a in case.whole.alarms
        if a.name in measured.BLIND and start <= a.raised_ns <= end
    ]
    return ", ".join(dict.fromkeys(found)) or DASH


def _limits(case: Case, sheets: Sheets) -> None:
    sheets.title(words.sections()["limits"])
    opened = case.opened
    sheets.paragraph(words.limits_by(opened.plan_author, opened.plan_confirmed), heavy=True)
    sheets.paragraph(plan_signed(signer_of(opened.plan_toml)))
    if case.plan is None:
        sheets.paragraph(words.plan_unreadable())
    for sentence in opened.limits or (form_words.not_recorded(),):
        sheets.paragraph(sentence)


def _devices(case: Case) -> Iterator[tuple[Cell | str, ...]]:
    told: dict[str, e.DeviceIdentified] = {}
    known: dict[str, e.DeviceRecognised] = {}
    for row in case.events:
        match row.what:
            case e.DeviceIdentified() as v:
                told[v.device] = v
            case e.DeviceRecognised() as v:
                known[v.device] = v
            case _:
                pass
    for link in case.state.links.values():
        said, by = told.get(link.device), known.get(link.device)
        parts = [] if said is None else [said.manufacturer, said.model, said.serial, said.firmware]
        called = f"{link.role}: {link.name or DASH}\n{link.device}"
        yield (
            called,
            ", ".join(part for part in parts if part) or form_words.not_recorded(),
            words.known_by(said.known_by if said else "", link.driver),
            words.recognised(by.by if by else ""),
        )


def _versions(case: Case, sheets: Sheets) -> None:
    sheets.title(words.sections()["versions"])
    opened = case.opened
    for line in words.versions(opened.program_version, __version__, opened.versions):
        sheets.paragraph(line, SMALL_PT)


def _seal(case: Case, sheets: Sheets) -> None:
    """Together on one page: somebody will hold it beside a telephone."""
    seals: list[Row] = [row for row in case.events if isinstance(row.what, e.ChainSealed)]
    keys = list(dict.fromkeys(row.what.key for row in seals if isinstance(row.what, e.ChainSealed)))
    if sheets.room < _SEAL_MM:
        sheets.turn()
    sheets.title(words.sections()["seal"])
    if not seals:
        sheets.paragraph(words.seal_missing(), heavy=True)
    else:
        last = seals[-1]
        sheets.paragraph(words.seal(case.last_seq, last.seq, moment(case, last.stamp.utc_ns)))
        for key in keys:
            sheets.paragraph(key, TITLE_PT, heavy=True)
    for sentence in words.how_to_check():
        sheets.paragraph(sentence, BODY_PT)
