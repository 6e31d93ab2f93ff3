"""The devices of one run: the links to them, what is asked of a person about them, and the capture of their traffic.

Owned by the monitor. Its libraries are loaded behind the first alarm; what a device said goes to the monitor unread.
"""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from devices.reading import Reading, Report
from kiosk import crash
from kiosk.session import events as e
from kiosk.settings import ChosenDevice

if TYPE_CHECKING:
    from devices.links import Links
    from kiosk.capture import Capture
    from kiosk.monitor import Monitor

SETTLE_WITHIN_S = 1.0  # half of what the supervisor takes for silence; a cuff's reading is worth that much


class Radio:
    """chosen: the run's devices."""

    def __init__(self, owner: Monitor, chosen: Sequence[ChosenDevice]) -> None:
        self._owner, self._chosen = owner, chosen
        self._links: Links | None = None
        self._capture = self._open_capture() if owner.options.capture else None

    def _open_capture(self) -> Capture:
        from kiosk.capture import Capture  # a session has none, and its import would delay a restart

        owner, options = self._owner, self._owner.options
        is_session = options.kind == "patient"
        return Capture(
            Path(options.capture), owner.offset_min, owner.say, is_real=options.capture_real, is_session=is_session
        )

    async def keep(self, before: list[Reading]) -> None:
        """Bluetooth until cancelled. Its end for any other reason is our bug: the supervisor starts us anew.

        before: what earlier runs of the session have of the cuffs, which may say it again.
        """
        try:
            self._links = await self._loaded(before)
            await self._links.run()
        except Exception as error:  # noqa: BLE001 - the top of the radio's task
            crash.leave_file(error)
            self._owner.note(e.FaultHappened(crash.where(error), "the radio's task ended"))
            self._owner.finish("", crash.EXIT_CRASHED)

    async def _loaded(self, before: list[Reading]) -> Links:
        """The radio's libraries take a second to import: in a thread, after the alarms are armed."""
        owner, options = self._owner, self._owner.options
        links = await asyncio.to_thread(importlib.import_module, "devices.links")
        pace = await asyncio.to_thread(importlib.import_module, "devices.pace")
        if options.adapter.startswith("virtual:"):
            await asyncio.to_thread(importlib.import_module, "devices.virtual.radio")
        chosen = [links.Chosen(d.address, d.driver, d.role, d.name, d.serial, d.bonded) for d in self._chosen]
        return links.Links(
            options.adapter,
            chosen,
            options.any_device,
            owner.now,
            owner.take,
            pace=pace.Pace(speed=options.speed),
            ask=owner.room.pairings.ask,
            settle=lambda: owner.books.recorder.settle(SETTLE_WITHIN_S),
            recorded=before,
            tap=self._capture.take if self._capture else None,
        )

    def hear(self, report: Report) -> None:
        """A report, for the capture that may run."""
        if self._capture:
            self._capture.hear(report)

    def confirm(self, device: str, is_chosen: bool) -> list[e.Event]:
        """A person has looked at a doubted device: what is to be noted; [] where nothing is in doubt."""
        owner = self._owner
        events = owner.desk.confirm(device, is_chosen, owner.t_s())
        for event in events:
            if isinstance(event, e.DeviceConfirmed) and is_chosen:
                owner.acquaintance.confirmed(device, event.address, event.serial)
        if self._links and events:
            self._links.answer(device, is_chosen)
        return events

    def restart_link(self, device: str) -> None:
        """Drop and reconnect one device."""
        if self._links:
            self._links.restart(device)

    async def forget_bond(self, device: str) -> None:
        """Remove this computer's side of a bond, then pair anew."""
        if self._links:
            await self._links.forget_bond(device)

    def close(self) -> None:
        """End the capture."""
        if self._capture:
            self._capture.close()
