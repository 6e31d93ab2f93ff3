"""Answers the provider's window: reads in one thread, judges and exports beside it, and keeps the window's process.

Owned by `kiosk review`. What is asked anew makes what was asked before it worthless: only the newest session, series
and trial are finished. It waits for nothing in its own loop, so that the window's line stays alive.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec

from kiosk.child import Child, ChildEnd
from kiosk.clock import Clock
from kiosk.crew import child_argv
from kiosk.launch import record_sentence
from kiosk.line import review as m
from kiosk.line.screen import Leave, Pictured, PinAnswer, ScreenTrouble
from kiosk.record.fault import RecordError
from kiosk.review import answer, seal
from kiosk.review.collection import Collection, NotShown, open_collection
from kiosk.review.export import ExportError, export, is_signed_here
from kiosk.review.study import Study
from kiosk.review.trial import NotALimit
from kiosk.review.unlock import Unlock
from kiosk.text import review_act as words

SILENT_AFTER_S = 20.0  # a window that prints or draws much is no danger to anybody
PAGE_ENTRIES = 200
TOLD_AT_ONCE = 20


class Host:
    """path: what to look at. folder: the data folder, where keys and PIN lie. picture: take one and leave.

    `run` gives the exit code; `trouble` says why it is not 0.
    """

    def __init__(
        self, path: Path, folder: Path, unlock: Unlock, *, text_percent: int = 100, picture: Path | None = None
    ) -> None:
        self._path, self._folder, self._unlock = path, folder, unlock
        self._text_percent, self._picture = text_percent, picture
        self.trouble = ""
        self._collection: Collection | None = None
        self._study: Study | None = None
        self._reading = ThreadPoolExecutor(1, "reading")
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._is_over = asyncio.Event()
        self._child: Child | None = None

    async def run(self, env: dict[str, str] | None = None) -> int:
        """Show the window until it is closed."""
        self._child = Child(
            "review",
            child_argv("review"),
            m.FromReview,
            self._take,
            self._ended,
            lambda reason: self._fail(f"the window said what it may not say: {reason}"),
            ask=Leave(),
            env=env,
            silent_after_s=SILENT_AFTER_S,
        )
        self._child.start()
        self._end_by_signal()
        try:
            await self._is_over.wait()
        finally:
            await self._child.end()
            await self._stop()
        return 1 if self.trouble else 0

    def _end_by_signal(self) -> None:
        if sys.platform != "win32":
            for one in (signal.SIGTERM, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(one, self._is_over.set)

    async def _stop(self) -> None:
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        if self._collection is not None:
            await self._in_thread(self._collection.close)
        self._reading.shutdown()

    def _fail(self, why: str) -> None:
        self.trouble = self.trouble or why
        self._is_over.set()

    def _ended(self, end: ChildEnd) -> None:
        if not end.asked and not self._is_over.is_set():
            self._fail(f"the window ended by itself ({end.how})")
        self._is_over.set()

    def _send(self, message: msgspec.Struct) -> None:
        if self._child is not None:
            self._child.send(message)

    async def _in_thread(self, work: Callable[..., Any], *args: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._reading, work, *args)

    def _begin(self, name: str, work: Callable[..., Coroutine[Any, Any, None]], *args: Any) -> None:
        """Only the newest of a kind goes on."""
        before = self._tasks.get(name)
        if before is not None:
            before.cancel()
        self._tasks[name] = asyncio.create_task(self._guarded(work, *args), name=name)

    async def _guarded(self, work: Callable[..., Coroutine[Any, Any, None]], *args: Any) -> None:
        """What a file does not give is said in the window; anything else is a fault of the program and ends it."""
        try:
            await work(*args)
        except RecordError as error:
            self._send(m.Refused(self._path.name, (record_sentence(error),)))
        except asyncio.CancelledError:
            raise
        except Exception as error:
            self._fail(f"{type(error).__name__}: {error}")
            raise

    # --- what the window wants ---------------------------------------------------------------------------------------

    def _take(self, message: Any) -> None:
        match message:
            case m.Windowed():
                self._begin("opening", self._open)
            case m.TypePin(pin=pin):
                self._begin("pin", self._try_pin, pin)
            case m.Closed():
                self._is_over.set()
            case Pictured():
                self._is_over.set()
            case ScreenTrouble(text=text):
                self._fail(text)
            case _ if not self._unlock.is_open or self._collection is None:
                pass  # nothing may be asked before the PIN was right
            case m.OpenSession(session_id=session_id):
                self._begin("session", self._open_session, session_id)
            case m.OpenSeries(patient_id=patient_id, zero=zero):
                self._begin("series", self._open_series, patient_id, zero)
            case m.AskWave():
                self._begin("wave", self._wave, message)
            case m.TryLimits():
                self._begin("trial", self._try_limits, message)
            case m.AddNote():
                self._begin(f"note {message.id}", self._add_note, message)
            case m.Export():
                self._begin(f"export {message.id}", self._export, message)
            case _:
                pass

    async def _open(self) -> None:
        if not self._unlock.is_open:
            self._send(m.Opening("", pin=True, text_percent=self._text_percent))
            return
        try:
            self._collection = await self._in_thread(open_collection, self._path, self._folder)
        except NotShown as refused:
            self._send(m.Opening("", text_percent=self._text_percent))
            self._send(m.Refused(self._path.name, refused.reasons, refused.is_altered))
            self._take_picture()
            return
        assert self._collection is not None
        self._send(m.Opening(self._collection.words, False, self._collection.note_why, self._text_percent))
        await self._list(self._collection)

    async def _list(self, collection: Collection) -> None:
        """The list at once, its newest session, then what happened in those of which nothing was kept."""
        shown = await self._in_thread(answer.listed, collection)
        for page in _pages(shown.entries, PAGE_ENTRIES):
            self._send(page)
        if not shown.lines:
            self._send(m.Refused("", ()))
            return
        self._begin("session", self._open_session, shown.lines[-1].session_id)
        read: list[m.Entry] = []
        for left, place in zip(range(len(shown.unread) - 1, -1, -1), reversed(shown.unread), strict=True):
            # one by one: a session that a person chooses waits for one of them at most
            read.append(await self._in_thread(answer.summed, collection, shown, place))
            if len(read) == TOLD_AT_ONCE or not left:
                self._send(m.Shelf(tuple(read)))
                read = []

    async def _try_pin(self, pin: str) -> None:
        result = await asyncio.to_thread(self._unlock.try_pin, pin, Clock().now().utc_ns)
        self._send(PinAnswer(result.ok, result.tries_left, result.locked_s))
        if result.ok:
            await self._open()

    async def _open_session(self, session_id: str) -> None:
        collection = self._open_collection()
        made = await self._in_thread(answer.session, collection, session_id, seal.CHECKING)
        self._study = made.study
        for message in made.messages:
            self._send(message)
        looked = await self._in_thread(collection.seal, made.line)
        self._send(m.Sealed(session_id, looked))
        self._take_picture()

    def _take_picture(self) -> None:
        if self._picture is not None:
            self._send(m.Picture(str(self._picture)))

    async def _wave(self, asked: m.AskWave) -> None:
        if self._study is not None and self._study.opened.session_id == asked.session_id:
            self._send(await self._in_thread(answer.wave, self._open_collection(), self._study, asked))

    async def _open_series(self, patient_id: str, zero: m.Zero) -> None:
        for message in await self._in_thread(answer.series, self._open_collection(), self._folder, patient_id, zero):
            self._send(message)

    async def _try_limits(self, asked: m.TryLimits) -> None:
        collection = self._open_collection()
        try:
            pairs = await self._in_thread(answer.trials, collection, asked)
        except NotALimit as refused:
            self._send(m.Told(asked.id, "failed", refused.sentence))
            return
        for left, (name, session_id, limits) in zip(range(len(pairs) - 1, -1, -1), pairs, strict=True):
            result = await self._in_thread(collection.judged, session_id, limits)
            self._send(answer.tried(asked.id, name, session_id, result, left))

    async def _add_note(self, note: m.AddNote) -> None:
        collection = self._open_collection()
        try:
            now_ns = Clock().now().utc_ns
            await self._in_thread(answer.add_note, collection, self._folder, note, now_ns)
        except RecordError as error:
            self._send(m.Told(note.id, "failed", record_sentence(error)))
            return
        self._send(m.Told(note.id, "done", words.note_saved()))
        if self._study is not None and self._study.opened.session_id == note.session_id:
            for message in await self._in_thread(answer.remarked, collection, self._study):
                self._send(message)

    async def _export(self, asked: m.Export) -> None:
        collection, loop = self._open_collection(), asyncio.get_running_loop()
        name = Path(asked.to).name
        self._send(m.Told(asked.id, "under way", words.under_way(name)))

        def far(share: float) -> None:
            told = m.Told(asked.id, "under way", words.under_way(name), share)
            loop.call_soon_threadsafe(self._send, told)

        try:
            await asyncio.to_thread(export, collection, self._folder, asked, far)
        except FileExistsError:
            self._send(m.Told(asked.id, "failed", words.there_already(asked.to)))
        except ExportError as error:
            self._send(m.Told(asked.id, "failed", words.not_written(error.reason)))
        else:
            said = words.written_here if is_signed_here(collection, asked) else words.written
            self._send(m.Told(asked.id, "done", said(asked.to), 1.0, asked.to))

    def _open_collection(self) -> Collection:
        assert self._collection is not None
        return self._collection


def _pages(entries: list[m.Entry], size: int) -> Iterator[m.Shelf]:
    starts = range(0, len(entries), size) or range(1)
    for start in starts:
        yield m.Shelf(tuple(entries[start : start + size]), reset=start == 0, more=start != starts[-1])
