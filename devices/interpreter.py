"""From the bytes of one device to reports: frame, decode, doubt frozen numbers, tell stored from current.

Runs in the monitor, called from the bleak callback with a stamp already taken. Never waits; every payload becomes a
report, a `DecodeFailed` if nothing else, but for numbers that a device repeats many times a second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

import msgspec

from devices.catalog import Driver
from devices.device_clock import ClockJudge
from devices.drivers import Battery, ClockRead, ClockWritten, Decoded, DecodeError, Described, Fault, Wave
from devices.drivers.framing import Framer
from devices.drivers.frozen import StillWatch, doubted
from devices.drivers.payload import long_uuid, short_uuid
from devices.drivers.pleth import PlethWatch, against
from devices.dump import DumpJudge, local_time
from devices.reading import (
    BatteryRead,
    CuffPressure,
    DecodeFailed,
    DeviceDescribed,
    HeartRate,
    Measurement,
    Oximetry,
    Pressure,
    Quality,
    Reading,
    Report,
    Source,
    Stamp,
    Value,
    Waveform,
)

Reporter = Callable[[Report], None]


class Interpreter:
    """One device's for a whole run, so that a cuff which repeats itself at the next connect is noticed.

    frames: the whole frames (or payloads) of the last `take` that could be decoded. local: the local time of an
    instant, by which a cuff's clock is judged.
    """

    def __init__(
        self, device: str, driver: Driver, report: Reporter, local: Callable[[int], datetime] = local_time
    ) -> None:
        self.frames: list[bytes] = []
        self._device = device
        self._driver = driver
        self._report = report
        self._dump = DumpJudge(local)
        self._clock = ClockJudge(device, local, report)
        self._begin()

    def _begin(self) -> None:
        self._still = StillWatch()
        self._pleth = PlethWatch()
        self._framers = {uuid: Framer(framing) for uuid, framing in self._driver.framings.items()}
        self._said: dict[type, tuple[object, int]] = {}

    def connected(self) -> None:
        """A new connection begins; what was left of the last one's frames is forgotten."""
        self._begin()
        self._dump.connected()
        self._clock.connected()

    def ended(self, stamp: Stamp) -> None:
        """The connection is over."""
        self._clock.ended(stamp)

    def recall(self, readings: Iterable[Reading]) -> None:
        """What is recorded of this device already."""
        self._dump.recall(readings)

    def take(self, characteristic_uuid: str, raw: bytes, stamp: Stamp) -> Decoded | None:
        """Report what `raw` is, at once; gives back what was decoded last, None if nothing."""
        characteristic, self.frames = long_uuid(characteristic_uuid), []
        framer = self._framers.get(short_uuid(characteristic_uuid))
        frames = [raw] if framer is None else framer.feed(raw)
        if framer is not None and (dropped := framer.take_dropped()):
            self._report(DecodeFailed(self._device, stamp, dropped, characteristic, str(Fault.NOT_A_FRAME)))
        decoded: Decoded | None = None
        for frame in frames:
            decoded = self._take_frame(characteristic, frame, stamp)
        return decoded

    def describe(self, pieces: list[Described], name: str, stamp: Stamp) -> None:
        """Report what the device said of itself, in one."""
        said = {key: text for piece in pieces for key, text in msgspec.structs.asdict(piece).items() if text}
        known = {key: said.get(key, "") for key in ("manufacturer", "model", "serial", "firmware", "features")}
        self._report(
            DeviceDescribed(
                self._device, stamp, name=name, driver=self._driver.id, known_by=self._driver.tested_by, **known
            )
        )

    def note(self, said: Decoded, name: str, stamp: Stamp) -> None:
        """Report what a script found out or did, beside the frames."""
        if isinstance(said, ClockWritten):
            self._clock.written(said.time, stamp)

    def _take_frame(self, characteristic: str, frame: bytes, stamp: Stamp) -> Decoded | None:
        try:
            decoded = self._driver.decode(characteristic, frame)
        except DecodeError as error:
            self._report(DecodeFailed(self._device, stamp, frame, characteristic, str(error.fault), error.detail))
            return None
        self.frames.append(frame)
        # what is only read, such as the battery level, is no frame of the family
        is_stream = short_uuid(characteristic) in self._driver.streams
        beside = self._driver.beside(characteristic, frame) if is_stream else ()
        for said in (*beside, decoded):
            self._take_said(said, characteristic, frame, stamp)
        return decoded

    def _take_said(self, said: Decoded, characteristic: str, frame: bytes, stamp: Stamp) -> None:
        if isinstance(said, Oximetry | Pressure | CuffPressure | HeartRate):
            judged = self._judge(said, frame, stamp)
            if judged is not None and self._is_news(said, judged, stamp):
                source = Source.STORED if main_value(judged).quality is Quality.STORED else Source.DEVICE
                self._report(Reading(self._device, stamp, judged, frame, characteristic, source))
        elif isinstance(said, Wave):
            self._pleth.see(said, stamp.boot_ns)
            self._report(_waveform(self._device, said, stamp))
        elif isinstance(said, Battery) and self._is_other(Battery, said, stamp):
            self._report(BatteryRead(self._device, stamp, said.percent))
        elif isinstance(said, ClockRead):
            self._dump.saw_clock(self._clock.read(said.time, stamp))
        elif isinstance(said, Described) and short_uuid(characteristic) in self._framers:
            self.describe([said], "", stamp)

    def _judge(self, measurement: Measurement, frame: bytes, stamp: Stamp) -> Measurement | None:
        """As it may be believed; None for what a device repeats out of its memory."""
        if isinstance(measurement, Pressure) or (isinstance(measurement, Oximetry) and measurement.spot):
            self._clock.stamped(measurement.device_time, stamp)
            return self._dump.judge(frame, measurement, stamp)
        if isinstance(measurement, CuffPressure):
            self._dump.saw_inflation()
            self._clock.saw_inflation()
            return measurement
        if isinstance(measurement, HeartRate):
            return measurement
        if finding := self._pleth.finding(stamp.boot_ns):
            measurement = against(measurement, finding)
        # what is framed carries counters and samples, so its numbers are compared and not its bytes
        said: object = measurement if self._framers else frame
        return doubted(measurement) if self._still.see(said, stamp.boot_ns) else measurement

    def _is_news(self, said: Measurement, judged: Measurement, stamp: Stamp) -> bool:
        """A polled cuff repeats its result until the next measurement; a fast oximeter says little in a second."""
        if isinstance(said, CuffPressure):
            self._said.pop(Pressure, None)
        if isinstance(said, Pressure) and self._framers:
            return self._is_other(Pressure, said, stamp)
        if not self._driver.report_every_s:
            return True
        return self._is_other(type(said), judged, stamp, self._driver.report_every_s)

    def _is_other(self, kind: type, said: object, stamp: Stamp, again_after_s: float | None = None) -> bool:
        """Whether this differs from what was said last of its kind, or that is long ago; battery: on change only."""
        before, before_ns = self._said.get(kind, (None, 0))
        is_due = again_after_s is not None and stamp.boot_ns - before_ns >= again_after_s * 1e9
        if said == before and not is_due:
            return False
        self._said[kind] = (said, stamp.boot_ns)
        return True


def _waveform(device: str, wave: Wave, stamp: Stamp) -> Waveform:
    samples = wave.samples if wave.usable else (None,) * len(wave.samples)
    return Waveform(device, stamp, wave.rate_hz, wave.full_scale, samples, wave.beats if wave.usable else ())


def main_value(measurement: Measurement) -> Value:
    """The value whose quality stands for the whole reading."""
    match measurement:
        case Oximetry(spo2=value) | Pressure(systolic=value) | CuffPressure(pressure=value) | HeartRate(pulse=value):
            return value
