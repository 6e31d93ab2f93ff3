"""Pairing one device outside a session: connect it once, ask a person what it wants to know, and hang up.

Runs in `kiosk devices add`. It keeps the device as a session would, by the same links, until it is known how the
pairing ended; what the device sends meanwhile is thrown away.
"""

from __future__ import annotations

import asyncio
import time

from devices.adapter import Adapter, AdapterError, AdapterFault
from devices.links import Chosen, Links
from devices.pairing import ANSWER_WITHIN_S, Answer, AnyQuestion, Ask, PairingError
from devices.reading import AdapterChanged, LinkChanged, LinkState, Paired, PairingFailed, Report, Stamp

CONNECTED = frozenset({LinkState.STREAMING, LinkState.FINISHED})


async def pair(spec: str, device: Chosen, ask: Ask, within_s: float, *, forget: bool = False) -> bool:
    """Return when the device sends: True if it was paired now, False if it is known already or wants no bond.

    spec as in `Adapter.open`; within_s: real seconds in which it must be found, and again after each question.
    forget: remove this computer's side of an old bond first. Raises PairingError, AdapterError, OSError, and
    TimeoutError for a device that does not show itself.
    """
    if forget:
        async with await Adapter.open(spec) as adapter:
            await adapter.forget(device.address)
    outcome = _Outcome()
    async with asyncio.timeout(within_s) as limit:

        async def asked(_device: str, question: AnyQuestion) -> Answer:
            limit.reschedule(asyncio.get_running_loop().time() + ANSWER_WITHIN_S + within_s)
            outcome.is_new = True  # if it comes to anything
            return await ask(question)

        links = Links(spec, [device], False, _now, outcome.hear, ask=asked)
        work = asyncio.ensure_future(links.run())
        try:
            return await outcome.known
        finally:
            work.cancel()
            await asyncio.wait({work})


class _Outcome:
    """known: whether a bond was made, or why there is none."""

    def __init__(self) -> None:
        self.known: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self.is_new = False

    def hear(self, report: Report) -> None:
        if self.known.done():
            return
        match report:
            case Paired():
                self.is_new = True
            case PairingFailed(fault=fault, detail=detail):
                self.known.set_exception(PairingError(fault, detail))
            case LinkChanged(state=state) if state in CONNECTED:
                self.known.set_result(self.is_new)
            case AdapterChanged(state=state, detail=detail) if state != "on":
                self.known.set_exception(AdapterError(AdapterFault(state), detail))
            case _:
                pass


def _now() -> Stamp:
    return Stamp(time.time_ns(), time.monotonic_ns())
