"""What the command line understands: `kiosk COMMAND`, each command's own part in `kiosk.command.NAME`."""

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
