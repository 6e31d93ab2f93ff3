"""`kiosk replay FILE`: the alarms that limits would have raised on values that are already there."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.command import Subparsers, new

if TYPE_CHECKING:
    from kiosk.planfile import ReadPlan
    from kiosk.record.hindsight import Result
    from kiosk.recording import Judged
    from kiosk.session.replay import Replayed


def add(subparsers: Subparsers) -> None:
    """Grammar of the command."""
    example = "kiosk replay night.csv --limits plan.toml"
    parser = new(subparsers, "replay", "Show which alarms these limits would have raised.", example, json=True)
    parser.add_argument(
        "file", type=Path, help="CSV with the columns t_s,spo2,pulse (empty: no reading), or a record.db"
    )
    parser.add_argument("--limits", default="", metavar="PLAN", help="plan with the limits, by default the example's")
    parser.add_argument("--session", default="", metavar="ID", help="which session of a record, by default the newest")
    parser.add_argument(
        "--series", default="", metavar="PATIENT", help="every session of this patient_id in a record or library"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """A line an alarm and a summary; exit 0 also when there are alarms."""
    from kiosk.planfile import read_plan
    from kiosk.recording import replay_file

    plan = read_plan(args.limits)
    if args.series:
        return _series(args, plan)
    result = replay_file(args.file, plan.plan.limits, args.session)
    if args.json:
        sys.stdout.write(json.dumps(_facts(args.file, plan, result)) + "\n")
        return 0
    for alarm in result.alarms:
        sys.stdout.write(_line(alarm) + "\n")
    sys.stdout.write(_summary(plan, result) + "\n")
    return 0


def _series(args: argparse.Namespace, plan: ReadPlan) -> int:
    from kiosk.progress import Progress
    from kiosk.record import hindsight
    from kiosk.recording import replay_series
    from kiosk.text import hindsight as text

    with Progress("replay", 100) as progress:
        found = replay_series(args.file, plan.plan.limits, args.series, lambda n, whole: progress.at(100 * n // whole))
    if args.json:
        sys.stdout.write(json.dumps(_series_facts(args, plan, found)) + "\n")
        return 0
    for one in found:
        sys.stdout.write(f"{one.session}  {one.started_utc}  {text.severities(one.result.severities)}\n")
    counted = hindsight.severities(one.result for one in found)
    sys.stdout.write(text.would_have_alarmed(len(found), counted, plan.name, bool(plan.plan.confirmed)) + "\n")
    return 0


def _series_facts(args: argparse.Namespace, plan: ReadPlan, found: list[Judged]) -> dict[str, object]:
    sessions = [
        {
            "session": one.session,
            "started_utc": one.started_utc,
            "counts": one.result.severities,
            "seconds": one.result.seconds,
        }
        for one in found
    ]
    return {
        "alarms": [_alarm(alarm) | {"session": one.session} for one in found for alarm in one.result.alarms],
        "file": str(args.file),
        "patient_id": args.series,
        "plan": plan.name,
        "confirmed": plan.plan.confirmed_text,
        "limits": list(plan.plan.limits.sentences()),
        "sessions": sessions,
    }


def _alarm(alarm: Replayed) -> dict[str, object]:
    return {
        "name": alarm.name,
        "severity": alarm.severity.name.lower(),
        "raised_s": alarm.raised_s,
        "cleared_s": alarm.cleared_s,
        "limit_text": alarm.limit_text,
    }


def _facts(path: Path, plan: ReadPlan, result: Result) -> dict[str, object]:
    return {
        "alarms": [_alarm(alarm) for alarm in result.alarms],
        "file": str(path),
        "plan": plan.name,
        "confirmed": plan.plan.confirmed_text,
        "limits": list(plan.plan.limits.sentences()),
        "seconds": result.seconds,
        "readings": result.readings,
        "readings_with_spo2": result.oxygen,
    }


def _line(alarm: Replayed) -> str:
    end = "to the end"
    if alarm.cleared_s is not None:
        end = f"until {_clock(alarm.cleared_s)} ({alarm.cleared_s - alarm.raised_s:g} s)"
    words = (
        f"{_clock(alarm.raised_s)}  {alarm.name:<16} {alarm.severity.name.lower():<6}  {end:<24}  {alarm.limit_text}"
    )
    return words.rstrip()


def _clock(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def _summary(plan: ReadPlan, result: Result) -> str:
    counted = Counter(alarm.severity for alarm in result.alarms)
    kinds = ", ".join(f"{counted[severity]} {severity.name.lower()}" for severity in sorted(counted, reverse=True))
    count = len(result.alarms)
    alarms = f"{count} alarm{'' if count == 1 else 's'} ({kinds})" if count else "No alarm"
    who = "" if plan.plan.confirmed else ", not confirmed by a provider"
    return (
        f"{alarms} in {_clock(result.seconds)}, {result.readings} readings, {result.oxygen} of them with SpO2. "
        f"Limits of {plan.name}{who}."
    )
