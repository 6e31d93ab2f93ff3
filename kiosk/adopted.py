"""A process with a head start, taken over by asyncio: the same transport and callbacks as `loop.subprocess_exec` gives.

Runs on the parent's event loop. Used by `kiosk.child` alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable
from threading import Thread
from typing import Any, cast

from kiosk.headstart import HeadStart


class Adopted(asyncio.SubprocessTransport):
    """See `adopt`."""

    def __init__(self, pid: int, protocol: asyncio.SubprocessProtocol) -> None:
        super().__init__()
        self._pid, self._code = pid, None
        self._protocol = protocol
        self._pipes: dict[int, asyncio.BaseTransport] = {}
        self._early: list[Callable[[], None]] | None = []

    _code: int | None

    def get_pid(self) -> int:
        """Its number."""
        return self._pid

    def get_returncode(self) -> int | None:
        """As `subprocess` says it: negative for a signal; None while it runs."""
        return self._code

    def get_pipe_transport(self, fd: int) -> Any:
        """0 to write to it, 1 and 2 what it writes."""
        return self._pipes.get(fd)

    def close(self) -> None:
        """Close its pipes."""
        for pipe in self._pipes.values():
            pipe.close()

    def is_closing(self) -> bool:
        """Whether they are."""
        return any(pipe.is_closing() for pipe in self._pipes.values())

    def hand_over(self, pipes: dict[int, asyncio.BaseTransport]) -> None:
        """All pipes stand: the protocol learns of them, and then of what came meanwhile."""
        self._pipes = pipes
        self._protocol.connection_made(self)
        early, self._early = self._early or [], None
        for call in early:
            call()

    def call(self, call: Callable[[], None]) -> None:
        """Tell the protocol something, in order and never before it knows its pipes."""
        if self._early is None:
            call()
        else:
            self._early.append(call)

    def received(self, fd: int, data: bytes) -> None:
        """It wrote something."""
        self.call(lambda: self._protocol.pipe_data_received(fd, data))

    def lost(self, fd: int, error: Exception | None) -> None:
        """A pipe ended."""
        self.call(lambda: self._protocol.pipe_connection_lost(fd, error))

    def exited(self, code: int) -> None:
        """It is gone."""
        self._code = code
        self.call(self._protocol.process_exited)

    def paused(self, is_full: bool) -> None:
        """Its input is full, or empty again."""
        protocol = cast(Any, self._protocol)
        self.call(protocol.pause_writing if is_full else protocol.resume_writing)


class _Reader(asyncio.Protocol):
    def __init__(self, process: Adopted, fd: int) -> None:
        self._process, self._fd = process, fd

    def data_received(self, data: bytes) -> None:
        self._process.received(self._fd, data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._process.lost(self._fd, exc)


class _Writer(asyncio.BaseProtocol):
    def __init__(self, process: Adopted) -> None:
        self._process = process

    def pause_writing(self) -> None:
        self._process.paused(True)

    def resume_writing(self) -> None:
        self._process.paused(False)

    def connection_lost(self, exc: Exception | None) -> None:
        self._process.lost(0, exc)


async def adopt(begun: HeadStart, protocol: asyncio.SubprocessProtocol) -> Adopted:
    """Keep it from now on: `protocol` is told all that it wrote so far, and all else, as of any other child."""
    begun.is_taken = True
    loop = asyncio.get_running_loop()
    process = Adopted(begun.pid, protocol)
    writer, _ = await loop.connect_write_pipe(lambda: _Writer(process), os.fdopen(begun.input_fd, "wb", 0))
    pipes: dict[int, asyncio.BaseTransport] = {0: writer}
    for fd, own_fd in ((1, begun.output_fd), (2, begun.errors_fd)):
        pipes[fd], _ = await loop.connect_read_pipe(lambda fd=fd: _Reader(process, fd), os.fdopen(own_fd, "rb", 0))
    process.hand_over(pipes)
    Thread(target=_await_end, args=(loop, process), name=f"end of {begun.pid}", daemon=True).start()
    return process


def _await_end(loop: asyncio.AbstractEventLoop, process: Adopted) -> None:
    _, status = os.waitpid(process.get_pid(), 0)
    with contextlib.suppress(RuntimeError):  # the loop is closed: nobody is left to be told
        loop.call_soon_threadsafe(process.exited, os.waitstatus_to_exitcode(status))
