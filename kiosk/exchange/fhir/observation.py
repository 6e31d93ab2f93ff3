"""What was observed: trends, one reading a minute for charts, blood pressures, and what the sitter saw and wrote.

Every number is one that the record vouches for; where a reading had none, the reason stands in its place. Values out
of a device's memory and of test modes are not in the bundle: whose they are is not known.
"""

from __future__ import annotations

from collections.abc import Iterator

from devices.reading import HeartRate, Oximetry, Pressure, Quality, Reading, Source, Value
from kiosk.exchange.fhir.case import Case
from kiosk.exchange.fhir.code import (
    BREATHS,
    CUFF_PULSE,
    DIASTOLIC,
    EXAM,
    HEART_RATE,
    MEAN,
    PRESSURE,
    PULSE,
    QUESTIONABLE,
    SPO2,
    SYSTOLIC,
    VITAL_SIGNS,
    Json,
    absent,
    concept,
    quantity,
)
from kiosk.exchange.fhir.trend import Trends
from kiosk.record.reader import Row
from kiosk.session import events as e
from kiosk.session.alarm.bed import Breaths
from kiosk.text.happening import label

_MINUTE_S = 60
_NOT_OURS = (Quality.STORED, Quality.TEST)


class Measured:
    """Takes one reading after the other: live ones go into `trends`, and what is shown by itself waits for the end.

    withdrawn: rows of readings that were taken back.
    """

    def __init__(self, trends: Trends, withdrawn: frozenset[int] = frozenset()) -> None:
        self._trends, self._withdrawn = trends, withdrawn
        self._minutes = set[tuple[str, int]]()
        self._shown: list[tuple[Row, Reading]] = []  # one a minute of each device, and what a cuff or a person said

    def take(self, row: Row, reading: Reading) -> None:
        """The next reading."""
        if row.seq in self._withdrawn or reading.source is Source.STORED:
            return
        m = reading.measurement
        if isinstance(m, Oximetry):
            if reading.source is Source.DEVICE:
                self._trends.take(reading.device, row.t_s, row.stamp.utc_ns, m)
                if not self._is_first(row, reading, m.spo2, m.pulse):
                    return
        elif isinstance(m, HeartRate):
            if not self._is_first(row, reading, m.pulse):
                return
        elif not isinstance(m, Pressure):
            return
        self._shown.append((row, reading))

    def observations(self, case: Case) -> Iterator[Json]:
        """Behind the last one, when the session is known as a whole."""
        for row, reading in self._shown:
            match reading.measurement:
                case Oximetry() as m:
                    yield from _oximetry(case, row, reading, m)
                case Pressure() as m:
                    yield from _pressure(case, row, reading, m)
                case HeartRate() as m:
                    yield _one(case, row, reading, "heart rate", HEART_RATE, m.pulse, "/min")
                case _:
                    pass

    def _is_first(self, row: Row, reading: Reading, *values: Value) -> bool:
        """Whether it is the first of its device in its minute that has a number."""
        minute = (reading.device, int(row.t_s // _MINUTE_S))
        if minute in self._minutes or not any(_is_number(value) for value in values):
            return False
        self._minutes.add(minute)
        return True


def _is_number(value: Value) -> bool:
    is_one = value.number is not None and value.number.is_finite()
    return is_one and value.quality in (Quality.VALID, Quality.QUESTIONABLE)


def _oximetry(case: Case, row: Row, reading: Reading, m: Oximetry) -> Iterator[Json]:
    if m.spo2.quality not in _NOT_OURS:
        yield _one(case, row, reading, "spo2", SPO2, m.spo2, "%")
    if m.pulse.quality not in _NOT_OURS:
        yield _one(case, row, reading, "pulse", PULSE, m.pulse, "/min")


def _one(case: Case, row: Row, reading: Reading, what: str, code: Json, value: Value, unit: str) -> Json:
    return case.observation(
        f"{what} {row.seq}", code, VITAL_SIGNS, row.stamp.utc_ns, **_value(value, unit), **_by(case, reading)
    )


def _value(value: Value, unit: str) -> Json:
    """The number, or why there is none; a doubted one says so."""
    if not _is_number(value):
        is_nan = value.number is not None and not value.number.is_finite()
        return {"dataAbsentReason": absent("not-a-number" if is_nan else "error")}
    found: Json = {"valueQuantity": quantity(value.number, unit)}
    if value.quality is Quality.QUESTIONABLE:
        found["interpretation"] = QUESTIONABLE
    if value.reasons:
        found["note"] = [{"text": "; ".join(value.reasons)}]
    return found


def _by(case: Case, reading: Reading) -> Json:
    """The device, or that a person typed it."""
    if reading.source is Source.TYPED:
        return {"performer": [case.ref(case.sitter_at(reading.stamp.utc_ns))], "method": concept("Typed by the sitter")}
    return {"device": case.ref(f"device {reading.device}")} if reading.device in case.state.links else {}


def _pressure(case: Case, row: Row, reading: Reading, m: Pressure) -> Iterator[Json]:
    pairs = ((SYSTOLIC, m.systolic), (DIASTOLIC, m.diastolic), (MEAN, m.mean))
    if any(value.quality in _NOT_OURS for _, value in pairs[:2]):
        return
    shown = [(code, value) for code, value in pairs if code is not MEAN or _is_number(value)]
    components = [{"code": code, **_component(value)} for code, value in shown]
    doubted = any(value.quality is Quality.QUESTIONABLE for _, value in shown)
    reasons = dict.fromkeys(reason for _, value in shown for reason in value.reasons)
    yield case.observation(
        f"pressure {row.seq}",
        PRESSURE,
        VITAL_SIGNS,
        row.stamp.utc_ns,
        interpretation=QUESTIONABLE if doubted else None,
        note=[{"text": "; ".join(reasons)}] if reasons else None,
        component=components,
        **_by(case, reading),
    )
    if m.pulse is not None and _is_number(m.pulse):
        yield _one(case, row, reading, "cuff pulse", CUFF_PULSE, m.pulse, "/min")


def _component(value: Value) -> Json:
    found = _value(value, "mm[Hg]")
    return {key: found[key] for key in ("valueQuantity", "dataAbsentReason") if key in found}


# --- what the sitter saw ----------------------------------------------------------------------------------------------


def seen(case: Case) -> Iterator[Json]:
    """Breaths, answers, happenings and notes that count in the end, at their corrected time; ready and released; what
    the patient shared of their journal.
    """
    for act in case.state.acts:
        if act.withdrawn:
            continue
        match act.event:
            case e.BreathsCounted() as v if Breaths(v.count, v.seconds).is_enough:
                yield _breaths(case, act.seq, act.utc_ns, v)
            case e.ResponseRecorded() as v:
                yield _said(case, act.seq, act.utc_ns, "Response to voice and touch", v.answer)
            case e.HappeningTapped() as v:
                yield _said(case, act.seq, act.utc_ns, "Event seen by the sitter", label(v.kind))
            case e.NoteAdded() as v:
                yield _said(case, act.seq, act.utc_ns, "Note by the sitter", v.text)
            case _:
                pass
    for row in case.events:
        if isinstance(row.what, e.EntryShared):
            yield _shared(case, row.seq, row.stamp.utc_ns, row.what)
        if what := _MOMENTS.get(type(row.what)):
            yield _said(case, row.seq, row.stamp.utc_ns, what, row.text)


_MOMENTS: dict[type, str] = {
    e.ReadyMarked: "Ready to leave",
    e.Released: "Released",
    e.EmergencyCalled: "Emergency number called",
}


def _breaths(case: Case, seq: int, utc_ns: int, v: e.BreathsCounted) -> Json:
    return case.observation(
        f"breaths {seq}",
        BREATHS,
        VITAL_SIGNS,
        utc_ns,
        performer=[case.ref(case.sitter_at(utc_ns))],
        valueQuantity=quantity(round(Breaths(v.count, v.seconds).per_min, 1), "/min"),
        note=[{"text": f"{v.count} counted by hand in {v.seconds:g} s."}],
    )


def _said(case: Case, seq: int, utc_ns: int, what: str, text: str) -> Json:
    performer = [case.ref(case.sitter_at(utc_ns))]
    return case.observation(f"seen {seq}", concept(what), EXAM, utc_ns, performer=performer, valueString=text)


def _shared(case: Case, seq: int, utc_ns: int, v: e.EntryShared) -> Json:
    """By the patient, and of none of HL7's categories of findings."""
    code, category = concept("Journal entry shared by the patient"), [concept("The patient's own words")]
    performer = [case.ref("patient")]
    return case.observation(f"shared {seq}", code, category, utc_ns, performer=performer, valueString=v.text)
