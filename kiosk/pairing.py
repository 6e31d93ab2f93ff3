"""Questions about a device that is being paired: asked in the preparation only, and answered by the sitter.

Owned by the monitor. The numbers are secrets of seconds: they go to the screen and into no record. A press for one
question never answers the next one, and a session that runs asks nothing.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable

import msgspec

from devices import pairing as p
from devices.reading import BondForgotten, Paired, PairingFailed, Report
from kiosk.session import commands as c
from kiosk.session import events as e
from kiosk.session.verdict import Why

PASSKEY = re.compile(r"[0-9]{6}")
KINDS: dict[type[p.Question], str] = {
    p.ShowPasskey: "shown",
    p.AskPasskey: "asked",
    p.CompareNumbers: "compared",
    p.AllowPairing: "allowed",
}
"""Question -> the word that the record and the screen's words have for it."""
TOLD = frozenset(p.PairingFault) - {p.PairingFault.DECLINED}
"""Failures that the sitter is told of at once; who declined knows."""


def number_of(question: p.AnyQuestion) -> int | None:
    """The number that a person looks at or types on the device; None where there is none here."""
    match question:
        case p.ShowPasskey(passkey=number) | p.CompareNumbers(number=number):
            return number
        case _:
            return None


class Open(msgspec.Struct, frozen=True):
    """One question that waits, or (question None) a failure that was not yet taken note of.

    number: counts questions, so that an answer names its own. left_s of of_s: real seconds until it is given up.
    """

    device: str
    number: int
    question: p.AnyQuestion | None
    fault: str = ""
    left_s: float = 0.0
    of_s: float = p.ANSWER_WITHIN_S


class Pairings:
    """note: accepts an event. may_ask: whether a person can be asked now. changed: something else is to be shown."""

    def __init__(
        self,
        note: Callable[[e.Event], object],
        may_ask: Callable[[], bool],
        changed: Callable[[], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._note, self._may_ask, self._changed, self._clock = note, may_ask, changed, clock
        self._open: dict[str, tuple[Open, float, asyncio.Future[p.Answer]]] = {}  # with when it was asked
        self._faults: dict[str, p.PairingFault] = {}
        self._count = 0

    async def ask(self, device: str, question: p.AnyQuestion) -> p.Answer:
        """Ask the sitter; cancelled when it is moot. Raises PairingError where nobody can be asked."""
        if not self._may_ask():
            return await p.unattended(question)
        if not (isinstance(question, p.ShowPasskey) and question.entered):
            self._note(e.PairingAsked(device, KINDS[type(question)]))
        self._count += 1
        answer: asyncio.Future[p.Answer] = asyncio.get_running_loop().create_future()
        self._faults.pop(device, None)
        self._open[device] = Open(device, self._count, question), self._clock(), answer
        self._changed()
        try:
            return await answer
        finally:
            if device in self._open and self._open[device][2] is answer:
                del self._open[device]
            self._changed()

    def answer(self, command: c.AnswerPairing) -> Why | None:
        """The sitter's answer to one question; why it is none, or None."""
        found = self._open.get(command.device)
        if found is None or found[0].number != command.question or found[2].done():
            return Why.NOT_ASKED
        answer = _answer(found[0].question, command)
        if answer is None:
            return Why.IMPOSSIBLE
        found[2].set_result(answer)
        return None

    def leave(self, device: str) -> None:
        """The sitter has seen that it failed."""
        self._faults.pop(device, None)
        self._changed()

    def stop(self) -> None:
        """Nothing is asked any more: what waits is declined."""
        for _, _, answer in self._open.values():
            if not answer.done():
                answer.set_result(p.No())
        self._faults.clear()

    def hear(self, report: Report) -> None:
        """What became of it."""
        match report:
            case PairingFailed(device=device, fault=fault) if fault in TOLD and self._may_ask():
                self._faults[device] = fault
            case PairingFailed(device=device) | Paired(device=device) | BondForgotten(device=device):
                self._faults.pop(device, None)
            case _:
                return
        self._changed()

    def shown(self) -> Open | None:
        """What the sitter has to look at now: a question before a failure, the oldest first."""
        for found, asked_s, answer in self._open.values():
            if not answer.done():
                left_s = max(asked_s + found.of_s - self._clock(), 0.0)
                return msgspec.structs.replace(found, left_s=left_s)
        return next((Open(device, 0, None, str(fault)) for device, fault in self._faults.items()), None)


def _answer(question: p.AnyQuestion | None, command: c.AnswerPairing) -> p.Answer | None:
    """None where digits are asked for and what was typed are not six."""
    if command.answer == "no":
        return p.No()
    if not isinstance(question, p.AskPasskey):
        return p.Yes()
    typed = "".join(command.untrusted_passkey.split())
    return p.Passkey(int(typed)) if PASSKEY.fullmatch(typed) else None
