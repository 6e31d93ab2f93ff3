"""A small monitor for tests, as a process that can be killed: prints each value of the oximeter as a hex line."""

from __future__ import annotations

import asyncio
import sys

from bleak import BleakClient, BleakScanner
from bleak.uuids import normalize_uuid_16 as sig

from devices.virtual.radio import attach


async def monitor(address: str) -> None:
    radio = await attach(address)
    device = await BleakScanner.find_device_by_filter(
        lambda _, seen: sig(0x1822) in seen.service_uuids, timeout=20, backend=radio.scanner_backend
    )
    assert device
    async with BleakClient(device, backend=radio.client_backend) as client:
        await client.start_notify(sig(0x2A5F), lambda _, data: print(bytes(data).hex(), flush=True))
        await radio.lost.wait()


asyncio.run(monitor(sys.argv[1]))
