"""Conditions that the monitor knows and tells: not recording, no sound, battery and the like.

Pure. Each has its severity, and some rise when they last. The oximeter's own link and the adapter are not here:
they belong to `blindness`, so that one cause gives one alarm.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from kiosk.session.events import Severity

SHOWN_FOR_S = 5.0  # a thing that happened, not a state: sounds briefly, then waits latched for "Seen"


class Kind(NamedTuple):
    """severity at once; HIGH after `high_after_s`; is_moment: happened, so it is over after `SHOWN_FOR_S`.

    is_worse: told facts with which it is MEDIUM already.
    """

    severity: Severity
    high_after_s: float | None = None
    is_moment: bool = False
    is_worse: Callable[[Mapping[str, str]], bool] | None = None


LAPTOP_LOW_PERCENT, LAPTOP_MEDIUM_PERCENT = 20, 10
"""Of the computer's own battery, while it is not plugged in."""


def _is_nearly_empty(data: Mapping[str, str]) -> bool:
    return int(data.get("value", "100")) <= LAPTOP_MEDIUM_PERCENT


KINDS: Mapping[str, Kind] = {
    "not_recording": Kind(Severity.MEDIUM, high_after_s=60.0),
    "no_sound": Kind(Severity.MEDIUM),
    "display_gone": Kind(Severity.LOW),
    "protection_lost": Kind(Severity.LOW),
    "battery_low": Kind(Severity.LOW),
    "cuff_lost": Kind(Severity.LOW),
    "cuff_doubted": Kind(Severity.LOW),
    "laptop_battery": Kind(Severity.LOW, is_worse=_is_nearly_empty),
    "clock_jumped": Kind(Severity.LOW, is_moment=True),
    "monitoring_restarted": Kind(Severity.LOW, is_moment=True),
}


class Told:
    """Which of these are true, since when, of which sources (a device or role; "" if there is only one)."""

    def __init__(self) -> None:
        self._since_s: dict[str, float] = {}
        self._sources: dict[str, set[str]] = {}
        self.data: dict[str, dict[str, str]] = {}

    def tell(self, name: str, active: bool, now_s: float, data: Mapping[str, str]) -> None:
        """A condition began or ended at one source; told twice, it keeps its first time."""
        source = data.get("device") or data.get("role", "")
        sources = self._sources.setdefault(name, set())
        if active:
            sources.add(source)
            self._since_s.setdefault(name, now_s)
            self.data[name] = dict(data)
            return
        sources.discard(source)
        if not sources:
            self.forget(name)

    def forget(self, name: str) -> None:
        """It is not true of any source."""
        self._since_s.pop(name, None)
        self._sources.pop(name, None)

    def since_s(self, name: str) -> float | None:
        """When it became true, None if it is not."""
        return self._since_s.get(name)

    def now(self, now_s: float) -> Iterator[tuple[str, Severity]]:
        """Those that are true at `now_s`, with their severity."""
        for name, since_s in list(self._since_s.items()):
            kind, for_s = KINDS[name], now_s - since_s
            if kind.is_moment and for_s >= SHOWN_FOR_S:
                self.forget(name)
                continue
            yield name, self._severity(name, kind, for_s)

    def _severity(self, name: str, kind: Kind, for_s: float) -> Severity:
        if kind.high_after_s is not None and for_s >= kind.high_after_s:
            return Severity.HIGH
        is_worse = kind.is_worse is not None and kind.is_worse(self.data.get(name, {}))
        return max(kind.severity, Severity.MEDIUM) if is_worse else kind.severity
