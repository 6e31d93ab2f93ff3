"""`kiosk series [show|ics]`: the planned sessions, which are done, due and missed, and a file for a calendar.

Reads the plan and the record; the file is new, whole or not there.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from kiosk.command import Subparsers, new
from kiosk.failure import Reason, Refusal

if TYPE_CHECKING:
    from kiosk.session import events as e
    from kiosk.session.course import Course
    from kiosk.session.plan import Plan

ICS = "sessions.ics"


def add(subparsers: Subparsers) -> None:
    """Grammar of the command."""
    parser = new(
        subparsers,
        "series",
        "Show the planned sessions, or write them for a calendar.",
        "kiosk series ics --plan plan.toml --to sessions.ics",
        json=True,
    )
    parser.add_argument(
        "action",
        nargs="?",
        default="show",
        choices=("show", "ics"),
        metavar="show|ics",
        help="what is done, due and missed (default); an iCalendar file with sessions and the questions after them",
    )
    parser.add_argument("--plan", type=Path, metavar="FILE", help="the provider's plan; without it the settings' one")
    parser.add_argument("--to", type=Path, metavar="PATH", help=f"for ics: where to; without it {ICS}")
    parser.add_argument("--zone", metavar="NAME", help='for ics: "Europe/Berlin"; without it this computer\'s')
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Exit 1 where the plan or the record cannot be read, or the file is there already."""
    from kiosk import clock, datadir
    from kiosk.history import history
    from kiosk.launch import load_settings, record_sentence
    from kiosk.planfile import read_plan
    from kiosk.record.fault import RecordError
    from kiosk.session.course import course, local

    folder = Path(args.data_dir) if args.data_dir else datadir.default()
    plan = read_plan(str(args.plan) if args.plan else load_settings(folder).text("room.plan")).plan
    try:
        past = history(folder / datadir.RECORD, plan.patient.id)
    except RecordError as error:
        raise Refusal(Reason.RECORD, record_sentence(error)) from error
    now_ns = clock.Clock().now().utc_ns
    found = course(plan, past.sessions, now_ns, local(now_ns, clock.utc_offset_min(now_ns)).date())
    if args.action == "ics":
        return _ics(args, plan, past, found, now_ns)
    return _show(args, plan, past, found)


def _show(args: argparse.Namespace, plan: Plan, past: e.SeriesRead, found: Course) -> int:
    from kiosk.clock import utc_offset_min
    from kiosk.text import series as words

    if args.json:
        sys.stdout.write(json.dumps(_facts(plan, past, found)) + "\n")
        return 0
    lines = [
        words.pattern(plan.series) or words.NO_PATTERN,
        *(words.slot(slot, found.planned) for slot in found.slots),
        *(words.beside(session) for session in found.beside),
        words.following(found),
        words.earliest(found, utc_offset_min(found.earliest_utc_ns)),
        words.doses(found),
        words.renewal(found),
    ]
    sys.stdout.write("".join(f"{line}\n" for line in lines if line))
    return 0


def _facts(plan: Plan, past: e.SeriesRead, found: Course) -> dict[str, Any]:
    from kiosk.clock import iso, utc_offset_min

    earliest = found.earliest_utc_ns
    return {
        "patient_id": plan.patient.id,
        "done": found.done,
        "planned": found.planned,
        "slots": [msgspec.to_builtins(slot) for slot in found.slots],
        "beside": [session.session_id for session in found.beside],
        "next": msgspec.to_builtins(found.next),
        "not_before": iso(earliest, utc_offset_min(earliest)) if earliest else None,
        "doses_left": found.doses_left,
        "renewal_in": found.renewal_in,
        "sessions": [
            {
                "session_id": s.session_id,
                "dose_utc": iso(s.dose_utc_ns, s.utc_offset_min),
                "ended_utc": iso(s.end_utc_ns, s.utc_offset_min),
            }
            for s in past.sessions
        ],
    }


def _ics(args: argparse.Namespace, plan: Plan, past: e.SeriesRead, found: Course, now_ns: int) -> int:
    from zoneinfo import ZoneInfo

    from kiosk.exchange.ics import calendar_file
    from kiosk.newfile import whole_file
    from kiosk.session.appointment import appointments

    zone = ZoneInfo(_zone(args.zone))
    entries = list(appointments(plan, found, past.sessions, zone))
    if not entries:
        raise Refusal(Reason.NOT_FOUND, "The plan sets no series and no session is recorded: nothing for a calendar.")
    target: Path = args.to or Path(ICS)
    try:
        with whole_file(target) as part:
            part.write_bytes(calendar_file(entries, plan.patient.id, found.planned, now_ns, zone))
    except FileExistsError as error:
        raise Refusal(Reason.FAILED, f"{target} is there already and is left as it is. Choose --to PATH.") from error
    except OSError as error:
        raise Refusal(Reason.FAILED, f"Cannot write {target} ({error.strerror}). Choose another --to PATH.") from error
    sessions = sum(entry.kind == "session" for entry in entries)
    facts = {"to": str(target), "entries": len(entries), "sessions": sessions, "zone": str(zone)}
    said = f"{target}: {sessions} sessions and {len(entries) - sessions} dates after them, {zone} time."
    sys.stdout.write((json.dumps(facts) if args.json else said) + "\n")
    return 0


def _zone(asked: str | None) -> str:
    from kiosk.zone import is_zone, zone_name

    if asked and not is_zone(asked):
        raise Refusal(Reason.BAD_SETTING, f"--zone {asked} is no time zone. Name one like Europe/Berlin.")
    found = asked or zone_name()
    if not found:
        raise Refusal(Reason.NOT_FOUND, "This computer does not say its time zone. Name it: --zone Europe/Berlin.")
    return found
