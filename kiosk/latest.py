"""The newest of each value, for the tiles: a projection of readings, rebuilt from the record after a restart.

Owned by the monitor. It keeps what came and when; it never carries a value forward as current: whoever shows a
number asks `tile()` with the time, and gets its age with it.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from devices.reading import CuffPressure, Oximetry, Pressure, Quality, Reading, Source, Value
from kiosk.line.tile import Severity, Tile
from kiosk.session.bedside import Bedside, Taken
from kiosk.session.plan import Plan
from kiosk.text import number
from kiosk.text.catalogue import _

GONE_S = 15.0
SHOWABLE = (Quality.VALID, Quality.QUESTIONABLE)

_REASONS = {
    "finger off": "Finger is out of the probe",
    "sensor displaced": "Probe has slipped",
    "low perfusion": "Weak pulse at the finger",
    "poor signal": "Weak signal",
    "frozen": "Numbers stand still",
    "implausible": "Value cannot be true",
    "cuff on the probe's arm": "Cuff squeezes the probe's arm",
}


class Newest(msgspec.Struct):
    """One value's newest good number and the newest message about it, in session seconds."""

    good: Value | None = None
    good_s: float = 0.0
    good_utc_ns: int = 0
    seen: Value | None = None
    seen_s: float = 0.0
    count: int = 0
    back_s: float | None = None  # when a good number came after `GONE_S` without one

    def take(self, value: Value, t_s: float, utc_ns: int) -> None:
        """Keep `value` as newest message, and as newest number if it has one that may be shown."""
        self.seen, self.seen_s = value, t_s
        self.count += 1
        if value.number is not None and value.quality in SHOWABLE:
            if self.good is not None and t_s - self.good_s > GONE_S:
                self.back_s = t_s
            self.good, self.good_s, self.good_utc_ns = value, t_s, utc_ns


class Latest:
    """The newest SpO2, pulse, blood pressure and cuff pressure of a session."""

    def __init__(self) -> None:
        self.spo2 = Newest()
        self.pulse = Newest()
        self.pressure: Pressure | None = None
        self.pressure_s = 0.0
        self.pressure_utc_ns = 0
        self.pressure_typed = False
        self.taken: list[Taken] = []  # each usable pressure: a window of the plan is done by it
        self.typed: dict[str, tuple[Decimal, float]] = {}  # "spo2", "pulse": number and session second, by hand
        self.cuff: Decimal | None = None
        self.cuff_s = -1e9

    def take(self, reading: Reading, t_s: float, seq: int = 0) -> None:
        """Take one reading, row `seq`; stored readings and test data are never the newest of anything."""
        measurement, utc_ns = reading.measurement, reading.stamp.utc_ns
        match measurement:
            case Oximetry() if reading.source is Source.DEVICE:
                self.spo2.take(measurement.spo2, t_s, utc_ns)
                self.pulse.take(measurement.pulse, t_s, utc_ns)
            case Oximetry() if reading.source is Source.TYPED:
                by_hand = {"spo2": measurement.spo2.number, "pulse": measurement.pulse.number}
                self.typed |= {name: (value, t_s) for name, value in by_hand.items() if value is not None}
            case Pressure() if reading.source is not Source.STORED and measurement.systolic.number is not None:
                self.pressure, self.pressure_s, self.pressure_utc_ns = measurement, t_s, utc_ns
                self.pressure_typed = reading.source is Source.TYPED
                self._keep(measurement, reading, t_s, seq)
                self.cuff = None
            case CuffPressure():
                self.cuff, self.cuff_s = measurement.pressure.number, t_s
            case _:
                pass

    def _keep(self, pressure: Pressure, reading: Reading, t_s: float, seq: int) -> None:
        """Both numbers, or it is no pressure that anything may be judged by."""
        systolic, diastolic = pressure.systolic, pressure.diastolic
        usable = all(v.number is not None and v.quality in SHOWABLE for v in (systolic, diastolic))
        if not usable or systolic.number is None or diastolic.number is None:
            return
        doubted = Quality.QUESTIONABLE in (systolic.quality, diastolic.quality)
        pulse = pressure.pulse.number if pressure.pulse else None
        new = Taken(
            seq,
            t_s,
            reading.stamp.utc_ns,
            systolic.number,
            diastolic.number,
            pressure.mean.number,
            pulse,
            reading.source is Source.TYPED,
            doubted,
        )
        self.taken = sorted([*self.taken, new], key=lambda taken: taken.t_s)

    def withdraw(self, seq: int) -> None:
        """A typed pressure was taken back: it does no window of the plan."""
        self.taken = [taken for taken in self.taken if taken.seq != seq]

    def bedside(self, plan: Plan, now_s: float, has_sound: bool) -> Bedside:
        """What decisions may count on at `now_s`: valid numbers that are live, and the pressures so far."""
        ageing_s = plan.limits.stale.ageing_s
        spo2, pulse = (self._live(newest, now_s, ageing_s) for newest in (self.spo2, self.pulse))
        sent_s = {"spo2": self.spo2.good_s, "pulse": self.pulse.good_s}
        typed = {name: (value, t_s) for name, (value, t_s) in self.typed.items() if t_s >= sent_s[name]}
        return Bedside(plan, now_s, spo2, pulse, tuple(self.taken), self.spo2.back_s, has_sound, typed)

    def _live(self, newest: Newest, now_s: float, ageing_s: float) -> Decimal | None:
        is_now = newest.good is not None and newest.seen is newest.good and now_s - newest.good_s <= ageing_s
        valid = newest.good is not None and newest.good.quality is Quality.VALID
        return newest.good.number if newest.good is not None and is_now and valid else None


class TileRules(msgspec.Struct, frozen=True):
    """When a number greys and when it leaves its place, in seconds (the plan may only shorten them)."""

    ageing_after_s: float = 5
    gone_after_s: float = 15


def tile(
    newest: Newest, now_s: float, rules: TileRules, limits: tuple[str, ...], severity: Severity, off: str = ""
) -> Tile:
    """What the tile of one value shows at `now_s`. off: why no device is used, "" if one is."""
    if off:
        return Tile(state="off", limits=limits, note=off)
    if newest.seen is None:
        return Tile(state="waiting", limits=limits, severity=severity, note=_("Waiting for the first reading"))
    last = number(newest.good.number) if newest.good else ""
    age_s = now_s - newest.good_s if newest.good else None
    invalid = newest.seen.number is None or newest.seen.quality not in SHOWABLE
    silent = now_s - newest.seen_s > rules.gone_after_s
    if silent or newest.good is None or age_s is None or age_s > rules.gone_after_s or invalid:
        state = "invalid" if invalid and not silent else "gone"
        note = _reason(newest.seen) if state == "invalid" else _("not live")
        return Tile(
            state=state, last=last, age_s=age_s, severity=severity, limits=limits, note=note, count=newest.count
        )
    questionable = newest.good.quality is Quality.QUESTIONABLE
    return Tile(
        state="ageing" if age_s > rules.ageing_after_s else "live",
        number=last,
        last=last,
        age_s=max(age_s, 0.0),
        questionable=questionable,
        severity=severity,
        limits=limits,
        note=_reason(newest.good) if questionable else _("Good signal"),
        count=newest.count,
    )


def _reason(value: Value) -> str:
    if not value.reasons:
        return _("No valid number")
    return _(_REASONS.get(value.reasons[0], value.reasons[0].capitalize()))
