"""The state of the computer's own Bluetooth under BlueZ: on, off or missing, asked over D-Bus.

Runs in the monitor, on Linux with the real radio only; `devices.adapter` is its only caller. bleak's scanner does not
notice that an adapter was switched off and on, so somebody has to ask. Never switches anything itself.
"""

from __future__ import annotations

import asyncio
from typing import Any, NamedTuple

from dbus_fast import BusType, DBusFastError, Message, MessageType
from dbus_fast.aio import MessageBus

BLUEZ, ADAPTER = "org.bluez", "org.bluez.Adapter1"
PROPERTIES, OBJECTS = "org.freedesktop.DBus.Properties", "org.freedesktop.DBus.ObjectManager"
ANSWER_WITHIN_S = 5.0


class Power(NamedTuple):
    """name: "hci0" or "" when none; state: "on", "off" or "missing"; detail: the fact, for support."""

    name: str
    state: str
    detail: str = ""


class Bluez:
    """One connection to the system bus, opened anew when it breaks."""

    def __init__(self) -> None:
        self._bus: MessageBus | None = None

    async def power(self, name: str | None) -> Power:
        """The state of adapter `name`, or of the first that is on (else the first) when None."""
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                return await self._power(name)
        except (OSError, EOFError, DBusFastError) as error:
            self.close()
            return Power(name or "", "missing", f"no answer from the system message bus: {error!r}")

    async def _power(self, name: str | None) -> Power:
        if name is not None:
            answer = await self._call(f"/org/bluez/{name}", PROPERTIES, "Get", "ss", [ADAPTER, "Powered"])
            if answer is not None:
                return _said(name, bool(answer.value))
        objects = await self._call("/", OBJECTS, "GetManagedObjects")
        if objects is None:
            return Power(name or "", "missing", "the Bluetooth service (bluetoothd) does not run")
        return _choose(_adapters(objects), name)

    async def _call(self, path: str, interface: str, member: str, signature: str = "", body: Any = ()) -> Any:
        """The first value of the answer; None where BlueZ or the object is not there."""
        bus = await self._open()
        message = Message(
            destination=BLUEZ, path=path, interface=interface, member=member, signature=signature, body=list(body)
        )
        reply = await bus.call(message)
        return None if reply.message_type is MessageType.ERROR else reply.body[0]

    async def _open(self) -> MessageBus:
        if self._bus is None or not self._bus.connected:
            self.close()
            self._bus = MessageBus(bus_type=BusType.SYSTEM)
            await self._bus.connect()
        return self._bus

    def close(self) -> None:
        """Give the bus connection back, also one that never came about."""
        if self._bus is not None:
            self._bus.disconnect()
            self._bus = None


def _adapters(objects: dict[str, dict[str, Any]]) -> dict[str, bool]:
    """Adapter names with whether they are powered, in the order of their names."""
    found = {path.rsplit("/", 1)[-1]: entry[ADAPTER] for path, entry in objects.items() if ADAPTER in entry}
    return {name: bool(found[name]["Powered"].value) for name in sorted(found)}


def _choose(adapters: dict[str, bool], name: str | None) -> Power:
    if name is not None and name not in adapters:
        there = ", ".join(adapters) or "none"
        return Power(name, "missing", f"there is no adapter {name}; there: {there}")
    if not adapters:
        return Power("", "missing", "this computer shows no Bluetooth adapter")
    chosen = name or next((one for one, powered in adapters.items() if powered), next(iter(adapters)))
    return _said(chosen, adapters[chosen])


def _said(name: str, powered: bool) -> Power:
    return Power(name, "on") if powered else Power(name, "off", "Bluetooth is switched off")
