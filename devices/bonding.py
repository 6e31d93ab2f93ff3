"""The bond of one connection: asked for before anything is subscribed, made once, doubted when it breaks the link.

Runs in the monitor, used once with its connection. It never removes a bond: a person decides that.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from bleak import BleakClient
from bleak.exc import BleakDBusError, BleakError, BleakGATTProtocolError, BleakGATTProtocolErrorCode

from devices.adapter import Adapter
from devices.pairing import Interview, PairingError, PairingFault

DOUBTED_AFTER = 2
"""Breaks in a row before a subscription, after which the bond is named as the likely cause; one may be interference."""
NEEDS_PAIRING = frozenset(
    {
        BleakGATTProtocolErrorCode.INSUFFICIENT_AUTHENTICATION,
        BleakGATTProtocolErrorCode.INSUFFICIENT_ENCRYPTION,
        BleakGATTProtocolErrorCode.INSUFFICIENT_ENCRYPTION_KEY_SIZE,
    }
)
_BLUEZ_ERROR = "org.bluez.Error."
_FAULTS = {
    "AuthenticationCanceled": PairingFault.LOST,
    "ConnectionAttemptFailed": PairingFault.LOST,
    "AuthenticationTimeout": PairingFault.UNANSWERED,
}
LOOK_EVERY_S, LOOKS = 0.2, 150


class Bonding:
    """interview: who is asked, None for a device that nobody chose: it is never paired. paired: called when it is.

    breaks: how many connections in a row broke before this one.
    """

    def __init__(
        self, adapter: Adapter, address: str, interview: Interview | None, paired: Callable[[], None], breaks: int
    ) -> None:
        self.was_bonded = False
        self._adapter, self._address = adapter, address
        self._interview = interview
        self._paired = paired
        self._breaks = breaks
        self._stack = contextlib.AsyncExitStack()
        self._is_over = self._is_told = self._is_moot = False

    async def begin(self) -> None:
        """Before the connect: reach a device that has a bond; listen for the questions of one that has none."""
        self.was_bonded = await self._adapter.is_bonded(self._address)
        if self.was_bonded:
            await self._adapter.reach(self._address)
        elif self._interview is not None:
            await self._stack.enter_async_context(self._adapter.asking(self._address, self._interview))

    def forget(self) -> None:
        """A person has this computer's side removed: what breaks now comes from that, and nobody asks here."""
        self.was_bonded, self._is_moot = False, True

    async def subscribed(self) -> None:
        """It is done, by whomever: tell of a new bond. What fails from now on has other causes."""
        await self._tell()
        self._is_over = True
        await self.end()

    async def _tell(self) -> None:
        """Of a new bond, once."""
        is_open = not self.was_bonded and not self._is_told and self._interview is not None
        if is_open and await self._adapter.is_bonded(self._address):
            self._is_told = True
            self._paired()

    async def end(self) -> None:
        """Nothing is asked any more."""
        await self._stack.aclose()

    def is_asking(self) -> bool:
        """Whether a person is being asked now, so that whoever waits should go on waiting."""
        return self._interview is not None and self._interview.is_open

    async def is_needed(self) -> bool:
        """For a device that must be paired first: whether that is still to be done."""
        return self._interview is not None and not await self._adapter.is_bonded(self._address)

    async def pair(self, client: BleakClient) -> None:
        """Pair now; to be bounded by the caller. Raises PairingError and what bleak does."""
        if self._interview is None:
            raise PairingError(PairingFault.NOBODY_TO_ASK, "nobody chose this device")
        if self._is_moot:
            raise BleakError("the bond was removed meanwhile")
        if self.was_bonded:
            raise PairingError(PairingFault.MISMATCH, "the device wants more than the bond gives")
        try:
            await client.pair()
        except NotImplementedError:
            return  # macOS pairs by itself at the first thing that needs it
        except BleakDBusError as error:
            word = error.dbus_error.removeprefix(_BLUEZ_ERROR)
            if word != "AlreadyExists" and not (word == "InProgress" and await self._becomes_bonded(client)):
                fault = self._interview.fault or _FAULTS.get(word, PairingFault.REFUSED)
                raise PairingError(fault, str(error)) from error
        except BleakError as error:
            raise PairingError(self._interview.fault or PairingFault.REFUSED, str(error)) from error
        await self._tell()

    async def _becomes_bonded(self, client: BleakClient) -> bool:
        """A device that began by itself is being paired already: whether that comes to a good end."""
        for _ in range(LOOKS):
            if await self._adapter.is_bonded(self._address):
                return True
            if not client.is_connected:
                return False
            await asyncio.sleep(LOOK_EVERY_S)
        return False

    def explained(self, error: Exception) -> Exception:
        """What an error of the radio comes from, if the bond or a person's answer is behind it; else the error."""
        if self._is_over:
            return error
        if self._interview is not None and self._interview.asked:
            return PairingError(self._interview.fault or PairingFault.REFUSED, str(error) or type(error).__name__)
        if self.was_bonded and _is_refusal(error):
            return PairingError(PairingFault.MISMATCH, str(error))
        if self.breaks(error) and self._breaks + 1 >= DOUBTED_AFTER:
            return PairingError(PairingFault.MISMATCH, str(error))
        return error

    def breaks(self, error: Exception) -> bool:
        """Whether the link of a bonded device came up and broke; one that is out of reach proves nothing."""
        return self.was_bonded and not self._is_over and isinstance(error, BleakError)


def _is_refusal(error: Exception) -> bool:
    return isinstance(error, BleakGATTProtocolError) and error.code in NEEDS_PAIRING
