"""The computer's own Bluetooth under BlueZ, asked over D-Bus: is it on, which devices does it have a bond with.

Runs in the monitor, on Linux with the real radio only; `devices.adapter` and `devices.agent` are its only callers.
bleak's scanner does not notice that an adapter was switched off and on, and bleak tries a refused link again and again
without saying so: somebody has to ask. Never switches anything itself; forgets a bond only when told to.
"""

from __future__ import annotations

import asyncio
from typing import Any, NamedTuple

from dbus_fast import BusType, DBusFastError, Message, MessageType
from dbus_fast.aio import MessageBus

BLUEZ, ADAPTER, DEVICE = "org.bluez", "org.bluez.Adapter1", "org.bluez.Device1"
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

    async def is_bonded(self, path: str) -> bool:
        """Whether BlueZ keeps keys for the device of this object path. Raises OSError, EOFError."""
        answer = await self._call(path, PROPERTIES, "Get", "ss", [DEVICE, "Paired"])
        return answer is not None and bool(answer.value)

    async def connect(self, path: str) -> str:
        """Connect the device once; "" when it is connected, else BlueZ's own words. Raises OSError, EOFError."""
        reply = await self.ask(path, DEVICE, "Connect")
        return "" if reply.message_type is not MessageType.ERROR else _complaint(reply)

    async def forget(self, path: str) -> None:
        """Remove the device with its keys; one that is not there is forgotten already. Raises OSError, EOFError."""
        await self._call(path.rpartition("/")[0], ADAPTER, "RemoveDevice", "o", [path])

    async def _call(self, path: str, interface: str, member: str, signature: str = "", body: Any = ()) -> Any:
        """The first value of the answer; None where it has none, or BlueZ or the object is not there."""
        reply = await self.ask(path, interface, member, signature, body)
        return None if reply.message_type is MessageType.ERROR or not reply.body else reply.body[0]

    async def ask(self, path: str, interface: str, member: str, signature: str = "", body: Any = ()) -> Message:
        """Call one method of BlueZ; the reply, which may be an error. Raises OSError, EOFError."""
        bus = await self.open()
        message = Message(
            destination=BLUEZ, path=path, interface=interface, member=member, signature=signature, body=list(body)
        )
        try:
            return await bus.call(message)
        except DBusFastError as error:
            raise ConnectionError(str(error)) from error

    async def open(self) -> MessageBus:
        """The connection to the system bus, the same one as long as it lives."""
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


def _complaint(reply: Message) -> str:
    return ": ".join([str(reply.error_name), *(str(text) for text in reply.body)])


def _said(name: str, powered: bool) -> Power:
    return Power(name, "on") if powered else Power(name, "off", "Bluetooth is switched off")
