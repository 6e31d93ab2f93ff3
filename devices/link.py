"""Keeping one device: search, connect, stream, and again after every end, for as long as the session lasts.

Runs in the monitor. Gives up never; every change of state leaves by `report`. One connect at a time over all devices,
because radios refuse two. A device that was not chosen is never connected.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from bleak.backends.device import BLEDevice

from devices.adapter import RADIO_ERRORS, Adapter
from devices.bonding import Bonding
from devices.catalog import Driver
from devices.connection import Connection, Ending, LinkError, LinkFault
from devices.interpreter import Interpreter, Reporter
from devices.pace import Pace
from devices.pairing import Ask, Interview, PairingError, PairingFault
from devices.reading import BondForgotten, LinkChanged, LinkState, Paired, PairingFailed, Reading, Stamp
from devices.search import Air, Search
from devices.whose import Identity, Whose

PERSONS = frozenset({PairingFault.DECLINED, PairingFault.UNANSWERED, PairingFault.REFUSED})
"""After these nothing is asked again before a person wants it: a question must not come back by itself."""


class Link:
    """device: the key of everything reported, its address when the run began. state: the last state said.

    whose: what is known of a chosen device, None for whoever is there. ask: asks a person while this device is paired;
    None for a device that nobody chose, which is never paired.
    """

    def __init__(
        self,
        device: str | Identity,
        driver: Driver,
        *,
        now: Callable[[], Stamp],
        report: Reporter,
        pace: Pace | None = None,
        ask: Ask | None = None,
        settle: Callable[[], object] = lambda: None,
    ) -> None:
        self.whose = Whose(device, driver, now, report) if isinstance(device, Identity) else None
        self.device = device.address if isinstance(device, Identity) else device.lower()
        self.driver = driver
        self.state: LinkState | None = None
        self._now = now
        self._report = report
        self._pace = pace or Pace()
        self._ask = ask
        self._settle = settle
        passes = self.whose.pass_on if self.whose else report
        self._interpreter = Interpreter(self.device, driver, passes)
        self._connection: Connection | None = None
        self._bonding: Bonding | None = None
        self._failures = 0
        self._breaks = 0
        self._fault: PairingFault | None = None
        self._waits = False
        self._hurry = asyncio.Event()
        self._search = Search(self.device, driver, self.whose, self._pace)

    async def keep(self, air: Air) -> None:
        """Until cancelled; then the link is hung up properly before this returns."""
        while True:
            self.say(LinkState.SEARCHING)
            found = await self._search.find(air)
            ending = await self._one_connection(air, found)
            await self._rest(ending)

    def recall(self, readings: Iterable[Reading]) -> None:
        """What is recorded of this device already: it is not reported again."""
        self._interpreter.recall(readings)

    def restart(self) -> None:
        """Drop the link and connect again now, without waiting; where a device must be paired, ask again."""
        self._fault = None
        self._hurry.set()
        if self._connection is not None:
            self._connection.end("a new link was asked for")

    def accept(self) -> None:
        """A person has looked: the doubted device is the chosen one. It is connected anew, with everything it sends."""
        if self.whose is not None and self.whose.accept():
            self._search.again()
            self.restart()

    def decline(self) -> None:
        """A person has looked: it is not."""
        if self.whose is not None:
            self.whose.decline()
            if self.whose.doubt is not None and self._connection is not None:
                self._connection.end("another device than the chosen one")

    async def forget_bond(self, adapter: Adapter) -> None:
        """Remove this computer's side of the bond, then connect and pair anew. Raises OSError, EOFError."""
        if self._bonding is not None:
            self._bonding.forget()
        await adapter.forget(self._address)
        self._breaks = 0
        self._report(BondForgotten(self.device, self._now()))
        self.restart()

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
        interview = Interview(self._ask) if self._ask else None
        bonding = self._bonding = Bonding(air.adapter, self._address, interview, self._paired, self._breaks)
        connection = self._connection = Connection(
            self.driver, self._interpreter, self._pace, self._now, bonding, self._settle, self.whose
        )
        try:
            async with air.connecting:
                self.say(LinkState.CONNECTING)
                await connection.connect(air.adapter, found)
            return await connection.stream(self._began)
        except PairingError as error:
            return self._not_paired(error, interview)
        except LinkError as error:
            return Ending(LinkState.REFUSED, str(error))
        except RADIO_ERRORS as error:
            self._breaks += bonding.breaks(error)
            return Ending(LinkState.LOST, str(error) or type(error).__name__)
        finally:
            self._failures = 0 if connection.heard else self._failures
            self._connection = self._bonding = None
            await connection.close()

    @property
    def _address(self) -> str:
        return self.whose.address if self.whose else self.device

    def _began(self) -> None:
        self._breaks, self._fault = 0, None
        is_held = self.whose is not None and self.whose.doubt is not None
        self.say(LinkState.HELD if is_held else LinkState.STREAMING)

    def _paired(self) -> None:
        self._report(Paired(self.device, self._now()))

    def _not_paired(self, error: PairingError, interview: Interview | None) -> Ending:
        """The same again is not said again; what a person had a part in waits for a person."""
        if error.fault is not self._fault:
            self._report(PairingFailed(self.device, self._now(), error.fault, error.detail))
        self._fault = error.fault
        self._waits = interview is not None and interview.asked and error.fault in PERSONS
        return Ending(LinkState.REFUSED, str(error))

    async def _rest(self, ending: Ending) -> None:
        """Say how it ended and wait, longer after each failure in a row; a request for a new link cuts it short."""
        self._failures += 1
        wait_s = None if self._waits else self._pace.back_off(self._failures)
        if ending.state is LinkState.SILENT:
            self.say(ending.state, ending.detail)
            ending = Ending(LinkState.LOST, "recycled after silence")
        self.say(ending.state, ending.detail, wait_s)
        try:
            async with asyncio.timeout(None if wait_s is None else self._pace.real(wait_s)):
                await self._hurry.wait()
        except TimeoutError:
            pass
        self._hurry.clear()
        self._waits = False
