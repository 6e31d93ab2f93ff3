"""A simulated cuff that measures by itself, keeps what it measured and hands it over when somebody links to it.

Runs in the air's process. Its manners are those of real ones: it can be found for a moment only, wants its readings
confirmed one by one, forgets them then or repeats them for ever, has a clock that may be wrong, and hangs up by itself.
"""

# pyright: standard
# bumble is typed in part only.

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from types import MappingProxyType

from bumble.gatt import Characteristic, Service

from devices.virtual.controller import HUNG_UP
from devices.virtual.encoding import DeviceTime, blood_pressure
from devices.virtual.faults import Faults
from devices.virtual.peripheral import NO_DATA, Identity, Peripheral
from devices.virtual.scenario import CuffRun, Sample
from devices.virtual.uuid import uuid_text
from devices.virtual.world import World

FEATURES = 0x0004  # irregular pulse
WINDOW_S = 30.0
IDLE_S = 1.0
FIRST_S, EVERY_S, INFLATE_S = 20, 180, 20
PRESSURES = ((118, 76, 90), (124, 80, 95), (131, 84, 100))
NOT_FRAMES = "it sends whole measurements and waits for each to be confirmed"


class Clock:
    """The cuff's own clock. off_s: how far it runs ahead of the air's; None: nobody ever set it."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.off_s: float | None = 0.0

    def now(self) -> DeviceTime:
        if self.off_s is None:
            return DeviceTime(0, 1, 1, *self._world.device_time()[3:])
        return DeviceTime.of(datetime(*self._world.device_time()) + timedelta(seconds=self.off_s))  # noqa: DTZ001

    def set(self, time: bytes) -> None:
        """Seven bytes of date and time, as they were written to it."""
        fields = DeviceTime(int.from_bytes(time[:2], "little"), *time[2:7])
        ahead = datetime(*fields) - datetime(*self._world.device_time())  # noqa: DTZ001
        self.off_s = ahead.total_seconds()


class MemoryCuff(Peripheral):
    """stored: what it will hand over, oldest first. orders: what was written to it. faults: `silent` and `break_off`
    only: the link is lost while a reading waits to be confirmed.
    """

    always_on = False
    forgets = True
    """A confirmed reading is gone from it; False: it hands over everything at each link."""
    impossible: Mapping[str, str] = MappingProxyType(
        dict.fromkeys(("fragment", "at_every_boundary", "merge", "flips", "finger_out"), NOT_FRAMES)
    )

    def __init__(
        self, world: World, identity: Identity, *, more: Sequence[Characteristic] = (), beside: Sequence[Service] = ()
    ) -> None:
        """more: characteristics in the service of the pressure. beside: services of its own."""
        properties = Characteristic.Properties
        self.finished = Characteristic("2A35", properties.INDICATE, NO_DATA)
        feature = Characteristic("2A49", properties.READ, Characteristic.READABLE, FEATURES.to_bytes(2, "little"))
        super().__init__(world.link, world.log, identity, [self.finished, feature, *more], beside)
        self.clock = Clock(world)
        self.faults = Faults()
        self.orders: list[bytes] = []
        self.stored: list[bytes] = []
        self._speed = world.speed
        self._second = 0
        world.log.once(self.address, uuid_text(self.finished.uuid))
        self._run: asyncio.Task[None] | None = None

    def encode(self, run: CuffRun, time: DeviceTime) -> bytes:
        """The result of a measurement as this family stores it."""
        numbers = (Decimal(run.systolic), Decimal(run.diastolic), Decimal(run.mean))
        return blood_pressure(*numbers, time=time, pulse=Decimal(run.pulse), status=run.status)

    @property
    def busy(self) -> bool:
        """True from the start of a measurement until the cuff has hung up."""
        return self._run is not None and not self._run.done()

    async def live(self, sample: Sample, second_s: float) -> None:
        """By itself it measures every three minutes of the script, with the story's pulse."""
        count, at = divmod(self._second - FIRST_S, EVERY_S)
        self._second += 1
        if at == 0 and count >= 0:
            pulse = int(sample.pulse or 60)
            self.measure(CuffRun(self._second, INFLATE_S, *PRESSURES[count % len(PRESSURES)], pulse))

    def measure(self, run: CuffRun, raw: bytes | None = None) -> bool:
        """`raw`: exact bytes to store instead of the result. False while it is busy."""
        return self._begin(self._measure(run, raw))

    def offer(self) -> bool:
        """Hand over what is stored, without a measurement. False while it is busy."""
        return self._begin(self._hand_over())

    def hold_button(self) -> bool:
        """Let it be paired with. False: it needs no button for that."""
        return False

    def remember(self, *payloads: bytes) -> None:
        """Put readings into its memory."""
        self.stored += payloads

    async def stop(self) -> None:
        if self._run:
            self._run.cancel()
            await asyncio.wait({self._run})
        await super().stop()

    def _begin(self, work: object) -> bool:
        if self.busy:
            work.close()  # type: ignore[attr-defined]
            return False
        self._run = asyncio.ensure_future(work)  # type: ignore[arg-type]
        return True

    async def _measure(self, run: CuffRun, raw: bytes | None) -> None:
        self._log.event("measuring", device=self.address)
        await asyncio.sleep(run.inflate_s / self._speed)
        self.stored.append(raw if raw is not None else self.encode(run, self.clock.now()))
        await self._hand_over()

    async def _hand_over(self) -> None:
        """Be found, hand over, hang up; what nobody confirmed stays for the next time."""
        self.advertise(True)
        try:
            async with asyncio.timeout(WINDOW_S):
                await self._dump()
        except TimeoutError:
            pass
        self._log.event("handed over", device=self.address, left=[one.hex() for one in self.stored])
        await asyncio.sleep(IDLE_S / self._speed)
        self.advertise(False)
        self.drop(HUNG_UP)

    async def _dump(self) -> None:
        waiting = list(self.stored)
        while waiting:
            await self.until_subscribed(self.finished)
            if self.faults.silent:
                await asyncio.sleep(IDLE_S / self._speed)
            elif await self._confirmed(waiting[0]):
                self._confirm(waiting.pop(0))
            elif not self.forgets:
                waiting = list(self.stored)  # a new link gets everything again

    async def _confirmed(self, payload: bytes) -> bool:
        self._log.event("handing over", device=self.address, payload=payload.hex())
        if self.faults.break_off:
            self.faults.break_off = False
            asyncio.get_running_loop().call_soon(self.drop)
        return await self.send(self.finished, payload)

    def _confirm(self, payload: bytes) -> None:
        if self.forgets:
            self.stored.remove(payload)
            self._log.event("forgot", device=self.address, payload=payload.hex())
