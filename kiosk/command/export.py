"""`kiosk export SESSION|last|all [--format archive|pdf|csv|fhir|sqlite] [--to PATH]`: what is recorded, to hand it on.

On a terminal it says first what leaves, part by part, and asks. Never overwrites and never leaves half a file, whatever
ends it. Reading does not disturb a room that runs.
"""

from __future__ import annotations

import argparse
import difflib
import json
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.command import Subparsers, new
from kiosk.command.envelope import recipients_of
from kiosk.command.leaving import preview
from kiosk.failure import Reason, Refusal

if TYPE_CHECKING:
    from kiosk.exchange.envelope import Recipient
    from kiosk.record.reader import Reader, SessionLine

COPY = "session-room-copy.db"


def add(subparsers: Subparsers) -> None:
    """Grammar of the command."""
    parser = new(
        subparsers, "export", "Write sessions to hand them on.", "kiosk export last --to session.session.zip", json=True
    )
    parser.add_argument(
        "session", metavar="SESSION|last|all", help="which: an id of `kiosk sessions`, or its beginning"
    )
    parser.add_argument(
        "--format",
        default="archive",
        choices=("archive", "pdf", "csv", "fhir", "sqlite"),
        help="archive: the signed session file (default); pdf: the report, to read and to print; "
        "csv: a folder of tables; fhir: a FHIR R4 bundle; "
        "sqlite: a plain copy of the whole record (all)",
    )
    parser.add_argument("--paper", choices=("a4", "letter"), help="sheets of the report (pdf); a4 without it")
    parser.add_argument("--to", type=Path, metavar="PATH", help="where to; without it a name of its own, here")
    parser.add_argument(
        "--recipient",
        action="append",
        default=[],
        metavar="age1…",
        help="encrypt the session file to this reader (age); may be given again",
    )
    parser.add_argument(
        "--from",
        dest="source",
        type=Path,
        metavar="DB",
        help="a library or another record; without it the record in the data folder",
    )
    parser.add_argument("--yes", action="store_true", help="do not ask before it is written")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Says what it wrote; exit 1 where nothing was."""
    from kiosk import datadir
    from kiosk.exchange.fault import ExchangeError
    from kiosk.launch import record_sentence
    from kiosk.record.fault import RecordError
    from kiosk.record.reader import Reader

    _check(args)
    home = Path(args.data_dir) if args.data_dir else datadir.default()
    record = args.source or home / datadir.RECORD
    if not record.exists():
        missing = f"{record} is not there." if args.source else "no session is recorded yet."
        raise Refusal(Reason.NOT_FOUND, f"There is nothing to export: {missing}")
    try:
        with Reader(record, home) as reader:
            chosen = _chosen(args.session, reader.sessions())
            leaving = preview(args, chosen, reader)
            facts = _copy(args, chosen, record, home) if args.format == "sqlite" else _files(args, chosen, reader)
    except RecordError as error:
        raise Refusal(Reason.RECORD, record_sentence(error)) from error
    except ExchangeError as error:
        raise Refusal(
            Reason.RECORD, f"A session of the record cannot be read: {error}. Nothing was written."
        ) from error
    if args.json:
        sys.stdout.write(json.dumps(facts | leaving) + "\n")
    return 0


def _check(args: argparse.Namespace) -> None:
    """What is refused before anything is read."""
    if args.recipient and args.format != "archive":
        raise Refusal(Reason.BAD_SETTING, "--recipient encrypts the session file: leave --format away, or set archive.")
    if args.paper and args.format != "pdf":
        raise Refusal(Reason.BAD_SETTING, "--paper is for the report. Say so: --format pdf.")
    if args.source and args.format == "archive":
        raise Refusal(
            Reason.BAD_SETTING,
            "A session file is signed by who recorded it: hand on the file that came. From a library: pdf, csv, fhir "
            "or sqlite.",
        )
    recipients_of(args.recipient)


def _chosen(wanted: str, sessions: Sequence[SessionLine]) -> list[SessionLine]:
    """The sessions that are meant. Raises Refusal where that is none, or more than one but not `all`."""
    if not sessions:
        raise Refusal(Reason.NOT_FOUND, "There is nothing to export: no session is recorded yet.")
    if wanted in ("all", "last"):
        return list(sessions) if wanted == "all" else [sessions[-1]]
    ids = [s.session_id for s in sessions]
    found = [s for s in sessions if s.session_id == wanted] or [s for s in sessions if s.session_id.startswith(wanted)]
    if len(found) == 1:
        return found
    if found:
        raise Refusal(Reason.NOT_FOUND, f"{len(found)} sessions begin with {wanted}. Write more of the id.")
    near = difflib.get_close_matches(wanted, [*ids, "last", "all"], 1)
    meant = f" (did you mean {near[0]}?)" if near else ""
    raise Refusal(Reason.NOT_FOUND, f"No session is called {wanted}{meant}. `kiosk sessions` lists them.")


def _copy(args: argparse.Namespace, chosen: Sequence[SessionLine], record: Path, home: Path) -> dict[str, object]:
    from kiosk.record.copy import plain_copy
    from kiosk.record.fault import Reason as RecordReason
    from kiosk.record.fault import RecordError
    from kiosk.text.export import copy_holds, written

    if args.session != "all":
        raise Refusal(Reason.BAD_SETTING, "A plain copy holds every session. Say so: kiosk export all --format sqlite.")
    target: Path = args.to or Path(COPY)
    patients = len({s.patient_id for s in chosen})
    _say(args, copy_holds(len(chosen), patients, str(target)))
    try:
        plain_copy(record, target, home)
    except RecordError as error:
        if error.reason is RecordReason.EXISTS:
            raise _there_already(target) from error
        if error.reason is RecordReason.COPY_FAILED:
            raise Refusal(Reason.FAILED, f"The copy could not be written ({error.detail}). Nothing is left.") from error
        raise
    _say(args, written(str(target), f"{target.stat().st_size // 1024} KiB"))
    return {"to": str(target), "format": "sqlite", "sessions": [s.session_id for s in chosen]}


def _files(args: argparse.Namespace, chosen: Sequence[SessionLine], reader: Reader) -> dict[str, object]:
    """One session is one file or folder; `all` is a folder of them."""
    from kiosk.exchange import folder
    from kiosk.text.export import written

    is_all, counts = args.session == "all", dict[str, int]()
    to = recipients_of(args.recipient)
    target: Path = args.to or Path(f"sessions-{args.format}" if is_all else _name(args, folder.name(chosen[0])))
    write = {"fhir": _fhir, "csv": _csv, "archive": _archive(to), "pdf": _pdf(args.paper or "a4")}[args.format]
    try:
        with _made(args, target, is_all) as part:
            for session in chosen:
                inside = part / _name(args, folder.name(session)) if is_all else part
                for what, n in write(reader, session.session_id, inside).items():
                    counts[what] = counts.get(what, 0) + n
    except FileExistsError as error:
        raise _there_already(target) from error
    except OSError as error:
        raise Refusal(Reason.FAILED, f"Cannot write {target} ({error.strerror}). Choose another --to PATH.") from error
    _say(args, written(str(target), ", ".join(f"{what} {n}" for what, n in counts.items())))
    sessions = [s.session_id for s in chosen]
    return {"to": str(target), "format": args.format, "sessions": sessions, "lines": counts}


def _made(args: argparse.Namespace, target: Path, is_all: bool) -> AbstractContextManager[Path]:
    """Where it is written, whole or not at all; a session file sees to that by itself."""
    from kiosk.newfile import whole_file, whole_folder

    if is_all or args.format == "csv":
        return whole_folder(target)
    return nullcontext(target) if args.format == "archive" else whole_file(target)


def _name(args: argparse.Namespace, session: str) -> str:
    ending = {"fhir": ".fhir.json", "csv": "-csv", "archive": ".session.zip", "pdf": "-report.pdf"}[args.format]
    return session + ending + (".age" if args.recipient else "")


def _archive(to: Sequence[Recipient]) -> Callable[[Reader, str, Path], dict[str, int]]:
    """The key is asked for once, and only where something is signed. to: who alone can open it."""
    from kiosk.exchange.archive import ROUNDS, pack
    from kiosk.progress import Progress
    from kiosk.record.fault import RecordError
    from kiosk.record.seal import Signer, load_signer

    signers: list[Signer] = []

    def write(reader: Reader, session_id: str, target: Path) -> dict[str, int]:
        try:
            signer = signers[0] if signers else load_signer(reader.path.parent)
        except RecordError as error:
            raise Refusal(
                Reason.FAILED, f"The signing key cannot be used ({error.detail}), so no session file can be made."
            ) from error
        signers[:] = [signer]
        with Progress(session_id, ROUNDS * reader.count(session_id)) as progress:
            counts = pack(reader, session_id, signer, target, progress.at, to).counts
        return {"events": counts.events, "readings": counts.readings, "gaps": counts.gaps}

    return write


def _pdf(paper: str) -> Callable[[Reader, str, Path], dict[str, int]]:
    """On such sheets; of a record that is not as it was written, every page says so."""

    def write(reader: Reader, session_id: str, target: Path) -> dict[str, int]:
        from kiosk.exchange.pdf import Paper
        from kiosk.exchange.report.report import report
        from kiosk.exchange.source import of_record

        problems = reader.verify_chain(session_id)
        doubt = f"{problems[0].what} (row {problems[0].seq})" if problems else ""
        content = report(of_record(reader, session_id), Paper(paper), doubt)
        target.write_bytes(content)
        return {"bytes": len(content)}

    return write


def _csv(reader: Reader, session_id: str, target: Path) -> dict[str, int]:
    from kiosk.exchange import folder
    from kiosk.exchange.source import of_record
    from kiosk.progress import Progress

    target.mkdir(exist_ok=True)
    with Progress(session_id, reader.count(session_id)) as progress:
        return folder.fill(of_record(reader, session_id), target, progress.at)


def _fhir(reader: Reader, session_id: str, target: Path) -> dict[str, int]:
    from kiosk.exchange.fhir.bundle import write
    from kiosk.exchange.source import of_record

    with target.open("wb") as out:
        write(of_record(reader, session_id), out)
        return {"bytes": out.tell()}


def _there_already(target: Path) -> Refusal:
    return Refusal(Reason.FAILED, f"{target} is there already and is left as it is. Choose another --to PATH.")


def _say(args: argparse.Namespace, sentence: str) -> None:
    if not args.json:
        sys.stdout.write(f"{sentence}\n")
        sys.stdout.flush()
