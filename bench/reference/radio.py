"""The virtual radio's own delivery: a bare bleak client that says when each notification arrived, and its bytes."""

from __future__ import annotations

import asyncio
import json
import sys
import time

from bleak import BleakClient, BleakScanner
from bleak.uuids import normalize_uuid_16

from devices.virtual.radio import attach

PLX, CONTINUOUS = normalize_uuid_16(0x1822), normalize_uuid_16(0x2A5F)


def arrived(_: object, raw: bytearray) -> None:
    """One line a notification."""
    print(json.dumps({"utc_ns": time.time_ns(), "hex": bytes(raw).hex()}), flush=True)


async def receive(address: str) -> None:
    """Take the oximeter's values until this process is ended."""
    radio = await attach(address)
    device = await BleakScanner.find_device_by_filter(
        lambda _, seen: PLX in seen.service_uuids, timeout=20, backend=radio.scanner_backend
    )
    assert device is not None
    async with BleakClient(device, backend=radio.client_backend) as client:
        await client.start_notify(CONTINUOUS, arrived)
        await radio.lost.wait()


if __name__ == "__main__":
    asyncio.run(receive(sys.argv[1]))
