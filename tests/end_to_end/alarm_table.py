"""The alarm table of docs/safety.md, made from the end-to-end runs: `python -m tests.end_to_end.alarm_table`.

It runs `test_each_alarm*.py`, one module after the other, and writes what they measured between the two marks. With
the name of a file of earlier runs (ALARM_RUNS, a line of JSON each) it only writes. Nothing is written if a run failed.
"""

from __future__ import annotations

import datetime
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import msgspec

from kiosk.session.alarm.signal import RANK
from tests.end_to_end.alarm_run import RUNS, Run

ROOT = Path(__file__).parents[2]
SAFETY = ROOT / "docs" / "safety.md"
BEGIN = "<!-- alarm table: made by `python -m tests.end_to_end.alarm_table`, not by hand -->"
END = "<!-- end of the alarm table -->"
HEAD = (
    "| alarm | severity | cause in the run | delay | tone after it | heard at | the record says |\n"
    + "| --- " * 7
    + "|"
)


def table(runs: Iterable[Run]) -> str:
    """The rows by urgency; of several runs of one cause the last counts."""
    newest = {(run.alarm, run.severity, run.cause): run for run in runs}
    order = list(RANK)
    ranked = sorted(newest.values(), key=lambda r: (order.index(r.alarm) if r.alarm in RANK else -1, r.severity))
    return "\n".join([HEAD, *(_row(run) for run in ranked)])


def _row(run: Run) -> str:
    said = run.text if not run.limit or run.limit in run.text else f"{run.text} {run.limit}"
    cells = (f"`{run.alarm}`", run.severity, run.cause, run.delay, _late(run.late_ms), run.heard_at, said)
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def _late(late_ms: float) -> str:
    """A delay in which something is asked now and then can be cut short."""
    return "within it" if late_ms < 0 else f"{late_ms:.0f} ms"


def place() -> str:
    """When and on what it was measured."""
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    return f"Measured {today} on {machine}, PulseAudio null outputs, beside other work."


def write(runs: list[Run], safety: Path = SAFETY) -> None:
    """Put the table between its marks."""
    text = safety.read_text()
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    assert rest, f"{safety} has no place for the table: {BEGIN}"
    safety.write_text(f"{before}{BEGIN}\n{place()}\n\n{table(runs)}\n{END}{after}")


def read(file: Path) -> list[Run]:
    """Earlier runs."""
    return [msgspec.json.decode(line, type=Run) for line in file.read_bytes().splitlines()]


def run_all(file: Path) -> int:
    """Every module of the alarms; the worst exit code."""
    modules = sorted(Path(__file__).parent.glob("test_each_alarm*.py"))
    words = [sys.executable, "-m", "pytest", "-q", *map(str, modules)]
    return subprocess.run(words, cwd=ROOT, env=os.environ | {RUNS: str(file)}, check=False).returncode


def main(words: list[str]) -> int:
    """Exit code 1 when a run failed."""
    if words:
        write(read(Path(words[0])))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "runs"
        if run_all(file):
            print("A run failed: the table is left as it was.", file=sys.stderr)
            return 1
        write(read(file))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
