"""Finds a button by the name that a screen reader would say, on an accessibility bus of its own. Asks, never acts."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import time
from pathlib import Path
from typing import Any

from dbus_fast import BusType, Message, MessageType
from dbus_fast.aio import MessageBus

ROOT_OBJECT = "/org/a11y/atspi/accessible/root"
REGISTRY = "org.a11y.atspi.Registry"
ACCESSIBLE = "org.a11y.atspi.Accessible"
SHOWING, ENABLED = 1 << 25, 1 << 8  # bits of an object's state
PRESSED_ROLES = (7, 43, 61, 62, 79)  # check box, button, text, toggle button, entry: labels are read, not pressed


class Names:
    """`environment` is what the program needs to be read. Needs at-spi2-core and dbus."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "bus"
        self._daemon: subprocess.Popen[bytes] | None = None
        self._loop = asyncio.new_event_loop()
        self._bus: MessageBus | None = None

    @property
    def environment(self) -> dict[str, str]:
        """For every process that is to be read."""
        return {
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={self._folder}/session",
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        }

    def start(self) -> None:
        """Start both buses. Raises OSError or RuntimeError where a part is not installed."""
        self._folder.mkdir()
        line = ["dbus-daemon", "--session", "--nofork", "--nopidfile", f"--address=unix:path={self._folder}/session"]
        private = {"XDG_RUNTIME_DIR": str(self._folder), "XDG_CONFIG_HOME": str(self._folder)}
        self._daemon = subprocess.Popen(
            line, env={**os.environ, **private}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        end_s = time.monotonic() + 10
        while not (self._folder / "session").exists():
            if time.monotonic() > end_s:
                raise RuntimeError("dbus-daemon did not start")
            time.sleep(0.05)
        self._loop.run_until_complete(self._connect())

    async def _connect(self) -> None:
        session = await MessageBus(self.environment["DBUS_SESSION_BUS_ADDRESS"]).connect()
        found = await session.call(
            Message(destination="org.a11y.Bus", path="/org/a11y/bus", interface="org.a11y.Bus", member="GetAddress")
        )
        if found is None or found.message_type is MessageType.ERROR:
            raise RuntimeError("no accessibility bus: install at-spi2-core")
        session.disconnect()
        self._bus = await MessageBus(found.body[0], bus_type=BusType.SESSION).connect()

    def stop(self) -> None:
        """End both buses; what they started ends with them."""
        if self._bus:
            self._bus.disconnect()
        if self._daemon:
            self._daemon.terminate()
            self._daemon.wait(5)
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    def find(self, name: str) -> tuple[int, int] | None:
        """Middle of what is shown and enabled under this name, or under this name and more after a colon."""
        shown = self.shown()
        exact = [place for said, place in shown if said == name]
        alike = [place for said, place in shown if said.startswith(f"{name}:")]
        return next(iter((*exact, *alike)), None)

    def shown(self) -> list[tuple[str, tuple[int, int]]]:
        """Every name that is shown and enabled, with its middle on the desktop, the topmost last opened first."""
        return self._loop.run_until_complete(self._shown())

    async def _shown(self) -> list[tuple[str, tuple[int, int]]]:
        found: list[tuple[str, tuple[int, int]]] = []
        for app in await self._children((REGISTRY, ROOT_OBJECT)):
            for window in await self._children(app):
                await self._walk(window, found)
        return found

    async def _walk(self, at: tuple[str, str], found: list[tuple[str, tuple[int, int]]]) -> None:
        state = await self._ask(at, ACCESSIBLE, "GetState")
        bits = state[0][0] if state else 0
        if not bits & SHOWING:
            return
        name = await self._property(at, "Name")
        role = await self._ask(at, ACCESSIBLE, "GetRole")
        if name and bits & ENABLED and role and role[0] in PRESSED_ROLES:
            place = await self._ask(at, "org.a11y.atspi.Component", "GetExtents", "u", [0])
            if place:
                x, y, width, height = place[0]
                found.append((name, (x + width // 2, y + height // 2)))
        for child in await self._children(at):
            await self._walk(child, found)

    async def _children(self, at: tuple[str, str]) -> list[tuple[str, str]]:
        found = await self._ask(at, ACCESSIBLE, "GetChildren")
        return [tuple(child) for child in found[0]] if found else []

    async def _property(self, at: tuple[str, str], name: str) -> str:
        found = await self._ask(at, "org.freedesktop.DBus.Properties", "Get", "ss", [ACCESSIBLE, name])
        return str(found[0].value) if found else ""

    async def _ask(self, at: tuple[str, str], interface: str, member: str, signature: str = "", body: Any = ()) -> Any:
        assert self._bus
        question = Message(
            destination=at[0], path=at[1], interface=interface, member=member, signature=signature, body=list(body)
        )
        with contextlib.suppress(TimeoutError):
            answer = await asyncio.wait_for(self._bus.call(question), 2)
            if answer is not None and answer.message_type is MessageType.METHOD_RETURN:
                return answer.body
        return None  # it has gone meanwhile
