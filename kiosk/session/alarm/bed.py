"""The person, as the sitter finds them: answers, breaths, and whether anybody looked. Conditions of their own.

Pure. What the sitter recorded last counts until they record something else; nothing here is measured by a device.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import msgspec

from kiosk.session.events import Severity
from kiosk.session.limits import Limits

POOR = ("touch", "not at all")
LOOK_MEDIUM_S, LOOK_HIGH_S = 120.0, 300.0  # after a look was due
SHORTEST_COUNT_S = 20.0  # shorter counts say little about a rate
NO_BREATH_S = 10.0  # but no breath at all for this long is an apnoea


class Breaths(msgspec.Struct, frozen=True):
    """One count: taps over seconds."""

    count: int
    seconds: float

    @property
    def is_enough(self) -> bool:
        """Whether it was long enough to be judged."""
        return self.seconds >= SHORTEST_COUNT_S or (self.count == 0 and self.seconds >= NO_BREATH_S)

    @property
    def per_min(self) -> Decimal:
        """Breaths per minute."""
        return Decimal(self.count) * 60 / Decimal(str(self.seconds))


class Bed(msgspec.Struct, frozen=True):
    """response: newest answer, "" if none. breaths: the newest count that is long enough. same_arm: probe and cuff.

    look_due_s: session second at which the next look at the patient is due, None if none is asked for.
    """

    response: str = ""
    breaths: Breaths | None = None
    look_due_s: float | None = None
    same_arm: bool = False

    def now(self, limits: Limits, now_s: float) -> Iterator[tuple[str, Severity]]:
        """What is true at `now_s`."""
        if self.response in POOR:
            yield "response_poor", Severity.HIGH
        if name := self._breathing(limits):
            yield name, Severity.HIGH
        owed_s = self._owed_s(now_s)
        if owed_s >= LOOK_MEDIUM_S:
            yield "look_in_due", Severity.HIGH if owed_s >= LOOK_HIGH_S else Severity.MEDIUM

    def _owed_s(self, now_s: float) -> float:
        return 0.0 if self.look_due_s is None else now_s - self.look_due_s

    def _breathing(self, limits: Limits) -> str:
        if self.breaths is None or not self.breaths.is_enough:
            return ""
        rate, low, high = self.breaths.per_min, limits.breaths_low, limits.breaths_high
        if low is not None and rate < low.value:
            return "breaths_low"
        return "breaths_high" if high is not None and rate > high.value else ""

    def facts(self, alarm: str, now_s: float) -> dict[str, str]:
        """The facts of one of these alarms."""
        if alarm == "response_poor":
            return {"answer": self.response}
        if alarm == "look_in_due":
            return {"for_s": str(max(0, int(self._owed_s(now_s) + 1e-6)))}
        return {} if self.breaths is None else {"value": str(round(self.breaths.per_min))}


NAMES = ("response_poor", "breaths_low", "breaths_high", "look_in_due")
