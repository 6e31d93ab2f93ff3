"""The preview of an export: what leaves this computer, and a question where somebody can answer it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from kiosk.failure import Reason, Refusal

if TYPE_CHECKING:
    from kiosk.record.reader import Reader, SessionLine


def preview(args: argparse.Namespace, chosen: Sequence[SessionLine], reader: Reader) -> dict[str, object]:
    """Say what leaves, ask on a terminal unless `--yes`; the same as facts. Raises Refusal at a no.

    Where nobody sits at a terminal nothing is asked: the command itself was the word.
    """
    from kiosk.exchange.manifest import ORDER
    from kiosk.text.leaving import SHARED, asked, holds, leaves, not_written, readers

    parts = ORDER if args.format == "archive" else (args.format,)
    kinds = {session.session_id: reader.kinds(session.session_id) for session in chosen}
    meanings = holds()
    facts: dict[str, object] = {
        "leaves": {part: meanings[part] for part in parts if part in meanings},
        "journal_entries": sum(of.get(SHARED, 0) for of in kinds.values()),
        "recipients": args.recipient,
    }
    if args.json or args.yes or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return facts
    for session_id, of in kinds.items():
        sys.stderr.write("\n".join(leaves(session_id, parts, of)) + "\n")
    sys.stderr.write(f"{readers(args.recipient)}\n{asked()}")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() != "yes":
        raise Refusal(Reason.NEEDS_ANSWER, not_written())
    return facts
