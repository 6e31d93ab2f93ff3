"""Starts the monitor, watches its heartbeat, starts it again. The first process of every run, and the last.

No Qt, no bleak, no vlc, nothing that could crash or freeze: what must outlive a monitor lives here. Must never stop
a monitor that beats, nor give up while a session is open, nor leave a process behind. Knows no name and no value.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from kiosk import crash, group
from kiosk.child import BACK_OFF_S, Child, ChildEnd
from kiosk.headstart import HeadStart
from kiosk.holding import Holding
from kiosk.line.monitor import (
    Born,
    Ended,
    EndRun,
    Finished,
    FromMonitor,
    Held,
    KeyKnown,
    LightWanted,
    Ready,
    Said,
    ScreenShown,
    SessionState,
    UseKey,
)
from kiosk.private import keep_private
from kiosk.survivor import Survivors, adopt_orphans

SILENT_AFTER_S = 2.0
START_WITHIN_S = 15.0
LEAVE_WITHIN_S = 10.0
FINISH_WITHIN_S = 5.0
PLAIN_AFTER_ENDS = 3
PLAIN_WITHIN_S = 60.0
GIVE_UP_AFTER_STARTS = 5  # none of which ever beat, and no session ever open
LOG_BYTES = 1024 * 1024


class Start(msgspec.Struct, frozen=True):
    """How the next monitor is to be started. because: how the last one ended, "" at the first start.

    plain: a new record file, no resume, no sound child, without the driver that ran last. session: the session of
    this run as far as it is known; a monitor that finds it ended has nothing left to do. key_follows: the record's
    key is the first message on its line.
    """

    resume: bool = False
    because: str = ""
    plain: bool = False
    session: str = ""
    key_follows: bool = False


def flags(start: Start) -> list[str]:
    """`Start` as words: --resume, --plain, --key-follows, --restarted-because TEXT, --session-of-run ID."""
    said = (("--resume", start.resume), ("--plain", start.plain), ("--key-follows", start.key_follows))
    words = [word for word, is_so in said if is_so]
    words += ["--restarted-because", start.because] if start.because else []
    return [*words, "--session-of-run", start.session] if start.session else words


def supervise(
    argv_of_monitor: Callable[[Start], Sequence[str]],
    *,
    data_dir: Path | None = None,
    out: Callable[[str], object] = print,
    on_session: Callable[[SessionState], object] = lambda state: None,
    env: Mapping[str, str] | None = None,
    holding: Holding | None = None,
    begun: HeadStart | None = None,
) -> int:
    """Run monitors until one says `Finished`; the exit code. Blocks; call it on the main thread, early.

    on_session: told when a session opens or closes. holding: keeps the computer awake while one is open and dims the
    panel; None holds nothing. begun: the first monitor, told already what to do. data_dir: where supervisor.log and
    the crash files of all processes go; when it cannot be written, stderr only.
    """
    keep_private()
    crash.arm("supervisor", data_dir / "crash" if data_dir else None)
    return asyncio.run(Supervisor(argv_of_monitor, data_dir, out, on_session, env, holding, begun).run())


class Supervisor:
    """One run. See `supervise`."""

    def __init__(
        self,
        argv_of_monitor: Callable[[Start], Sequence[str]],
        data_dir: Path | None,
        out: Callable[[str], object],
        on_session: Callable[[SessionState], object],
        env: Mapping[str, str] | None,
        holding: Holding | None = None,
        begun: HeadStart | None = None,
    ) -> None:
        self._holding, self._begun = holding, begun
        self._argv_of_monitor, self._env = argv_of_monitor, env
        self._out, self._on_session = out, on_session
        self._log_file = data_dir / "supervisor.log" if data_dir else None
        self._survivors = Survivors()
        self._monitor: Child | None = None
        self._finished: int | None = None
        self._asked_by = self._session = ""
        self._key: UseKey | None = None
        self._stop = asyncio.Event()
        self._ends_s: list[float] = []
        self._ends = 0
        self._ever_beat = self._session_was_open = self._plain = False
        self._work: set[asyncio.Task[None]] = set()

    async def run(self) -> int:
        """Until the end of the run; its exit code."""
        adopt_orphans()
        self._catch_signals()
        self._start_holding()
        try:
            code = await self._keep_running()
        finally:
            ended = await self._survivors.end_all()
            await asyncio.gather(*self._work)
            if self._holding and not await asyncio.to_thread(self._holding.end):
                self._log("light or wakefulness could not be given back in time; the next start tries again")
        self._log(f"end of the run, code {code}{', ended ' + ', '.join(ended) if ended else ''}")
        return code

    async def _keep_running(self) -> int:
        start = Start()
        while True:
            end = await self._one_monitor(start)
            left = self._survivors.orphan()
            self._log(f"monitor {end.pid} ended: {end.how}{'; still there: ' + ', '.join(left) if left else ''}")
            code = self._code_of_run(end)
            if code is not None:
                return code  # an ordered end: the light comes back in a ramp
            if self._holding:
                self._holding.stopped()
            start = self._next_start(end)
            with contextlib.suppress(TimeoutError):
                pause_s = BACK_OFF_S[min(len(self._ends_s), len(BACK_OFF_S)) - 1]
                await asyncio.wait_for(self._stop.wait(), pause_s)
            if self._stop.is_set():
                return 1

    async def _one_monitor(self, start: Start) -> ChildEnd:
        monitor = self._monitor = Child(
            "monitor",
            self._argv_of_monitor(start),
            FromMonitor,
            self._take,
            on_refused=lambda reason: self._log(f"line refused: {reason}"),
            on_start=lambda pid: self._log(f"monitor {pid} started {' '.join(flags(start))}"),
            on_ready=lambda pid: self._note_beat(),
            log=lambda name, text: _to_stderr(text),
            env=self._env,
            silent_after_s=SILENT_AFTER_S,
            start_within_s=START_WITHIN_S,
            begun=self._begun,
        )
        self._begun = None
        if self._key:
            monitor.send(self._key)
        monitor.start()
        ended = asyncio.ensure_future(monitor.ended())
        stopped = asyncio.ensure_future(self._stop.wait())
        await asyncio.wait({ended, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if not ended.done():
            await monitor.end(LEAVE_WITHIN_S, EndRun(self._asked_by))
        return await ended

    def _code_of_run(self, end: ChildEnd) -> int | None:
        """The run's exit code if it is over, None when the monitor is to be started again."""
        if self._finished is not None:
            return self._finished
        if self._stop.is_set():
            return 1
        self._ends += 1
        hopeless = end.pid is None or self._ends >= GIVE_UP_AFTER_STARTS
        if hopeless and not self._ever_beat and not self._session_was_open:
            _to_stderr(f"kiosk: the monitor cannot be started ({end.how}). Run `kiosk doctor`.")
            return 1
        return None

    def _next_start(self, end: ChildEnd) -> Start:
        now_s = time.monotonic()
        self._ends_s = [at_s for at_s in self._ends_s if now_s - at_s <= PLAIN_WITHIN_S] + [now_s]
        self._plain = self._plain or len(self._ends_s) >= PLAIN_AFTER_ENDS
        return Start(not self._plain, f"monitor ended: {end.how}", self._plain, self._session, self._key is not None)

    def _take(self, message: Any) -> None:
        match message:
            case Born(child, pid):
                self._survivors.born(child, pid)
            case Ended(_, pid):
                self._survivors.ended(pid)
            case Ready(child, _) if child != "screen":
                self._end_survivors(child)
            case ScreenShown():
                self._end_survivors(None)
            case SessionState():
                self._session_was_open |= message.open
                self._session = message.session_id or self._session
                self._on_session(message)
                if self._holding:
                    self._holding.session(message.open)
            case LightWanted() if self._holding:
                self._holding.want(message)
            case KeyKnown(key):
                self._key = UseKey(key)
            case Said(text, error):
                with contextlib.suppress(OSError):
                    _to_stderr(text) if error else self._out(text)
            case Finished(code):
                self._finish(code)
            case _:
                pass

    def _finish(self, code: int) -> None:
        self._finished = code
        if self._monitor:
            self._monitor.expect_end()
        asyncio.get_running_loop().call_later(FINISH_WITHIN_S, self._kill_monitor, self._monitor)

    def _kill_monitor(self, monitor: Child | None) -> None:
        if monitor and monitor is self._monitor and monitor.pid and not monitor.over:
            group.kill(monitor.pid)

    def _end_survivors(self, kind: str | None) -> None:
        work = asyncio.get_running_loop().create_task(self._end_and_log(kind))
        self._work.add(work)
        work.add_done_callback(self._work.discard)

    async def _end_and_log(self, kind: str | None) -> None:
        ended = await self._survivors.end(kind)
        if ended:
            self._log(f"left over and ended: {', '.join(ended)}")

    def _note_beat(self) -> None:
        self._ever_beat = True
        if self._holding:
            self._holding.back()
            self._tell_held(self._holding.held)

    def _start_holding(self) -> None:
        loop = asyncio.get_running_loop()

        def on_the_loop(call: Callable[..., object], argument: object) -> None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody is left to be told
                loop.call_soon_threadsafe(call, argument)

        if self._holding:
            self._holding.start(lambda held: on_the_loop(self._tell_held, held), lambda s: on_the_loop(self._log, s))

    def _tell_held(self, held: Held) -> None:
        if self._monitor and not self._monitor.over:
            self._monitor.send(held)

    def _catch_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            if sys.platform == "win32":
                signal.signal(number, lambda n, _: loop.call_soon_threadsafe(self._asked_to_end, n))
            else:
                loop.add_signal_handler(number, self._asked_to_end, number)
        if sys.platform != "win32":  # a closed terminal is no reason to stop watching a person
            signal.signal(signal.SIGHUP, signal.SIG_IGN)

    def _asked_to_end(self, number: int) -> None:
        if self._stop.is_set():  # asked twice: at once
            self._kill_monitor(self._monitor)
            return
        self._asked_by = signal.Signals(number).name
        self._log(f"{self._asked_by}: the monitor is asked to end")
        self._stop.set()

    def _log(self, text: str) -> None:
        stamp = datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")
        if self._log_file is None:
            _to_stderr(f"supervisor: {text}")
            return
        try:
            if self._log_file.exists() and self._log_file.stat().st_size > LOG_BYTES:
                self._log_file.replace(self._log_file.with_suffix(".log.1"))
            with self._log_file.open("a", encoding="utf-8") as file:
                file.write(f"{stamp} {text}\n")
        except OSError:
            _to_stderr(f"supervisor: {text}")


def _to_stderr(text: str) -> None:
    with contextlib.suppress(OSError):
        print(text, file=sys.stderr, flush=True)
