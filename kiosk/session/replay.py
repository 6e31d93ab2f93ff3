"""The alarms that limits would have raised on values that are already there: a recording, or a CSV.

Pure, simulated time, the same code that alarms at the bedside. One tick a second; an empty value is no reading. What
only a monitor can know (radio, disk, sound, calls, looks) is not replayed: silence is "no signal".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

import msgspec

from devices.reading import Oximetry, Quality, Reading, Stamp, Value
from kiosk.session import events as e
from kiosk.session.alarms import Alarms, Bed
from kiosk.session.events import Event, Severity
from kiosk.session.limits import Limits

_DEVICE = "replayed"
_NONE = Value(None, Quality.INVALID)

Step = tuple[float, Reading | None]


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


class Armed(msgspec.Struct, frozen=True):
    """From which second what was armed, and until when; None: from the first step, to the last.

    same_arm: whether probe and cuff were on one arm.
    """

    technical_s: float | None = None
    values_s: float | None = None
    until_s: float | None = None
    same_arm: bool = False


def replay(samples: Iterable[Sample], limits: Limits, until_s: float | None = None) -> tuple[Replayed, ...]:
    """The alarms in the order they were raised. samples in order of time; until_s: the end, if after the last."""
    steps = ((sample.t_s, _reading(sample)) for sample in samples)
    return replay_readings(steps, limits, {_DEVICE: "oximeter"}, Armed(until_s=until_s))


def replay_readings(
    steps: Iterable[Step], limits: Limits, roles: Mapping[str, str], armed: Armed | None = None
) -> tuple[Replayed, ...]:
    """The same for readings as they were recorded. steps in order of time; roles: device -> "oximeter" or "cuff"."""
    found: list[Replayed] = []
    open_at: dict[str, int] = {}
    for now_s, event in _events(steps, Alarms(limits, roles), armed or Armed()):
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


def _events(steps: Iterable[Step], alarms: Alarms, armed: Armed) -> Iterator[tuple[float, Event]]:
    clock_s: float | None = None
    alarms.observe(Bed(same_arm=armed.same_arm))
    for t_s, reading in steps:
        if clock_s is None:
            clock_s = t_s if armed.technical_s is None else min(armed.technical_s, t_s)
            yield from ((clock_s, ev) for ev in alarms.arm_technical(clock_s))
        for second in _seconds(clock_s, t_s):
            yield from ((second, ev) for ev in _tick(alarms, second, armed))
            clock_s = second
        clock_s = max(clock_s, t_s)
        _arm_values(alarms, clock_s, armed)
        found = alarms.tick(clock_s) if reading is None else alarms.take(reading, t_s)
        yield from ((clock_s, ev) for ev in found)
    while clock_s is not None and armed.until_s is not None and clock_s < armed.until_s:
        clock_s = min(clock_s + 1, armed.until_s)
        yield from ((clock_s, ev) for ev in _tick(alarms, clock_s, armed))


def _seconds(from_s: float, to_s: float) -> Iterator[float]:
    """Each whole second after `from_s` that is before `to_s`."""
    while from_s + 1 < to_s:
        from_s += 1
        yield from_s


def _tick(alarms: Alarms, now_s: float, armed: Armed) -> list[Event]:
    _arm_values(alarms, now_s, armed)
    return alarms.tick(now_s)


def _arm_values(alarms: Alarms, now_s: float, armed: Armed) -> None:
    if "values" not in alarms.armed and (armed.values_s is None or now_s >= armed.values_s):
        alarms.arm_values(now_s)


def _reading(sample: Sample) -> Reading | None:
    """A row without any value is no reading at all, so it only lets the time pass."""
    if sample.spo2 is None and sample.pulse is None:
        return None
    instant = int(sample.t_s * 1e9)
    spo2, pulse = (_NONE if n is None else Value(n, sample.quality) for n in (sample.spo2, sample.pulse))
    return Reading(_DEVICE, Stamp(instant, instant), Oximetry(spo2, pulse))
