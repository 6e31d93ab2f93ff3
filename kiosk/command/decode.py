"""`kiosk decode DRIVER HEX...`: what a driver makes of raw bytes, for support and tests."""

from __future__ import annotations

import argparse
import json
import sys

from kiosk.command import Subparsers, new
from kiosk.failure import Reason, Refusal


def add(subparsers: Subparsers) -> None:
    """Grammar of the command."""
    parser = new(
        subparsers, "decode", "Show what a driver makes of raw bytes.", "kiosk decode plx 0061004800 --json", json=True
    )
    parser.add_argument("driver", help="driver: plx, bls, ...")
    parser.add_argument("hex", nargs="+", help="payload as hex digits")
    parser.add_argument("--characteristic", default=None, help="4-digit or full UUID, if not the driver's usual one")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Decode each payload; exit 1 if a payload is refused by the driver."""
    from kiosk.decode import DecodeRefused, decode_payloads

    try:
        rows = decode_payloads(args.driver, args.hex, args.characteristic)
    except DecodeRefused as error:
        raise Refusal(Reason.NOT_FOUND, str(error)) from error
    for row in rows:
        sys.stdout.write((json.dumps(row) if args.json else _plain(row)) + "\n")
    return 0 if all("error" not in row for row in rows) else 1


def _plain(row: dict[str, object]) -> str:
    return "  ".join(f"{key}={value}" for key, value in row.items() if value not in (None, "", [], ()))
