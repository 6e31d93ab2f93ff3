"""One connection to one device, from connect to hang-up: pair, subscribe, then ask who it is, then listen.

Runs in the monitor. Used once and thrown away. It writes nothing to a device but the driver's allow-list, and leaves
no operation half-way: what takes too long is called off and waited for.
"""

from __future__ import annotations

import asyncio
import collections
import contextlib
from collections.abc import Callable, Coroutine, Generator
from enum import StrEnum
from typing import Any, NamedTuple

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.device import BLEDevice
from bleak.exc import BleakError, BleakGATTProtocolError

from devices.adapter import RADIO_ERRORS, Adapter
from devices.bonding import NEEDS_PAIRING, Bonding
from devices.catalog import Driver
from devices.drivers import Described
from devices.drivers.generic import BATTERY_LEVEL, TEXT_FIELDS
from devices.drivers.payload import long_uuid, short_uuid
from devices.drivers.script import Context, Script
from devices.dump import local_time
from devices.error import DeviceError
from devices.interpreter import Interpreter
from devices.limit import CALL_OFF_LIMIT_S, bounded
from devices.pace import Pace
from devices.reading import LinkState, Stamp
from devices.serial import serial_number
from devices.whose import Whose

ASK_LINK_EVERY_S = 2.0
READ_LIMIT_S = 5.0
WAITING_FRAMES = 64
"""Frames kept for a script that waits for one; older ones are dropped (they are reported all the same)."""
SUBSCRIBE_LIMIT_S = 15.0
"""Longer than a read: a system may pair by itself while it subscribes."""
PAIR_LIMIT_S = 30.0
"""Without a person: with one who is being asked, as long as the question stands."""
STOP_LIMIT_S = 1.5
IDENTITY = tuple(
    uuid for uuid, field in TEXT_FIELDS.items() if field in ("manufacturer", "model", "serial", "firmware")
)


class LinkFault(StrEnum):
    """Why a device cannot be used or was not written to."""

    NO_MEASUREMENT = "no measurement characteristic"
    WRITE_NOT_ALLOWED = "write not allowed"
    NOT_CONNECTED = "not connected"
    ANOTHER_DEVICE = "another device than the chosen one"


class LinkError(DeviceError):
    """A device refuses, or we do. detail: the fact, for support."""

    def __init__(self, fault: LinkFault, detail: str = "") -> None:
        super().__init__(f"{fault}: {detail}" if detail else str(fault))
        self.fault = fault
        self.detail = detail


class Ending(NamedTuple):
    """How a connection ended."""

    state: LinkState
    detail: str


class Connection:
    """heard: payloads taken. `connect`, then `stream` until it ends, and `close` in any case.

    settle: returns when what was reported is stored, or cannot be; called before a value is confirmed to its device.
    whose: knows the chosen device again; None takes whoever is there.
    """

    def __init__(
        self,
        driver: Driver,
        interpreter: Interpreter,
        pace: Pace,
        now: Callable[[], Stamp],
        bonding: Bonding,
        settle: Callable[[], object],
        whose: Whose | None = None,
    ) -> None:
        self.heard = 0
        self._whose = whose
        self._bonding = bonding
        self._driver = driver
        self._interpreter = interpreter
        self._pace = pace
        self._now = now
        self._client: BleakClient | None = None
        self._subscribed: list[BleakGATTCharacteristic] = []
        self._ended: asyncio.Future[Ending | None] = asyncio.get_running_loop().create_future()
        self._heard_s = 0.0
        self._name = ""
        self._began: Callable[[], None] = lambda: None
        self._frames: collections.deque[bytes] = collections.deque(maxlen=WAITING_FRAMES)
        self._frame_came = asyncio.Event()
        self._settle = settle

    async def connect(self, adapter: Adapter, device: BLEDevice) -> None:
        """Connect and discover services; raises one of RADIO_ERRORS or PairingError within the pace's limit."""
        self._name = device.name or ""
        self._interpreter.connected()
        self._client = adapter.client(device, self._on_gone, self._pace.connect_limit_s * 0.8)
        with self._explained():
            await bounded(self._bonding.begin(), self._pace.connect_limit_s)
            await bounded(self._client.connect(), self._pace.connect_limit_s)

    async def stream(self, began: Callable[[], None]) -> Ending:
        """Subscribe, call `began` (maybe twice), then listen until the link ends, falls silent or `end` is called."""
        self._began = began
        with self._explained():
            if self._driver.needs_bond and await self._bonding.is_needed():
                await self._pair()
            await self._recognise()
            await self._play(self._driver.prepare)
            await self._subscribe()
        await self._bonding.subscribed()
        began()
        self._heard_s = asyncio.get_running_loop().time()
        tasks = {asyncio.ensure_future(self._ask()), asyncio.ensure_future(self._play(self._driver.script))}
        try:
            return await self._listen()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            for task in tasks:
                if not task.cancelled() and (error := task.exception()):
                    raise error

    async def _recognise(self) -> None:
        """Before anything is subscribed: is it the chosen one? A doubted one may only be looked at, if that."""
        whose, is_bonded = self._whose, self._bonding.was_bonded
        if whose is None:
            return
        serial = None if whose.is_proven(is_bonded) else await serial_number(self._live(), self._driver)
        whose.recognise(serial, is_bonded)
        if whose.doubt is not None and not whose.may_be_seen:
            raise LinkError(LinkFault.ANOTHER_DEVICE)

    def end(self, detail: str) -> None:
        """Let `stream` end as lost, e.g. because a person asked for a new link."""
        if not self._ended.done():
            self._ended.set_result(Ending(LinkState.LOST, detail))

    async def write(self, characteristic_uuid: str, data: bytes) -> None:
        """Write if the driver's allow-list has these bytes, with response where the device gives one.

        The only place that writes to a device. Raises LinkError for anything else than the list.
        """
        if not self._driver.may_write(characteristic_uuid, data):
            raise LinkError(LinkFault.WRITE_NOT_ALLOWED, f"{characteristic_uuid} {data.hex()}")
        if self._client is None or not self._client.is_connected:
            raise LinkError(LinkFault.NOT_CONNECTED)
        known = self._client.services.get_characteristic(long_uuid(characteristic_uuid))
        response = known is None or "write" in known.properties
        target = long_uuid(characteristic_uuid)
        await self._paired(lambda: self._live().write_gatt_char(target, data, response=response), READ_LIMIT_S)

    async def read(self, characteristic_uuid: str) -> bytes | None:
        """As `ScriptLink.read`."""
        raw = b""
        with contextlib.suppress(*RADIO_ERRORS):
            if characteristic := self._characteristic(characteristic_uuid, "read"):
                raw = bytes(await bounded(self._live().read_gatt_char(characteristic), READ_LIMIT_S))
                self._interpreter.take(characteristic_uuid, raw, self._now())
        return raw or None

    def has(self, characteristic_uuid: str) -> bool:
        """Whether the device has this characteristic."""
        return self._live().services.get_characteristic(long_uuid(characteristic_uuid)) is not None

    async def frame(self, within_s: float) -> bytes | None:
        """The next whole frame within so many session seconds, None if none comes."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._pace.real(within_s)):
                while not self._frames:
                    self._frame_came.clear()
                    await self._frame_came.wait()
                return self._frames.popleft()
        return None

    def forget(self) -> None:
        """As `ScriptLink.forget`."""
        self._frames.clear()

    async def pause(self, seconds: float) -> None:
        """Session seconds."""
        await asyncio.sleep(self._pace.real(seconds))

    async def _play(self, script: Script | None) -> None:
        """A family's script. A device that refuses a write is listened to all the same; silence ends the link."""
        if script is None:
            return
        context = Context(self._name, lambda: local_time(self._now().utc_ns))
        try:
            await script(self, lambda said: self._interpreter.note(said, self._name, self._now()), context)
        except LinkError as error:
            if error.fault is not LinkFault.NOT_CONNECTED:
                raise  # a link that was lost before a write is a lost link, no refusal of the device's
        except RADIO_ERRORS:
            pass

    async def close(self) -> None:
        """Hang up: notifications off first, because some stacks remember them and the device does not."""
        self._interpreter.ended(self._now())
        await self._bonding.end()
        client = self._client
        if client is None:
            return
        with contextlib.suppress(*RADIO_ERRORS):
            async with asyncio.timeout(STOP_LIMIT_S):
                for characteristic in self._subscribed:
                    if client.is_connected:
                        await client.stop_notify(characteristic)
        with contextlib.suppress(*RADIO_ERRORS):
            await bounded(client.disconnect(), CALL_OFF_LIMIT_S)

    def _on_gone(self, _client: BleakClient) -> None:
        if not self._ended.done():
            self._ended.set_result(None)

    async def _subscribe(self) -> None:
        for uuid in (*self._driver.beside_streams, *self._driver.streams):
            if characteristic := self._characteristic(uuid, "notify", "indicate"):
                await self._paired(lambda one=characteristic: self._start_notify(one), SUBSCRIBE_LIMIT_S)
                self._subscribed.append(characteristic)
        if not self._subscribed:
            raise LinkError(LinkFault.NO_MEASUREMENT, f"none of {', '.join(self._driver.streams)}")

    def _characteristic(self, uuid: str, *properties: str) -> BleakGATTCharacteristic | None:
        found = self._live().services.get_characteristic(long_uuid(uuid))
        return found if found and set(properties).intersection(found.properties) else None

    def _live(self) -> BleakClient:
        if self._client is None or not self._client.is_connected:
            raise BleakError("the link is gone")
        return self._client

    async def _start_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        await self._live().start_notify(characteristic, self._on_payload)

    async def _paired(self, action: Callable[[], Coroutine[Any, Any, None]], limit_s: float) -> None:
        """Where the device wants a bond first, pair once and try once more. Some systems pair by themselves here."""
        try:
            await bounded(action(), limit_s, self._bonding.is_asking)
        except BleakGATTProtocolError as error:
            if error.code not in NEEDS_PAIRING:
                raise
            await self._pair()
            await bounded(action(), limit_s)

    async def _pair(self) -> None:
        await bounded(self._bonding.pair(self._live()), PAIR_LIMIT_S, self._bonding.is_asking)

    @contextlib.contextmanager
    def _explained(self) -> Generator[None]:
        """What the radio says is told as what it comes from."""
        try:
            yield
        except RADIO_ERRORS as error:
            raise self._bonding.explained(error) from error

    def _on_payload(self, characteristic: BleakGATTCharacteristic, data: bytearray) -> None:
        stamp = self._now()  # before anything else: decoding time is not part of a value's age
        if not self.heard:
            self._began()  # a device may send before the subscription is confirmed
        self.heard += 1
        self._interpreter.take(characteristic.uuid, bytes(data), stamp)
        if self._interpreter.frames or not self._driver.framings:
            self._heard_s = asyncio.get_running_loop().time()  # bytes that are no frame are as good as silence
        self._frames.extend(self._interpreter.frames)
        self._frame_came.set()
        if "indicate" in characteristic.properties:
            self._settle()  # some devices delete what is confirmed, and our return is what confirms it

    async def _ask(self) -> None:
        """Who it is and how full its battery is; a device that does not answer is listened to all the same."""
        pieces = [await self._read(uuid) for uuid in (*IDENTITY, *self._driver.reads)]
        described = [piece for piece in pieces if isinstance(piece, Described)]
        self._interpreter.describe(described, self._name, self._now())
        await self._watch_battery()

    async def _watch_battery(self) -> None:
        with contextlib.suppress(*RADIO_ERRORS):
            if level := self._characteristic(BATTERY_LEVEL, "notify"):
                await bounded(self._live().start_notify(level, self._on_battery), READ_LIMIT_S)
                self._subscribed.append(level)
        while True:
            await self._read(BATTERY_LEVEL)
            await asyncio.sleep(self._pace.real(self._pace.battery_every_s))

    def _on_battery(self, characteristic: BleakGATTCharacteristic, data: bytearray) -> None:
        self._interpreter.take(characteristic.uuid, bytes(data), self._now())

    async def _read(self, uuid: str) -> Any:
        """What a readable characteristic says, decoded; None where there is none or no answer."""
        with contextlib.suppress(*RADIO_ERRORS):
            if characteristic := self._characteristic(uuid, "read"):
                raw = await bounded(self._live().read_gatt_char(characteristic), READ_LIMIT_S)
                return self._interpreter.take(uuid, bytes(raw), self._now())
        return None

    async def _listen(self) -> Ending:
        live = any(short_uuid(characteristic.uuid) in self._driver.live for characteristic in self._subscribed)
        while not self._ended.done():
            left_s = self._silence_left() if live else ASK_LINK_EVERY_S
            if left_s <= 0:
                return Ending(LinkState.SILENT, f"nothing for {self._pace.silent_after_s:g} s")
            await asyncio.wait({self._ended}, timeout=min(left_s, ASK_LINK_EVERY_S))
            if not self._ended.done() and not (self._client and self._client.is_connected):
                self._ended.set_result(None)  # some stacks forget to say so
        return self._ended.result() or self._gone(live)

    def _silence_left(self) -> float:
        return self._heard_s + self._pace.silence() - asyncio.get_running_loop().time()

    def _gone(self, live: bool) -> Ending:
        """A cuff hangs up when it has handed over what it had: that is its normal end."""
        if live:
            return Ending(LinkState.LOST, "the link was lost")
        return Ending(LinkState.FINISHED, f"{self.heard} payloads")
