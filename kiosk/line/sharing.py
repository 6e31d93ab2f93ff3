"""What `kiosk journal` and the child that writes into the record say to each other: one entry to share, one answer."""

from __future__ import annotations

from typing import Literal

import msgspec

from kiosk.session.commands import ShareEntry


class ShareLater(msgspec.Struct, frozen=True, tag="share_later"):
    """Put this entry behind the end of the last session that is over. folder: the data folder."""

    folder: str
    entry: ShareEntry


class SharedLater(msgspec.Struct, frozen=True, tag="shared_later"):
    """It is on the disk. started_utc_ns, offset_min: of the session that has it."""

    session_id: str
    started_utc_ns: int
    offset_min: int


class NotShared(msgspec.Struct, frozen=True, tag="not_shared"):
    """Nothing was written. sentence: what the record says of itself, for "record" alone."""

    reason: Literal["room", "no session", "empty", "record", "ended"]
    sentence: str = ""


FromSharing = SharedLater | NotShared
