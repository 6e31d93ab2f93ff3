"""What brings a piece to the common loudness, from its measured loudness and peak. Pure.

The monitor uses it, so it needs nothing but the standard library.
"""

from __future__ import annotations

import math

TARGET_LUFS = -23.0
"""What every piece is brought to: EBU R 128; it leaves headroom, and nothing has to be louder in a quiet room."""
CEILING_DB = -1.0
MOST_GAIN_DB = 12.0
"""A piece that is nearly silent on purpose stays soft instead of becoming noise."""


def gain_db(lufs: float | None, peak: float) -> float:
    """Decibels that bring a piece to the target without its peak passing the ceiling; 0 where it was not measured."""
    if lufs is None or peak <= 0:
        return 0.0
    headroom_db = CEILING_DB - 20 * math.log10(peak)
    return round(min(TARGET_LUFS - lufs, headroom_db, MOST_GAIN_DB), 2)
