"""One command of the command line a file: `add(subparsers)` its grammar, `run(args)` its work."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

Subparsers = Any  # argparse has no public name for it


def new(subparsers: Subparsers, name: str, help_text: str, example: str, json: bool = False) -> argparse.ArgumentParser:
    """A subparser with what every command has: --data-dir, an example, and --json where it prints facts."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        name, help=help_text, description=help_text, epilog=f"example: {example}", allow_abbrev=False
    )
    parser.add_argument("--data-dir", type=Path, default=None, metavar="DIR", help="where the record and settings are")
    if json:
        parser.add_argument("--json", action="store_true", help="print JSON")
    return parser
