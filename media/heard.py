"""Would a tone be heard at this output? Pure judgement of the server's answers, no input or output of its own."""

from __future__ import annotations

import msgspec

from media.message import ToneReason
from media.outputs import Snapshot


class Heard(msgspec.Struct, frozen=True):
    """reason: None when a tone can be heard. level_percent and muted: None when the server did not say."""

    reason: ToneReason | None
    level_percent: int | None = None
    muted: bool | None = None


def judge(snapshot: Snapshot, output: str, stream: int | None, *, stalled: bool, too_quiet_below: int) -> Heard:
    """Mixer level and mute count at the output and at our own stream: either can silence us.

    stream: the server's number of our stream, None when it is not open (yet). stalled: the output takes no frames.
    """
    found = snapshot.output(output)
    if found is None:
        return Heard(ToneReason.OUTPUT_GONE)
    own_level, own_mute = snapshot.streams.get(stream, (100, False)) if stream is not None else (100, False)
    level = round((found.level_percent or 0) * own_level / 100)
    muted = bool(found.muted) or own_mute
    return Heard(_reason(level, muted, stalled, too_quiet_below), level, muted)


def _reason(level: int, muted: bool, stalled: bool, too_quiet_below: int) -> ToneReason | None:
    if muted:
        return ToneReason.MUTED
    if level < too_quiet_below:
        return ToneReason.TOO_QUIET
    return ToneReason.NOT_PLAYED if stalled else None
