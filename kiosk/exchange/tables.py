"""A session as CSV tables (RFC 4180): what each column means, and the cells of each row.

UTF-8 without a mark, lines end with CR LF, a cell is quoted only where it must be. A number that the device did not
vouch for is an empty cell, never a number; a gap in time is no row. Exact decimals stand as they were received.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import IO, NamedTuple

import msgspec

from devices.reading import CuffPressure, Oximetry, Pressure, Quality, Reading, Value
from kiosk.clock import iso, iso_both
from kiosk.exchange.columns import (
    ALARMS,
    ALWAYS,
    BLOOD_PRESSURE,
    DICTIONARY,
    EVENTS,
    HEART_RATE,
    SESSION,
    TABLES,
    VITALS,
    WAVEFORM,
    Table,
)
from kiosk.exchange.source import Source, Whole, whole
from kiosk.record.occurrence import Occurrence
from kiosk.record.reader import Row, WaveformRow
from kiosk.session import events as e
from kiosk.text.export import NOT_CONFIRMED

Cells = tuple[str, ...]
_NO_NUMBER = (Quality.INVALID, Quality.TEST)
_PAIR = (Quality.VALID, Quality.STORED, Quality.QUESTIONABLE, Quality.TEST, Quality.INVALID)  # as in v_blood_pressure
_FORMULA = frozenset(("=", "+", "-", "@", "\t", "\r", "\n", "'", "＝", "＋", "－", "＠"))
_SPECIAL = frozenset('",\r\n')
_json = msgspec.json.Encoder(order="deterministic")


class Line(NamedTuple):
    """One line of one table, a cell a column."""

    table: Table
    cells: Cells


def lines(source: Source) -> Iterator[Line]:
    """Every line of every table, in the order of the record. Constant memory: two passes over the rows."""
    known = whole(source.rows())
    yield Line(SESSION, _session(known))
    of_row = Rows(known.opened, known.withdrawn)
    for row in source.rows():
        if line := of_row.line(row):
            yield line
    yield from alarms(known)
    yield from (Line(WAVEFORM, _waveform(block, known)) for block in source.waveforms())


class Rows:
    """Makes the lines of one row after the other. withdrawn: rows of readings that were taken back."""

    def __init__(self, opened: e.SessionOpened, withdrawn: frozenset[int] = frozenset()) -> None:
        self._id, self._offset_min, self._withdrawn = opened.session_id, opened.utc_offset_min, withdrawn

    def line(self, row: Row) -> Line | None:
        """Of the next row; None where it has none in any table."""
        what = row.what
        if isinstance(what, Reading):
            return None if row.seq in self._withdrawn else _reading(row, what, self._id, self._offset_min)
        if isinstance(what, e.RunAnchored):
            self._offset_min = what.utc_offset_min
        facts = _json.encode(what).decode()
        return Line(EVENTS, (self._id, str(row.seq), *_when(row, self._offset_min), row.kind, row.text, facts))


def alarms(known: Whole) -> Iterator[Line]:
    """The lines that stand only when the whole session is known."""
    yield from (Line(ALARMS, _alarm(alarm, known)) for alarm in known.alarms)


def _id(known: Whole) -> str:
    return known.opened.session_id


def _confirmed(known: Whole) -> str:
    return known.opened.plan_confirmed or NOT_CONFIRMED


def _when(row: Row, offset_min: int) -> tuple[str, str, str]:
    utc, local = iso_both(row.stamp.utc_ns, offset_min)
    return utc, local, f"{row.t_s:.3f}"


def _time(utc_ns: int | None) -> str:
    return "" if utc_ns is None else iso(utc_ns)


def decimal(number: Decimal | None) -> str:
    """Digits without an exponent; empty for what is no number."""
    if number is None:
        return ""
    text = str(number)  # a third of the time of a format: a session of two hours has 21,000
    return text if text.isdigit() else _written_out(number, text)


def _written_out(number: Decimal, text: str) -> str:
    return "" if not number.is_finite() else format(number, "f") if "E" in text else text


def number_of(value: Value | None) -> str:
    """A value's number, empty where its own quality says that it is none of this patient."""
    if value is None or value.number is None or value.quality in _NO_NUMBER:
        return ""
    text = str(value.number)
    return text if text.isdigit() else _written_out(value.number, text)


def _session(known: Whole) -> Cells:
    v = known.opened
    return (
        v.session_id,
        v.patient_id,
        v.patient_label,
        v.kind,
        iso(known.opened_ns),
        _time(known.ended_ns),
        str(v.utc_offset_min),
        v.plan,
        v.plan_author,
        _confirmed(known),
        v.medication,
        v.route,
        decimal(v.dose_mg),
        "true" if v.simulated else "false",
        f"{v.speed:g}",
        known.ended_how or "",
        v.program_version,
    )


def _reading(row: Row, reading: Reading, session_id: str, offset_min: int) -> Line | None:
    m = reading.measurement
    if isinstance(m, CuffPressure):
        return None  # a cuff's momentary pressure is no blood pressure; it is in the record
    (utc, local, t_s), device, source = _when(row, offset_min), reading.device, reading.source
    if isinstance(m, Oximetry):
        spo2, pulse, reasons = m.spo2, m.pulse, _reasons(m.spo2.reasons + m.pulse.reasons)
        numbers = number_of(spo2), number_of(pulse), number_of(m.perfusion)
        judged = spo2.quality, pulse.quality, reasons
        return Line(VITALS, (session_id, utc, local, t_s, device, *numbers, *judged, source))
    start = session_id, utc, local, t_s, device
    if isinstance(m, Pressure):
        numbers = tuple(number_of(v) for v in (m.systolic, m.diastolic, m.mean, m.pulse))
        judged = (
            _worst(m.systolic, m.diastolic),
            _reasons(m.systolic.reasons + m.diastolic.reasons),
            m.device_time or "",
        )
        return Line(BLOOD_PRESSURE, (*start, *numbers, *judged, source))
    return Line(HEART_RATE, (*start, number_of(m.pulse), m.pulse.quality, _reasons(m.pulse.reasons), source))


def _worst(*values: Value) -> str:
    return max((v.quality for v in values), key=_PAIR.index)


def _reasons(found: tuple[str, ...]) -> str:
    return "; ".join(dict.fromkeys(found)) if found else ""


def _alarm(alarm: Occurrence, known: Whole) -> Cells:
    times = (iso(alarm.raised_ns), iso(alarm.raised_ns, alarm.offset_min))
    later = (_time(alarm.acknowledged_ns), _time(alarm.cleared_ns))
    return (_id(known), alarm.name, alarm.severity.name.lower(), *times, *later, alarm.limit_text, _confirmed(known))


def _waveform(row: WaveformRow, known: Whole) -> Cells:
    block = row.block
    lists = tuple(_json.encode(part).decode() for part in (block.samples, block.beats))
    when = iso(block.stamp.utc_ns), f"{row.t_s:.3f}"
    return (_id(known), *when, block.device, f"{block.rate_hz:g}", str(block.full_scale), *lists)


# --- files ------------------------------------------------------------------------------------------------------------


def guarded(text: str) -> str:
    """A text that a spreadsheet would take for a formula gets an apostrophe before it, and so does one that has one.

    So it can be undone exactly: an apostrophe at the beginning of a text is taken away.
    """
    return f"'{text}" if text[:1] in _FORMULA else text


def written(line: Line) -> str:
    """The line as it stands in a file, with its end: numbers and times as they are, texts guarded, quoted where it must
    be. Texts that need nothing are known again, and their line is joined: a third of what Python's writer takes."""
    table, cells = line
    if not _is_plain(_texts_of[table.name](cells)):
        places = _TEXTS[table.name]
        return _quoted(guarded(cell) if n in places else cell for n, cell in enumerate(cells))
    return ",".join(cells) + "\r\n"


@lru_cache(maxsize=64)
def _is_plain(texts: Cells) -> bool:
    """Whether none of these must be guarded or quoted."""
    return all(text[:1] not in _FORMULA and _SPECIAL.isdisjoint(text) for text in texts)


def _quoted(cells: Iterable[str]) -> str:
    made = io.StringIO()
    csv.writer(made, lineterminator="\r\n").writerow(cells)
    return made.getvalue()


def header(table: Table) -> str:
    """The first line of its file."""
    return _quoted(column.name for column in table.columns)


_TEXTS = {
    table.name: tuple(n for n, column in enumerate(table.columns) if column.kind not in ("number", "time"))
    for table in (*TABLES, DICTIONARY)
}

_texts_of: dict[str, Callable[[Cells], Cells]] = {  # of no table one alone
    name: itemgetter(*places) for name, places in _TEXTS.items()
}


class Files:
    """CSV files in a folder; each is begun when it gets its first line. A context manager."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open = ExitStack()
        self._files: dict[str, IO[str]] = {}

    def __enter__(self) -> Files:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def begin(self, table: Table) -> IO[str]:
        """The table's file with its header."""
        if table.name not in self._files:
            path = self._folder / f"{table.name}.csv"
            file = self._open.enter_context(path.open("x", encoding="utf-8", newline=""))
            file.write(header(table))
            self._files[table.name] = file
        return self._files[table.name]

    def add(self, line: Line) -> None:
        """One line."""
        self.begin(line.table).write(written(line))


def write(source: Source, folder: Path, told: Callable[[int], None] = lambda _: None) -> dict[str, int]:
    """Every table and the data dictionary into an empty folder; lines by table. told: how many so far, now and then."""
    counts = {table.name: 0 for table in ALWAYS}
    with Files(folder) as files:
        for table in ALWAYS:
            files.begin(table)
        for n, line in enumerate(lines(source), 1):
            files.add(line)
            counts[line.table.name] = counts.get(line.table.name, 0) + 1
            if n % 100 == 0:
                told(n)
        for table in TABLES:
            for c in table.columns if table.name in counts else ():
                files.add(Line(DICTIONARY, (f"{table.name}.csv", c.name, c.kind, c.unit, c.meaning)))
    return counts
