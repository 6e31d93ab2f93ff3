"""What limits would have made of a recorded session: the alarms that its readings would have raised.

Pure, by the code that alarms at the bedside (`kiosk.session.replay`). Only what values and their absence tell: calls,
looks and what the program knew of itself are not judged again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from devices.reading import Oximetry, Pressure, Reading
from kiosk.record.reader import Row
from kiosk.session import events as e
from kiosk.session.limits import Limits
from kiosk.session.prepared import Prepared
from kiosk.session.replay import Armed, Replayed, replay_readings


class Result(msgspec.Struct, frozen=True):
    """What limits would have made of a recording. readings: rows with a value; oxygen: those with SpO2."""

    alarms: tuple[Replayed, ...]
    readings: int
    oxygen: int
    from_s: float
    until_s: float

    @property
    def seconds(self) -> float:
        """How long the recording lasts."""
        return self.until_s - self.from_s

    @property
    def severities(self) -> dict[str, int]:
        """Alarms by the highest severity that each reached."""
        return severities([self])


def severities(results: Iterable[Result]) -> dict[str, int]:
    """All their alarms by the highest severity that each reached: "high", "medium", "low", always all three."""
    counted = Counter(alarm.severity.name.lower() for result in results for alarm in result.alarms)
    return {severity: counted[severity] for severity in ("high", "medium", "low")}


def judged(rows: Sequence[Row], limits: Limits) -> Result:
    """The alarms on one session's rows, at least one. Typed values that were withdrawn are left out."""
    withdrawn = {row.what.reading_seq for row in rows if isinstance(row.what, e.ValueWithdrawn)}
    roles = {row.what.device: row.what.role for row in rows if isinstance(row.what, e.DeviceChosen)}
    started = [row.t_s for row in rows if isinstance(row.what, e.SessionStarted)]
    ended = [row.t_s for row in rows if isinstance(row.what, e.SessionEnded)]
    until_s = ended[0] if ended else rows[-1].t_s
    armed = Armed(rows[0].t_s, started[0] if started else until_s, until_s, _same_arm(rows))
    read = [(row.t_s, row.what) for row in rows if isinstance(row.what, Reading) and row.seq not in withdrawn]
    for _, reading in read:  # devices of `--any` have no role of their own
        roles.setdefault(reading.device, "cuff" if isinstance(reading.measurement, Pressure) else "oximeter")
    steps = sorted(read, key=lambda step: step[0])
    oxygen = sum(isinstance(r.measurement, Oximetry) and r.measurement.spo2.number is not None for _, r in read)
    alarms = replay_readings(steps, limits, roles, armed)
    return Result(alarms, len(read), oxygen, rows[0].t_s, until_s)


def _same_arm(rows: Sequence[Row]) -> bool:
    prepared = Prepared()
    for row in rows:
        if isinstance(row.what, e.CheckAnswered):
            prepared = prepared.apply(row.what, row.seq, row.t_s, row.stamp.utc_ns)
    return bool(prepared.same_arm)
