"""The rest screen's picture in plain values: how its light swells and opens, and which lines stand in it.

Apart from `ui.dunes` and `ui.words`, which draw with numpy: nothing dark need wait for its import (60 ms).
"""

from __future__ import annotations

import math
from typing import NamedTuple

BREATH_S = 11.0
STEP = 0.04  # share of its light by which a point may change from one frame to the next: less than is seen
LOOK_S = 0.1
LONGEST_S = 1.0  # at the turns of a breath; the dunes drift as well


class Breath(NamedTuple):
    """How the light swells: factor when empty and when full, share of the cycle that rises, and by how much (of its
    height) the glow climbs into the sky meanwhile."""

    empty: float = 0.76
    full: float = 1.0
    rising: float = 0.5
    climb: float = 0.0


CALM = Breath()


def swell(at_s: float, breath: Breath = CALM) -> float:
    """How full the breath is, 0 to 1; no edge in it, neither at its turns."""
    share = at_s / BREATH_S % 1
    turn = share / breath.rising if share < breath.rising else 1 + (share - breath.rising) / (1 - breath.rising)
    return 0.5 - 0.5 * math.cos(math.pi * turn)


def glow(at_s: float, breath: Breath = CALM) -> float:
    """What all light of the dunes is multiplied by."""
    return breath.empty + (breath.full - breath.empty) * swell(at_s, breath)


def still_for_s(at_s: float, breath: Breath = CALM) -> float:
    """How long a frame of this moment stands until the light has changed by a step that could be seen."""
    shown, for_s = glow(at_s, breath), LOOK_S
    while for_s < LONGEST_S and abs(glow(at_s + for_s + LOOK_S, breath) / shown - 1) <= STEP:
        for_s += LOOK_S
    return for_s


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
