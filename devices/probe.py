"""Which family is it, where the advertisement does not tell: connect, look, ask harmlessly, believe checksums only.

Runs in `kiosk devices add`, never in a session. Sends nothing but the candidates' own questions, each on its
candidate's allow-list, and one at a time; a device that answers none of them stays a stranger.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic

from devices.adapter import RADIO_ERRORS, Adapter
from devices.catalog import Driver
from devices.connection import READ_LIMIT_S, SUBSCRIBE_LIMIT_S, LinkError, LinkFault
from devices.drivers import DecodeError
from devices.drivers.framing import Framer
from devices.drivers.payload import long_uuid, short_uuid
from devices.limit import bounded
from devices.scan import find

LISTEN_S = 5.0
ANSWER_S = 3.0


class Judge:
    """What the candidates' framers make of what a device sends. found: the family, None while nothing is proven."""

    def __init__(self, candidates: Iterable[Driver]) -> None:
        self.found: Driver | None = None
        self.candidates = tuple(candidates)
        self._framers = {
            (driver.id, uuid): Framer(framing)
            for driver in self.candidates
            for uuid, framing in driver.framings.items()
        }
        self._believed = {driver.id: 0 for driver in self.candidates}

    def look(self, characteristics: frozenset[str]) -> None:
        """What the device has, in short form: who measures elsewhere is out; a lone one without frames is it."""
        self.candidates = tuple(d for d in self.candidates if characteristics.intersection(d.streams))
        if len(self.candidates) == 1 and not self.candidates[0].framings:
            self.found = self.candidates[0]

    def take(self, characteristic_uuid: str, raw: bytes) -> None:
        """A payload: the first family of which enough whole frames came is it."""
        for driver in self.candidates:
            framer = self._framers.get((driver.id, short_uuid(characteristic_uuid)))
            for frame in framer.feed(raw) if framer else ():
                with contextlib.suppress(DecodeError):
                    driver.decode(characteristic_uuid, frame)
                    self._believed[driver.id] += 1
            if self._believed[driver.id] >= driver.frames_to_believe and self.found is None:
                self.found = driver


async def probe(spec: str, address: str, candidates: Iterable[Driver], within_s: float = 30.0) -> Driver | None:
    """The family of the device with this address, None if it proves to be none of them.

    spec as in `Adapter.open`. Raises AdapterError, LinkError, and TimeoutError where the device is not found in time.
    """
    async with await Adapter.open(spec) as adapter:
        device = await find(adapter, address, within_s)
        client = adapter.client(device, _ignore, within_s)
        try:
            await bounded(client.connect(), within_s)
            return await _asked(client, Judge(candidates))
        finally:
            with contextlib.suppress(*RADIO_ERRORS):
                await bounded(client.disconnect(), READ_LIMIT_S)


async def _asked(client: BleakClient, judge: Judge) -> Driver | None:
    judge.look(frozenset(short_uuid(c.uuid) for c in client.services.characteristics.values()))
    came = asyncio.Event()

    def on_payload(characteristic: BleakGATTCharacteristic, data: bytearray) -> None:
        judge.take(characteristic.uuid, bytes(data))
        if judge.found:
            came.set()

    if judge.found is None and judge.candidates:
        await _subscribe(client, judge.candidates, on_payload)
        for driver in judge.candidates:
            await _ask(client, driver, came)
    return judge.found


async def _subscribe(
    client: BleakClient, candidates: Iterable[Driver], on_payload: Callable[[BleakGATTCharacteristic, bytearray], None]
) -> None:
    for uuid in dict.fromkeys(uuid for driver in candidates for uuid in driver.streams):
        known = client.services.get_characteristic(long_uuid(uuid))
        if known and {"notify", "indicate"}.intersection(known.properties):
            await bounded(client.start_notify(known, on_payload), SUBSCRIBE_LIMIT_S)


async def _ask(client: BleakClient, driver: Driver, came: asyncio.Event) -> None:
    """One candidate's question, or only patience where it sends by itself; nothing more once the answer is there."""
    if came.is_set():
        return
    wait_s = LISTEN_S
    if driver.question is not None:
        uuid, data = driver.question
        if not driver.may_write(uuid, data):
            raise LinkError(LinkFault.WRITE_NOT_ALLOWED, f"{uuid} {data.hex()}")
        known = client.services.get_characteristic(long_uuid(uuid))
        if known is None:
            return
        await bounded(client.write_gatt_char(known, data, response="write" in known.properties), READ_LIMIT_S)
        wait_s = ANSWER_S
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(came.wait(), wait_s)


def _ignore(_client: BleakClient) -> None:
    """A link that drops shows in the operation that it interrupts."""
