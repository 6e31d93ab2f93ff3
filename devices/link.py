"""Keeping one device: search, connect, stream, and again after every end, for as long as the session lasts.

Runs in the monitor. Gives up never; every change of state leaves by `report`. One connect at a time over all devices,
because radios refuse two. A device that was not chosen is never connected.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import NamedTuple

from bleak.backends.device import BLEDevice

from devices.adapter import RADIO_ERRORS, Adapter
from devices.catalog import Driver
from devices.connection import Connection, Ending, LinkError, LinkFault
from devices.interpreter import Interpreter, Reporter
from devices.pace import Pace
from devices.reading import LinkChanged, LinkState, Stamp
from devices.scan import Scanner


class Air(NamedTuple):
    """What all links of one open adapter share. connecting: held during a connect."""

    adapter: Adapter
    scanner: Scanner
    connecting: asyncio.Lock


class Link:
    """device: address in lower case, the key of everything reported. state: the last state said."""

    def __init__(
        self, device: str, driver: Driver, *, now: Callable[[], Stamp], report: Reporter, pace: Pace | None = None
    ) -> None:
        self.device = device.lower()
        self.driver = driver
        self.state: LinkState | None = None
        self._now = now
        self._report = report
        self._pace = pace or Pace()
        self._interpreter = Interpreter(self.device, driver, report)
        self._connection: Connection | None = None
        self._failures = 0
        self._hurry = asyncio.Event()

    async def keep(self, air: Air) -> None:
        """Until cancelled; then the link is hung up properly before this returns."""
        while True:
            self.say(LinkState.SEARCHING)
            found = await air.scanner.find(self.device)
            ending = await self._one_connection(air, found)
            await self._rest(ending)

    def restart(self) -> None:
        """Drop the link and connect again now, without waiting for a back-off."""
        self._hurry.set()
        if self._connection is not None:
            self._connection.end("a new link was asked for")

    async def write(self, characteristic_uuid: str, data: bytes) -> None:
        """Write to the connected device what its driver's allow-list has; raises LinkError otherwise."""
        if not self.driver.may_write(characteristic_uuid, data):
            raise LinkError(LinkFault.WRITE_NOT_ALLOWED, f"{characteristic_uuid} {data.hex()}")
        if self._connection is None:
            raise LinkError(LinkFault.NOT_CONNECTED)
        await self._connection.write(characteristic_uuid, data)

    def say(self, state: LinkState, detail: str = "", retry_s: float | None = None) -> None:
        """Report a state, once."""
        if state is self.state and not detail:
            return
        self.state = state
        self._report(LinkChanged(self.device, self._now(), state, detail, retry_s))

    async def _one_connection(self, air: Air, found: BLEDevice) -> Ending:
        connection = self._connection = Connection(self.driver, self._interpreter, self._pace, self._now)
        try:
            async with air.connecting:
                self.say(LinkState.CONNECTING)
                await connection.connect(air.adapter, found)
            return await connection.stream(lambda: self.say(LinkState.STREAMING))
        except LinkError as error:
            return Ending(LinkState.REFUSED, str(error))
        except RADIO_ERRORS as error:
            return Ending(LinkState.LOST, str(error) or type(error).__name__)
        finally:
            self._failures = 0 if connection.heard else self._failures
            self._connection = None
            await connection.close()

    async def _rest(self, ending: Ending) -> None:
        """Say how it ended and wait, longer after each failure in a row; a request for a new link cuts it short."""
        self._failures += 1
        wait_s = self._pace.back_off(self._failures)
        if ending.state is LinkState.SILENT:
            self.say(ending.state, ending.detail)
            ending = Ending(LinkState.LOST, "recycled after silence")
        self.say(ending.state, ending.detail, wait_s)
        try:
            async with asyncio.timeout(self._pace.real(wait_s)):
                await self._hurry.wait()
        except TimeoutError:
            pass
        self._hurry.clear()
