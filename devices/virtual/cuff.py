"""A simulated blood-pressure cuff after the BLS service (0x1810), with the manners of real ones.

It is silent until a measurement is started; then it can be found, sends its pressure while it inflates and lets go,
indicates what it stored (oldest first), hangs up by itself and is silent again. Runs in the air's process.
"""

# pyright: standard
# bumble is typed in part only.

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from decimal import Decimal

from bumble.gatt import Characteristic
from bumble.link import LocalLink

from devices.virtual.controller import HUNG_UP
from devices.virtual.encoding import DeviceTime, blood_pressure, cuff_pressure
from devices.virtual.peripheral import NO_DATA, Identity, Peripheral
from devices.virtual.scenario import CuffRun
from devices.virtual.sent import SentLog

FEATURES = 0x001F  # movement, fit, irregular pulse, rate range, position
PRESSURES_A_SECOND = 2
RISING_SHARE = 0.4
WINDOW_S = 30.0  # how long it can be found after a measurement, and waits for a subscriber
IDLE_S = 1.0  # between the last confirmation and hanging up

IDENTITY = Identity(
    role="cuff", name="SIM Cuff", address="F2:5E:55:10:00:02", service=0x1810,
    model="SIM-BP", serial="SIM-BP-0001", battery=64,
)  # fmt: skip


class Cuff(Peripheral):
    """Indicates 2A35, notifies 2A36 meanwhile, offers 2A49. device_time: the cuff's own clock."""

    always_on = False

    def __init__(self, link: LocalLink, log: SentLog, device_time: Callable[[], DeviceTime], speed: float = 1) -> None:
        properties = Characteristic.Properties
        self.finished = Characteristic("2A35", properties.INDICATE, NO_DATA)
        self.intermediate = Characteristic("2A36", properties.NOTIFY, NO_DATA)
        feature = Characteristic("2A49", properties.READ, Characteristic.READABLE, FEATURES.to_bytes(2, "little"))
        super().__init__(link, log, IDENTITY, [self.finished, self.intermediate, feature])
        self._device_time, self._speed = device_time, speed
        self._stored: deque[bytes] = deque()
        self._run: asyncio.Task[None] | None = None

    @property
    def busy(self) -> bool:
        """True from the start of a measurement until the cuff has hung up."""
        return self._run is not None and not self._run.done()

    def measure(self, run: CuffRun, raw: bytes | None = None) -> bool:
        """`raw`: exact bytes to store instead of its result. False while a measurement is under way."""
        if self.busy:
            return False
        self._run = asyncio.ensure_future(self._measure(run, raw))
        return True

    async def stop(self) -> None:
        if self._run:
            self._run.cancel()
            await asyncio.wait({self._run})
        await super().stop()

    async def _measure(self, run: CuffRun, raw: bytes | None) -> None:
        self._log.event("measuring", device=self.address)
        self.advertise(True)
        for pressure in pressures(run):
            await self.send(self.intermediate, cuff_pressure(Decimal(pressure)))
            await asyncio.sleep(1 / PRESSURES_A_SECOND / self._speed)
        self._stored.append(raw if raw is not None else finished_bytes(run, self._device_time()))
        try:
            async with asyncio.timeout(WINDOW_S):
                await self._hand_over()
        except TimeoutError:
            self._log.event("kept", device=self.address, stored=len(self._stored))
        await asyncio.sleep(IDLE_S)
        self.advertise(False)
        self.drop(HUNG_UP)

    async def _hand_over(self) -> None:
        while self._stored:
            await self.until_subscribed(self.finished)
            if await self.send(self.finished, self._stored[0]):
                self._stored.popleft()


def pressures(run: CuffRun) -> list[int]:
    """The cuff's pressure in mmHg: up beyond the systolic, then slowly down below the diastolic."""
    count = max(run.inflate_s * PRESSURES_A_SECOND, 2)
    top, last = run.systolic + 25, run.diastolic - 15
    rising = max(round(count * RISING_SHARE), 1)
    up = [top * step // rising for step in range(1, rising + 1)]
    down = [top - (top - last) * step // (count - rising) for step in range(1, count - rising + 1)]
    return up + down


def finished_bytes(run: CuffRun, time: DeviceTime) -> bytes:
    """The result as a blood pressure measurement with time, pulse and status."""
    numbers = (Decimal(run.systolic), Decimal(run.diastolic), Decimal(run.mean))
    return blood_pressure(*numbers, time=time, pulse=Decimal(run.pulse), status=run.status)
