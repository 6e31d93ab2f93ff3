"""Real child processes: how they start, talk, and end; exactly, and without costing the parent anything."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable

import psutil
import pytest

from kiosk.child import Child, ChildEnd
from kiosk.line.codec import Beat
from tests.children.messages import FromTest, Leave, Page, State, Word
from tests.children.wait import ROOT, alive, until, zombies

ENV = {"PYTHONPATH": str(ROOT)}


class Stage:
    """One child of tests/children/actor.py and everything that was heard of it."""

    def __init__(self, behaviour: str, *words: str, argv: list[str] | None = None, **options):
        self.got: list[object] = []
        self.refused: list[str] = []
        self.logged: list[str] = []
        self.ends: list[ChildEnd] = []
        self.ready: list[int] = []
        options = {"ask": Leave(), "env": ENV, "log": lambda name, text: self.logged.append(text), **options}
        self.child = Child(
            behaviour,
            argv or [sys.executable, "-m", "tests.children.actor", behaviour, *words],
            FromTest,
            self.got.append,
            self.ends.append,
            self.refused.append,
            on_ready=self.ready.append,
            **options,
        )

    async def ended(self) -> ChildEnd:
        return await asyncio.wait_for(self.child.ended(), 20)


@pytest.fixture
async def act() -> AsyncIterator[Callable[..., Stage]]:
    stages: list[Stage] = []

    def start(*args, **options) -> Stage:
        stages.append(Stage(*args, **options))
        stages[-1].child.start()
        return stages[-1]

    files_before = psutil.Process().num_fds()
    yield start
    for stage in stages:
        await stage.child.end(0)
    await until(lambda: not zombies())
    assert [stage.child.pid for stage in stages if stage.child.pid and alive(stage.child.pid)] == []
    await until(lambda: psutil.Process().num_fds() <= files_before)


async def test_a_child_answers_in_order_and_leaves_when_asked(act):
    stage = act("echo")
    for n in range(300):
        stage.child.send(Word("w", n))
    await until(lambda: len(stage.got) == 300)
    end = await stage.child.end()
    assert [w.n for w in stage.got[:300]] == list(range(300))
    assert stage.got[-1] == Word("leaving")
    assert (end.how, end.code, end.asked) == ("exit 0", 0, True)
    assert stage.ends == [end]


async def test_a_child_that_exits_tells_its_code_and_its_last_words(act):
    stage = act("exit_3")
    end = await stage.ended()
    assert (end.how, end.code, end.asked) == ("exit 3", 3, False)
    assert stage.got == [Word("last words")]


async def test_a_child_that_crashes_tells_its_signal(act):
    assert (await act("segv").ended()).how == "signal 11 (SIGSEGV)"


async def test_a_frozen_child_is_killed_as_silent(act):
    stage = act("echo")
    await until(lambda: stage.ready)
    os.kill(stage.child.pid, signal.SIGSTOP)
    end = await stage.ended()
    assert (end.how, end.code) == ("silent 1.5 s, killed", -signal.SIGKILL)


async def test_a_child_that_never_beats_is_killed_after_its_starting_time(act):
    stage = act("", argv=[sys.executable, "-c", "import time; time.sleep(60)"], start_within_s=0.5)
    assert (await stage.ended()).how == "silent 0.5 s after the start, killed"


@pytest.mark.parametrize("argv", [["/no/such/program"], [str(ROOT)]])
async def test_a_program_that_cannot_be_run_never_started(act, argv):
    stage = act("", argv=argv)
    end = await stage.ended()
    assert end.how.startswith("never started: ")
    assert (end.pid, end.code) == (None, None)


async def test_a_child_that_closes_its_line_is_killed(act):
    assert (await act("closes").ended()).how == "closed its line, killed"


async def test_a_child_that_ignores_every_request_is_killed(act):
    stage = act("stubborn")
    await until(lambda: stage.got)
    assert (await stage.child.end(0.2)).how == "signal 9 (SIGKILL)"


async def test_what_a_child_started_ends_with_it(act):
    stage = act("grandchild")
    assert (await stage.ended()).how == "exit 0"
    grandchild = stage.got[0].n
    await until(lambda: not alive(grandchild))


async def test_broken_foreign_long_and_cut_lines_are_refused_and_the_good_ones_read(act):
    ticks = iter(range(0, 1000, 2))
    stage = act("garbage", clock=lambda: float(next(ticks)))
    await stage.ended()
    assert stage.got == [Word("before"), Word("in two")]
    reasons = [text.split(":")[0] for text in stage.refused]
    assert reasons == ["not JSON", "not allowed here", "not JSON", "not allowed here", "too long", "cut off"]


async def test_what_libraries_print_never_reaches_the_line(act):
    stage = act("prints")
    await until(lambda: stage.got)
    await until(lambda: "(a long line was dropped)" in stage.logged)
    assert stage.got == [Word("clean")]
    assert stage.refused == []
    assert stage.logged[:3] == ["a library prints", "a program prints", "on stderr"]


async def test_a_flood_from_a_child_arrives_whole_while_the_loop_goes_on(act):
    stage = act("flood")
    turns = 0

    def flooded() -> bool:
        nonlocal turns
        turns += 1
        return len(stage.got) == 10_000

    await until(flooded, 30)
    assert [w.n for w in stage.got] == list(range(10_000))
    assert turns > 1


async def test_a_child_that_reads_nothing_costs_no_waiting_and_bounded_memory(act):
    stage = act("mute", replaceable=(State,), droppable=(Page,))
    await until(lambda: stage.ready)
    for n in range(2000):
        stage.child.send(State(n, "x" * 10_000))
        stage.child.send(Page(n, "x" * 10_000))
    assert stage.child._outbox._bytes <= 4 * 1024 * 1024
    assert stage.ends == []


async def test_a_child_that_leaves_unread_what_must_not_be_lost_is_ended(act):
    stage = act("mute")
    await until(lambda: stage.ready)
    for n in range(3000):
        stage.child.send(Word("x" * 10_000, n))
    assert (await stage.ended()).how == "did not read its line, killed"


async def test_a_child_that_falls_behind_gets_the_newest_state_and_is_told_of_the_gap(act):
    gaps: list[bool] = []
    stage = act("echo", replaceable=(State,), droppable=(Page,), on_overflow=lambda: gaps.append(True))
    await until(lambda: stage.ready)
    os.kill(stage.child.pid, signal.SIGSTOP)
    for n in range(1000):
        stage.child.send(State(n))
        stage.child.send(Page(n, "x" * 10_000))
    assert gaps == []
    os.kill(stage.child.pid, signal.SIGCONT)
    await until(lambda: gaps)
    await until(lambda: any(w.text == "State" and w.n == 999 for w in stage.got))
    numbers = [w.n for w in stage.got if w.text == "State"]
    assert numbers == sorted(numbers)
    assert len(numbers) < 1000


async def test_a_freeze_of_the_parent_is_not_held_against_the_child(act):
    stage = act("echo", silent_after_s=0.75)
    await until(lambda: stage.ready)
    started_s = asyncio.get_running_loop().time()
    while asyncio.get_running_loop().time() < started_s + 1.2:
        pass  # the parent's own loop stands still for longer than the child may be silent
    stage.child.send(Word("still there"))
    await until(lambda: Word("still there") in stage.got)
    assert stage.ends == []


class Clock:
    """An event loop's: what is to be called waits for its time."""

    def __init__(self) -> None:
        self.now_s, self.due_s = 100.2, 0.0

    def time(self) -> float:
        return self.now_s

    def call_at(self, due_s: float, *_: object) -> None:
        self.due_s = due_s


def test_a_beat_that_was_late_does_not_cost_the_next_one(monkeypatch):
    clock, child, beats = Clock(), Child("any", [], FromTest, print), []
    monkeypatch.setattr("kiosk.child.asyncio.get_running_loop", lambda: clock)
    monkeypatch.setattr(child._line, "send", lambda beat: beats.append(clock.now_s))
    for late_s in (0.0, 0.0, 0.2, 0.0, 0.0):
        child._take(Beat())
        clock.now_s += late_s
        child._step(1)
        clock.now_s = clock.due_s
    assert beats == pytest.approx([100.2, 100.5, 101.2, 101.5, 102.0])


async def test_a_child_stays_when_its_parent_dies_and_notices_at_once(tmp_path):
    heard, pid_file = tmp_path / "heard", tmp_path / "pid"
    program = (
        "import asyncio, sys, pathlib\n"
        "from kiosk.child import Child\n"
        "from tests.children.messages import FromTest\n"
        "async def main():\n"
        f"    child = Child('w', [sys.executable, '-m', 'tests.children.actor', 'watcher', {str(heard)!r}],\n"
        "        FromTest, print, log=lambda name, text: None,\n"
        f"        on_ready=lambda pid: pathlib.Path({str(pid_file)!r}).write_text(str(pid)))\n"
        "    child.start()\n"
        "    await child.ended()\n"
        "asyncio.run(main())\n"
    )
    environment = {**os.environ, **ENV}
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", program, env=environment)
    pid = int(await until(lambda: pid_file.exists() and pid_file.read_text()))
    try:
        parent.kill()
        await parent.wait()
        await until(lambda: heard.exists() and "LineLost" in heard.read_text())
        noise_before = psutil.Process(pid).cpu_times()
        await until(lambda: psutil.Process(pid).cpu_times() > noise_before)  # prints on, to nobody, and lives
        assert heard.read_text().split() == ["LineLost", "ended"]
        assert alive(pid)
    finally:
        os.kill(pid, signal.SIGKILL)


async def test_a_child_of_a_frozen_parent_says_so_and_is_replaced_when_the_parent_wakes(act, tmp_path):
    heard = tmp_path / "heard"
    stage = act("watcher", str(heard))
    await until(lambda: stage.ready)
    beat = stage.child._line.send
    stage.child._line.send = lambda message: None  # as if the parent's loop stood still
    await until(lambda: heard.exists() and heard.read_text().split() == ["LineLost", "silent"])
    stage.child._line.send = beat
    assert (await stage.ended()).how in ("closed its line, killed", "silent 1.5 s, killed")
