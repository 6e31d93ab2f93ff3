"""One child process, from the parent's side: start, talk, watch, end, start again. One mechanism for all children.

Runs on the event loop of the monitor (screen, sound, tone) and of the supervisor (monitor). Never waits for a child:
nothing it does or fails to do may cost a reading. A child is not killed with its parent: it stays and shows that.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import msgspec

from kiosk import group
from kiosk.adopted import adopt
from kiosk.headstart import HeadStart
from kiosk.line.codec import BEAT_EVERY_S, SILENT_AFTER_S, Beat
from kiosk.line.inbox import Inbox
from kiosk.line.outbox import Outbox
from kiosk.line.parentline import ParentLine, StderrLines
from kiosk.line.silence import Silence

START_WITHIN_S = 20.0  # from the start to the first heartbeat: a cold disk and a large toolkit
LEAVE_WITHIN_S = 2.0
TERMINATE_WITHIN_S = 2.0  # a media library closes its streams
DEAD_WITHIN_S = 5.0
CLOSED_FOR_S = 1.0  # an end that is told by its closed line before its exit is no reason to kill
LAST_WORDS_WITHIN_S = 0.5
BACK_OFF_S = (0.1, 0.5, 1.0, 2.0, 5.0)
STEADY_S = 60.0


class ChildEnd(msgspec.Struct, frozen=True):
    """How a child ended, exactly. how: "exit 0", "signal 11 (SIGSEGV)", "never started: ...", "silent 1.5 s, killed".

    pid and code are None when it never started. asked: we had asked it to end. lived_s: seconds from the start.
    """

    name: str
    how: str
    pid: int | None = None
    code: int | None = None
    asked: bool = False
    lived_s: float = 0.0


def _nothing(*_: object) -> None:
    pass


def _to_stderr(name: str, text: str) -> None:
    print(f"{name}: {text}", file=sys.stderr)


class Child:
    """A process with a line. All callbacks run on the event loop, in order; on_end is the last, once.

    accepts: the union this child may send. on_message(message); on_refused(reason in words); on_start(pid) when the
    process exists; on_ready(pid) at its first heartbeat; on_overflow() when droppable messages were dropped and
    everything else is written: send the history anew. log(name, line) gets its stderr.
    replaceable: state types, only the newest is kept waiting. droppable: types that on_overflow brings back.
    perishable: types of the moment, thrown away first.
    ask: the message that asks it to leave; without one it is terminated. env: on top of this process's own.
    begun: it runs already and is taken over; argv and env are what it was begun with.
    """

    def __init__(
        self,
        name: str,
        argv: Sequence[str],
        accepts: Any,
        on_message: Callable[[Any], None],
        on_end: Callable[[ChildEnd], None] = _nothing,
        on_refused: Callable[[str], None] = _nothing,
        *,
        on_start: Callable[[int], None] = _nothing,
        on_ready: Callable[[int], None] = _nothing,
        on_overflow: Callable[[], None] = _nothing,
        log: Callable[[str, str], None] = _to_stderr,
        ask: msgspec.Struct | None = None,
        replaceable: tuple[type[msgspec.Struct], ...] = (),
        droppable: tuple[type[msgspec.Struct], ...] = (),
        perishable: tuple[type[msgspec.Struct], ...] = (),
        env: Mapping[str, str] | None = None,
        silent_after_s: float = SILENT_AFTER_S,
        start_within_s: float = START_WITHIN_S,
        clock: Callable[[], float] = time.monotonic,
        begun: HeadStart | None = None,
    ) -> None:
        self._begun = begun
        self.name, self.pid, self.ready = name, None, False
        self._argv, self._env = list(argv), env
        self._on_message, self._on_end = on_message, on_end
        self._on_start, self._on_ready = on_start, on_ready
        self._ask, self._silent_after_s, self._start_within_s = ask, silent_after_s, start_within_s
        self._clock, self._started_s = clock, clock()
        self._outbox = Outbox(replaceable, droppable, perishable)
        inbox = Inbox(accepts, self._take, on_refused, clock)
        errors = StderrLines(lambda text: log(name, text), clock)
        self._line = ParentLine(inbox, self._outbox, errors, on_overflow)
        self._asked, self._killed_because = False, ""
        self._silence = Silence(0.0)
        self._stepped_s = self._beaten_in = float("-inf")
        self._broken_s = self._killed_s = 0.0
        self._steps: asyncio.TimerHandle | None = None
        self._end: asyncio.Future[ChildEnd] | None = None
        self._work: asyncio.Task[None] | None = None

    pid: int | None

    def start(self) -> None:
        """Begin to start it; returns at once."""
        loop = asyncio.get_running_loop()
        self._end, self._started_s = loop.create_future(), self._clock()
        self._work = loop.create_task(self._run(), name=f"child {self.name}")

    def send(self, message: msgspec.Struct) -> None:
        """Tell the child; never waits, may be called before `start`. After its end: does nothing.

        Raises LineError(TOO_LONG).
        """
        self._line.send(message)

    def expect_end(self) -> None:
        """It said that it ends: from now on silence and a closed line are no reason to kill it."""
        self._asked = True

    async def ended(self) -> ChildEnd:
        """Wait for the end of a started child."""
        assert self._end is not None, "not started"
        return await asyncio.shield(self._end)

    @property
    def over(self) -> bool:
        """Whether it has ended (or could not be started)."""
        return self._end is not None and self._end.done()

    async def end(self, leave_within_s: float = LEAVE_WITHIN_S, ask: msgspec.Struct | None = None) -> ChildEnd:
        """Ask (by `ask`, else by its usual message), wait, terminate, wait, kill the group; bounded.

        Without a message it is terminated at once: closing its stdin would make it sound the failure tone.
        """
        if self.over:
            return await self.ended()
        self._asked = True
        ask = ask or self._ask
        if ask is not None:
            self.send(ask)
        if (ask is None or not await self._ends_within(leave_within_s)) and self.pid:
            group.terminate(self.pid)
        if not await self._ends_within(TERMINATE_WITHIN_S) and self.pid:
            group.kill(self.pid)
        if not await self._ends_within(DEAD_WITHIN_S):
            self._finish("killed, still there", None)
        return await self.ended()

    async def _ends_within(self, timeout_s: float) -> bool:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.ended(), timeout_s)
        return self.over

    async def _run(self) -> None:
        try:
            transport = await self._process()
        except OSError as error:
            self._finish(f"never started: {error.strerror or type(error).__name__}", None)
            return
        self.pid = transport.get_pid()
        self._on_start(self.pid)
        await self._watch(self.pid)
        group.kill(self.pid)  # what it had started itself, and what holds its pipes open
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._line.output_ended.wait(), LAST_WORDS_WITHIN_S)
        code = transport.get_returncode()
        transport.close()
        self._finish(self._killed_because or group.how(code or 0), code)

    async def _process(self) -> asyncio.SubprocessTransport:
        if self._begun:
            return await adopt(self._begun, self._line)
        environment = {**os.environ, **(self._env or {})}
        transport, _ = await asyncio.get_running_loop().subprocess_exec(
            lambda: self._line, *self._argv, env=environment, **group.OWN
        )
        return transport

    def _finish(self, how: str, code: int | None) -> None:
        if self._end is None or self._end.done():
            return
        end = ChildEnd(self.name, how, self.pid, code, self._asked, self._clock() - self._started_s)
        self._line.broken = True
        self._end.set_result(end)
        self._on_end(end)

    def _take(self, message: Any) -> None:
        if not isinstance(message, Beat):
            self._on_message(message)
            return
        self._silence.hear(asyncio.get_running_loop().time())
        if not self.ready:
            self.ready = True
            self._on_ready(self.pid or 0)

    async def _watch(self, pid: int) -> None:
        now_s = asyncio.get_running_loop().time()
        self._silence, self._stepped_s = Silence(now_s), now_s
        self._step(pid)
        await self._line.exited.wait()
        if self._steps:
            self._steps.cancel()

    def _step(self, pid: int) -> None:
        """Beat and look; again at the next whole step, when those of all children are due: one waking for all."""
        loop = asyncio.get_running_loop()
        now_s, step_s = loop.time(), self._silence.step_s
        part = now_s // BEAT_EVERY_S  # one in each: where a step was late, the next is early, and beats as well
        if part != self._beaten_in:
            self._beaten_in = part
            self._line.send(Beat())
        self._look(pid, now_s, min(now_s - self._stepped_s, step_s))
        self._stepped_s = now_s
        if not self._line.exited.is_set():
            step_s = self._silence.step_s
            self._steps = loop.call_at((now_s // step_s + 1) * step_s, self._step, pid)

    def _look(self, pid: int, now_s: float, passed_s: float) -> None:
        self._silence.step(now_s)
        self._broken_s += passed_s if self._line.broken else 0
        self._killed_s += passed_s if self._killed_because else 0
        because = self._reason_to_kill()
        if because and not self._line.exited.is_set() and not self._killed_because:
            self._killed_because = because
            group.kill(pid)
        if self._killed_s >= DEAD_WITHIN_S:
            self._line.exited.set()  # whatever holds it: it is waited for no longer

    def _reason_to_kill(self) -> str:
        if self._asked:
            return ""
        if self._outbox.hopeless:
            return "did not read its line, killed"
        if self._broken_s >= CLOSED_FOR_S:
            return "closed its line, killed"
        limit_s = self._silent_after_s if self.ready else self._start_within_s
        if self._silence.silent_s >= limit_s:
            return f"silent {limit_s:g} s{'' if self.ready else ' after the start'}, killed"
        return ""


class Keeper:
    """Keeps one kind of child running: a new one after each end, later and later, until `end`.

    make: builds a fresh Child each time (its on_start is the place to send the first messages).
    """

    def __init__(
        self,
        make: Callable[[], Child],
        *,
        back_off_s: Sequence[float] = BACK_OFF_S,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self.child: Child | None = None
        self._make, self._back_off_s, self._sleep = make, back_off_s, sleep
        self._work: asyncio.Task[None] | None = None
        self._stopping = False

    def start(self) -> None:
        """Start the first child; returns at once."""
        self._work = asyncio.get_running_loop().create_task(self._keep())

    def send(self, message: msgspec.Struct) -> None:
        """Tell the child of now; nothing is kept for the next one. Raises LineError(TOO_LONG)."""
        if self.child:
            self.child.send(message)

    async def end(self, leave_within_s: float = LEAVE_WITHIN_S) -> ChildEnd | None:
        """Stop keeping and end the child; how it ended, None when none was running."""
        self._stopping = True
        child, self.child = self.child, None
        end = await child.end(leave_within_s) if child else None
        if self._work:
            self._work.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._work
        return end

    async def _keep(self) -> None:
        failures = 0
        while not self._stopping:
            self.child = self._make()
            self.child.start()
            end = await self.child.ended()
            self.child = None
            failures = 0 if end.lived_s > STEADY_S else failures
            await self._sleep(self._back_off_s[min(failures, len(self._back_off_s) - 1)])
            failures += 1


def keep(make: Callable[[], Child], **options: Any) -> Keeper:
    """Start keeping: `Keeper(make, **options).start()`."""
    keeper = Keeper(make, **options)
    keeper.start()
    return keeper
