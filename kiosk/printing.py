"""The child that makes the patient's page: a file, and the printer's job if asked. It makes one and ends.

Runs as `kiosk _child page`, because the PDF library has no place beside the alarms. It beats only by its answer: its
parent waits as long as for any child's start.
"""

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from kiosk.exchange.fault import ExchangeError, Reason
from kiosk.exchange.patient_page import patient_page
from kiosk.exchange.pdf import Paper
from kiosk.line.page import FromPage, Made, Make, NotMade
from kiosk.newfile import whole_file
from kiosk.session.plan import Plan

PRINT_COMMAND = "lp"  # of CUPS, on Linux and macOS
PRINT_WITHIN_S = 12.0


class Line(Protocol):
    """The child's end."""

    def get(self, timeout_s: float | None = None) -> Any:
        """The next message."""
        ...

    def send(self, message: Any) -> None:
        """Say something."""
        ...


def main(line: Line) -> int:
    """One page."""
    wanted = line.get()
    if isinstance(wanted, Make):
        line.send(make(wanted))
    return 0


def make(wanted: Make) -> FromPage:
    """The page on the disk, then at the printer; a printer that will not leaves the file."""
    try:
        paper = Paper.LETTER if wanted.letter_paper else Paper.A4
        content = patient_page(Plan.from_toml(wanted.plan_toml), paper, date.fromisoformat(wanted.tomorrow))
        Path(wanted.path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with whole_file(Path(wanted.path)) as part:
            part.write_bytes(content)
    except ExchangeError as error:
        return NotMade("no letter" if error.reason is Reason.NO_LETTER else "too long", error.detail)
    except OSError as error:
        return NotMade("disk", error.strerror or str(error))
    return _print(wanted.path) if wanted.printed else Made(wanted.path)


def _print(path: str) -> FromPage:
    command = shutil.which(PRINT_COMMAND)
    if command is None:
        return NotMade("no printer", "", path)
    try:
        done = subprocess.run(
            [command, "--", path],
            capture_output=True,
            text=True,
            timeout=PRINT_WITHIN_S,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return NotMade("printer refused", type(error).__name__, path)
    if done.returncode != 0:
        return NotMade("printer refused", (done.stderr.strip().splitlines() or [""])[0][:200], path)
    return Made(path, printed=True)
