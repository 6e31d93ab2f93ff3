"""Phases by route, shipped for plans that name none and for `kiosk plan new`. Dated data, no rule.

As of 2026-11. Minutes after the dose, rounded from published times: sublingual tablets feel first at 10-15 min,
peak from 15 to 60 min (plasma 45 min, 15-60 in eight people), main effect over by 1-2 h; troches begin at about
20 min and last 2 h; intranasal racemate 5-15, 15-30 min, 1-2 h; esketamine spray peaks at 20-40 min, its pressure
at 40 min, and is observed for 2 h; intramuscular 3-5 min, over by 60 min; swallowed 30-60 min, 1-2 h, 2-4 h.
Subcutaneous has no published times for home use: it is set between intramuscular and sublingual (pressure is
watched for 90 min there). A provider's plan goes before all of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Profile(NamedTuple):
    """phases: (key, name, from_min, to_min). pressures_min: minutes of blood pressures, before release included.

    minimum_min: shortest observation that the sources of this route name.
    """

    phases: tuple[tuple[str, str, float, float], ...]
    pressures_min: tuple[float, ...]
    minimum_min: float


def _phases(onset: float, peak: float, back: float, after: float) -> tuple[tuple[str, str, float, float], ...]:
    """From the ends of the four phases."""
    return (
        ("onset", "Onset", 0, onset),
        ("peak", "Peak", onset, peak),
        ("return", "Return", peak, back),
        ("after", "After", back, after),
    )


PROFILES: Mapping[str, Profile] = {
    "sublingual": Profile(_phases(15, 60, 105, 140), (15, 40, 60, 90, 120), 120),
    "troche": Profile(_phases(20, 80, 120, 160), (20, 40, 60, 90, 120), 120),
    "intranasal": Profile(_phases(10, 40, 90, 130), (15, 40, 60, 90, 120), 120),
    "esketamine spray": Profile(_phases(15, 60, 120, 150), (15, 40, 60, 90, 120), 120),
    "intramuscular": Profile(_phases(5, 25, 60, 120), (5, 20, 40, 60, 90), 90),
    "subcutaneous": Profile(_phases(10, 40, 90, 140), (15, 40, 60, 90, 120), 120),
    "oral": Profile(_phases(45, 120, 240, 300), (40, 60, 90, 120, 180, 240), 240),
}
