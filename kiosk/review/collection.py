"""What is looked at: a room's record, a provider's library, or one session file that was verified first.

All three give the same typed rows. Read-only but for the provider's remarks; a file that does not verify never becomes
a collection.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

from kiosk.exchange import container, manifest
from kiosk.exchange.chain import Chain
from kiosk.exchange.source import Source, of_record
from kiosk.exchange.verify import Verdict, verify
from kiosk.line.review import Seal
from kiosk.record import schema
from kiosk.record.fault import OLDER, RecordError
from kiosk.record.hindsight import Result, judged
from kiosk.record.reader import Reader, Row, SessionLine, WaveformRow
from kiosk.record.remark import Read
from kiosk.record.shelf import Part, Series, Shelf
from kiosk.record.summary import Summary, summed
from kiosk.review import seal
from kiosk.session import events as e
from kiosk.session.limits import Limits
from kiosk.text import review as words
from kiosk.text.measure import iso_time
from kiosk.vault import known

ARCHIVES = (b"PK\3\4", b"age-encryption.org/")


class NotShown(Exception):  # noqa: N818 - said as a sentence in the window, no fault of the program
    """What was given is not shown as data; reasons: a sentence each. is_altered: looked at, and it does not hold."""

    def __init__(self, reasons: tuple[str, ...], is_altered: bool = True) -> None:
        super().__init__(reasons)
        self.reasons = reasons
        self.is_altered = is_altered


class Collection(Protocol):
    """Sessions to look at. words: what it is; note_why: why no note can be added, "" where it can.

    reader: None for a file. home: the folder whose key it has. Every method raises RecordError.
    """

    words: str
    note_why: str
    path: Path
    home: Path
    reader: Reader | None

    def sessions(self) -> list[SessionLine]:
        """All, the oldest first."""
        ...

    def source(self, session_id: str) -> Source:
        """The rows of one."""
        ...

    def events(self, session_id: str, *kinds: type[e.Event]) -> list[Row]:
        """Its events of these kinds, in order."""
        ...

    def summary(self, session_id: str) -> Summary:
        """One in few numbers."""
        ...

    def kept(self) -> dict[str, Summary]:
        """Those that are known at once, by session."""
        ...

    def series(self, patient_id: str) -> Series:
        """The sessions of a patient, the oldest first."""
        ...

    def judged(self, session_id: str, limits: Limits) -> Result:
        """The alarms that these limits would have raised."""
        ...

    def remarks(self, session_id: str) -> tuple[Read, ...]:
        """The provider's notes on one that were not taken back."""
        ...

    def seal(self, line: SessionLine) -> Seal:
        """Look at every row of one: whether it is what was recorded."""
        ...

    def waveforms(self, session_id: str, after: int) -> Iterator[WaveformRow]:
        """The blocks behind a row."""
        ...

    def close(self) -> None:
        """Give the file back."""
        ...


class OfDatabase:
    """A record or a library. folder: the data folder, where its key and the trusted signers lie."""

    def __init__(self, path: Path, folder: Path) -> None:
        self.home = path.parent if known.has_key(path.parent) else folder
        self._shelf, self._folder, self.path = _shelf(path, self.home), folder, path
        self.reader: Reader | None = self._shelf.reader
        lines = self._shelf.reader.sessions()
        is_library = any(line.imported_utc for line in lines)
        self.words = words.source_library(len(lines)) if is_library else words.source_record(len(lines))
        self.note_why = "" if is_library else words.notes_only_in_library()

    def sessions(self) -> list[SessionLine]:
        return self._shelf.reader.sessions()

    def source(self, session_id: str) -> Source:
        return of_record(self._shelf.reader, session_id)

    def events(self, session_id: str, *kinds: type[e.Event]) -> list[Row]:
        return list(self._shelf.reader.events(session_id, tuple(str(kind.__struct_config__.tag) for kind in kinds)))

    def summary(self, session_id: str) -> Summary:
        return self._shelf.summary(session_id)

    def kept(self) -> dict[str, Summary]:
        return self._shelf.kept()

    def series(self, patient_id: str) -> Series:
        return self._shelf.series(patient_id)

    def judged(self, session_id: str, limits: Limits) -> Result:
        return self._shelf.judged(session_id, limits)

    def remarks(self, session_id: str) -> tuple[Read, ...]:
        found, _ = self._shelf.remarks(session_id)
        return tuple(one for one in found if not one.withdrawn and not one.remark.withdraws)

    def seal(self, line: SessionLine) -> Seal:
        return seal.of_session(self._shelf, line, self._folder)

    def waveforms(self, session_id: str, after: int) -> Iterator[WaveformRow]:
        return self._shelf.reader.waveforms(session_id, after)

    def close(self) -> None:
        self._shelf.close()


class OfFile:
    """One session file, read in place. Raises NotShown where it does not verify, OSError."""

    def __init__(self, path: Path, folder: Path) -> None:
        self.path, self.home = path, folder
        self.reader: Reader | None = None
        verdict = verify(path)
        looked = verdict.looked
        if verdict.closed:
            raise NotShown((words.closed_file(),), is_altered=False)
        if not verdict.ok or looked is None or looked.opened is None:
            raise NotShown(tuple(verdict.problems))
        self.words, self.note_why = words.source_file(), words.notes_only_in_library()
        self._stack = ExitStack()
        file = self._stack.enter_context(path.open("rb"))
        mapped = self._stack.enter_context(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        member = next(m for m in container.read(mapped) if m.name == manifest.CHAIN)
        self._source = Chain(mapped, member.start, member.start + member.size).source()
        self._rows = tuple(self._source.rows())
        self._line = _line(verdict, self._rows)
        known_as = seal.known_here(verdict.signer, "" if self._line.simulated else self._line.patient_id, folder)
        self._seal = seal.of_signer(known_as if verdict.is_of_one_signer else "changed", verdict.signer)
        self._summing = summed(self._rows)

    def sessions(self) -> list[SessionLine]:
        return [self._line]

    def source(self, session_id: str) -> Source:
        return Source(lambda: iter(self._rows), self._source.waveforms)

    def events(self, session_id: str, *kinds: type[e.Event]) -> list[Row]:
        return [row for row in self._rows if isinstance(row.what, kinds)]

    def summary(self, session_id: str) -> Summary:
        return self._summing.summary()

    def kept(self) -> dict[str, Summary]:
        return {self._line.session_id: self._summing.summary()}

    def series(self, patient_id: str) -> Series:
        return Series(patient_id, (Part(self._line, self._summing.summary(), self._summing.minutes()),), 0)

    def judged(self, session_id: str, limits: Limits) -> Result:
        return judged(self._rows, limits)

    def remarks(self, session_id: str) -> tuple[Read, ...]:
        return ()

    def seal(self, line: SessionLine) -> Seal:
        return self._seal

    def waveforms(self, session_id: str, after: int) -> Iterator[WaveformRow]:
        return (row for row in self._source.waveforms() if row.seq > after)

    def close(self) -> None:
        self._stack.close()


def _shelf(path: Path, home: Path) -> Shelf:
    """A file of an older program is brought to this one's form first: nothing of its rows is touched."""
    try:
        return Shelf(path, home)
    except RecordError as error:
        if error.reason not in OLDER:
            raise
    schema.bring_up(path, home)
    return Shelf(path, home)


def open_collection(path: Path, folder: Path) -> Collection:
    """What is at `path`. Raises NotShown, RecordError, OSError."""
    with path.open("rb") as file:
        begun = file.read(20)
    return OfFile(path, folder) if begun.startswith(ARCHIVES) else OfDatabase(path, folder)


def _line(verdict: Verdict, rows: tuple[Row, ...]) -> SessionLine:
    """As `v_sessions` would have it."""
    looked = verdict.looked
    assert looked is not None
    assert looked.opened is not None
    opened = looked.opened
    ended = [row for row in rows if isinstance(row.what, e.SessionEnded)]
    return SessionLine(
        session_id=looked.session_id,
        patient_id=opened.patient_id,
        patient_label=opened.patient_label,
        kind=opened.kind,
        started_utc=iso_time(rows[0].stamp.utc_ns, 0),
        ended_utc=iso_time(ended[0].stamp.utc_ns, 0) if ended else None,
        utc_offset_min=opened.utc_offset_min,
        plan=opened.plan,
        plan_author=opened.plan_author,
        medication=opened.medication,
        route=opened.route,
        dose_mg=float(opened.dose_mg) if opened.dose_mg is not None else None,
        simulated=opened.simulated,
        speed=opened.speed,
        ended_how=ended[0].what.how if ended and isinstance(ended[0].what, e.SessionEnded) else None,
        program_version=opened.program_version,
        signer=verdict.signer,
        verified=None,
        imported_utc=None,
    )
