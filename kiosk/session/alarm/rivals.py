"""Rivals: further sources of a value that one source is judged for. They never take over; that they differ is said.

Pure. A second oximeter counts while its values are new, a cuff's pulse for a minute; only valid numbers are compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import msgspec

from devices.reading import Oximetry, Quality, Value
from kiosk.session.alarm.condition import Channel
from kiosk.session.events import Severity
from kiosk.session.limits import Limits

CUFF_COUNTS_FOR_S = 60.0  # one pulse a measurement, and a pulse moves


class Rival(msgspec.Struct, frozen=True):
    """The newest number of one further source. source: "second oximeter", "cuff" or "heart-rate strap"."""

    source: str
    what: str  # "SpO2" or "Pulse"
    number: Decimal
    t_s: float
    counts_for_s: float


class Rivals:
    """Compares the judged channels with every further source."""

    def __init__(self, limits: Limits, spo2: Channel, pulse: Channel) -> None:
        self._limits = limits
        self._channels = {"SpO2": spo2, "Pulse": pulse}
        self._newest: dict[tuple[str, str], Rival] = {}
        self._since_s: float | None = None
        self._back_s: float | None = None
        self.worst: Rival | None = None

    def take_oximetry(self, device: str, measurement: Oximetry, t_s: float) -> None:
        """A message of an oximeter that is not the judged one."""
        for what, value in (("SpO2", measurement.spo2), ("Pulse", measurement.pulse)):
            self._take(device, "second oximeter", what, value, t_s, self._limits.stale.gone_s)

    def take_cuff(self, device: str, pulse: Value | None, t_s: float) -> None:
        """The pulse of a finished blood pressure."""
        self._take(device, "cuff", "Pulse", pulse, t_s, CUFF_COUNTS_FOR_S)

    def take_strap(self, device: str, rate: Value, t_s: float) -> None:
        """The heart rate of a strap."""
        self._take(device, "heart-rate strap", "Pulse", rate, t_s, self._limits.stale.gone_s)

    def _take(self, device: str, source: str, what: str, value: Value | None, t_s: float, for_s: float) -> None:
        if value is not None and value.number is not None and value.quality is Quality.VALID:
            self._newest[device, what] = Rival(source, what, value.number, t_s, for_s)

    def now(self, now_s: float) -> Severity:
        """LOW when sources differ for long enough, MEDIUM when another one is below the low limit of SpO2."""
        found = [r for r in self._newest.values() if self._differs(r, now_s)]
        if found:
            self.worst = max(found, key=lambda r: (self._is_low(r), r.what == "SpO2"))
            self._since_s = now_s if self._since_s is None else self._since_s
            self._back_s = None
        elif self._since_s is not None:
            self._agree(now_s)
        if self._since_s is None or self.worst is None or now_s - self._since_s < self._limits.differ.for_s:
            return Severity.NONE
        return Severity.MEDIUM if self._is_low(self.worst) else Severity.LOW

    def _agree(self, now_s: float) -> None:
        self._back_s = now_s if self._back_s is None else self._back_s
        if now_s - self._back_s >= self._limits.clear.hold_s:
            self._since_s = self._back_s = self.worst = None

    def _differs(self, rival: Rival, now_s: float) -> bool:
        mine = self._channels[rival.what]
        if now_s - rival.t_s > rival.counts_for_s or not mine.is_live:
            return False
        if mine.last is None or mine.last.number is None or mine.last.quality is not Quality.VALID:
            return False
        limit = self._limits.differ.spo2 if rival.what == "SpO2" else self._limits.differ.pulse
        return abs(mine.last.number - rival.number) > limit

    def _is_low(self, rival: Rival) -> bool:
        low = self._limits.spo2_low
        return rival.what == "SpO2" and low is not None and rival.number < low.value

    def facts(self) -> Iterator[tuple[str, str]]:
        """What differs, from what, and both numbers."""
        if self.worst is not None:
            mine = self._channels[self.worst.what].last
            yield "what", self.worst.what
            yield "source", self.worst.source
            yield "other", f"{self.worst.number.normalize():f}"
            if mine is not None and mine.number is not None:
                yield "mine", f"{mine.number.normalize():f}"
