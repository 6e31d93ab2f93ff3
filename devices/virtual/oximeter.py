"""A simulated pulse oximeter after the PLX service (0x1822): once a second a continuous measurement.

Runs in the air's process; what it measures it is told by a story.
"""

# pyright: standard
# bumble is typed in part only.

from __future__ import annotations

from bumble.gatt import Characteristic
from bumble.link import LocalLink

from devices.virtual.encoding import DeviceTime, plx_continuous, plx_features, plx_spot_check
from devices.virtual.peripheral import NO_DATA, Identity, Peripheral
from devices.virtual.scenario import Sample
from devices.virtual.sent import SentLog

SPOT_CHECK_TIME, AMPLITUDE = 1 << 3, 1 << 6
SUPPORTED = SPOT_CHECK_TIME | AMPLITUDE
MEASUREMENT_STATES, SENSOR_STATES = 0xE0E0, 0x000880

IDENTITY = Identity(
    role="oximeter", name="SIM Oximeter", address="F1:5E:55:10:00:01", service=0x1822,
    model="SIM-OX", serial="SIM-OX-0001", battery=87,
)  # fmt: skip


class Oximeter(Peripheral):
    """Notifies 2A5F, offers 2A60, indicates 2A5E when a spot check is asked for."""

    def __init__(self, link: LocalLink, log: SentLog) -> None:
        properties = Characteristic.Properties
        self.continuous = Characteristic("2A5F", properties.NOTIFY, NO_DATA)
        self.spot = Characteristic("2A5E", properties.INDICATE, NO_DATA)
        features = plx_features(SUPPORTED, MEASUREMENT_STATES, SENSOR_STATES)
        feature = Characteristic("2A60", properties.READ, Characteristic.READABLE, features)
        super().__init__(link, log, IDENTITY, [self.spot, self.continuous, feature])

    async def live(self, sample: Sample, second_s: float) -> None:
        """Send what was measured in this second."""
        await self.send(self.continuous, sample_bytes(sample))

    async def spot_check(self, sample: Sample, time: DeviceTime) -> bool:
        """Send a spot check with the device's time."""
        return await self.send(self.spot, spot_bytes(sample, time))


def sample_bytes(sample: Sample) -> bytes:
    """A sample as a continuous measurement."""
    if sample.raw is not None:
        return sample.raw
    return plx_continuous(
        (sample.spo2, sample.pulse),
        measurement_status=sample.measurement_status,
        sensor_status=sample.sensor_status,
        amplitude=sample.perfusion,
    )


def spot_bytes(sample: Sample, time: DeviceTime) -> bytes:
    """A sample as a spot check."""
    return plx_spot_check(
        (sample.spo2, sample.pulse),
        time=time,
        measurement_status=sample.measurement_status,
        sensor_status=sample.sensor_status,
        amplitude=sample.perfusion,
    )
