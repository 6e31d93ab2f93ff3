"""The parent's end of one child's line: asyncio pipes, an outbox in, an inbox and stderr out.

Runs on the parent's event loop and never waits for the child. Knows nothing of restarts or reasons; that is
`kiosk.child`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

import msgspec

from kiosk.line.codec import LineError, Splitter
from kiosk.line.inbox import Inbox
from kiosk.line.outbox import Outbox

STDERR_LINE_BYTES = 4096
STDERR_LINES_PER_S = 50


class ParentLine(asyncio.SubprocessProtocol):
    """exited and output_ended are events; broken: the child can no longer be told, or tell, anything."""

    def __init__(self, inbox: Inbox, outbox: Outbox, errors: StderrLines, on_overflow: Callable[[], None]) -> None:
        self.exited, self.output_ended = asyncio.Event(), asyncio.Event()
        self.broken = False
        self._inbox, self._outbox, self._errors, self._on_overflow = inbox, outbox, errors, on_overflow
        self._full = False
        self._input: asyncio.WriteTransport | None = None
        self._output: asyncio.ReadTransport | None = None

    def send(self, message: msgspec.Struct) -> None:
        """Queue and write as far as the pipe takes it. Raises LineError(TOO_LONG)."""
        if not self.broken:
            self._outbox.put(message)
            self._pump()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The process runs."""
        process = cast("asyncio.SubprocessTransport", transport)
        self._input = cast("asyncio.WriteTransport", process.get_pipe_transport(0))
        self._output = cast("asyncio.ReadTransport", process.get_pipe_transport(1))
        self._input.set_write_buffer_limits(high=0)  # what waits must wait in the outbox, where state replaces state
        self._pump()

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        """Bytes from the child: 1 is the line, 2 what its libraries print."""
        if fd == 2:
            self._errors.feed(data)
            return
        self._inbox.feed(data)
        self._work()

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        """A pipe ended; what had come is handled before the end is told."""
        if fd == 1:
            try:
                self._inbox.end()
            finally:
                self.output_ended.set()
        if fd != 2:
            self.broken = True

    def process_exited(self) -> None:
        """The process is gone, its pipes may still hold something."""
        self.exited.set()

    def pause_writing(self) -> None:
        """The pipe is full."""
        self._full = True

    def resume_writing(self) -> None:
        """The pipe is empty again."""
        self._full = False
        self._pump()

    def _pump(self) -> None:
        if self._input is None or self._input.is_closing():
            return
        while not self._full and (line := self._outbox.take()) is not None:
            self._input.write(line)
        if self._outbox.has_gap():
            self._on_overflow()

    def _work(self) -> None:
        try:
            self._inbox.work()
        finally:  # an error in a callback of ours must not leave the rest of the child's lines lying
            self._hold_output(len(self._inbox) > 0)

    def _hold_output(self, more: bool) -> None:
        if self._output is None or self._output.is_closing():
            return
        if more:
            self._output.pause_reading()
            asyncio.get_running_loop().call_soon(self._work)
        else:
            self._output.resume_reading()


class StderrLines:
    """A child's stderr as text lines for the log, at most 50 a second and 4 KiB each; the rest is counted."""

    def __init__(self, log: Callable[[str], None], clock: Callable[[], float]) -> None:
        self._splitter = Splitter(STDERR_LINE_BYTES)
        self._log, self._clock = log, clock
        self._second, self._count = 0, 0

    def feed(self, data: bytes) -> None:
        """Add what was read."""
        for line in self._splitter.feed(data):
            self._line("(a long line was dropped)" if isinstance(line, LineError) else line.decode("utf-8", "replace"))

    def _line(self, text: str) -> None:
        second = int(self._clock())
        if second != self._second:
            if self._count > STDERR_LINES_PER_S:
                self._log(f"({self._count - STDERR_LINES_PER_S} lines dropped)")
            self._second, self._count = second, 0
        self._count += 1
        if self._count <= STDERR_LINES_PER_S:
            self._log("".join(c if c.isprintable() or c == "\t" else "?" for c in text))
