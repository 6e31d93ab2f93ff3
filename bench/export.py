"""What it costs to hand a night on: export and verify of twelve hours at 1 Hz with waveform, in processes of their own.

Seconds are CPU of the whole process, its start included: the machine may be busy with others. Peak memory is printed.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from bench import night
from bench.figure import Figure, Goal

HOURS = 12
READ = Path(__file__).parent / "reference" / "chain_read.py"


@cache
def _folder() -> Path:
    """A data folder with the night in it; taken away at the end."""
    folder = Path(tempfile.mkdtemp(prefix="bench-export-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    night.record(folder, HOURS)
    return folder


@cache
def _exported() -> Path:
    target = _folder() / "night.session.zip"
    _cpu_s(_kiosk("export", "last", "--to", str(target), "--yes"))
    return target


def _kiosk(*words: str) -> list[str]:
    return [sys.executable, "-m", "kiosk", *words, "--data-dir", str(_folder())]


def _cpu_s(command: list[str]) -> float:
    """CPU seconds of a command, user and system."""
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0, command
    print(f"  {command[-5:]}: peak {used.ru_maxrss // 1024} MiB", file=sys.stderr)
    return used.ru_utime + used.ru_stime


def export_s() -> float:
    """The session file of the night."""
    target = _folder() / "again.session.zip"
    target.unlink(missing_ok=True)
    return _cpu_s(_kiosk("export", "last", "--to", str(target), "--yes"))


def read_s() -> float:
    """Its rows read and nothing else."""
    return _cpu_s([sys.executable, str(READ), str(_folder() / "record.db")])


def verify_s() -> float:
    """All of the file held against itself."""
    return _cpu_s(_kiosk("verify", str(_exported())))


def sum_s() -> float:
    """One checksum over it."""
    return _cpu_s(["sha256sum", str(_exported())])


FIGURES = (
    Figure(
        "export of twelve hours",
        "kiosk export, 43,056 readings and 8,604 blocks of waveform: chain, tables, FHIR bundle, signature",
        "a Python that reads the same rows from the record by SQL",
        export_s,
        read_s,
        Goal("times", 1.5),
    ),
    Figure(
        "verify of twelve hours",
        "kiosk verify: container, signature, checksums, chain, seals, tables and bundle made again",
        "sha256sum of the same file",
        verify_s,
        sum_s,
        Goal("times", 1.5),
    ),
)
