"""The child's end of the line: reads in a thread, writes in a thread, notices when the other end is gone.

Runs inside screen, sound, tone and monitor. `send` never waits; when the line is lost the process stays and does
the safe thing of its kind, so nothing here may end or block it. Knows no message but `Beat`.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable
from queue import Empty, Full, Queue
from typing import Any

import msgspec

from kiosk.line.codec import BEAT_EVERY_S, SILENT_AFTER_S, Beat, Decoder, LineError, Splitter, encode
from kiosk.line.silence import Silence

OUTBOX_LINES = 1000
INBOX_LINES = 1000
READ_BYTES = 64 * 1024


class Lost(Exception):  # noqa: N818 - read as "except line.Lost"
    """The line is lost; reason as in `LineLost`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class LineLost(msgspec.Struct, frozen=True):
    """Given once to the listener: nobody is at the other end. reason: "ended", "silent" or "full".

    final: False only on a line opened with silence_is_final=False; `LineBack` may follow then.
    """

    reason: str
    final: bool = True


class LineBack(msgspec.Struct, frozen=True):
    """The other end was silent and speaks again (only where silence is not final)."""


class ChildLine:
    """Messages in and out of this child. Safe to use from any thread.

    from_first_beat: it was begun before its parent listens, so silence counts only once that has beaten.

    Lost for good: `send` and `beat` do nothing any more (nobody listens), `get` raises `Lost`, and our writing end
    is closed, so that a parent which was only frozen replaces this child as soon as it wakes.
    """

    Lost = Lost

    def __init__(
        self,
        read_fd: int,
        write_fd: int,
        incoming: Any,
        *,
        silent_after_s: float = SILENT_AFTER_S,
        silence_is_final: bool = True,
        from_first_beat: bool = False,
    ) -> None:
        self.lost: LineLost | None = None
        self._read_fd, self._write_fd = read_fd, write_fd
        self._decoder, self._splitter = Decoder(incoming), Splitter()
        self._silent_after_s = silent_after_s
        self._silence_is_final, self._counts_silence = silence_is_final, not from_first_beat
        self._inbox: Queue[Any] = Queue(INBOX_LINES)
        self._outbox: Queue[bytes | None] = Queue(OUTBOX_LINES)
        self._over, self._written = threading.Event(), threading.Event()
        self._guard = threading.Lock()
        self._silent, self._reading = False, True
        self._silence = Silence(time.monotonic())
        self._last_beat_s = -BEAT_EVERY_S
        for work in (self._read, self._write, self._watch):
            threading.Thread(target=work, name=f"line {work.__name__}", daemon=True).start()

    @property
    def was_heard(self) -> bool:
        """Whether the other end has ever beaten: of one that was begun before its parent listens it need not have."""
        return self._counts_silence

    def send(self, message: msgspec.Struct) -> None:
        """Queue a message. Raises LineError(TOO_LONG). A parent 1000 lines behind counts as gone ("full")."""
        if self.lost and self.lost.final:
            return
        line = encode(message)
        try:
            self._outbox.put_nowait(line)
        except Full:
            self._lose("full")

    def beat(self) -> None:
        """Say that this child's main loop runs; call it from that loop, at least each half second. Cheap.

        One that comes less than 0.45 s behind the last is not sent.
        """
        now_s = time.monotonic()
        if now_s - self._last_beat_s >= BEAT_EVERY_S * 0.9:
            self._last_beat_s = now_s
            self.send(Beat())

    def listen(self, callback: Callable[[Any], None]) -> None:
        """Give every message to `callback`, from a thread of the line; once, instead of `get`. LineLost comes last.

        Put it into the toolkit's own queue there (a Qt signal, call_soon_threadsafe); do no work in it.
        """
        threading.Thread(target=self._dispatch, args=(callback,), name="line listen", daemon=True).start()

    def get(self, timeout_s: float | None = None) -> Any:
        """The next message, None when none came in time. Raises Lost after the last one."""
        if self._over.is_set() and self._inbox.empty() and self.lost:
            raise Lost(self.lost.reason)
        try:
            message = self._inbox.get(timeout=timeout_s)
        except Empty:
            return None
        if isinstance(message, LineLost) and message.final:
            raise Lost(message.reason)
        return message

    def close(self, flush_s: float = 1.0) -> None:
        """Before a clean exit: let queued messages leave, for at most `flush_s` seconds."""
        with contextlib.suppress(Full):
            self._outbox.put_nowait(None)
        self._written.wait(flush_s)

    def _dispatch(self, callback: Callable[[Any], None]) -> None:
        while True:
            message = self._inbox.get()
            callback(message)
            if isinstance(message, LineLost) and message.final:
                return

    def _read(self) -> None:
        while not self._over.is_set():
            try:
                chunk = os.read(self._read_fd, READ_BYTES)
            except OSError:
                chunk = b""
            if not chunk:
                self._lose("ended")
                return
            self._reading = False
            self._take(chunk)
            self._reading = True

    def _take(self, chunk: bytes) -> None:
        for found in self._splitter.feed(chunk):
            if isinstance(found, LineError):
                _complain(found)
                continue
            try:
                message = self._decoder.decode(found)
            except LineError as error:
                _complain(error)
                continue
            self._hear()
            self._counts_silence = self._counts_silence or isinstance(message, Beat)
            if not isinstance(message, Beat) and not self._over.is_set():
                self._inbox.put(message)

    def _hear(self) -> None:
        self._silence.hear(time.monotonic())
        if self._silent and not self._silence_is_final:
            self._silent, self.lost = False, None
            self._inbox.put(LineBack())

    def _watch(self) -> None:
        while not self._over.wait(self._silence.step_s):
            now_s = time.monotonic()
            if not self._counts_silence or not self._reading:
                self._silence.hear(now_s)
            if self._silence.step(now_s) >= self._silent_after_s and not self._silent:
                self._silent = True
                self._lose("silent", final=self._silence_is_final)

    def _write(self) -> None:
        broken = False  # the parent's death is told by the reader, after what it still sent; here it is only dropped
        while (line := self._outbox.get()) is not None:
            try:
                while line and not broken:
                    line = line[os.write(self._write_fd, line) :]
            except OSError:
                broken = True
        self._written.set()
        with contextlib.suppress(OSError):
            os.close(self._write_fd)

    def _lose(self, reason: str, *, final: bool = True) -> None:
        with self._guard:
            if self._over.is_set():
                return
            self.lost = LineLost(reason, final)
            if final:
                self._over.set()
        if final:
            self._unblock_writer()
        self._put_at_once(self.lost)

    def _put_at_once(self, lost: LineLost) -> None:
        # never waits, even when nobody takes messages: the oldest make room
        while True:
            try:
                self._inbox.put_nowait(lost)
                return
            except Full:
                with contextlib.suppress(Empty):
                    self._inbox.get_nowait()

    def _unblock_writer(self) -> None:
        # a full outbox is emptied first: nobody reads it any more, and the writer must see the end and close
        with contextlib.suppress(Empty, Full):
            while self._outbox.full():
                self._outbox.get_nowait()
            self._outbox.put_nowait(None)


def _complain(error: LineError) -> None:
    with contextlib.suppress(OSError):
        os.write(2, f"line refused: {error}\n".encode())
