"""One session in few numbers, for lists and for a series: what its rows come to, minute by minute.

Pure, and never the truth: made from the rows alone, so that it can be made again and compared. A library keeps it
beside the chain (`shelf`). A minute without a valid value is not there; nothing is filled, carried on or joined.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable
from operator import le
from typing import Literal

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


class _Samples:
    """Live oximetry, a list a column: a session of two hours has seven thousand, looked at by minute three times."""

    def __init__(self) -> None:
        self.seq: list[int] = []
        self.t_s: list[float] = []
        self.spo2: list[float | None] = []
        self.pulse: list[float | None] = []
        self.is_usable: list[bool] = []

    def add(self, seq: int, t_s: float, m: Oximetry) -> None:
        """One more."""
        spo2 = m.spo2
        self.seq.append(seq)
        self.t_s.append(t_s)
        self.spo2.append(_valid(spo2))
        self.pulse.append(_valid(m.pulse))
        self.is_usable.append(spo2.number is not None and spo2.quality in _USABLE)

    def in_order(self, withdrawn: set[int]) -> _Samples:
        """Those that count, by time."""
        if not withdrawn and all(map(le, self.t_s, self.t_s[1:])):
            return self
        places = [n for n, seq in enumerate(self.seq) if seq not in withdrawn]
        places.sort(key=self.t_s.__getitem__)
        found = _Samples()
        found.seq, found.t_s = [self.seq[n] for n in places], [self.t_s[n] for n in places]
        found.spo2, found.pulse = [self.spo2[n] for n in places], [self.pulse[n] for n in places]
        found.is_usable = [self.is_usable[n] for n in places]
        return found


class Summing:
    """Takes the rows of one session in order; `summary` and `minutes` are of the rows that were taken."""

    def __init__(self) -> None:
        self._state, self._alarms = State(), Occurrences()
        self._events = self._readings = self._overrides = 0
        self._last_s = 0.0
        self._samples = _Samples()
        self._pressures: list[tuple[int, PressurePoint]] = []
        self._withdrawn: set[int] = set()

    def take(self, row: Row) -> None:
        """One row, in the order of the chain."""
        if row.t_s > self._last_s:
            self._last_s = row.t_s
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
        m = reading.measurement
        if isinstance(m, Oximetry):
            if reading.source is Source.DEVICE:
                self._samples.add(row.seq, row.t_s, m)
        elif isinstance(m, Pressure):
            numbers = (_number(m.systolic), _number(m.diastolic), _number(m.mean), _number(m.pulse))
            worst = _worst(m.systolic.quality, m.diastolic.quality)
            typed = reading.source is Source.TYPED
            self._pressures.append((row.seq, PressurePoint(row.t_s, *numbers, worst, typed)))

    def summary(self) -> Summary:
        """What they come to."""
        state, samples = self._state, self._samples.in_order(self._withdrawn)
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
        state, samples = self._state, self._samples.in_order(self._withdrawn)
        zeros: dict[Zero, float | None] = {
            "opened": 0.0 if state.stage is Stage.NONE else state.opened_s,
            "started": state.started_s,
            "dose": state.dose.t_s if state.dose else None,
        }
        return {zero: _minutes(samples, at_s) for zero, at_s in zeros.items() if at_s is not None}


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
    number = value.number
    if value.quality is not Quality.VALID or number is None or not number.is_finite():
        return None
    return float(number)


_WORST = (Quality.VALID, Quality.STORED, Quality.QUESTIONABLE, Quality.TEST, Quality.INVALID)  # as in v_blood_pressure


def _worst(*qualities: Quality) -> str:
    return max(qualities, key=_WORST.index).value


def _gaps(samples: _Samples, since_s: float | None, until_s: float) -> tuple[tuple[float, float], ...]:
    if since_s is None:
        return ()
    points = ((t_s, usable) for t_s, usable in zip(samples.t_s, samples.is_usable, strict=True) if t_s >= since_s)
    return tuple(trend.gaps(points, until_s, STALE_S, since_s))


def _share(samples: _Samples, since_s: float | None, until_s: float) -> float | None:
    if since_s is None:
        return None
    points = [(t_s, spo2 is not None) for t_s, spo2 in zip(samples.t_s, samples.spo2, strict=True)]
    return trend.valid_share(points, since_s, until_s, STALE_S)


def _counted(alarms: tuple[Occurrence, ...], until_s: float) -> tuple[AlarmCount, ...]:
    counts: Counter[tuple[str, str]] = Counter()
    seconds: defaultdict[tuple[str, str], float] = defaultdict(float)
    for one in alarms:
        key = (one.name, one.severity.name.lower())
        counts[key] += 1
        seconds[key] += max(0.0, (until_s if one.cleared_s is None else one.cleared_s) - one.raised_s)
    return tuple(AlarmCount(name, severity, n, seconds[name, severity]) for (name, severity), n in counts.items())


def _minutes(samples: _Samples, zero_s: float) -> tuple[Minute, ...]:
    def minute_of(t_s: float) -> float:
        return (t_s - zero_s) // 60

    found: list[Minute] = []
    at, t_s = 0, samples.t_s
    while at < len(t_s):
        minute = int(minute_of(t_s[at]))
        end = bisect_right(t_s, minute, at, key=minute_of)
        spo2, pulse = _spread(samples.spo2[at:end]), _spread(samples.pulse[at:end])
        if spo2 or pulse:
            found.append(Minute(minute, spo2, pulse))
        at = end
    return tuple(found)


def _spread(values: list[float | None]) -> Spread | None:
    ordered = sorted([value for value in values if value is not None])
    return Spread(ordered[0], ordered[(len(ordered) - 1) // 2], ordered[-1], len(ordered)) if ordered else None
