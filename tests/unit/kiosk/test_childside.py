"""The first thing inside a child: a clean line, a crash file that tells where and never with what."""

from __future__ import annotations

import asyncio
import sys

import pytest

from kiosk.child import Child, ChildEnd
from kiosk.childside import ENTRIES, EXIT_CRASHED, run_child
from tests.children.entry import SECRET
from tests.children.messages import FromTest, Word
from tests.children.wait import ROOT, until


def child_of(name: str, got: list[object], logged: list[str], crash_dir: str = "") -> Child:
    return Child(
        name,
        [sys.executable, "-m", "tests.children.entry", name],
        FromTest,
        got.append,
        log=lambda _, text: logged.append(text),
        env={"PYTHONPATH": str(ROOT), "KIOSK_CRASH_DIR": crash_dir},
    )


async def end_of(name: str, crash_dir: str = "") -> tuple[ChildEnd, list[object], list[str]]:
    got: list[object] = []
    logged: list[str] = []
    child = child_of(name, got, logged, crash_dir)
    child.start()
    return await asyncio.wait_for(child.ended(), 20), got, logged


async def test_a_media_child_is_ended_without_losing_its_line_first_and_closes_its_streams():
    got: list[object] = []
    child = child_of("streams", got, [])
    child.start()
    await until(lambda: got)
    assert (await child.end()).how == "exit 0"
    assert got == [Word("plays"), Word("streams closed")]


async def test_a_main_gets_an_open_line_an_empty_stdin_and_its_code_is_the_exit_code(tmp_path):
    end, got, logged = await end_of("good", str(tmp_path))
    assert end.how == "exit 4"
    assert got == [Word("stdin empty, line open True")]
    assert logged == ["noise"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["crash", "crash_in_thread"])
async def test_a_crash_leaves_a_file_that_tells_where_and_never_with_what(tmp_path, name):
    end, _, logged = await end_of(name, str(tmp_path))
    assert end.code == EXIT_CRASHED
    (path,) = tmp_path.iterdir()
    assert path.name.endswith(".crash.txt")
    text = path.read_text()
    assert "RuntimeError" in text
    assert "KeyError" in text
    assert "entry.py" in text
    assert "crash" in text
    for part in (SECRET, "Example", "SpO2", "spo2_of_patient"):
        assert part not in text.split("\n", 1)[1]
        assert part not in "\n".join(logged)
    assert path.stat().st_mode & 0o077 == 0


async def test_a_crash_in_native_code_leaves_its_python_frames(tmp_path):
    end, _, _ = await end_of("abort", str(tmp_path))
    assert end.how == "signal 6 (SIGABRT)"
    (path,) = tmp_path.glob("*.fault.txt")
    assert "in abort" in path.read_text()


async def test_without_a_writable_folder_the_crash_is_told_on_stderr(tmp_path):
    occupied = tmp_path / "file"
    occupied.write_text("")
    end, _, logged = await end_of("crash", str(occupied / "folder"))
    assert end.code == EXIT_CRASHED
    assert any("RuntimeError" in line for line in logged)
    assert not any("Example" in line for line in logged)


def test_the_children_are_known_and_no_other():
    assert set(ENTRIES) == {"screen", "review", "sound", "library", "page", "inspection", "sharing", "tone"}
    with pytest.raises(KeyError):
        run_child("other")
