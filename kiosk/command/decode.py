"""`kiosk decode DRIVER HEX...` and `kiosk decode --capture FILE`: what a driver makes of raw bytes."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from kiosk.command import Subparsers, new
from kiosk.failure import Reason, Refusal


def add(subparsers: Subparsers) -> None:
    """Grammar of the command."""
    parser = new(
        subparsers, "decode", "Show what a driver makes of raw bytes.", "kiosk decode plx 0061004800 --json", json=True
    )
    parser.add_argument("driver", nargs="?", help="driver: plx, bls, ...")
    parser.add_argument("hex", nargs="*", help="payload as hex digits")
    parser.add_argument("--characteristic", default=None, help="4-digit or full UUID, if not the driver's usual one")
    parser.add_argument(
        "--capture", type=Path, default=None, metavar="FILE", help="a file of `kiosk monitor --capture` instead"
    )
    parser.set_defaults(run=run, parser=parser)


def run(args: argparse.Namespace) -> int:
    """Decode each payload; exit 1 if a payload is refused by the driver. A capture: all that it holds, exit 0."""
    if bool(args.capture) == bool(args.driver) or (args.driver and not args.hex):
        args.parser.error("give a driver and bytes, or --capture FILE")
    if args.capture:
        return _capture(args)
    from kiosk.decode import DecodeRefused, decode_payloads

    try:
        rows = decode_payloads(args.driver, args.hex, args.characteristic)
    except DecodeRefused as error:
        raise Refusal(Reason.NOT_FOUND, str(error)) from error
    for row in rows:
        sys.stdout.write((json.dumps(row) if args.json else _plain(row)) + "\n")
    return 0 if all("error" not in row for row in rows) else 1


def _capture(args: argparse.Namespace) -> int:
    from kiosk.recapture import Recapture

    capture = Recapture(args.capture)
    counts: dict[str, int] = {}
    for row in capture.rows():
        counts[row["type"]] = counts.get(row["type"], 0) + 1
        shown = row if args.json else {key: value for key, value in row.items() if key != "values"}
        sys.stdout.write((json.dumps(shown) if args.json else _plain(shown)) + "\n")
    said = ", ".join(f"{count} {name}" for name, count in counts.items()) or "nothing that a driver reports"
    cut = " The last line was cut off and left out." if capture.cut_off else ""
    sys.stderr.write(f"kiosk: {said}.{cut}\n")
    return 0


def _plain(row: dict[str, Any]) -> str:
    return "  ".join(f"{key}={value}" for key, value in row.items() if value not in (None, "", [], ()))
