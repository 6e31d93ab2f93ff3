"""A picture of the provider's window without a display: for `kiosk demo` and for documents."""

from __future__ import annotations

import asyncio
from pathlib import Path

from kiosk.review.host import Host
from kiosk.review.unlock import Unlock

WITHIN_S = 60.0
OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen"}


def take_picture(path: Path, folder: Path, target: Path, text_percent: int = 100) -> str:
    """Of what is at `path`, into `target`; why there is none, "" if there is. An older picture is replaced.

    folder: the data folder, where keys and the PIN lie; behind a PIN nothing is pictured.
    """
    unlock = Unlock(folder, path)
    if not unlock.is_open:
        return "the sessions are behind the sitter's PIN"
    host = Host(path, folder, unlock, text_percent=text_percent, picture=target.absolute())
    try:
        asyncio.run(asyncio.wait_for(host.run(OFFSCREEN), WITHIN_S))
    except TimeoutError:
        return f"it was not taken within {WITHIN_S:g} s"
    return host.trouble
