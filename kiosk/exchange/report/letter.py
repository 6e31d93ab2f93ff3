"""Letters that the shipped fonts cannot draw: each run of them becomes words in ‹ ›, and is counted.

A report is never refused because of a name or a note, and never shows empty boxes: what stands there instead says
what it was. The exact text is in the session file. Directions and controls are letters here, not orders.
"""

from __future__ import annotations

import unicodedata
from itertools import groupby

from kiosk.exchange.pdf import clean

_JOINERS = "\u200c\u200d\ufe0e\ufe0f"  # seen by nobody, between letters and in pictures
_MOST = 4000


class Letters:
    """What can be drawn. replaced: how many letters could not be, so far. shortened: how many were left out."""

    def __init__(self, drawable: frozenset[str]) -> None:
        self._drawable = drawable | {"\n"}
        self.replaced = 0
        self.shortened = 0

    def shown(self, text: str) -> str:
        """The text as it is drawn. Pictures are named, other letters counted by their script."""
        if len(text) > _MOST:
            self.shortened += len(text) - _MOST
            text = f"{text[:_MOST]} …"
        whole = "".join(letter for letter in clean(text) if letter not in _JOINERS)
        if self._drawable.issuperset(whole):
            return whole
        return "".join(self._piece(kind, list(run)) for kind, run in groupby(whole, self._kind))

    def _kind(self, letter: str) -> str:
        """ "" for what can be drawn, "picture: …" for one by its name, else the script's name."""
        if letter in self._drawable:
            return ""
        name = unicodedata.name(letter, f"U+{ord(letter):04X}")
        if unicodedata.category(letter) in ("So", "Sk", "Cf", "Cc", "Zl", "Zp", "Co", "Cn"):
            return f"picture: {name}"
        return name.split(" ")[0].split("-")[0]

    def _piece(self, kind: str, run: list[str]) -> str:
        if not kind:
            return "".join(run)
        self.replaced += len(run)
        named = kind.removeprefix("picture: ")
        if named != kind:
            times = f" ×{len(run)}" if len(run) > 1 else ""
            return f"‹{named.lower()}{times}›"
        return f"‹{named if named == 'CJK' else named.capitalize()} ×{len(run)}›"
