"""What a generated piece is made of, by the phase of a session that it belongs to. Data only.

All stand over the root D in just ratios, so that pieces melt into each other at any moment. Onset settles and turns
slowly; the peak is dark and wide and changes least, since nothing should pull at someone who is far away; the way back
is warmer and brighter; after it there is much air between few sounds. None has a beat, a melody or a word.
"""

from __future__ import annotations

import msgspec

Chord = tuple[float, ...]
D9: Chord = (2.0, 3.0, 4.5, 5.0)
G9: Chord = (4 / 3, 8 / 3, 10 / 3, 4.0, 6.0)
B_MINOR_7: Chord = (5 / 3, 2.5, 3.0, 4.0)
A_SUSPENDED: Chord = (1.5, 2.25, 3.0, 4.0)
E_MINOR_7: Chord = (20 / 9, 8 / 3, 10 / 3, 4.0)
G9_LOW: Chord = (4 / 3, 2.0, 3.0, 10 / 3)
OPEN_FIFTH: Chord = (1.0, 1.5, 2.0, 3.0)
D_SIXTH: Chord = (2.0, 2.5, 3.0, 10 / 3, 4.5)


class Mood(msgspec.Struct, frozen=True):
    """order: chords by number, each an equal part of the piece. Levels are amplitudes before the piece's own gain.

    key: "" for the piece that fits every phase. dark, bright: of the two colours of each chord. surf: distant water.
    bowls: swells now and then. dark_falloff: how fast overtones fade; higher is darker.
    """

    key: str
    title: str
    seed: int
    loop_s: int
    chords: tuple[Chord, ...]
    order: tuple[int, ...]
    drone: float = 0.34
    dark: float = 0.62
    bright: float = 0.30
    surf: float = 1.0
    bowls: float = 0.11
    dark_falloff: float = 2.6


ANY = Mood(
    "",
    "Still water",
    2411,
    600,
    (D9, G9, B_MINOR_7, A_SUSPENDED, E_MINOR_7, G9_LOW),
    (0, 1, 2, 0, 3, 5, 4, 1, 2, 3),
)
MOODS = (
    Mood(
        "onset", "Going under", 2412, 1200, (D9, G9_LOW, B_MINOR_7, G9), (0, 1, 2, 0, 3, 1, 2, 3, 0, 1),
        drone=0.36, bright=0.22, surf=1.1, bowls=0.09,
    ),
    Mood(
        "peak", "Deep field", 2413, 1200, (OPEN_FIFTH, G9_LOW, B_MINOR_7), (0, 1, 0, 2, 0, 1, 2, 0),
        drone=0.50, dark=0.60, bright=0.10, surf=0.8, bowls=0.05, dark_falloff=3.0,
    ),
    Mood(
        "return", "First light", 2414, 1200, (D9, D_SIXTH, G9, A_SUSPENDED, E_MINOR_7),
        (0, 1, 2, 0, 4, 1, 3, 2, 1, 0, 2, 3), drone=0.28, bright=0.38, surf=0.9, bowls=0.13, dark_falloff=2.3,
    ),
    Mood(
        "after", "Open window", 2415, 1200, (D_SIXTH, G9, D9), (0, 1, 0, 2, 1, 0, 2, 1),
        drone=0.18, dark=0.42, bright=0.26, surf=1.7, bowls=0.17, dark_falloff=2.4,
    ),
)  # fmt: skip
