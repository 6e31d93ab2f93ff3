"""BlueZ's questions while a chosen device is being paired, handed to whoever can be asked; the answers go back.

Runs where `devices.bluez` does. It is on the bus only while somebody wants to pair a chosen device, then as the default
agent, because BlueZ and devices begin pairings by themselves; at its end the desktop's own agent is the default again.
Every other device is rejected, and nothing is ever accepted that was not answered.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Coroutine
from typing import Any

from dbus_fast import DBusFastError, Message, MessageType
from dbus_fast.aio import MessageBus

from devices.bluez import BLUEZ, DEVICE, Bluez
from devices.pairing import (
    AllowPairing,
    Answer,
    AnyQuestion,
    AskPasskey,
    CompareNumbers,
    Interview,
    PairingFault,
    Passkey,
    ShowPasskey,
    Yes,
)

INTERFACE, MANAGER = "org.bluez.Agent1", "org.bluez.AgentManager1"
PATH, ROOT = "/sessionroom/agent", "/org/bluez"
CAPABILITY = "KeyboardDisplay"
REJECTED, CANCELED = "org.bluez.Error.Rejected", "org.bluez.Error.Canceled"
BUS_ERRORS = (OSError, EOFError, DBusFastError)


class Agent:
    """One for each adapter; any number of devices, each with an interview of its own."""

    def __init__(self, bluez: Bluez) -> None:
        self._bluez = bluez
        self._interviews: dict[str, Interview] = {}
        self._turn = asyncio.Lock()
        self._work: set[asyncio.Task[None]] = set()
        self._bus: MessageBus | None = None
        self._owner = ""

    @contextlib.asynccontextmanager
    async def asking(self, path: str, interview: Interview) -> AsyncGenerator[None, None]:
        """While this lasts, BlueZ's questions about the device of this object path go to `interview`."""
        self._interviews[path] = interview
        try:
            async with self._turn:
                await self._register()
            yield
        finally:
            del self._interviews[path]
            await interview.close()
            async with self._turn:
                await self._unregister()

    async def _register(self) -> None:
        """Where BlueZ takes no agent, devices that ask nothing can still be paired."""
        if self._bus is not None:
            return
        with contextlib.suppress(*BUS_ERRORS):
            bus = await self._bluez.open()
            dbus = ("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")
            owner = await bus.call(Message(*dbus, "GetNameOwner", signature="s", body=[BLUEZ]))
            if owner.message_type is MessageType.ERROR:
                return
            self._owner, self._bus = str(owner.body[0]), bus
            bus.add_message_handler(self._on_message)
            await self._bluez.ask(ROOT, MANAGER, "RegisterAgent", "os", [PATH, CAPABILITY])
            await self._bluez.ask(ROOT, MANAGER, "RequestDefaultAgent", "o", [PATH])

    async def _unregister(self) -> None:
        if self._interviews or self._bus is None:
            return
        bus, self._bus = self._bus, None
        bus.remove_message_handler(self._on_message)
        with contextlib.suppress(*BUS_ERRORS):
            if bus.connected:
                await self._bluez.ask(ROOT, MANAGER, "UnregisterAgent", "o", [PATH])
        while self._work:
            await asyncio.wait(self._work)

    def _on_message(self, message: Message) -> Message | bool | None:
        """Called by the bus for everything that arrives; True: answered later."""
        if message.message_type is not MessageType.METHOD_CALL or message.path != PATH:
            return None
        if message.interface != INTERFACE or message.sender != self._owner:
            return Message.new_error(message, REJECTED, "only BlueZ asks here")
        if message.member in ("Cancel", "Release"):
            for interview in self._interviews.values():
                self._spawn(interview.close())
            return Message.new_method_return(message)
        return self._take(message)

    def _take(self, message: Message) -> Message | bool:
        """A question: put it if it is about a device that is being paired, and one that a person can be asked."""
        path = str(message.body[0]) if message.body else ""
        interview, question = self._interviews.get(path), _question(message)
        if interview is None or question is None:
            return Message.new_error(message, REJECTED, "not wanted now")
        if isinstance(question, ShowPasskey):
            self._spawn(self._show(path, interview, question))
            return Message.new_method_return(message)
        self._spawn(self._answer(message, interview, question))
        return True

    async def _answer(self, message: Message, interview: Interview, question: AnyQuestion) -> None:
        reply = _reply(message, question, await interview.put(question), interview.fault)
        bus: Any = self._bus  # as Any: the type of its `send` is half known
        with contextlib.suppress(*BUS_ERRORS):
            if bus is not None:
                await bus.send(reply)

    async def _show(self, path: str, interview: Interview, question: ShowPasskey) -> None:
        """A number to be typed on the device needs no answer; who calls it off ends the pairing."""
        await interview.put(question)
        if interview.fault is not None:
            with contextlib.suppress(*BUS_ERRORS):
                await self._bluez.ask(path, DEVICE, "CancelPairing")

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._work.add(task)
        task.add_done_callback(self._work.discard)


def _question(message: Message) -> AnyQuestion | None:
    """None for what only other kinds of Bluetooth ask."""
    match message.member, message.signature, message.body:
        case "RequestPasskey", "o", _:
            return AskPasskey()
        case "DisplayPasskey", "ouq", [_, passkey, entered]:
            return ShowPasskey(int(passkey), int(entered))
        case "RequestConfirmation", "ou", [_, number]:
            return CompareNumbers(int(number))
        case "RequestAuthorization", "o", _:
            return AllowPairing()
        case _:
            return None


def _reply(message: Message, question: AnyQuestion, answer: Answer, fault: PairingFault | None) -> Message:
    match question, answer:
        case AskPasskey(), Passkey(number=number):
            return Message.new_method_return(message, "u", [number])
        case CompareNumbers() | AllowPairing(), Yes():
            return Message.new_method_return(message)
        case _:
            declined = fault is PairingFault.DECLINED
            return Message.new_error(message, REJECTED if declined else CANCELED, "not answered so")
