"""From the bytes of one device to reports: decode, doubt frozen numbers, tell stored pressures from current ones.

Runs in the monitor, called from the bleak callback with a stamp already taken. Never waits, never drops: every
payload becomes one report, a `DecodeFailed` if nothing else.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from devices.catalog import Driver
from devices.drivers import Battery, Decoded, DecodeError, Described
from devices.drivers.frozen import StillWatch, doubted
from devices.drivers.payload import long_uuid
from devices.dump import DumpJudge
from devices.reading import (
    BatteryRead,
    CuffPressure,
    DecodeFailed,
    DeviceDescribed,
    Measurement,
    Oximetry,
    Pressure,
    Quality,
    Reading,
    Report,
    Source,
    Stamp,
)

Reporter = Callable[[Report], None]


class Interpreter:
    """One device's for a whole run, so that a cuff which repeats itself at the next connect is noticed."""

    def __init__(self, device: str, driver: Driver, report: Reporter) -> None:
        self._device = device
        self._driver = driver
        self._report = report
        self._still = StillWatch()
        self._dump = DumpJudge()

    def connected(self) -> None:
        """A new connection begins."""
        self._still = StillWatch()
        self._dump.connected()

    def take(self, characteristic_uuid: str, raw: bytes, stamp: Stamp) -> Decoded | None:
        """Report what `raw` is, at once; gives back what was decoded, None if nothing."""
        characteristic = long_uuid(characteristic_uuid)
        try:
            decoded = self._driver.decode(characteristic, raw)
        except DecodeError as error:
            self._report(DecodeFailed(self._device, stamp, raw, characteristic, str(error.fault), error.detail))
            return None
        if isinstance(decoded, Oximetry | Pressure | CuffPressure):
            self._report(self._reading(decoded, characteristic, raw, stamp))
        elif isinstance(decoded, Battery):
            self._report(BatteryRead(self._device, stamp, decoded.percent))
        return decoded

    def describe(self, pieces: list[Described], name: str, stamp: Stamp) -> None:
        """Report what the device said of itself, in one."""
        said = {key: text for piece in pieces for key, text in msgspec.structs.asdict(piece).items() if text}
        known = {key: said.get(key, "") for key in ("manufacturer", "model", "serial", "firmware", "features")}
        self._report(DeviceDescribed(self._device, stamp, name=name, driver=self._driver.id, **known))

    def _reading(self, measurement: Measurement, characteristic: str, raw: bytes, stamp: Stamp) -> Reading:
        judged = self._judge(measurement, raw, stamp)
        source = Source.STORED if _main_quality(judged) is Quality.STORED else Source.DEVICE
        return Reading(self._device, stamp, judged, raw, characteristic, source)

    def _judge(self, measurement: Measurement, raw: bytes, stamp: Stamp) -> Measurement:
        if isinstance(measurement, Pressure):
            return self._dump.judge(raw, measurement, stamp)
        if isinstance(measurement, CuffPressure):
            self._dump.saw_inflation()
            return measurement
        return doubted(measurement) if self._still.see(raw, stamp.boot_ns) else measurement


def _main_quality(measurement: Measurement) -> Quality:
    if isinstance(measurement, Oximetry):
        return measurement.spo2.quality
    return measurement.systolic.quality if isinstance(measurement, Pressure) else measurement.pressure.quality
