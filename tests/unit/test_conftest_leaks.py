"""The check that nothing outlives its test, checked: each kind of leak fails the test that left it, and only that."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
LEAKS = """
import asyncio, subprocess, sys, threading
from kiosk.record import driver
KEPT = []
OVER = threading.Event()

def test_thread_leaks():
    threading.Thread(target=OVER.wait).start()

def test_child_leaks():
    KEPT.append(subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE))

async def test_task_leaks():
    KEPT.append(asyncio.create_task(asyncio.Event().wait()))

def test_database_leaks(tmp_path):
    (tmp_path / "a.db").touch()
    KEPT.append(driver.connect(tmp_path / "a.db", read_only=False))
    KEPT[-1].execute("CREATE TABLE t (a)")

def test_clean():
    thread = threading.Thread(target=int)
    thread.start()
    thread.join()

async def test_clean_task():
    await asyncio.create_task(asyncio.sleep(0))

def teardown_module():
    OVER.set()
    for kept in KEPT:
        if isinstance(kept, subprocess.Popen):
            kept.stdin.close()
            kept.wait()
        elif hasattr(kept, "close"):
            kept.close()
"""


def test_each_leak_fails_the_test_that_left_it(tmp_path):
    conftest = (ROOT / "tests" / "conftest.py").read_text()
    (tmp_path / "conftest.py").write_text(re.sub(r"GRACE_S = [\d.]+", "GRACE_S = 0.05", conftest))
    (tmp_path / "test_leaks.py").write_text(LEAKS)
    ini = f"[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = function\npythonpath = {ROOT}\n"
    (tmp_path / "pytest.ini").write_text(ini)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-rE",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:pytest-qt",
        str(tmp_path),
    ]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    failed = re.findall(r"^ERROR \S*::(\w+)", result.stdout, re.MULTILINE)
    assert failed == ["test_thread_leaks", "test_child_leaks", "test_task_leaks", "test_database_leaks"], result.stdout
    assert "6 passed, 4 errors" in result.stdout
