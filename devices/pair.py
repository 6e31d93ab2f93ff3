"""Pairing one device outside a session: connect it, ask a person what it wants to know, and hang up.

Runs in `kiosk devices add`. It subscribes to nothing: a cuff hands a reading over once, and some delete it then.
"""

from __future__ import annotations

import contextlib

from bleak import BleakClient
from bleak.backends.device import BLEDevice

from devices.adapter import RADIO_ERRORS, Adapter
from devices.bonding import DOUBTED_AFTER, Bonding
from devices.connection import PAIR_LIMIT_S, READ_LIMIT_S
from devices.limit import bounded
from devices.pairing import Ask, Interview
from devices.scan import find

CONNECT_LIMIT_S = 30.0


async def pair(spec: str, address: str, ask: Ask, within_s: float, *, forget: bool = False) -> bool:
    """True if the device was paired now, False if this computer has a bond with it that holds.

    spec as in `Adapter.open`; within_s: real seconds in which it must show itself. forget: remove this computer's side
    of an old bond first. Raises PairingError, AdapterError, and one of RADIO_ERRORS for a device that is not there.
    """
    async with await Adapter.open(spec) as adapter:
        if forget:
            await adapter.forget(address)
        for breaks in range(DOUBTED_AFTER):
            device = await find(adapter, address, within_s)
            try:
                return await _pair_once(adapter, device, Interview(ask), breaks)
            except RADIO_ERRORS:  # once more: one break may be interference
                if breaks + 1 == DOUBTED_AFTER:
                    raise
    return False


async def _pair_once(adapter: Adapter, device: BLEDevice, interview: Interview, breaks: int) -> bool:
    news: list[bool] = []
    bonding = Bonding(adapter, device.address.lower(), interview, lambda: news.append(True), breaks)
    client = adapter.client(device, _ignore, CONNECT_LIMIT_S * 0.8)
    try:
        await bounded(bonding.begin(), CONNECT_LIMIT_S)
        await bounded(client.connect(), CONNECT_LIMIT_S)
        if await bonding.is_needed():
            await bounded(bonding.pair(client), PAIR_LIMIT_S, bonding.is_asking)
    except RADIO_ERRORS as error:
        raise bonding.explained(error) from error
    finally:
        await bonding.end()
        with contextlib.suppress(*RADIO_ERRORS):
            await bounded(client.disconnect(), READ_LIMIT_S)
    return bool(news)


def _ignore(_client: BleakClient) -> None:
    """A link that drops shows in the operation that it interrupts."""
