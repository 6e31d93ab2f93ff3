"""`kiosk sessions [delete ID]`: what the record holds, and taking a session out of it for good."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from kiosk.command import Subparsers, new
from kiosk.failure import Reason, Refusal

if TYPE_CHECKING:
    from kiosk.record.reader import Deleted, SessionLine


def add(subparsers: Subparsers) -> None:
    """Grammar of the command."""
    parser = new(
        subparsers,
        "sessions",
        "List what the record holds, or delete a session from it.",
        "kiosk sessions --json; kiosk sessions delete s-1f0c477a1b03e9d5",
        json=True,
    )
    parser.add_argument("action", nargs="?", choices=("delete",), metavar="delete", help="take one out for good")
    parser.add_argument("id", nargs="?", metavar="ID", help="for delete: the whole id of the session")
    parser.add_argument("--by", default="", metavar="NAME", help="for delete: who; else your user's name")
    parser.add_argument("--yes", action="store_true", help="for delete: do not ask")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """One line a session, oldest first, then what was deleted; nothing on an empty record but a sentence."""
    from kiosk.launch import record_of, sessions_of

    if args.action and not args.id:
        raise Refusal(Reason.BAD_SETTING, "Say which session: kiosk sessions delete ID. `kiosk sessions` lists them.")
    if args.action:
        return _delete(args, record_of(args.data_dir))
    sessions, deleted = sessions_of(args.data_dir)
    if args.json:
        sys.stdout.write(json.dumps(_facts(sessions, deleted)) + "\n")
        return 0
    for s in sessions:
        end = f"until {s.ended_utc}, {s.ended_how}" if s.ended_utc else "not ended"
        made = " (simulated)" if s.simulated else ""
        sys.stdout.write(f"{s.session_id}  {s.kind}{made}  {s.started_utc} {end}\n")
    for gone in deleted:
        sys.stdout.write(f"{_told(gone)}\n")
    if not sessions and not deleted:
        sys.stdout.write("No sessions yet. `kiosk demo` makes one with simulated devices.\n")
    return 0


def _told(gone: Deleted) -> str:
    return (
        f"{gone.session_id}  deleted {gone.deleted_utc} by {gone.deleted_by}: {gone.rows} rows, last hash {gone.head}"
    )


def _facts(sessions: list[SessionLine], deleted: list[Deleted]) -> list[dict[str, object]]:
    """All lines have the same keys: one that was deleted is null in what is not known of it any more."""
    from kiosk.record.reader import Deleted, SessionLine

    names = dict.fromkeys((*SessionLine.__struct_fields__, *Deleted.__struct_fields__))
    return [names | msgspec.to_builtins(one) for one in (*sessions, *deleted)]


def _delete(args: argparse.Namespace, record: Path) -> int:
    from kiosk import datadir
    from kiosk.clock import Clock
    from kiosk.launch import record_sentence
    from kiosk.record.deletion import delete_session
    from kiosk.record.fault import Reason as RecordReason
    from kiosk.record.fault import RecordError

    if not record.exists():
        raise Refusal(Reason.NOT_FOUND, "There is nothing to delete: no session is recorded yet.")
    try:
        with datadir.hold_lock(record.parent):
            _ask(args)
            gone = delete_session(record, args.id, args.by or _user(), Clock().now().utc_ns)
    except datadir.DataDirError as error:
        raise Refusal(Reason.IN_USE, str(error)) from error
    except RecordError as error:
        if error.reason is RecordReason.UNKNOWN_SESSION:
            raise Refusal(
                Reason.NOT_FOUND, f"No session is called {args.id}. `kiosk sessions` lists them; write the whole id."
            ) from error
        if error.reason is RecordReason.SESSION_OPEN:
            raise Refusal(Reason.IN_USE, f"Session {args.id} has not ended. End it in the room first.") from error
        raise Refusal(Reason.RECORD, record_sentence(error)) from error
    if args.json:
        sys.stdout.write(json.dumps(msgspec.to_builtins(gone)) + "\n")
    else:
        sys.stdout.write(f"{_told(gone)}\nCopies, exports and backups made before are not touched.\n")
    return 0


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name
        return "unknown"


def _ask(args: argparse.Namespace) -> None:
    """Typing the id again is not enough of a pause; the word is. Raises Refusal."""
    if args.yes:
        return
    if not sys.stdin.isatty():
        raise Refusal(Reason.NEEDS_ANSWER, "A session is deleted for good. Add --yes if that is meant.")
    sys.stderr.write(
        f"Session {args.id}: every value, note and alarm goes for good, and the next session knows nothing of its "
        "dose.\nThe record will say that it was deleted, when and by whom. Type delete to go on: "
    )
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() != "delete":
        raise Refusal(Reason.NEEDS_ANSWER, "Nothing was deleted.")
