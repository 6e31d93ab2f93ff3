"""Numbers that stand still for longer than a living person's do: doubted, never dropped.

Runs in the monitor, beside each live link; pure, time is a parameter. Some oximeters go on sending the last numbers
after the finger is out or their firmware hangs. Without a waveform, standing still is only a hint: a calm person at
1 Hz can show 97/60 for a while, so the threshold is long and the verdict is questionable, not invalid.
"""

from __future__ import annotations

from devices.reading import Oximetry, Quality, Value

FROZEN_AFTER_S = 120.0
"""Seconds of byte-identical payloads. Whole-number pulse at rest wanders by a beat within seconds to tens of seconds;
two minutes without any change in SpO2, pulse, perfusion or status is no longer likely. A choice, not a standard."""

WORD = "frozen"


class StillWatch:
    """Remembers since when one device's payload is the same. One instance a connection."""

    def __init__(self, after_s: float = FROZEN_AFTER_S) -> None:
        self._after_ns = int(after_s * 1e9)
        self._seen: object = None
        self._since_ns = 0

    def see(self, said: object, boot_ns: int) -> bool:
        """True if this and all since at least the threshold are equal (payloads, or what was decoded of them)."""
        if said != self._seen:
            self._seen, self._since_ns = said, boot_ns
        return boot_ns - self._since_ns >= self._after_ns


def doubted(oximetry: Oximetry) -> Oximetry:
    """The same reading with its valid numbers made questionable; what was already worse stays as it was."""
    return Oximetry(
        spo2=_doubted(oximetry.spo2),
        pulse=_doubted(oximetry.pulse),
        perfusion=None if oximetry.perfusion is None else _doubted(oximetry.perfusion),
        spot=oximetry.spot,
        device_time=oximetry.device_time,
    )


def _doubted(value: Value) -> Value:
    if value.quality is not Quality.VALID:
        return value
    return Value(value.number, Quality.QUESTIONABLE, (WORD, *value.reasons))
