"""The alarms that limits would have raised on values that are already there: a recording, or a CSV.

Pure, simulated time, the same code that alarms at the bedside. One tick a second; an empty value is no reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

import msgspec

from devices.reading import Oximetry, Quality, Reading, Stamp, Value
from kiosk.session import events as e
from kiosk.session.alarms import Alarms
from kiosk.session.events import Event, Severity
from kiosk.session.limits import Limits

_DEVICE = "replayed"
_NONE = Value(None, Quality.INVALID)


class Sample(msgspec.Struct, frozen=True):
    """One row: second, SpO2 in %, pulse in beats per minute; None where nothing was read."""

    t_s: float
    spo2: Decimal | None
    pulse: Decimal | None = None
    quality: Quality = Quality.VALID


class Replayed(msgspec.Struct, frozen=True):
    """One alarm that would have been. severity: the highest it reached. cleared_s: None if it stood at the end."""

    name: str
    severity: Severity
    raised_s: float
    cleared_s: float | None = None
    limit_text: str = ""


def replay(samples: Iterable[Sample], limits: Limits, until_s: float | None = None) -> tuple[Replayed, ...]:
    """The alarms in the order they were raised. samples in order of time; until_s: the end, if after the last."""
    found: list[Replayed] = []
    open_at: dict[str, int] = {}
    for now_s, event in _events(samples, limits, until_s):
        if isinstance(event, e.AlarmRaised):
            open_at[event.alarm] = len(found)
            found.append(Replayed(event.alarm, Severity(event.severity), now_s, None, event.limit_text))
        elif isinstance(event, e.AlarmStepped):
            i = open_at[event.alarm]
            found[i] = msgspec.structs.replace(found[i], severity=max(found[i].severity, Severity(event.severity)))
        elif isinstance(event, e.AlarmCleared):
            i = open_at.pop(event.alarm)
            found[i] = msgspec.structs.replace(found[i], cleared_s=now_s)
    return tuple(found)


def _events(samples: Iterable[Sample], limits: Limits, until_s: float | None) -> Iterator[tuple[float, Event]]:
    alarms = Alarms(limits, {_DEVICE: "oximeter"})
    clock_s: float | None = None
    for sample in samples:
        if clock_s is None:
            clock_s = sample.t_s
            yield from ((clock_s, ev) for ev in (*alarms.arm_technical(clock_s), *alarms.arm_values(clock_s)))
        while clock_s + 1 < sample.t_s:
            clock_s += 1
            yield from ((clock_s, ev) for ev in alarms.tick(clock_s))
        clock_s = sample.t_s
        yield from ((clock_s, ev) for ev in _take(alarms, sample))
    while clock_s is not None and until_s is not None and clock_s < until_s:
        clock_s = min(clock_s + 1, until_s)
        yield from ((clock_s, ev) for ev in alarms.tick(clock_s))


def _take(alarms: Alarms, sample: Sample) -> list[Event]:
    """A row without any value is no reading at all, so it only lets the time pass."""
    if sample.spo2 is None and sample.pulse is None:
        return alarms.tick(sample.t_s)
    instant = int(sample.t_s * 1e9)
    spo2, pulse = (_NONE if n is None else Value(n, sample.quality) for n in (sample.spo2, sample.pulse))
    return alarms.take(Reading(_DEVICE, Stamp(instant, instant), Oximetry(spo2, pulse)), sample.t_s)
