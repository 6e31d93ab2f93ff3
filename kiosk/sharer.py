"""Has one entry of the journal written into the record by a child of its own, for `kiosk journal`.

Called in a thread of the process that shows the journal, which knows no record: it waits until the child has answered.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from kiosk.child import Child, ChildEnd
from kiosk.crew import child_argv
from kiosk.line.sharing import FromSharing, NotShared, ShareLater
from kiosk.session.commands import ShareEntry

WITHIN_S = 90.0  # a keyring may ask a person for a password first


def share_later(folder: Path, entry: ShareEntry) -> FromSharing:
    """Waits for the disk."""
    return asyncio.run(_asked(ShareLater(str(folder), entry)))


async def _asked(wanted: ShareLater) -> FromSharing:
    answers: list[FromSharing] = []
    is_over = asyncio.Event()

    def ended(_how: ChildEnd) -> None:
        is_over.set()

    child = Child("sharing", child_argv("sharing"), FromSharing, answers.append, ended, start_within_s=WITHIN_S)
    child.start()
    child.send(wanted)
    try:
        await is_over.wait()
    finally:
        await child.end()
    return answers[0] if answers else NotShared("ended")
