"""Reads what `kiosk replay` is given: a CSV `t_s,spo2,pulse`, a record file, or a session of one's own record.

Used by the command only. Every mistake in a CSV is told with its line; nothing is repaired, skipped or guessed.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path

import msgspec

from kiosk.failure import Reason, Refusal
from kiosk.record.fault import RecordError
from kiosk.record.hindsight import Result, judged
from kiosk.record.opener import looks_encrypted
from kiosk.record.reader import Reader
from kiosk.record.shelf import Shelf
from kiosk.session.limits import Limits
from kiosk.session.replay import Sample, replay

HEADER = ("t_s", "spo2", "pulse")
SQLITE = b"SQLite format 3\0"
_HIGHEST = {"spo2": 100, "pulse": 350}
LONGEST_S = 7 * 24 * 3600


def replay_file(path: Path, limits: Limits, session: str = "") -> Result:
    """The alarms on the file at `path`. session: which one of a record, the newest by default. Raises Refusal."""
    try:
        with path.open("rb") as file:
            head = file.read(len(SQLITE))
        is_record = head == SQLITE or (looks_encrypted(path) and not head.isascii())
    except OSError as error:
        raise Refusal(Reason.NOT_FOUND, f"{path} cannot be read ({error.strerror}). Give a CSV or a record.") from error
    return _of_record(path, limits, session) if is_record else _of_csv(path, limits)


def _of_csv(path: Path, limits: Limits) -> Result:
    samples = list(read_csv(path))
    if not samples:
        raise Refusal(Reason.FAILED, f"{path} has no rows below its header.")
    read = [s for s in samples if s.spo2 is not None or s.pulse is not None]
    oxygen = sum(s.spo2 is not None for s in read)
    alarms = replay(samples, limits)
    return Result(alarms, len(read), oxygen, samples[0].t_s, samples[-1].t_s)


def read_csv(path: Path) -> Iterator[Sample]:
    """The rows of a CSV with the header `t_s,spo2,pulse` (pulse may be left out). Raises Refusal with the line."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file)
            _check_header(path, next(rows, list[str]()))
            before_s: float | None = None
            for cells in rows:
                if cells:
                    sample = _sample(path, rows.line_num, cells, before_s)
                    before_s = sample.t_s
                    yield sample
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refusal(Reason.FAILED, f"{path} is neither a CSV in UTF-8 nor a record ({error}).") from error


def _check_header(path: Path, cells: list[str]) -> None:
    found = tuple(cell.strip() for cell in cells)
    if found not in (HEADER, HEADER[:2]):
        shown = ",".join(found)[:60]
        raise Refusal(Reason.FAILED, f"{path}, line 1: the header must be t_s,spo2,pulse, not {shown!r}.")


def _sample(path: Path, line: int, cells: list[str], before_s: float | None) -> Sample:
    if len(cells) not in (2, 3):
        raise _bad(path, line, f"{len(cells)} columns instead of t_s,spo2,pulse")
    t_s = _second(path, line, cells[0].strip())
    if before_s is not None and t_s <= before_s:
        raise _bad(path, line, f"t_s {t_s:g} is not after {before_s:g}; rows must be in order of time")
    pulse = _number(path, line, "pulse", cells[2]) if len(cells) == 3 else None
    return Sample(t_s, _number(path, line, "spo2", cells[1]), pulse)


def _second(path: Path, line: int, text: str) -> float:
    if not text:
        raise _bad(path, line, "t_s is empty")
    try:
        t_s = float(text)
    except ValueError:
        raise _bad(path, line, f"t_s {text[:20]!r} is not a number") from None
    if not 0 <= t_s <= LONGEST_S:
        raise _bad(path, line, f"t_s {text[:20]} is not from 0 to {LONGEST_S}")
    return t_s


def _number(path: Path, line: int, name: str, cell: str) -> Decimal | None:
    text = cell.strip()
    if not text:
        return None
    try:
        number = _decimal(text)
    except InvalidOperation:
        raise _bad(path, line, f"{name} {text[:20]!r} is not a number") from None
    high = _HIGHEST[name]
    if not number.is_finite() or not 0 <= number <= high:
        raise _bad(path, line, f"{name} {text[:20]} is not from 0 to {high}; leave it empty where there is none")
    return number


@lru_cache(maxsize=1024)
def _decimal(text: str) -> Decimal:
    """A night has 30,000 rows and some 60 different numbers."""
    return Decimal(text)


def _bad(path: Path, line: int, what: str) -> Refusal:
    return Refusal(Reason.FAILED, f"{path}, line {line}: {what}.")


def _of_record(path: Path, limits: Limits, session: str) -> Result:
    try:
        with Reader(path) as reader:
            lines = reader.sessions()
            known = [line.session_id for line in lines]
            if not known or (session and session not in known):
                missing = f"no session {session}" if session else "no session"
                raise Refusal(Reason.NOT_FOUND, f"{path} holds {missing}; `kiosk sessions` lists them.")
            rows = list(reader.rows(session or known[-1]))
    except RecordError as error:
        raise Refusal(Reason.RECORD, f"{path} cannot be read as a record: {error}") from error
    return judged(rows, limits)


class Judged(msgspec.Struct, frozen=True):
    """What limits would have made of one session of a series."""

    session: str
    started_utc: str
    result: Result


def replay_series(path: Path, limits: Limits, patient_id: str, told: Callable[[int, int], None]) -> list[Judged]:
    """The same on each session of a patient in a record or library, the oldest first. told: how many of how many.

    Simulated sessions and trials only where the patient has no others. Raises Refusal.
    """
    try:
        with Shelf(path) as shelf:
            parts = shelf.series(patient_id).parts
            found: list[Judged] = []
            for n, part in enumerate(parts, 1):
                session_id = part.line.session_id
                found.append(Judged(session_id, part.line.started_utc, shelf.judged(session_id, limits)))
                told(n, len(parts))
    except RecordError as error:
        raise Refusal(Reason.RECORD, f"{path} cannot be read as a record or library: {error}") from error
    if not found:
        raise Refusal(Reason.NOT_FOUND, f"{path} holds no session of patient {patient_id[:40]!r}.")
    return found
