"""Processes that were begun before anybody could keep them: taken over whole, or ended without a trace."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from kiosk import headstart
from kiosk.child import Child, ChildEnd
from kiosk.headstart import OPTIONS_FOLLOW, WORD_FOLLOWS, HeadStart
from kiosk.line import first
from tests.children.messages import FromTest, Leave, Word
from tests.children.wait import until, zombies

WORD = first.GoAhead("/crash", single_screen=True, windowed=False, sitter_display="eDP-1")


def begun(*words: str) -> HeadStart:
    found = headstart.begin([sys.executable, *words])
    assert found is not None
    return found


def actor(behaviour: str) -> HeadStart:
    return begun("-m", "tests.children.actor", behaviour)


def adopted(start: HeadStart, got: list[object], logged: list[str]) -> Child:
    child = Child("early", [], FromTest, got.append, log=lambda _, text: logged.append(text), ask=Leave(), begun=start)
    child.start()
    return child


async def end_of(start: HeadStart) -> tuple[ChildEnd, list[object], list[str]]:
    got: list[object] = []
    logged: list[str] = []
    return await asyncio.wait_for(adopted(start, got, logged).ended(), 20), got, logged


async def test_what_it_said_before_anybody_listened_is_heard_in_order_and_it_is_a_child_like_any_other():
    files = psutil.Process().num_fds()
    start, got = actor("echo"), list[object]()
    child = adopted(start, got, [])
    for n in range(300):
        child.send(Word("w", n))
    await until(lambda: len(got) == 300)
    assert child.pid == start.pid
    assert os.getsid(start.pid) == start.pid
    end = await child.end()
    assert [word.n for word in got[:300]] == list(range(300))  # type: ignore[attr-defined]
    assert (end.how, end.code, end.asked) == ("exit 0", 0, True)
    assert not zombies()
    await until(lambda: psutil.Process().num_fds() == files)


async def test_one_that_ended_before_it_was_taken_over_tells_its_code_and_its_last_words():
    start = actor("exit_3")
    os.waitid(os.P_PID, start.pid, os.WEXITED | os.WNOWAIT)
    end, got, _ = await end_of(start)
    assert (end.how, end.code) == ("exit 3", 3)
    assert got == [Word("last words")]


async def test_its_signal_and_its_complaints_are_told():
    end, _, logged = await end_of(begun("-c", "import os, sys; print('why', file=sys.stderr); os.abort()"))
    assert end.how == "signal 6 (SIGABRT)"
    assert logged == ["why"]


async def test_a_frozen_one_is_killed_as_silent():
    got: list[object] = []
    child = adopted(actor("echo"), got, [])
    await until(lambda: child.ready)
    os.kill(child.pid or 0, signal.SIGSTOP)
    assert (await asyncio.wait_for(child.ended(), 20)).how == "silent 1.5 s, killed"


def test_one_that_nobody_needs_is_ended_and_waited_for_even_if_it_does_not_listen():
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); signal.pause()"
    start = begun("-c", deaf)
    assert os.read(start.output_fd, 1) == b"1"  # it does not listen from here on
    start.end()
    assert not psutil.pid_exists(start.pid)


def test_a_program_that_is_not_there_has_no_head_start_and_leaves_no_pipe():
    files = psutil.Process().num_fds()
    assert headstart.begin(["/no/such/program"]) is None
    assert psutil.Process().num_fds() == files


def test_a_monitor_without_a_word_ends_with_its_screen_and_shows_nothing(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DISPLAY", ":none")  # a window here would be complained of
    start = begun("-m", "kiosk", "_monitor", OPTIONS_FOLLOW)
    monitor = psutil.Process(start.pid)
    while not (screens := monitor.children()):
        assert monitor.is_running()
    start.end()
    gone, alive = psutil.wait_procs(screens, timeout=10)
    assert (len(gone), alive) == (1, [])


def test_a_monitor_that_was_told_of_no_options_after_all_ends_with_its_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    start = begun("-m", "kiosk", "_monitor", OPTIONS_FOLLOW)
    screens = list[psutil.Process]()
    while not (screens := psutil.Process(start.pid).children()):
        pass
    start.tell(first.encode(first.GoAhead(str(tmp_path), single_screen=True, windowed=True)))
    os.close(start.input_fd)
    _, status = os.waitpid(start.pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert psutil.wait_procs(screens, timeout=10)[1] == []
    os.close(start.output_fd)
    os.close(start.errors_fd)
    # a screen that was ended before it could leave by itself leaves its crash file, with nothing in it
    assert [path for path in tmp_path.iterdir() if path.stat().st_size] == []


async def test_a_screen_without_a_word_ends_with_0():
    start = begun("-m", "kiosk", "_child", "screen", WORD_FOLLOWS)
    os.close(start.input_fd)
    start.input_fd = os.open(os.devnull, os.O_WRONLY)
    assert os.waitstatus_to_exitcode(os.waitpid(start.pid, 0)[1]) == 0
    for fd in (start.input_fd, start.output_fd, start.errors_fd):
        os.close(fd)


def _read(said: bytes) -> first.GoAhead | None:
    read_fd, write_fd = os.pipe()
    os.write(write_fd, said)
    os.close(write_fd)
    try:
        return first.read(read_fd)
    finally:
        os.close(read_fd)


def test_the_word_is_read_as_it_was_written_and_nothing_behind_it_is_taken():
    read_fd, write_fd = os.pipe()
    os.write(write_fd, first.encode(WORD) + b'{"type":"beat"}\n')
    assert first.read(read_fd) == WORD
    assert os.read(read_fd, 100) == b'{"type":"beat"}\n'
    os.close(read_fd)
    os.close(write_fd)


@pytest.mark.parametrize(
    "said",
    [
        b"",
        first.encode(WORD)[:-1],
        b"nonsense\n",
        b"[]\n",
        b'{"type":"beat"}\n',
        first.encode(WORD).replace(b"true", b"1"),
        first.encode(WORD).replace(b"go_ahead", b"go"),
        first.encode(WORD).replace(b"{", b'{"more": "", '),
        b"x" * (first.MOST_BYTES + 10),
    ],
)
def test_anything_else_is_no_word(said: bytes):
    assert _read(said) is None


def test_the_signals_in_figures_are_those_that_are_meant():
    assert headstart._RESET == (signal.SIGPIPE, signal.SIGXFSZ)


def test_nothing_that_takes_long_is_imported_before_the_first_process_is_begun():
    script = (
        "import sys; import kiosk.cli; print(*({'signal', 'enum', 'typing', 'pathlib', 'asyncio'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == []
