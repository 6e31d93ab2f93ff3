"""One-tap events: which there are, and which of them open the emergency card at once. Data and their fold.

Pure. What a sitter reads for each (label, sentence, steps) is in `kiosk.text.happening`. A happening is open, with
its guidance in the action panel, until the sitter closes it; nothing here judges how serious it is in a person.
"""

from __future__ import annotations

import msgspec

PREFIX = "happening "  # answers to its guidance are filed under this and its kind


class Kind(msgspec.Struct, frozen=True):
    """key: recorded. letter: its place in the menu. card: the emergency card opens with the tap."""

    key: str
    letter: str
    card: bool = False


KINDS = (
    Kind("vomiting", "1"),
    Kind("distress", "2"),
    Kind("agitation", "3"),
    Kind("bathroom", "4"),
    Kind("not breathing right", "5", card=True),
    Kind("seizure", "6", card=True),
    Kind("chest pain", "7", card=True),
    Kind("rash", "8", card=True),
    Kind("fall", "9"),
    Kind("dark thoughts", "0"),
)
BY_KEY = {kind.key: kind for kind in KINDS}


class Happened(msgspec.Struct, frozen=True):
    """One tap. closed_s: when the sitter said that it is over."""

    kind: str
    seq: int
    t_s: float
    utc_ns: int
    closed_s: float | None = None

    @property
    def script(self) -> str:
        """The name under which answers to its guidance are filed."""
        return PREFIX + self.kind


def newest_open(happenings: tuple[Happened, ...]) -> Happened | None:
    """The one whose guidance is shown: those that call for help first, then the newest."""
    left = [h for h in happenings if h.closed_s is None]
    return max(left, key=lambda h: (h.kind in BY_KEY and BY_KEY[h.kind].card, h.t_s, h.seq), default=None)


def closed(happenings: tuple[Happened, ...], script: str, t_s: float) -> tuple[Happened, ...]:
    """After "over" for every open one of that script."""
    return tuple(
        msgspec.structs.replace(h, closed_s=t_s) if h.script == script and h.closed_s is None else h for h in happenings
    )
