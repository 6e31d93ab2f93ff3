"""The rest screen's picture in plain values: how its light swells and opens, and which lines stand in it.

Apart from `ui.dunes` and `ui.words`, which draw with numpy: nothing dark need wait for its import (60 ms).
"""

from __future__ import annotations

from typing import NamedTuple

BREATH_S = 11.0


class Breath(NamedTuple):
    """How the light swells: factor when empty and when full, share of the cycle that rises, and by how much (of its
    height) the glow climbs into the sky meanwhile."""

    empty: float = 0.76
    full: float = 1.0
    rising: float = 0.5
    climb: float = 0.0


CALM = Breath()
GUIDE = Breath(empty=0.42, full=1.16, rising=0.43, climb=0.5)  # to be breathed along with: out is longer than in


class Door(NamedTuple):
    """Light from the sitter's side: 0 (shut) to 1; spread in screen heights."""

    light: float = 0.0
    spread: float = 0.35


class Line(NamedTuple):
    """One line of words: where its middle lies (share of the height), size in u, weight, colour of `theme.REST`."""

    text: str
    middle: float
    size_u: float
    weight: int
    tone: str
