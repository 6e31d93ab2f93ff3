"""Numbers against the waveform that comes with them: without a beat in it, no number is believed.

Runs in the monitor, one instance a connection; pure, time is a parameter. Oximeters go on sending the last numbers
for seconds after the finger is out, while the waveform has gone flat already.
"""

from __future__ import annotations

import msgspec

from devices.drivers.judge import NO_BEAT, Finding, worsened
from devices.drivers.said import Wave
from devices.reading import Oximetry, Quality

FLAT_AFTER_S = 1.0
"""Seconds of equal samples: longer than any pause between two beats above 60 a minute, so only a doubt."""
NO_BEAT_AFTER_S = 5.0
"""Seconds without a beat mark or any change: below 12 beats a minute. From here on the numbers are not shown."""
FLAT = Finding(Quality.QUESTIONABLE, "flat waveform")


class PlethWatch:
    """What the waveform of one connection has shown. Says nothing about devices that send none."""

    def __init__(self) -> None:
        self._last: int | None = None
        self._moved_ns: int | None = None
        self._beat_ns: int | None = None

    def see(self, wave: Wave, boot_ns: int) -> None:
        """A piece of the waveform, heard at `boot_ns`."""
        samples = wave.samples if wave.usable else ()
        if self._moved_ns is None:
            self._moved_ns = boot_ns
        for sample in samples:
            if self._last is not None and sample != self._last:
                self._moved_ns = boot_ns
            self._last = sample
        if wave.beats and wave.usable:
            self._beat_ns = boot_ns

    def finding(self, boot_ns: int) -> Finding | None:
        """What the waveform says against numbers of now; beats count from the first one that was marked."""
        if self._moved_ns is None:
            return None
        flat_s = (boot_ns - self._moved_ns) / 1e9
        beatless_s = 0.0 if self._beat_ns is None else (boot_ns - self._beat_ns) / 1e9
        if max(flat_s, beatless_s) >= NO_BEAT_AFTER_S:
            return NO_BEAT
        return FLAT if flat_s >= FLAT_AFTER_S else None


def against(oximetry: Oximetry, finding: Finding) -> Oximetry:
    """The same reading with the waveform's finding on each value."""
    return msgspec.structs.replace(
        oximetry,
        spo2=worsened(oximetry.spo2, finding),
        pulse=worsened(oximetry.pulse, finding),
        perfusion=None if oximetry.perfusion is None else worsened(oximetry.perfusion, finding),
    )
