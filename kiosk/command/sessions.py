"""`kiosk sessions`: what the record holds."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import msgspec

from kiosk.command import Subparsers, new


def add(subparsers: Subparsers) -> None:
    """Grammar of the command."""
    parser = new(subparsers, "sessions", "List what the record holds.", "kiosk sessions --json", json=True)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """One line a session, oldest first; nothing on an empty record but a sentence."""
    from kiosk.launch import sessions_of

    sessions = sessions_of(Path(args.data_dir) if args.data_dir else None)
    if args.json:
        sys.stdout.write(json.dumps([msgspec.to_builtins(s) for s in sessions]) + "\n")
        return 0
    for s in sessions:
        end = f"until {s.ended_utc}, {s.ended_how}" if s.ended_utc else "not ended"
        made = " (simulated)" if s.simulated else ""
        sys.stdout.write(f"{s.session_id}  {s.kind}{made}  {s.started_utc} {end}\n")
    if not sessions:
        sys.stdout.write("No sessions yet. `kiosk demo` makes one with simulated devices.\n")
    return 0
