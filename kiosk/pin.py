"""The PIN that leaves the room on one display: set before a session, checked by the monitor, never recorded.

Pure but for the hashing; time is a parameter and the state is a value that `settings.save_state` keeps, so that a
restart does not give tries back. There is no default PIN. It guards the quiet, never help: alarms need no PIN.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from argon2 import PasswordHasher

TRIES = 5
LOCK_FIRST_S = 30.0
LOCK_MOST_S = 15 * 60.0
DIGITS_LEAST, DIGITS_MOST = 4, 12
NS = 1_000_000_000


@cache
def _hasher() -> PasswordHasher:
    """argon2id with the library's defaults: RFC 9106's second choice, for small memory."""
    from argon2 import PasswordHasher  # each process with settings knows PINs, and few ever check one

    return PasswordHasher()


class Reason(StrEnum):
    """Why a PIN cannot be set or checked."""

    NOT_SET = "no PIN is set"
    TOO_SHORT = "too short"
    TOO_LONG = "too long"
    NOT_DIGITS = "not only digits"
    TOO_SIMPLE = "too simple"
    DAMAGED = "the stored PIN is damaged"


class PinError(Exception):
    """reason says what; str() is a sentence that says what to do."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        """One sentence."""
        if self.reason in (Reason.NOT_SET, Reason.DAMAGED):
            return f"{self.reason.capitalize()}: set a PIN before the session."
        return (
            f"This PIN is {self.reason}: choose {DIGITS_LEAST} to {DIGITS_MOST} digits, not all the same or in a row."
        )


class PinState(msgspec.Struct, frozen=True):
    """What is kept: the argon2id hash, wrong tries in a row, lock-outs in a row, and until when (wall clock)."""

    hash: str = ""
    failed: int = 0
    lockouts: int = 0
    locked_until_utc_ns: int = 0


class PinResult(msgspec.Struct, frozen=True):
    """ok; else the tries left before the next lock-out, and the seconds that it lasts from now (0: none)."""

    ok: bool
    tries_left: int = 0
    locked_s: float = 0


def set_pin(untrusted_pin: str) -> PinState:
    """A fresh state with this PIN. Raises PinError where it is too short, too long, no digits or too simple."""
    if not (untrusted_pin.isascii() and untrusted_pin.isdigit()):
        raise PinError(Reason.NOT_DIGITS)
    if len(untrusted_pin) < DIGITS_LEAST:
        raise PinError(Reason.TOO_SHORT)
    if len(untrusted_pin) > DIGITS_MOST:
        raise PinError(Reason.TOO_LONG)
    if _is_run(untrusted_pin):
        raise PinError(Reason.TOO_SIMPLE)
    return PinState(hash=_hasher().hash(untrusted_pin))


def _is_run(pin: str) -> bool:
    """1111, 1234, 4321."""
    steps = {int(after) - int(before) for before, after in pairwise(pin)}
    return len(steps) == 1 and steps <= {-1, 0, 1}


def check_pin(state: PinState, untrusted_pin: str, now_utc_ns: int) -> tuple[PinResult, PinState]:
    """Check a typed PIN; save the state that comes back *before* the answer is shown. Takes some 0.3 s: in a thread.

    Five wrong ones lock for 30 s, each five more for twice as long, 15 min at most; the right one clears all. While
    locked nothing is checked and nothing counted. Raises PinError NOT_SET or DAMAGED.
    """
    if not state.hash:
        raise PinError(Reason.NOT_SET)
    locked_s = locked_for_s(state, now_utc_ns)
    if locked_s > 0:
        return PinResult(ok=False, locked_s=locked_s), state
    if _matches(state.hash, untrusted_pin):
        return PinResult(ok=True, tries_left=TRIES), PinState(hash=state.hash)
    failed = state.failed + 1
    if failed < TRIES:
        return PinResult(ok=False, tries_left=TRIES - failed), msgspec.structs.replace(state, failed=failed)
    locked_s = min(LOCK_FIRST_S * 2**state.lockouts, LOCK_MOST_S)
    after = PinState(state.hash, 0, state.lockouts + 1, now_utc_ns + round(locked_s * NS))
    return PinResult(ok=False, locked_s=locked_s), after


def locked_for_s(state: PinState, now_utc_ns: int) -> float:
    """Seconds until the next try is taken, 0 when one is taken now.

    An end further away than the longest lock-out means that the wall clock was set back since: it is over, for a
    sitter must not be shut out for days.
    """
    remaining_s = (state.locked_until_utc_ns - now_utc_ns) / NS
    return remaining_s if 0 < remaining_s <= LOCK_MOST_S else 0.0


def _matches(stored: str, untrusted_pin: str) -> bool:
    from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

    if len(untrusted_pin) > DIGITS_MOST:
        return False
    try:
        return _hasher().verify(stored, untrusted_pin)
    except VerifyMismatchError:
        return False
    except (InvalidHashError, VerificationError) as error:
        raise PinError(Reason.DAMAGED) from error
