"""The command line: `kiosk COMMAND`. Exit 0 done, 1 refused or failed with one clear sentence, 2 wrong usage.

Also the door through which child processes start (`_child NAME`, `_monitor`), so that frozen builds need one
program only. Nothing heavy is imported before the command is known: a child's start is part of a recovery time.
"""

from __future__ import annotations

import argparse
import difflib
import importlib
import sys
from typing import Any, NoReturn

COMMANDS = (
    "run",
    "demo",
    "monitor",
    "devices",
    "decode",
    "sessions",
    "export",
    "verify",
    "import",
    "review",
    "key",
    "music",
    "backup",
    "restore",
    "doctor",
    "pin",
    "journal",
    "plan",
    "series",
    "followup",
    "replay",
)
# These read a record or a library: a passphrase is asked for first, at a terminal.
READ_RECORDS = frozenset({"sessions", "export", "import", "review", "replay", "series", "followup", "backup", "doctor"})
# Commands that look whether the sitter's PIN guards what they are asked for: see `kiosk.command.entering`.
GUARDED = frozenset({"sessions", "export", "review", "replay", "backup", "restore", "devices", "key"})


class Parser(argparse.ArgumentParser):
    """argparse with one sentence for a mistake, and the nearest option when there is one."""

    def error(self, message: str) -> NoReturn:
        """Print one sentence and what to do; exit 2."""
        chosen = self._chosen()
        near = self._near(message, chosen)
        hint = f" (did you mean {near[0]}?)" if near else ""
        sys.stderr.write(f"kiosk: {message}{hint}. See `{chosen.prog} --help`.\n")
        raise SystemExit(2)

    def _chosen(self) -> argparse.ArgumentParser:
        """Options that nobody took are reported by the outer parser; what they meant, the command's own one knows."""
        choices: list[Any] = [getattr(action, "choices", None) for action in self._actions]
        inner: list[argparse.ArgumentParser] = [c for one in choices if hasattr(one, "values") for c in one.values()]
        return inner[0] if len(inner) == 1 else self

    def _near(self, message: str, chosen: argparse.ArgumentParser) -> list[str]:
        words = message.split("'")[1::2][:1] if "COMMAND: invalid choice" in message else []
        if message.startswith("unrecognized arguments"):
            words = [word for word in message.split()[2:] if word.startswith("-")][:1]
        known = [o for action in chosen._actions for o in action.option_strings]
        return difflib.get_close_matches(words[0], [*known, *COMMANDS], 1) if words else []


def build_parser(commands: tuple[str, ...] = COMMANDS) -> Parser:
    """The whole grammar; each command's module adds its own part (`kiosk.command.NAME`)."""
    parser = Parser(
        prog="kiosk",
        description="The session room: rest screen, sitter's pane, honest record. Without a command: run.",
        epilog="example: kiosk demo --seconds 60 --out demo-out",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=_version())
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=Parser)
    for name in commands:
        importlib.import_module(f"kiosk.command.{name}").add(subparsers)
    return parser


def _version() -> str:
    from kiosk import __version__

    return f"kiosk {__version__}"


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    argv = list(sys.argv[1:] if argv is None else argv)
    if argv[:1] == ["_child"]:
        from kiosk.childside import run_child

        return run_child(argv[1])
    if argv[:1] == ["_monitor"]:
        from kiosk.entry import main as monitor_main

        return monitor_main(argv[1:])
    if not argv or (argv[0].startswith("-") and argv[0] not in ("-h", "--help", "--version")):
        argv.insert(0, "run")
    return _dispatch(argv)


def _dispatch(argv: list[str]) -> int:
    from kiosk.failure import Refusal

    known = (argv[0],) if argv[0] in COMMANDS else COMMANDS
    args = build_parser(known).parse_args(argv)
    try:
        if argv[0] in READ_RECORDS:
            from kiosk.command.unlocking import make_ready

            make_ready(args.data_dir)
        if argv[0] in GUARDED:
            from kiosk.command.entering import ask_pin

            ask_pin(argv[0], args)
        return int(args.run(args))
    except Refusal as refusal:
        sys.stderr.write(f"kiosk: {refusal.sentence}\n")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    raise SystemExit(main())
