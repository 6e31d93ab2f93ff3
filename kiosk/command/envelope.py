"""Readers of an encrypted session file on a command line: who can open one, and with which key it is opened."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.failure import Reason, Refusal

if TYPE_CHECKING:
    from kiosk.exchange.envelope import Identity, Recipient


def add_identity(parser: argparse.ArgumentParser) -> None:
    """`--identity FILE`, for a command that reads session files."""
    parser.add_argument(
        "--identity",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="your age key file, for files that are encrypted; may be given again",
    )


def recipients_of(words: Sequence[str]) -> list[Recipient]:
    """The readers that were named. Raises Refusal with what is wrong, without repeating a secret."""
    from kiosk.exchange.envelope import recipients
    from kiosk.exchange.fault import ExchangeError
    from kiosk.exchange.fault import Reason as Why

    try:
        return recipients(words)
    except ExchangeError as error:
        if error.reason is Why.SECRET_KEY:
            raise Refusal(
                Reason.BAD_SETTING,
                "--recipient got a secret key (AGE-SECRET-KEY-…). Never hand that out, make a new one, and give the "
                "reader's public one: age1…",
            ) from error
        raise Refusal(
            Reason.BAD_SETTING,
            f"--recipient {error.detail[:80]!r} is not an age recipient. Ask the reader for theirs: it begins with "
            "age1 and `age-keygen` prints it.",
        ) from error


def identities_of(args: argparse.Namespace) -> list[Identity]:
    """The keys in the files that `--identity` names. Raises Refusal."""
    from kiosk.exchange.envelope import identities
    from kiosk.exchange.fault import ExchangeError

    found: list[Identity] = []
    for path in args.identity:
        try:
            found += identities(path.read_text("utf-8"))
        except OSError as error:
            raise Refusal(Reason.NOT_FOUND, f"The key file {path} cannot be read ({error.strerror}).") from error
        except (ExchangeError, UnicodeDecodeError) as error:
            raise Refusal(
                Reason.BAD_SETTING,
                f"{path} is not an age key file: each line must be a comment (#) or AGE-SECRET-KEY-1…",
            ) from error
    return found
