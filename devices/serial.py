"""A device's serial number, asked for before anything is subscribed: so that nothing of another device is ever taken.

Runs in the monitor and in `kiosk devices add`, over a connection that stands. It reads device information, or puts the
one harmless question of a family that answers with its number; it writes nothing else.
"""

from __future__ import annotations

import asyncio
import contextlib

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic

from devices.adapter import RADIO_ERRORS
from devices.drivers import DecodeError, Described
from devices.drivers.declaration import Driver
from devices.drivers.framing import Framer
from devices.drivers.generic import TEXT_FIELDS, decode_text
from devices.drivers.payload import long_uuid, short_uuid
from devices.limit import bounded

SERIAL = next(uuid for uuid, field in TEXT_FIELDS.items() if field == "serial")
READ_LIMIT_S = 5.0
ANSWER_LIMIT_S = 3.0


async def serial_number(client: BleakClient, driver: Driver) -> str | None:
    """What the device says is its serial number; "" for one that has none, None where it could not be asked."""
    known = client.services.get_characteristic(long_uuid(SERIAL))
    try:
        if known is not None and "read" in known.properties:
            return decode_text(bytes(await bounded(client.read_gatt_char(known), READ_LIMIT_S)))
        return await _asked(client, driver) if driver.tells_serial else ""
    except (DecodeError, *RADIO_ERRORS):
        return None


async def _asked(client: BleakClient, driver: Driver) -> str | None:
    """The answer to the family's question; raises one of RADIO_ERRORS."""
    assert driver.question is not None
    uuid, question = driver.question
    assert driver.may_write(uuid, question)
    target, stream = (client.services.get_characteristic(long_uuid(one)) for one in (uuid, driver.main))
    if target is None or stream is None:
        return None
    told: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    framer = Framer(driver.framings[short_uuid(driver.main)])

    def heard(characteristic: BleakGATTCharacteristic, data: bytearray) -> None:
        for frame in framer.feed(bytes(data)):
            with contextlib.suppress(DecodeError):
                said = driver.decode(characteristic.uuid, frame)
                if isinstance(said, Described) and said.serial and not told.done():
                    told.set_result(said.serial)

    await bounded(client.start_notify(stream, heard), READ_LIMIT_S)
    try:
        await bounded(client.write_gatt_char(target, question, response="write" in target.properties), READ_LIMIT_S)
        await asyncio.wait({told}, timeout=ANSWER_LIMIT_S)
        return told.result() if told.done() else None
    finally:
        told.cancel()
        await bounded(client.stop_notify(stream), READ_LIMIT_S)
