"""The supervisor as a process of its own, over a monitor that dies, freezes, refuses and finishes."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from kiosk.supervisor import Start, flags
from tests.children.wait import ROOT, alive, until


class Run:
    """One supervisor and what its monitors left in the folder."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.process: asyncio.subprocess.Process | None = None

    async def start(self, *argv_of_monitor: str) -> None:
        self.process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.children.supervise", str(self.folder), *argv_of_monitor),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )

    def lines(self, name: str) -> list[list[str]]:
        path = self.folder / name
        return [line.split(maxsplit=1) for line in path.read_text().splitlines()] if path.exists() else []

    def monitors(self) -> list[int]:
        return [int(words[0]) for words in self.lines("starts")]

    def flags_of(self, n: int) -> str:
        return (self.lines("starts")[n] + [""])[1]

    def children(self, generation: int) -> dict[str, int]:
        three = self.lines("children")[3 * generation : 3 * generation + 3]
        return {kind: int(pid) for kind, pid in three} if len(three) == 3 else {}

    def log(self) -> str:
        path = self.folder / "supervisor.log"
        return path.read_text() if path.exists() else ""

    def tell(self, name: str, text: str = "x") -> None:
        (self.folder / name).write_text(text)

    async def nth_monitor(self, n: int, within_s: float = 15) -> int:
        """The n-th monitor's process number once its children run."""
        await until(lambda: len(self.monitors()) > n and self.children(n), within_s)
        return self.monitors()[n]

    async def code(self) -> int:
        assert self.process is not None
        return await asyncio.wait_for(self.process.wait(), 30)

    def everyone(self) -> list[int]:
        return [*self.monitors(), *(int(pid) for _, pid in self.lines("children"))]


@pytest.fixture
async def run(tmp_path) -> AsyncIterator[Run]:
    run = Run(tmp_path)
    yield run
    assert run.process is not None
    if run.process.returncode is None:
        run.process.send_signal(signal.SIGTERM)
    await asyncio.wait_for(run.process.communicate(), 30)
    left = [pid for pid in run.everyone() if alive(pid)]
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    assert left == [] or run.process.returncode == -signal.SIGKILL


def test_what_the_next_monitor_is_told_fits_on_a_command_line():
    assert flags(Start()) == []
    assert flags(Start(resume=True, because="it died")) == ["--resume", "--restarted-because", "it died"]
    assert flags(Start(plain=True, because="it died")) == ["--plain", "--restarted-because", "it died"]


@pytest.mark.parametrize("code", [0, 1, 2])
async def test_the_run_ends_with_the_code_the_monitor_finished_with_and_nobody_is_left(run, code):
    await run.start()
    await run.nth_monitor(0)
    run.tell("finish", str(code))
    assert await run.code() == code
    assert not any(alive(pid) for pid in run.everyone())
    assert len(run.monitors()) == 1


async def test_a_killed_monitor_is_replaced_at_once_resumes_and_is_told_why(run):
    run.tell("take over")
    await run.start()
    os.kill(await run.nth_monitor(0), signal.SIGKILL)
    killed_s = time.monotonic()
    await until(lambda: len(re.findall(r"monitor \d+ started", run.log())) == 2, 5)
    assert time.monotonic() - killed_s < 2  # a safety bound: the alarms must be armed again within 5 s
    await run.nth_monitor(1)
    assert run.flags_of(0) == ""
    because = "--restarted-because monitor ended: signal 9 (SIGKILL)"
    assert run.flags_of(1) == f"--resume {because} --session-of-run s1"


async def test_a_frozen_monitor_is_killed_after_2_s_and_replaced(run):
    run.tell("take over")
    await run.start()
    frozen = await run.nth_monitor(0)
    os.kill(frozen, signal.SIGSTOP)
    await run.nth_monitor(1)
    assert not alive(frozen)
    assert "silent 2 s, killed" in run.flags_of(1)


async def test_children_outlive_their_monitor_until_the_new_ones_have_taken_over(run):
    run.tell("unshown")
    await run.start()
    os.kill(await run.nth_monitor(0), signal.SIGKILL)
    await run.nth_monitor(1)
    old, new = run.children(0), run.children(1)
    assert all(alive(pid) for pid in old.values())
    run.tell("take over")
    await until(lambda: not alive(old["tone"]) and not alive(old["sound"]))
    assert alive(old["screen"])
    (run.folder / "unshown").unlink()
    await until(lambda: not alive(old["screen"]))
    assert all(alive(pid) for pid in new.values())
    await until(lambda: "left over and ended: screen" in run.log())


async def test_a_child_that_its_monitor_had_no_time_to_report_is_found_and_ended(run):
    await run.start()
    os.kill(await run.nth_monitor(0), signal.SIGKILL)
    await run.nth_monitor(1)
    assert "still there: screen, sound, tone" in run.log()  # the stub never reports its screen
    run.tell("finish", "0")
    run.tell("take over")
    assert await run.code() == 0
    assert not any(alive(pid) for pid in run.everyone())


async def test_three_ends_within_a_minute_make_the_next_start_plain(run):
    run.tell("take over")
    await run.start()
    for n in range(3):
        os.kill(await run.nth_monitor(n), signal.SIGKILL)
    await run.nth_monitor(3)
    assert [run.flags_of(n).split()[0] for n in (1, 2, 3)] == ["--resume", "--resume", "--plain"]
    assert "--resume" not in run.flags_of(3)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_request_to_end_reaches_the_monitor_and_ends_everything(run, number):
    await run.start()
    await run.nth_monitor(0)
    run.process.send_signal(number)
    assert await run.code() == 0
    assert run.lines("asked") == [[number.name]]
    assert not any(alive(pid) for pid in run.everyone())


async def test_asked_twice_it_does_not_wait_for_a_monitor_that_does_not_listen(run):
    run.tell("deaf")
    await run.start()
    await run.nth_monitor(0)
    run.process.send_signal(signal.SIGTERM)
    await until(lambda: "asked to end" in run.log())
    run.process.send_signal(signal.SIGTERM)
    assert await run.code() == 1
    assert not any(alive(pid) for pid in run.everyone())


async def test_a_closed_terminal_does_not_stop_the_watching(run):
    await run.start()
    await run.nth_monitor(0)
    run.process.send_signal(signal.SIGHUP)
    run.tell("finish", "0")
    assert await run.code() == 0


async def test_a_killed_supervisor_leaves_a_monitor_that_goes_on_and_knows(run):
    await run.start()
    monitor = await run.nth_monitor(0)
    run.process.kill()
    await until(lambda: run.lines("lost"))
    assert alive(monitor)
    run.tell("finish", "0")
    await until(lambda: not alive(monitor))


async def test_a_monitor_that_cannot_be_started_ends_the_run_with_one_sentence(run):
    await run.start("/no/such/program")
    _, errors = await run.process.communicate()
    assert await run.code() == 1
    assert "the monitor cannot be started (never started: No such file or directory)" in errors.decode()


async def test_a_monitor_that_dies_at_each_start_is_given_up_when_nothing_was_ever_open(run):
    run.tell("die")
    await run.start()
    assert await run.code() == 1
    assert 3 <= len(run.monitors()) <= 6


async def test_the_monitors_words_reach_the_person_and_the_session_its_holder(run):
    await run.start()
    await run.nth_monitor(0)
    run.tell("finish", "0")
    printed, _ = await run.process.communicate()
    assert printed.decode().splitlines() == ["monitor runs", "session s1"]


async def test_the_log_survives_a_folder_that_cannot_be_written(run):
    run.folder.joinpath("supervisor.log").mkdir()
    await run.start()
    await run.nth_monitor(0)
    run.tell("finish", "0")
    _, errors = await run.process.communicate()
    assert await run.code() == 0
    assert "supervisor: end of the run, code 0" in errors.decode()
    run.folder.joinpath("supervisor.log").rmdir()


async def test_a_supervisor_leaves_no_zombie_while_it_runs(run):
    run.tell("take over")
    await run.start()
    os.kill(await run.nth_monitor(0), signal.SIGKILL)
    await run.nth_monitor(1)
    await until(lambda: "left over and ended" in run.log())
    old = run.children(0)
    await until(lambda: not any(psutil.pid_exists(pid) for pid in old.values()))
