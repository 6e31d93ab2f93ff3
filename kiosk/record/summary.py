"""One session in few numbers, for lists and for a series: what its rows come to, minute by minute.

Pure, and never the truth: made from the rows alone, so that it can be made again and compared. A library keeps it
beside the chain (`shelf`). A minute without a valid value is not there; nothing is filled, carried on or joined.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Literal, NamedTuple

import msgspec

from devices.reading import Oximetry, Pressure, Quality, Reading, Source, Value
from kiosk.record.occurrence import Occurrence, Occurrences
from kiosk.record.reader import Row
from kiosk.session import correction, trend
from kiosk.session import events as e
from kiosk.session.state import Stage, State

FORM = 1
"""Raised with each change of what is made here: a summary of another form is made anew."""
STALE_S = 15.0
"""The age at which the pane says "no signal": longer without a usable SpO2 is a gap."""

Zero = Literal["opened", "started", "dose"]
"""What minute 0 begins with: the session's first row, its start, or the dose."""

_USABLE = (Quality.VALID, Quality.QUESTIONABLE)
_FOLDED = (
    *correction.ACTS,
    e.SessionOpened,
    e.SessionStarted,
    e.SessionEnded,
    e.NoteWithdrawn,
    e.EventWithdrawn,
    e.EventCorrected,
)


class Spread(msgspec.Struct, frozen=True, array_like=True):
    """The valid values of one minute. median: one that was measured, the lower of the two middle ones."""

    low: float
    median: float
    high: float
    count: int


class Minute(msgspec.Struct, frozen=True, array_like=True):
    """Minute `minute` (negative before 0): from 60 x minute seconds behind the zero on. None: no valid value in it."""

    minute: int
    spo2: Spread | None
    pulse: Spread | None


class PressurePoint(msgspec.Struct, frozen=True, array_like=True):
    """One blood pressure in mmHg as the views have it: None where its own quality says that it is none."""

    t_s: float
    systolic: float | None
    diastolic: float | None
    mean: float | None
    pulse: float | None
    quality: str
    typed: bool


class AlarmCount(msgspec.Struct, frozen=True, array_like=True):
    """How often an alarm reached this severity at most, and how long it stood in all until the session's end."""

    name: str
    severity: str
    count: int
    seconds: float


Minutes = dict[Zero, tuple[Minute, ...]]
"""The valid values of a session by minute, counted from each zero that it has. A minute without any is not there."""


class Summary(msgspec.Struct, frozen=True):
    """rows: of events and readings. Times are session seconds, None for what never happened.

    gaps: stretches without a usable SpO2 from the start to the end. valid_share: of the same time, 0 to 1, that valid
    SpO2 covers; None where the session was never started. dose_s: as corrected. notes: that were not taken back.
    """

    rows: int
    events: int
    readings: int
    last_s: float
    started_s: float | None
    ended_s: float | None
    dose_s: float | None
    dose_utc_ns: int | None
    limits_confirmed: str
    overrides: int
    notes: int
    gaps: tuple[tuple[float, float], ...]
    valid_share: float | None
    alarms: tuple[AlarmCount, ...]
    pressures: tuple[PressurePoint, ...]

    @property
    def severities(self) -> dict[str, int]:
        """Alarms by severity: "low", "medium", "high"."""
        counted: Counter[str] = Counter()
        for alarm in self.alarms:
            counted[alarm.severity] += alarm.count
        return dict(counted)

    @property
    def gap_s(self) -> float:
        """Seconds in gaps."""
        return sum(to_s - from_s for from_s, to_s in self.gaps)


class _Sample(NamedTuple):
    t_s: float
    spo2: float | None
    pulse: float | None
    is_usable: bool


class Summing:
    """Takes the rows of one session in order; `summary` and `minutes` are of the rows that were taken."""

    def __init__(self) -> None:
        self._state, self._alarms = State(), Occurrences()
        self._events = self._readings = self._overrides = 0
        self._last_s = 0.0
        self._samples: list[tuple[int, _Sample]] = []
        self._pressures: list[tuple[int, PressurePoint]] = []
        self._withdrawn: set[int] = set()

    def take(self, row: Row) -> None:
        """One row, in the order of the chain."""
        self._last_s = max(self._last_s, row.t_s)
        if isinstance(row.what, Reading):
            self._readings += 1
            self._reading(row, row.what)
            return
        self._events += 1
        self._alarms.take(row)
        if isinstance(row.what, _FOLDED):
            self._state = self._state.apply(row.what, row.seq, row.stamp, row.t_s)
        elif isinstance(row.what, e.ValueWithdrawn):
            self._withdrawn.add(row.what.reading_seq)
        elif isinstance(row.what, e.CheckOverridden):
            self._overrides += 1

    def _reading(self, row: Row, reading: Reading) -> None:
        match reading.measurement:
            case Oximetry() as m if reading.source is Source.DEVICE:
                is_usable = m.spo2.number is not None and m.spo2.quality in _USABLE
                self._samples.append((row.seq, _Sample(row.t_s, _valid(m.spo2), _valid(m.pulse), is_usable)))
            case Pressure() as m:
                numbers = (_number(m.systolic), _number(m.diastolic), _number(m.mean), _number(m.pulse))
                worst = _worst(m.systolic.quality, m.diastolic.quality)
                typed = reading.source is Source.TYPED
                self._pressures.append((row.seq, PressurePoint(row.t_s, *numbers, worst, typed)))
            case _:
                pass

    def summary(self) -> Summary:
        """What they come to."""
        state, samples = self._state, self._in_order()
        until_s = self._last_s if state.ended_s is None else state.ended_s
        return Summary(
            rows=self._events + self._readings,
            events=self._events,
            readings=self._readings,
            last_s=self._last_s,
            started_s=state.started_s,
            ended_s=state.ended_s,
            dose_s=state.dose.t_s if state.dose else None,
            dose_utc_ns=state.dose.at_utc_ns if state.dose else None,
            limits_confirmed=state.opened.plan_confirmed if state.opened else "",
            overrides=self._overrides,
            notes=sum(not note.withdrawn for note in state.notes),
            gaps=_gaps(samples, state.started_s, until_s),
            valid_share=_share(samples, state.started_s, until_s),
            alarms=_counted(self._alarms.all(), until_s),
            pressures=tuple(point for seq, point in self._pressures if seq not in self._withdrawn),
        )

    def minutes(self) -> Minutes:
        """The same minutes counted from each zero."""
        state, samples = self._state, self._in_order()
        zeros: dict[Zero, float | None] = {
            "opened": 0.0 if state.stage is Stage.NONE else state.opened_s,
            "started": state.started_s,
            "dose": state.dose.t_s if state.dose else None,
        }
        return {zero: _minutes(samples, at_s) for zero, at_s in zeros.items() if at_s is not None}

    def _in_order(self) -> list[_Sample]:
        counting = (sample for seq, sample in self._samples if seq not in self._withdrawn)
        return sorted(counting, key=lambda sample: sample.t_s)


def summed(rows: Iterable[Row]) -> Summing:
    """All rows of one session, in order."""
    summing = Summing()
    for row in rows:
        summing.take(row)
    return summing


def encode(summing: Summing) -> tuple[str, str]:
    """Summary and minutes as text, the same for the same rows."""
    return _encode(summing.summary()), _encode(summing.minutes())


def _encode(made: Summary | Minutes) -> str:
    return msgspec.json.encode(made, order="deterministic").decode()


def decode(text: str) -> Summary:
    """A summary that was kept. Raises msgspec.MsgspecError."""
    return _summaries.decode(text)


def decode_minutes(text: str) -> Minutes:
    """Minutes that were kept. Raises msgspec.MsgspecError."""
    return _minute_lists.decode(text)


_summaries = msgspec.json.Decoder(Summary)
_minute_lists = msgspec.json.Decoder(Minutes)


def _number(value: Value | None) -> float | None:
    """As `v_blood_pressure` has it."""
    if value is None or value.number is None or value.quality in (Quality.INVALID, Quality.TEST):
        return None
    return float(value.number) if value.number.is_finite() else None


def _valid(value: Value) -> float | None:
    return _number(value) if value.quality is Quality.VALID else None


_WORST = (Quality.VALID, Quality.STORED, Quality.QUESTIONABLE, Quality.TEST, Quality.INVALID)  # as in v_blood_pressure


def _worst(*qualities: Quality) -> str:
    return max(qualities, key=_WORST.index).value


def _gaps(samples: list[_Sample], since_s: float | None, until_s: float) -> tuple[tuple[float, float], ...]:
    if since_s is None:
        return ()
    return tuple(trend.gaps([(s.t_s, s.is_usable) for s in samples if s.t_s >= since_s], until_s, STALE_S, since_s))


def _share(samples: list[_Sample], since_s: float | None, until_s: float) -> float | None:
    if since_s is None:
        return None
    return trend.valid_share([(s.t_s, s.spo2 is not None) for s in samples], since_s, until_s, STALE_S)


def _counted(alarms: tuple[Occurrence, ...], until_s: float) -> tuple[AlarmCount, ...]:
    counts: Counter[tuple[str, str]] = Counter()
    seconds: defaultdict[tuple[str, str], float] = defaultdict(float)
    for one in alarms:
        key = (one.name, one.severity.name.lower())
        counts[key] += 1
        seconds[key] += max(0.0, (until_s if one.cleared_s is None else one.cleared_s) - one.raised_s)
    return tuple(AlarmCount(name, severity, n, seconds[name, severity]) for (name, severity), n in counts.items())


def _minutes(samples: list[_Sample], zero_s: float) -> tuple[Minute, ...]:
    spo2 = _by_minute(((s.t_s, s.spo2) for s in samples), zero_s)
    pulse = _by_minute(((s.t_s, s.pulse) for s in samples), zero_s)
    return tuple(Minute(minute, spo2.get(minute), pulse.get(minute)) for minute in sorted(spo2.keys() | pulse.keys()))


def _by_minute(values: Iterable[tuple[float, float | None]], zero_s: float) -> dict[int, Spread]:
    found: defaultdict[int, list[float]] = defaultdict(list)
    for t_s, value in values:
        if value is not None:
            found[int((t_s - zero_s) // 60)].append(value)
    return {minute: _spread(sorted(listed)) for minute, listed in found.items()}


def _spread(ordered: list[float]) -> Spread:
    return Spread(ordered[0], ordered[(len(ordered) - 1) // 2], ordered[-1], len(ordered))
