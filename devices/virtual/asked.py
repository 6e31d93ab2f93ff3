"""The simulated computer's side of a pairing: it shows and takes numbers, and asks whoever the interview asks.

Runs in the process that uses bleak, in place of BlueZ and its agent. It answers nothing by itself but where nobody is
asked at all, and then only what needs no number.
"""

# pyright: standard
# bumble is typed in part only.

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable

from bumble.pairing import PairingConfig, PairingDelegate

from devices.pairing import (
    LARGEST_PASSKEY,
    AllowPairing,
    AskPasskey,
    CompareNumbers,
    Interview,
    Passkey,
    ShowPasskey,
    Yes,
)

ENCRYPTION_KEY = PairingDelegate.KeyDistribution.DISTRIBUTE_ENCRYPTION_KEY
KEYBOARD_DISPLAY = PairingDelegate.IoCapability.DISPLAY_OUTPUT_AND_KEYBOARD_INPUT


class Asked(PairingDelegate):
    """call_off: ends the link, for bumble knows no other way out of a pairing."""

    def __init__(self, interview: Interview, call_off: Callable[[], Awaitable[None]]) -> None:
        super().__init__(KEYBOARD_DISPLAY, ENCRYPTION_KEY, ENCRYPTION_KEY)
        self._interview, self._call_off = interview, call_off

    async def confirm(self, auto: bool = False) -> bool:
        return isinstance(await self._interview.put(AllowPairing()), Yes)

    async def compare_numbers(self, number: int, digits: int) -> bool:
        return isinstance(await self._interview.put(CompareNumbers(number)), Yes)

    async def get_number(self) -> int | None:
        answer = await self._interview.put(AskPasskey())
        return answer.number if isinstance(answer, Passkey) else None

    async def generate_passkey(self) -> int:
        """bumble takes 0 for none."""
        return 1 + secrets.randbelow(LARGEST_PASSKEY)

    async def display_number(self, number: int, digits: int) -> None:
        await self._interview.put(ShowPasskey(number))
        if self._interview.fault is not None:
            await self._call_off()


def pairing(interview: Interview | None, call_off: Callable[[], Awaitable[None]]) -> PairingConfig:
    """No identity keys: with them bumble would look for a bonded peer that is away, without end."""
    if interview is not None:
        return PairingConfig(sc=True, mitm=True, bonding=True, delegate=Asked(interview, call_off))
    delegate = PairingDelegate(
        local_initiator_key_distribution=ENCRYPTION_KEY, local_responder_key_distribution=ENCRYPTION_KEY
    )
    return PairingConfig(sc=True, mitm=False, bonding=True, delegate=delegate)
