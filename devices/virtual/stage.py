"""The simulated world of one air: a virtual radio link, the devices on it, their script, and the attached monitors.

Runs in the air's process (`air`), which owns sockets, signals and orders.
"""

# pyright: standard
# bumble is typed in part only.

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
from bumble.core import BaseBumbleError
from bumble.link import LocalLink
from bumble.transport.common import StreamPacketSink

from devices.virtual import control
from devices.virtual.cuff import Cuff
from devices.virtual.encoding import DeviceTime
from devices.virtual.family import FAMILIES
from devices.virtual.ledger import Frame
from devices.virtual.memory_cuff import MemoryCuff
from devices.virtual.oximeter import Oximeter
from devices.virtual.peripheral import Peripheral
from devices.virtual.player import Player
from devices.virtual.port import Port
from devices.virtual.scenario import SCENARIOS, CuffRun, Story, UnknownScenario
from devices.virtual.sent import SentLog
from devices.virtual.streamer import Streamer
from devices.virtual.world import World

SETTLE_S = 1.0


class Stage:
    """The link, the devices and their script; each `Line` puts a monitor on it."""

    def __init__(
        self, story: Story, speed: float, log: SentLog, started: datetime, families: Sequence[str] = ()
    ) -> None:
        """families: names of `family.FAMILIES` that are in the air too, beside the standard oximeter and cuff."""
        self.link = LocalLink()
        self.log = log
        self.oximeter = Oximeter(self.link, log)
        self.cuff = Cuff(self.link, log, self.device_time, speed)
        world = World(self.link, log, self.device_time, speed)
        more = {name: FAMILIES[name](world) for name in families}
        self.devices: dict[str, Peripheral] = {"oximeter": self.oximeter, "cuff": self.cuff, **more}
        self.player = Player(story, self.oximeter, self.cuff, speed, list(more.values()))
        self.ended = asyncio.Event()
        self._lines: set[Line] = set()
        self._held = False
        self._attached = 0
        self._speed, self._started = speed, started
        self._epoch = datetime.now(UTC)

    def device_time(self) -> DeviceTime:
        """The devices' clock: the zone of this computer, running with the script."""
        scripted = self._started + (datetime.now(UTC) - self._epoch) * self._speed
        return DeviceTime.of(scripted.astimezone())

    async def start(self) -> None:
        for device in self.devices.values():
            await device.start()

    async def stop(self) -> None:
        """Leave the air: the devices hang up, what is on its way is waited for, then the monitors' lines end."""
        for device in self.devices.values():
            await device.stop()
        await self.log.settled(SETTLE_S)
        for line in list(self._lines):
            line.transport.close()
            await line.closed.wait()

    def attach(self, line: Line) -> Port:
        """Give a monitor an adapter of its own; the first one starts the script."""
        self._attached += 1
        self._lines.add(line)
        port = Port(self._attached, StreamPacketSink(line.transport), self.link, self.log, self._name_of)
        self.log.event("attached", monitor=port.number)
        if not self._held:
            self.player.resume()
        return port

    def detach(self, line: Line) -> None:
        """A monitor has gone: its links are lost, its devices can be found again."""
        self._lines.discard(line)
        line.port.gone()
        self.log.event("gone", monitor=line.port.number)

    def _name_of(self, address: str, handle: int) -> str:
        return next((d.name_of(handle) for d in self.devices.values() if d.address == address), "")

    async def obey(self, order: control.Order) -> None:
        """Do what is asked. Raises control.Refused when it cannot be done now."""
        match order:
            case control.Measure():
                self._measure(order)
            case control.Drop():
                _unless(self._device(order.device).drop(), "no link to drop")
            case control.Send():
                await self._send(order)
            case control.Fault():
                self._spoil(order)
            case control.Mend():
                self._spoilable(order.device).faults.mend()
            case control.Store() | control.Offer() | control.SetClock() | control.HoldButton():
                self._memory(order)
            case control.Guard():
                self._device(order.device).guard(order.way, order.same)
            case control.TypePasskey():
                _unless(self._device(order.device).type_passkey(order.number), f"{order.device} has no keys")
            case control.Forget():
                await self._device(order.device).forget()
            case control.Identify():
                self._device(order.device).say_serial(order.serial)
            case control.Spot():
                _unless(await self.oximeter.spot_check(self.player.sample, self.device_time()), "nobody took it")
            case control.Advertise():
                self._device(order.device).advertise(order.wanted)
            case control.Hold() | control.Resume():
                self._hold(isinstance(order, control.Hold))
            case control.Play():
                self._play(order)
            case control.Quit():
                self.ended.set()

    def _measure(self, order: control.Measure) -> None:
        asked = {k: v for k, v in msgspec.structs.asdict(order).items() if v is not None and k not in ("device", "hex")}
        run: CuffRun = msgspec.structs.replace(self.player.next_cuff_run(), **asked)
        raw = None if order.hex is None else _bytes(order.hex)
        device = self._device(order.device)
        started = self.player.measure(run, raw) if device is self.cuff else device.measure(run, raw)
        _unless(started, f"the {order.device} is measuring")

    def _spoil(self, order: control.Fault) -> None:
        device = self._spoilable(order.device)
        asked = {k: v for k, v in msgspec.structs.asdict(order).items() if v is not None and k != "device"}
        for name in asked:
            _unless(name not in device.impossible, f"{order.device}: {device.impossible.get(name)}")
        for name, value in asked.items():
            setattr(device.faults, name, value)

    async def _send(self, order: control.Send) -> None:
        device = self._device(order.device)
        if isinstance(device, Streamer) and not order.characteristic:
            _unless(await device.say(Frame(_bytes(order.hex), order.owed)), "nobody took it")
            return
        main = "2A5F" if device is self.oximeter else "2A35"
        try:
            characteristic = device.characteristic(order.characteristic or main)
        except (BaseBumbleError, ValueError) as error:
            raise control.Refused(f"not a UUID: {order.characteristic}") from error
        if characteristic is None:
            raise control.Refused(f"{order.device} has no {order.characteristic}")
        _unless(await device.send(characteristic, _bytes(order.hex)), "nobody took it")

    def _hold(self, held: bool) -> None:
        self._held = held
        if held:
            self.player.hold()
        elif self._attached:
            self.player.resume()

    def _play(self, order: control.Play) -> None:
        story = self.player.story
        try:
            self.player.play(Story(order.name, order.length or story.length_s, story.seed))
        except UnknownScenario as error:
            raise control.Refused(f"no scenario {order.name}; there are {', '.join(SCENARIOS)}") from error

    def _device(self, role: str) -> Peripheral:
        if role not in self.devices:
            raise control.Refused(f"no device {role}; there are {', '.join(self.devices)}")
        return self.devices[role]

    def _spoilable(self, role: str) -> Streamer | MemoryCuff:
        device = self._device(role)
        if not isinstance(device, Streamer | MemoryCuff):
            raise control.Refused(f"{role} does nothing wrong by order")
        return device

    def _memory(self, order: control.Store | control.Offer | control.SetClock | control.HoldButton) -> None:
        device = self._device(order.device)
        if not isinstance(device, MemoryCuff):
            raise control.Refused(f"{order.device} is no cuff with a memory")
        match order:
            case control.Store():
                device.remember(*(_bytes(one) for one in order.hex))
            case control.Offer():
                _unless(device.offer(), f"the {order.device} is busy")
            case control.SetClock():
                device.clock.off_s = order.ahead_s
            case control.HoldButton():
                _unless(device.hold_button(), f"{order.device} needs no button to pair")


def _unless(done: bool, because: str) -> None:
    if not done:
        raise control.Refused(because)


def _bytes(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise control.Refused(f"not hex: {text}") from error


class Line(asyncio.Protocol):
    """One monitor's HCI connection."""

    transport: asyncio.WriteTransport
    port: Port

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.closed = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self.transport = transport
        self.port = self._stage.attach(self)

    def data_received(self, data: bytes) -> None:
        self.port.source.data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stage.detach(self)
        self.closed.set()
