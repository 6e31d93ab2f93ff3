"""All devices of a session on one radio: opens it, keeps every link, and starts over whenever the radio goes.

Runs in the monitor, as its only door to Bluetooth. Connects the chosen devices only; with `any_device` every supported
one in range, which a session never uses. Everything leaves by `report`; nothing is returned.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Iterator

import msgspec

from devices.adapter import RADIO_ERRORS, Adapter, AdapterError, AdapterFault
from devices.catalog import DRIVERS, Driver
from devices.interpreter import Reporter
from devices.link import Air, Link
from devices.pace import Pace
from devices.pairing import Answer, AnyQuestion, Ask, Asker, unattended
from devices.reading import AdapterChanged, LinkState, Reading, Stamp
from devices.scan import Scanner, Sighting
from devices.traffic import Kept, Tap
from devices.whose import Identity

OPEN_AGAIN_S = 1.0
CONNECTED = frozenset({LinkState.CONNECTING, LinkState.STREAMING, LinkState.SILENT})


class Chosen(msgspec.Struct, frozen=True):
    """A device that takes part. address as the system shows it; role "oximeter" or "cuff".

    name, serial, bonded: by what it is known again, see `devices.whose`.
    """

    address: str
    driver_id: str
    role: str = ""
    name: str = ""
    serial: str = ""
    bonded: bool = False


class Links:
    """adapter_spec as in `Adapter.open`. now: stamps. report: takes every `devices.reading.Report`, never waits.

    tap: is told all that passes on the air of these devices (see `devices.traffic`), None tells nobody.
    ask: asks a person about a chosen device while it is paired; None: nobody can be asked (`pairing.unattended`).
    settle: returns when all that was reported is stored, or cannot be. recorded: of this session, by an earlier run.
    """

    def __init__(
        self,
        adapter_spec: str,
        chosen: Iterable[Chosen],
        any_device: bool,
        now: Callable[[], Stamp],
        report: Reporter,
        *,
        pace: Pace | None = None,
        tap: Tap | None = None,
        ask: Asker | None = None,
        settle: Callable[[], object] = lambda: None,
        recorded: Iterable[Reading] = (),
    ) -> None:
        self._spec = adapter_spec
        self._any = any_device
        self._now = now
        self._report = report
        self._pace = pace or Pace()
        self._tap = tap
        self._settle, self._recorded = settle, tuple(recorded)
        self._adapter: Adapter | None = None
        self._said: tuple[str, str] | None = None
        self._links: dict[str, Link] = {}
        for one in chosen:
            known = Identity(one.address.lower(), one.name, one.serial, one.bonded)
            self._add(known, DRIVERS[one.driver_id], ask or _unattended)

    async def run(self) -> None:
        """Until cancelled; then every link is hung up properly before this returns."""
        while True:
            try:
                async with await Adapter.open(self._spec) as adapter:
                    self._say("on", adapter.name)
                    if self._tap:
                        adapter.tap(self._tap, self._now)
                    self._adapter = adapter
                    await self._serve(adapter)
            except* AdapterError as errors:
                self._adapter_gone(errors)
            finally:
                self._adapter = None
            await asyncio.sleep(OPEN_AGAIN_S)

    def restart(self, device: str) -> None:
        """Drop and reconnect one device now; one that is not kept is ignored."""
        if link := self._links.get(device.lower()):
            link.restart()

    def answer(self, device: str, is_chosen: bool) -> None:
        """A person has looked at a doubted device: whether it is the chosen one. One that is not kept is ignored."""
        if link := self._links.get(device.lower()):
            (link.accept if is_chosen else link.decline)()

    async def forget_bond(self, device: str) -> None:
        """Remove this computer's side of a kept device's bond, then pair anew; where no radio is, nothing happens."""
        if (link := self._links.get(device.lower())) and self._adapter is not None:
            with contextlib.suppress(*RADIO_ERRORS):
                await link.forget_bond(self._adapter)

    def link(self, device: str) -> Link:
        """The link of a kept device; raises KeyError for another."""
        return self._links[device.lower()]

    def _add(self, known: str | Identity, driver: Driver, ask: Asker | None = None) -> Link:
        device = known.address if isinstance(known, Identity) else known.lower()
        asks: Ask | None = None if ask is None else lambda question: ask(device, question)
        link = Link(known, driver, now=self._now, report=self._report, pace=self._pace, ask=asks, settle=self._settle)
        link.recall(one for one in self._recorded if one.device == device)
        self._links[device] = link
        if self._tap:
            self._tap(Kept(device, self._now(), driver.id))
        return link

    async def _serve(self, adapter: Adapter) -> None:
        async with asyncio.TaskGroup() as group:

            def on_stranger(sighting: Sighting) -> None:
                if sighting.device.address.lower() not in self._links:
                    group.create_task(self._add(sighting.device.address, sighting.driver).keep(air))

            air = Air(adapter, Scanner(adapter, on_stranger if self._any else None), asyncio.Lock())
            for link in self._links.values():
                group.create_task(link.keep(air))
            group.create_task(air.scanner.run())
            group.create_task(adapter.watch())

    def _adapter_gone(self, errors: BaseExceptionGroup[AdapterError]) -> None:
        error = next(_leaves(errors))
        for link in self._links.values():
            if link.state in CONNECTED:
                link.say(LinkState.LOST, f"the computer's Bluetooth is {error.fault}")
        # to the session a radio it may not use is as good as none; the detail says why
        self._say("off" if error.fault is AdapterFault.OFF else "missing", error.detail)

    def _say(self, state: str, detail: str) -> None:
        if (state, detail) != self._said:
            self._said = (state, detail)
            self._report(AdapterChanged(self._now(), state, detail))


async def _unattended(_device: str, question: AnyQuestion) -> Answer:
    return await unattended(question)


def _leaves(group: BaseExceptionGroup[AdapterError]) -> Iterator[AdapterError]:
    for error in group.exceptions:
        if isinstance(error, BaseExceptionGroup):
            yield from _leaves(error)
        else:
            yield error
