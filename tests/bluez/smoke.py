"""The guest's own check, for `tests/bluez/run smoke.py`: five notifications through BlueZ and bleak alone."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from bleak import BleakClient, BleakScanner
from radio import CONTINUOUS, OXIMETER, Oximeter, Radio


async def main() -> None:
    radio = Radio()
    await radio.open()
    oximeter = Oximeter(radio.link, print)
    await oximeter.start()
    sending = asyncio.ensure_future(oximeter.send_forever())
    device = await BleakScanner.find_device_by_address(OXIMETER, timeout=30)
    assert device is not None
    heard: asyncio.Queue[bytes] = asyncio.Queue()
    async with BleakClient(device) as client, asyncio.timeout(60):
        await client.start_notify(CONTINUOUS, lambda _, data: heard.put_nowait(bytes(data)))
        for _ in range(5):
            print("heard", (await heard.get()).hex())
    sending.cancel()


asyncio.run(main())
