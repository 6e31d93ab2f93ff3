"""The session file: a session in one signed container that proves itself and that anybody can open by hand.

Everything in it is made from `chain.jsonl`, so that `verify` can make it again. Pieces lie in files without a name
(nothing of them is left when the program is killed).
"""

from __future__ import annotations

import mmap
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TypeVar

from kiosk import __version__
from kiosk.exchange import container, envelope, manifest, tables
from kiosk.exchange.chain import Chain, Looked
from kiosk.exchange.columns import ALARMS, BLOOD_PRESSURE, EVENTS, VITALS
from kiosk.exchange.fault import ExchangeError, Reason
from kiosk.exchange.fhir.bundle import Bundle
from kiosk.exchange.fhir.case import Case, Gathering
from kiosk.exchange.folder import name as session_name
from kiosk.exchange.report import case as report
from kiosk.exchange.report.case import Gathering as Measured
from kiosk.exchange.source import Source
from kiosk.newfile import whole_file
from kiosk.record.fault import RecordError
from kiosk.record.reader import Reader, Row, SessionLine
from kiosk.record.seal import Signer
from kiosk.session import events as e
from kiosk.signature import signer_of
from kiosk.text.export import session_readme

T = TypeVar("T")
SUFFIX = ".session.zip"
_TABLES = {f"{table.name}.csv": table for table in (VITALS, BLOOD_PRESSURE, EVENTS, ALARMS)}
DERIVED = (*_TABLES, manifest.PLAN, manifest.BUNDLE)
"""Members that can be made from the chain again."""
MADE_UP = (ExchangeError, RecordError, ValueError, ArithmeticError, LookupError, TypeError, AttributeError)
"""What rows that somebody made up can make of times and numbers."""
Told = Callable[[int], None]
ROUNDS = 2
"""How often a row is read while it is packed: out of the record, and looked at."""


def file_name(session: SessionLine) -> str:
    """ "2026-11-24-s-0123.session.zip"."""
    return session_name(session) + SUFFIX


def pack(
    reader: Reader,
    session_id: str,
    signer: Signer,
    target: Path,
    told: Told = lambda _: None,
    to: Sequence[envelope.Recipient] = (),
) -> Looked:
    """Write a session as it stands to a new file; what is in it. told: rows read so far, `ROUNDS` times each at most.

    to: who alone can open it, () for everybody; then its parts lie beside the record on their way and never, not even
    without a name, where the file goes.

    Never overwrites, never leaves half a file. Raises FileExistsError, OSError, RecordError, or ExchangeError ALTERED
    where the record is not what was written: signing it would vouch for it.
    """
    with whole_file(target) as part, ExitStack() as stack:

        def piece() -> IO[bytes]:
            return stack.enter_context(TemporaryFile(dir=reader.path.parent if to else target.parent))

        pieces = {name: piece() for name in manifest.ORDER}
        steps = _Steps(told)
        stored = _write_chain(steps.each(reader.stored(session_id)), session_id, pieces[manifest.CHAIN])
        with mapped(pieces[manifest.CHAIN]) as chain:
            found, measured, made = Gathering(), Measured(), Derived(pieces)

            def take(row: Row) -> None:
                found.take(row)
                measured.take(row)
                made.take(row)
                steps.one()

            try:
                looked = _as_written(chain, stored, session_id, take)
            except MADE_UP:  # altered rows can come to anything, before their hashes are known
                _as_written(chain, stored, session_id)
                raise
            case = found.case()
            if case.whole.withdrawn:
                pieces |= {name: piece() for name in DERIVED}
                made = Derived.without(case.whole.withdrawn, chain.source(), pieces)
            made.end(case)
            pieces[manifest.REPORT].write(_report(measured.case(case)))
            pieces[manifest.README].write(_readme(looked, signer))
            _sign(looked, signer, pieces)
        with part.open("wb") as out:
            if to:
                envelope.close(container.packed(pieces.items()), out, to)
            else:
                container.write(out, pieces.items())
    return looked


class _Steps:
    """Counts what was done and tells it now and then."""

    def __init__(self, told: Told) -> None:
        self._told, self._done = told, 0

    def one(self) -> None:
        """One more."""
        self._done += 1
        if self._done % 500 == 0:
            self._told(self._done)

    def each(self, parts: Iterable[T]) -> Iterator[T]:
        """The same parts, counted."""
        for part in parts:
            self.one()
            yield part


@contextmanager
def mapped(file: IO[bytes]) -> Generator[Chain]:
    """The chain in a file of its own."""
    file.flush()
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
        yield Chain(whole, 0, len(whole))


class Derived:
    """The members that follow from the chain alone, `DERIVED`, written while its rows are looked at: most sessions need
    not be read once more. Which readings were taken back is known only then; where any was, it is begun anew.

    into: each member's empty file. Raises ExchangeError where the rows do not begin with a session's opening.
    """

    def __init__(self, into: Mapping[str, IO[bytes]], withdrawn: frozenset[int] = frozenset()) -> None:
        self._into, self._withdrawn = into, withdrawn
        self._rows: tables.Rows | None = None
        self._bundle = Bundle(withdrawn)
        self._files = {table.name: into[member] for member, table in _TABLES.items()}
        for table in _TABLES.values():
            self._files[table.name].write(tables.header(table).encode())

    @classmethod
    def without(cls, withdrawn: frozenset[int], source: Source, into: Mapping[str, IO[bytes]]) -> Derived:
        """The same behind the last row, without these readings. Raises RecordError."""
        made = cls(into, withdrawn)
        for row in source.rows():
            made.take(row)
        return made

    def take(self, row: Row) -> None:
        """The next row."""
        if self._rows is None:
            if not isinstance(row.what, e.SessionOpened):
                raise ExchangeError(Reason.NO_SESSION)
            self._rows = tables.Rows(row.what, self._withdrawn)
        self._bundle.take(row)
        self._write(self._rows.line(row))

    def end(self, case: Case) -> None:
        """Behind the last row. case: of the same rows."""
        for line in tables.alarms(case.whole):
            self._write(line)
        self._bundle.write(case, self._into[manifest.BUNDLE])
        self._into[manifest.PLAN].write(case.opened.plan_toml.encode())
        for member in DERIVED:
            self._into[member].flush()

    def _write(self, line: tables.Line | None) -> None:
        if line is not None and (file := self._files.get(line.table.name)):
            file.write(tables.written(line).encode())


def _write_chain(rows: Iterable[tuple[int, str, bytes]], session_id: str, out: IO[bytes]) -> bytes:
    """The bodies, a line each; the hashes that were stored with them, to be held against those of the chain."""
    hashes = bytearray()
    for place, (seq, text, digest) in enumerate(rows, 1):
        if seq != place:
            raise ExchangeError(Reason.ALTERED, f"row {seq}")
        out.write(text.encode() + b"\n")
        hashes += digest
    out.flush()
    if not out.tell():
        raise ExchangeError(Reason.NO_SESSION, session_id)
    return bytes(hashes)


def _as_written(chain: Chain, stored: bytes, session_id: str, *heard: Callable[[Row], None]) -> Looked:
    """Look at each row. stored: the hashes beside them. Raises ExchangeError ALTERED, and what `heard` raise."""
    looked = chain.look(*heard)
    if looked.problems or looked.session_id != session_id or looked.opened is None:
        raise ExchangeError(Reason.ALTERED, looked.problems[0] if looked.problems else session_id)
    if b"".join(chain.hashes) != stored:
        raise ExchangeError(Reason.ALTERED, f"{session_id}: the hashes beside its rows")
    return looked


def _report(case: report.Case) -> bytes:
    from kiosk.exchange.report.report import drawn  # only who packs pays for the PDF library

    return drawn(case)


def _readme(looked: Looked, signer: Signer) -> bytes:
    assert looked.opened is not None
    opened = looked.opened
    words = session_readme(
        opened.session_id,
        opened.plan_confirmed,
        signer_of(opened.plan_toml),
        opened.simulated,
        looked.ended,
        signer.fingerprint,
        manifest.ORDER,
    )
    return words.encode()


def _sign(looked: Looked, signer: Signer, pieces: Mapping[str, IO[bytes]]) -> None:
    assert looked.opened is not None
    listed = [manifest.listed(name, content) for name, content in pieces.items()]
    made = manifest.Manifest(
        manifest.FORMAT,
        manifest.VERSION,
        manifest.TABLES_FORM,
        __version__,
        looked.session_id,
        looked.opened.kind,
        looked.opened.simulated,
        looked.counts,
        looked.head,
        signer.public_key.hex(),
        tuple(one for one in listed if one.name not in (manifest.MANIFEST, manifest.SIGNATURE)),
        signer_of(looked.opened.plan_toml),
    )
    content = manifest.encode(made)
    pieces[manifest.MANIFEST].write(content)
    pieces[manifest.SIGNATURE].write(signer.sign_bytes(content))
