"""What other limits would have made of a recorded session or series, in words."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.text.catalogue import _


def severities(counted: Mapping[str, int]) -> str:
    """ "0 high, 3 medium, 11 low"."""
    return _("{high} high, {medium} medium, {low} low").format(
        high=counted.get("high", 0), medium=counted.get("medium", 0), low=counted.get("low", 0)
    )


def would_have_alarmed(sessions: int, counted: Mapping[str, int], plan: str, confirmed: bool) -> str:
    """The sentence over a series of so many sessions. plan: name of the plan whose limits they are."""
    who = plan if confirmed else _("{plan} (not confirmed by a provider)").format(plan=plan)
    times = sum(counted.values())
    return _("With the limits of {who} this series of {n} would have alarmed {times} times: {counts}.").format(
        who=who, n=sessions, times=times, counts=severities(counted)
    )
