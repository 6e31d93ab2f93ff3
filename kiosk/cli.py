"""The command line: `kiosk COMMAND`. Exit 0 done, 1 refused or failed with one clear sentence, 2 wrong usage.

Also the door through which child processes start (`_child NAME`, `_monitor`), so that frozen builds need one
program only. Nothing heavy is imported before the command is known: a child's start is part of a recovery time, and a
room's processes get their head start here.
"""

from __future__ import annotations

import sys

from kiosk import headstart
from kiosk.headstart import OPTIONS_FOLLOW, WORD_FOLLOWS, HeadStart

TYPE_CHECKING = False  # typing's own is 3 ms of each process's start, pathlib 5
if TYPE_CHECKING:
    from typing import NoReturn

    from kiosk.line.first import GoAhead

# These read a record or a library: a passphrase is asked for first, at a terminal.
READ_RECORDS = frozenset({"sessions", "export", "import", "review", "replay", "series", "followup", "backup", "doctor"})
# Commands that look whether the sitter's PIN guards what they are asked for: see `kiosk.command.entering`.
GUARDED = frozenset({"sessions", "export", "review", "replay", "backup", "restore", "devices", "key"})


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns its exit code. argv: None for this process's own, which may begin others at once."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:1] == ["_child"]:
        from kiosk.childside import run_child

        return run_child(words[1], waits=WORD_FOLLOWS in words)
    if words[:1] == ["_monitor"]:
        return _be_monitor(words[1:])
    if not words or (words[0].startswith("-") and words[0] not in ("-h", "--help", "--version")):
        words.insert(0, "run")
    begun = _begin_monitor(words) if argv is None else None
    if begun:
        import signal

        signal.signal(signal.SIGTERM, _leave)  # what was begun ends with us, until the supervisor keeps it
    try:
        return _dispatch(words, begun)
    finally:
        if begun and not begun.is_taken:
            begun.end(headstart.LEAVE_WITHIN_S)


def _leave(number: int, _frame: object) -> NoReturn:
    raise SystemExit(128 + number)


def _begin_monitor(words: list[str]) -> HeadStart | None:
    """The room's monitor loads while this process looks whether there may be a room at all."""
    if words[0] != "run" or {"-h", "--help"} & set(words):
        return None
    from kiosk.private import keep_private

    keep_private()
    return headstart.begin(headstart.words("_monitor", OPTIONS_FOLLOW))


def _be_monitor(words: list[str]) -> int:
    screen = word = None
    if OPTIONS_FOLLOW in words:
        screen = headstart.begin(headstart.words("_child", "screen", WORD_FOLLOWS))
        word = _hand_on(screen)
        if word is None:
            return 0
    from pathlib import Path

    from kiosk.entry import main as monitor_main

    return monitor_main(words, screen, Path(word.crash_folder) if word else None)


def _hand_on(screen: HeadStart | None) -> GoAhead | None:
    """Wait for the word, with nothing loaded that the screen's own start would have to wait for, and pass it on.

    None where the room was refused: its screen ends as well.
    """
    from kiosk.line import first

    word = first.read(0)
    if screen and word:
        screen.tell(first.encode(word))
    elif screen:
        screen.end()
    return word


def _dispatch(words: list[str], begun: HeadStart | None) -> int:
    from kiosk.failure import Refusal
    from kiosk.grammar import COMMANDS, build_parser

    known = (words[0],) if words[0] in COMMANDS else COMMANDS
    args = build_parser(known).parse_args(words)
    args.begun = begun
    try:
        if words[0] in READ_RECORDS:
            from kiosk.command.unlocking import make_ready

            make_ready(args.data_dir)
        if words[0] in GUARDED:
            from kiosk.command.entering import ask_pin

            ask_pin(words[0], args)
        return int(args.run(args))
    except Refusal as refusal:
        sys.stderr.write(f"kiosk: {refusal.sentence}\n")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    raise SystemExit(main())
