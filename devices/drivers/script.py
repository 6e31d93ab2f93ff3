"""What a family's script may do with a link: write from the allow-list, wait for a frame, wait. Nothing else.

Runs in the monitor, one task a connection, ended with it. A script never decides about values: frames are decoded and
reported as they come, whether a script waits for them or not.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol

import msgspec

from devices.drivers.said import Decoded

ANSWER_WITHIN_S = 3.0


class ScriptLink(Protocol):
    """One connection as a script sees it. Times in session seconds."""

    def has(self, characteristic_uuid: str) -> bool:
        """Whether the device has this characteristic."""
        ...

    async def read(self, characteristic_uuid: str) -> bytes | None:
        """What the device says there, reported as any payload; None where it says nothing."""
        ...

    async def write(self, characteristic_uuid: str, data: bytes) -> None:
        """Write what the driver's allow-list has; raises LinkError for anything else."""
        ...

    async def frame(self, within_s: float) -> bytes | None:
        """The next whole frame, None if none comes in time."""
        ...

    def forget(self) -> None:
        """Drop the frames that came and were not waited for."""
        ...

    async def pause(self, seconds: float) -> None: ...


class Context(msgspec.Struct, frozen=True):
    """name: the device's advertised name. local_time: the computer's local time now, without zone."""

    name: str
    local_time: Callable[[], datetime]


Emit = Callable[[Decoded], None]
Script = Callable[[ScriptLink, Emit, Context], Awaitable[None]]


async def ask(
    link: ScriptLink, characteristic: str, request: bytes, answers: Callable[[bytes], bool] = bool
) -> bytes | None:
    """Write one request and wait for its answer, None if none comes; never a second one before."""
    link.forget()
    await link.write(characteristic, request)
    while (frame := await link.frame(ANSWER_WITHIN_S)) is not None:
        if answers(frame):
            return frame
    return None
