"""Session files looked at in other processes: the same findings, in order, and nobody left behind."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest

from bench import mutations
from kiosk.exchange import chain, inspection, verify
from kiosk.exchange.inspection import inspect, inspected

STAYS = """
import sys
from pathlib import Path
from kiosk.exchange.inspection import inspected
if __name__ == "__main__":
    found = inspected([Path(sys.argv[1])] * 8, workers=1)
    next(found)
    print("looking", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> mutations.Case:
    return mutations.case(tmp_path_factory.mktemp("sessions"))


def test_other_processes_find_what_this_one_finds_in_the_same_order(made: mutations.Case, tmp_path: Path) -> None:
    bad, none = tmp_path / "bad.session.zip", tmp_path / "none.session.zip"
    bad.write_bytes(made.file[:-1])
    paths = [made.folder / "s-0.session.zip", bad, none, made.folder / "s-1.session.zip"]
    found = list(inspected(paths, workers=1))
    assert [one.path for one in found] == [str(path) for path in paths]
    assert found == [inspect(path) for path in paths]
    assert [one.verdict.ok for one in found] == [True, False, True, True]
    assert found[2].unreadable
    looked = found[0].verdict.looked
    assert looked
    assert found[0].rows.count() == looked.counts.rows


@pytest.mark.parametrize("read_bytes", [0, 1 << 24], ids=["mapped", "read"])
@pytest.mark.parametrize(("at_once", "kept"), [(7, 20_000), (1000, 5), (1000, 20_000), (1 << 17, 0)])
def test_a_large_file_comes_to_the_same_as_a_small_one(
    made: mutations.Case, monkeypatch: pytest.MonkeyPatch, read_bytes: int, at_once: int, kept: int
) -> None:
    """Mapped instead of read, in several stretches, its lines too many to be kept."""
    path = made.folder / "s-0.session.zip"
    usual = inspect(path)
    monkeypatch.setattr(verify, "_READ_BYTES", read_bytes)
    monkeypatch.setattr(chain, "_AT_ONCE", at_once)
    monkeypatch.setattr(chain, "KEPT_ROWS", kept)
    assert inspect(path) == usual
    assert usual.rows.count() > 50


def test_a_worker_that_dies_costs_no_file(made: mutations.Case) -> None:
    paths = [made.folder / "s-0.session.zip"] * 12
    looking = inspected(paths, workers=1)
    first = next(looking)
    for child in psutil.Process().children():
        if "spawn_main" in " ".join(child.cmdline()):
            child.kill()
            child.wait()
    assert [one == first for one in looking] == [True] * 11


def test_who_stops_early_waits_for_no_file_that_was_asked_for(
    made: mutations.Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    looking = inspected([made.folder / "s-0.session.zip"] * 12, workers=1)
    next(looking)
    looked_at_here: list[object] = []
    monkeypatch.setattr(inspection, "inspect", lambda *asked: looked_at_here.append(asked))
    looking.close()
    assert looked_at_here == []
    assert [one.name for one in threading.enumerate() if one.name.startswith("inspection")] == []


@pytest.mark.parametrize(("least_bytes", "most"), [(0, 2), (inspection.AHEAD_BYTES, 2 * inspection.AHEAD)])
def test_of_large_files_no_more_than_one_a_worker_waits_in_memory(
    made: mutations.Case, monkeypatch: pytest.MonkeyPatch, least_bytes: int, most: int
) -> None:
    asked: list[Path] = []
    look = inspection._Worker.look
    monkeypatch.setattr(inspection._Worker, "look", lambda worker, path: asked.append(path) or look(worker, path))
    monkeypatch.setattr(inspection, "AHEAD_BYTES", least_bytes)
    found = inspected([made.folder / "s-0.session.zip"] * (2 * inspection.AHEAD + 1), workers=2)
    assert max(len(asked) - taken for taken, _ in enumerate(found)) == most


def test_nobody_looks_on_for_one_who_was_killed(made: mutations.Case, tmp_path: Path) -> None:
    script = tmp_path / "stays.py"
    script.write_text(STAYS)
    command = [sys.executable, str(script), str(made.folder / "s-0.session.zip")]
    environment = os.environ | {"PYTHONPATH": str(Path(inspection.__file__).parents[2])}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as asking:
        assert asking.stdout is not None
        assert asking.stdout.readline() == b"looking\n"
        workers = psutil.Process(asking.pid).children(recursive=True)
        assert workers
        asking.kill()
    gone, left = psutil.wait_procs(workers, timeout=20)
    assert (len(gone), left) == (len(workers), [])
