"""What a pairing asks of a person, and what a person answers: words between a radio and whoever can be asked.

Runs in the monitor and in `kiosk devices`. The numbers live here and on a display only: they are secrets of seconds and
never go into a record. Nothing here ever answers in a person's place.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import msgspec

from devices.error import DeviceError
from devices.unpaired import PairingFault

ANSWER_WITHIN_S = 30.0
"""Real seconds. Both ends give up a pairing that stands still for so long (Core Specification, Vol 3, Part H, 3.4)."""
LARGEST_PASSKEY = 999_999


class Question(msgspec.Struct, frozen=True):
    """Base of every question; never asked itself."""


class ShowPasskey(Question, frozen=True, tag="show_passkey"):
    """A person types this number on the device. entered: digits that the device said were typed so far."""

    passkey: int
    entered: int = 0


class AskPasskey(Question, frozen=True, tag="ask_passkey"):
    """The device shows six digits; a person types them here."""


class CompareNumbers(Question, frozen=True, tag="compare_numbers"):
    """The device shows a number, too: are the two the same?"""

    number: int


class AllowPairing(Question, frozen=True, tag="allow_pairing"):
    """Pairing without any number: nothing proves whose device it is but the person who chose it."""


AnyQuestion = ShowPasskey | AskPasskey | CompareNumbers | AllowPairing


class Yes(msgspec.Struct, frozen=True, tag="yes"):
    """The numbers are the same; or the pairing is allowed."""


class No(msgspec.Struct, frozen=True, tag="no"):
    """They are not the same; or the pairing is called off."""


class Passkey(msgspec.Struct, frozen=True, tag="passkey"):
    """What the device shows, 0 to 999999."""

    number: int


Answer = Yes | No | Passkey
Ask = Callable[[AnyQuestion], Awaitable[Answer]]
"""Asks a person and waits for the answer; raises PairingError where nobody can be asked.

Cancelled when the question is over; asked anew when more is known.
"""
Asker = Callable[[str, AnyQuestion], Awaitable[Answer]]
"""The same for several devices; the first argument is the device's key (its address in lower case)."""


class PairingError(DeviceError):
    """A device could not be paired, or its bond is worth nothing. detail: the fact, for support."""

    def __init__(self, fault: PairingFault, detail: str = "") -> None:
        super().__init__(f"{fault}: {detail}" if detail else str(fault))
        self.fault = fault
        self.detail = detail


async def unattended(question: AnyQuestion) -> Answer:
    """Where no person can be asked: a chosen device may be paired, but nobody can look at a number."""
    if isinstance(question, AllowPairing):
        return Yes()
    raise PairingError(PairingFault.NOBODY_TO_ASK)


class Interview:
    """All questions of one attempt to pair. asked: whether there was any. fault: why a person's side ended it."""

    def __init__(self, ask: Ask, within_s: float = ANSWER_WITHIN_S) -> None:
        self.asked = False
        self.fault: PairingFault | None = None
        self._ask = ask
        self._within_s = within_s
        self._answered = False
        self._open: asyncio.Task[Answer] | None = None

    @property
    def is_open(self) -> bool:
        """Whether a person is being asked now."""
        return self._open is not None

    async def put(self, question: AnyQuestion) -> Answer:
        """Ask one question in place of the one before it. `No` without a fault: it is moot, nobody declined.

        Once one was answered nothing more is asked: a system that begins anew after a refusal does so by itself.
        """
        await self.close()
        if self._answered:
            self.fault = self.fault or PairingFault.REFUSED
            return No()
        self.asked = True
        task = self._open = asyncio.ensure_future(_asked(self._ask, question))
        try:
            await asyncio.wait({task}, timeout=self._within_s)
            if not task.done():
                self.fault = self.fault or PairingFault.UNANSWERED
                return No()
            if task.cancelled():
                return No()
            self._answered = True
            return self._noted(task)
        finally:
            task.cancel()
            if self._open is task:
                self._open = None

    async def close(self) -> None:
        """Nothing is asked any more: the pairing is over, one way or the other."""
        task, self._open = self._open, None
        if task is not None:
            task.cancel()
            await asyncio.wait({task})

    def _noted(self, task: asyncio.Task[Answer]) -> Answer:
        try:
            answer = task.result()
        except PairingError as error:
            self.fault = self.fault or error.fault
            return No()
        if isinstance(answer, Passkey) and not 0 <= answer.number <= LARGEST_PASSKEY:
            answer = No()
        if isinstance(answer, No):
            self.fault = self.fault or PairingFault.DECLINED
        return answer


async def _asked(ask: Ask, question: AnyQuestion) -> Answer:
    return await ask(question)
