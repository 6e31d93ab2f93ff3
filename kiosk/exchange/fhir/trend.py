"""A device's live values as one run of samples: as many as seconds, "E" where the device vouched for no number.

Each sample is the last value that was received around its second; nothing is interpolated, and a gap stays a gap.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from statistics import median

from devices.reading import Quality, Value
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

GAP = "E"
NOTE = (
    "One sample a period, the last value received around it; E: no valid value then, also where nothing was received. "
    "Questionable values are in it. Exact times and qualities are in the record."
)


class Channel:
    """The values of one device and one quantity, in the order received."""

    def __init__(self) -> None:
        self._at_s = array("d")
        self._numbers: list[str] = []
        self._known: dict[str, str] = {"": ""}  # each number once: a night has 43,200 of some twenty
        self._start_ns = self._end_ns = 0

    def take(self, t_s: float, utc_ns: int, value: Value) -> None:
        """One value; one without a number is a gap."""
        if not self._at_s:
            self._start_ns = utc_ns
        self._end_ns = utc_ns
        self._at_s.append(t_s)
        number = "" if value.quality is Quality.STORED else number_of(value)
        self._numbers.append(self._known.setdefault(number, number))

    @property
    def is_empty(self) -> bool:
        """Whether there was never a number."""
        return len(self._known) == 1

    @property
    def period_s(self) -> int:
        """Seconds between two samples: the usual distance, whole, at least one."""
        gaps = [b - a for a, b in zip(self._at_s, self._at_s[1:], strict=False)]
        return max(1, round(median(gaps))) if gaps else 1

    def samples(self) -> list[str]:
        """From the first value to the last."""
        period_s, start_s = self.period_s, self._at_s[0]
        slots = [int((t - start_s) / period_s + 0.5) for t in self._at_s]
        found = [GAP] * (slots[-1] + 1)
        for slot, shown in zip(slots, self._numbers, strict=True):
            found[slot] = shown or GAP
        return found

    def observation(self, case: Case, name: str, device: str, code: Json, unit: str, limits: list[Json]) -> Json:
        """As an observation over its period."""
        made = case.observation(
            name,
            code,
            VITAL_SIGNS,
            None,
            effectivePeriod={"start": case.time(self._start_ns), "end": case.time(self._end_ns)},
            valueSampledData={
                "origin": quantity(0, unit),
                "period": self.period_s * 1000,
                "dimensions": 1,
                "data": " ".join(self.samples()),
            },
            note=[{"text": NOTE}],
            device=case.ref(f"device {device}"),
        )
        made["extension"] += limits
        return made


class Trends:
    """The two channels of each device."""

    def __init__(self) -> None:
        self._channels: dict[tuple[str, str], Channel] = {}

    def take(self, device: str, what: str, t_s: float, utc_ns: int, value: Value) -> None:
        """One live value. what: "spo2" or "pulse"."""
        channel = self._channels.get((device, what))
        if channel is None:
            channel = self._channels[device, what] = Channel()
        channel.take(t_s, utc_ns, value)

    def observations(self, case: Case) -> Iterator[Json]:
        """Those that hold a number."""
        for (device, what), channel in self._channels.items():
            code, unit = (SPO2_TREND, "%") if what == "spo2" else (PULSE_TREND, "/min")
            if not channel.is_empty:
                limits = _limits(case, what, unit)
                yield channel.observation(case, name(device, what), device, code, unit, limits)

    def names(self) -> list[str]:
        """What the observations are called."""
        return [name(device, what) for (device, what), channel in self._channels.items() if not channel.is_empty]


def name(device: str, what: str) -> str:
    """The name of a trend within its session."""
    return f"trend {what} {device}"


_STATES = {(True, True): "Limits-On", (True, False): "Limits-High-Off", (False, True): "Limits-Low-Off"}


def _limits(case: Case, what: str, unit: str) -> list[Json]:
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


def _words(limits: Limits, what: str) -> str:
    alarms = ("spo2_low", "spo2_very_low") if what == "spo2" else ("pulse_low", "pulse_high")
    return ". ".join(words for words in (limits.text(alarm) for alarm in alarms) if words)
