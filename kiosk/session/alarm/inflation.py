"""The cuff on the probe's arm: while it squeezes, the finger's blood and so its oxygen value are not to be trusted.

Pure. A value of that time is doubted and says why; it is never dropped, and an alarm on it is one step lower. Only
when the sitter said that probe and cuff are on one arm; an unknown arm doubts nothing.
"""

from __future__ import annotations

import msgspec

from devices.reading import CuffPressure, Oximetry, Quality, Reading, Source, Value

REASON = "cuff on the probe's arm"
AFTER_S = 10.0  # after the last cuff pressure: blood comes back, and an oximeter averages over about 8 s
LONGEST_S = 120.0  # an inflation takes less; a cuff that reports for ever must not weaken alarms for ever
PAUSE_S = 15.0  # cuff pressures further apart are two inflations


class Inflation:
    """The newest inflation, in session seconds."""

    def __init__(self) -> None:
        self._from_s: float | None = None
        self._last_s = 0.0

    def take(self, now_s: float) -> None:
        """A momentary cuff pressure came."""
        if self._from_s is None or now_s - self._last_s > PAUSE_S:
            self._from_s = now_s
        self._last_s = now_s

    def is_on(self, now_s: float) -> bool:
        """Whether the cuff squeezes now, or did just before."""
        if self._from_s is None or now_s < self._from_s:
            return False
        return now_s - self._last_s <= AFTER_S and now_s - self._from_s <= LONGEST_S

    def annotated(self, reading: Reading, t_s: float, same_arm: bool) -> Reading:
        """The reading as it is to be judged and drawn: doubted while the cuff squeezes the probe's arm."""
        measurement = reading.measurement
        if reading.source is not Source.DEVICE:
            return reading
        if isinstance(measurement, CuffPressure):
            self.take(t_s)
        if not isinstance(measurement, Oximetry) or not same_arm or not self.is_on(t_s):
            return reading
        doubted = msgspec.structs.replace(
            measurement, spo2=_doubted(measurement.spo2), pulse=_doubted(measurement.pulse)
        )
        return msgspec.structs.replace(reading, measurement=doubted)


def _doubted(value: Value) -> Value:
    if value.number is None or value.quality not in (Quality.VALID, Quality.QUESTIONABLE):
        return value
    return Value(value.number, Quality.QUESTIONABLE, (REASON, *(r for r in value.reasons if r != REASON)))
