"""Writes one session from the window, as `kiosk export` does: whole or not at all, never over a file."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from kiosk.exchange import folder as tables_folder
from kiosk.exchange.archive import pack
from kiosk.exchange.fault import ExchangeError
from kiosk.exchange.fhir import bundle
from kiosk.exchange.report.report import report
from kiosk.exchange.source import Source, of_record
from kiosk.line.review import Export
from kiosk.newfile import whole_file, whole_folder
from kiosk.record.fault import RecordError
from kiosk.record.reader import Reader
from kiosk.record.seal import load_signer
from kiosk.review.collection import Collection

Far = Callable[[float], None]


class ExportError(Exception):
    """Nothing was written; reason in words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def export(collection: Collection, folder: Path, asked: Export, far: Far) -> None:
    """Write it. far: how much is done, 0 to 1. Raises FileExistsError, ExportError."""
    target = Path(asked.to)
    write = {"archive": _archive, "csv": _csv, "fhir": _fhir, "pdf": _pdf}[asked.format]
    try:
        write(collection, folder, asked.session_id, target, far)
    except FileExistsError:
        raise
    except (OSError, RecordError, ExchangeError) as error:
        raise ExportError(getattr(error, "strerror", None) or str(error)) from error


def is_signed_here(collection: Collection, asked: Export) -> bool:
    """Whether a new signature was made over what another computer recorded."""
    return asked.format == "archive" and not collection.note_why


@contextmanager
def _opened(collection: Collection, folder: Path, session_id: str) -> Generator[tuple[Source, int]]:
    """The rows, and how many they are, over a connection of its own: the window goes on reading meanwhile."""
    if collection.reader is None:
        yield collection.source(session_id), 0
        return
    with Reader(collection.path, collection.home) as reader:
        yield of_record(reader, session_id), reader.count(session_id)


def _share(far: Far, rows: int) -> Callable[[int], None]:
    return lambda done: far(min(1.0, done / rows) if rows else 0.0)


def _archive(collection: Collection, folder: Path, session_id: str, target: Path, far: Far) -> None:
    """A session file is handed on as it is; from a record or library it is packed and signed."""
    if collection.reader is None:
        with whole_file(target) as part:
            shutil.copyfile(collection.path, part)
        return
    with Reader(collection.path, collection.home) as reader:
        pack(reader, session_id, load_signer(folder), target, _share(far, reader.count(session_id)))


def _csv(collection: Collection, folder: Path, session_id: str, target: Path, far: Far) -> None:
    with whole_folder(target) as part, _opened(collection, folder, session_id) as (source, rows):
        tables_folder.fill(source, part, _share(far, rows))


def _fhir(collection: Collection, folder: Path, session_id: str, target: Path, far: Far) -> None:
    with (
        whole_file(target) as part,
        part.open("wb") as out,
        _opened(collection, folder, session_id) as (source, _),
    ):
        bundle.write(source, out)


def _pdf(collection: Collection, folder: Path, session_id: str, target: Path, far: Far) -> None:
    """Where the rows are not as they were recorded every page says so."""
    with whole_file(target) as part, _opened(collection, folder, session_id) as (source, _):
        line = next(one for one in collection.sessions() if one.session_id == session_id)
        looked = collection.seal(line)
        part.write_bytes(report(source, doubt=looked.words if looked.state == "bad" else ""))
