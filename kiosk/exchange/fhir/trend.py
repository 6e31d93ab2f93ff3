"""A device's live values as one run of samples: as many as seconds, "E" where the device vouched for no number.

Each sample is the last value that was received around its second; nothing is interpolated, and a gap stays a gap.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from functools import cached_property
from operator import sub
from statistics import median
from typing import Literal

from devices.reading import Oximetry, Quality, Value
from kiosk.exchange.fhir.case import Case
from kiosk.exchange.fhir.code import (
    ALERTING,
    PHD,
    PULSE_TREND,
    SPO2_TREND,
    VITAL_SIGNS,
    Json,
    coding,
    concept,
    quantity,
)
from kiosk.exchange.tables import number_of
from kiosk.session.limits import Limits

Quantity = Literal["spo2", "pulse"]
GAP = "E"
NOTE = (
    "One sample a period, the last value received around it; E: no valid value then, also where nothing was received. "
    "Questionable values are in it. Exact times and qualities are in the record."
)


class Trend:
    """SpO2 and pulse of one device, in the order received: they come together, so they have one axis of time."""

    def __init__(self, utc_ns: int) -> None:
        self._at_s = array("d")
        self._numbers: dict[Quantity, list[str]] = {"spo2": [], "pulse": []}
        self._known: dict[str, str] = {}  # each number once: a night has 43,200 of some twenty
        self._start_ns = self._end_ns = utc_ns

    def take(self, t_s: float, utc_ns: int, m: Oximetry) -> None:
        """Both values of one reading; one without a number is a gap."""
        self._end_ns = utc_ns
        self._at_s.append(t_s)
        known, numbers = self._known, self._numbers
        spo2, pulse = _shown(m.spo2), _shown(m.pulse)
        numbers["spo2"].append(known.setdefault(spo2, spo2))
        numbers["pulse"].append(known.setdefault(pulse, pulse))

    @property
    def quantities(self) -> list[Quantity]:
        """Those that ever had a number."""
        return [what for what, numbers in self._numbers.items() if any(numbers)]

    @cached_property
    def period_s(self) -> int:
        """Seconds between two samples: the usual distance, whole, at least one. Asked for behind the last reading."""
        gaps = list(map(sub, self._at_s[1:], self._at_s))
        return max(1, round(median(gaps))) if gaps else 1

    @cached_property
    def _slots(self) -> list[int]:
        period_s, start_s = self.period_s, self._at_s[0]
        return [int((t - start_s) / period_s + 0.5) for t in self._at_s]

    def samples(self, what: Quantity) -> list[str]:
        """From the first value to the last."""
        found = [GAP] * (self._slots[-1] + 1)
        for slot, shown in zip(self._slots, self._numbers[what], strict=True):
            found[slot] = shown or GAP
        return found

    def observation(self, case: Case, what: Quantity, device: str) -> Json:
        """As an observation over its period."""
        code, unit = (SPO2_TREND, "%") if what == "spo2" else (PULSE_TREND, "/min")
        made = case.observation(
            name(device, what),
            code,
            VITAL_SIGNS,
            None,
            effectivePeriod={"start": case.time(self._start_ns), "end": case.time(self._end_ns)},
            valueSampledData={
                "origin": quantity(0, unit),
                "period": self.period_s * 1000,
                "dimensions": 1,
                "data": " ".join(self.samples(what)),
            },
            note=[{"text": NOTE}],
            device=case.ref(f"device {device}"),
        )
        made["extension"] += _limits(case, what, unit)
        return made


def _shown(value: Value) -> str:
    return "" if value.quality is Quality.STORED else number_of(value)


class Trends:
    """One of each device."""

    def __init__(self) -> None:
        self._of: dict[str, Trend] = {}

    def take(self, device: str, t_s: float, utc_ns: int, m: Oximetry) -> None:
        """One live reading."""
        trend = self._of.get(device)
        if trend is None:
            trend = self._of[device] = Trend(utc_ns)
        trend.take(t_s, utc_ns, m)

    def observations(self, case: Case) -> Iterator[Json]:
        """Those that hold a number."""
        for device, trend in self._of.items():
            yield from (trend.observation(case, what, device) for what in trend.quantities)

    def names(self) -> list[str]:
        """What the observations are called."""
        return [name(device, what) for device, trend in self._of.items() for what in trend.quantities]


def name(device: str, what: Quantity) -> str:
    """The name of a trend within its session."""
    return f"trend {what} {device}"


_STATES = {(True, True): "Limits-On", (True, False): "Limits-High-Off", (False, True): "Limits-Low-Off"}


def _limits(case: Case, what: Quantity, unit: str) -> list[Json]:
    """The plan's limits as the health device guide writes them; nothing where the plan sets none."""
    if case.plan is None:
        return []
    limits = case.plan.limits
    low, high = (limits.spo2_low, None) if what == "spo2" else (limits.pulse_low, limits.pulse_high)
    if low is None and high is None:
        return []
    state = _STATES[low is not None, high is not None]
    allowed = {side: quantity(x.value, unit) for side, x in (("low", low), ("high", high)) if x is not None}
    system = f"{PHD}/CodeSystem/SimpleAlertOperationalStatesCS"
    parts: list[Json] = [
        {"url": "currentLimits", "valueRange": allowed},
        {"url": "alertOperationalState", "valueCodeableConcept": concept(state, coding(system, state))},
        {"url": "alertOperationalText", "valueString": _words(limits, what)},
    ]
    return [{"url": ALERTING, "extension": parts}]


def _words(limits: Limits, what: Quantity) -> str:
    alarms = ("spo2_low", "spo2_very_low") if what == "spo2" else ("pulse_low", "pulse_high")
    return ". ".join(words for words in (limits.text(alarm) for alarm in alarms) if words)
