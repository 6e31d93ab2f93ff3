"""A monitor for the supervisor's tests: beats, starts children that outlive it, does what files in its folder ask.

Run as `python -m tests.children.monitor_stub FOLDER FLAGS...`. Each start appends a line "PID FLAGS" to
FOLDER/starts, each child a line "KIND PID" to FOLDER/children. Files: `die` at once with 1, `deaf` ignores being
asked to end, `unshown` keeps back ScreenShown, `finish` (holding a code) ends the run.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from kiosk.childside import open_line
from kiosk.line.monitor import Born, EndRun, Finished, Ready, Said, ScreenShown, SessionState, ToMonitor

KINDS = ("tone", "sound", "screen")


def note(path: Path, text: str) -> None:
    with path.open("a") as file:
        file.write(text + "\n")


def start_child(kind: str, folder: Path) -> subprocess.Popen[bytes]:
    """A process that stays until it is ended, like a child whose line is lost."""
    words = [sys.executable, "-c", "import time; time.sleep(120)", "_child", kind]
    child = subprocess.Popen(words, stdin=subprocess.DEVNULL, start_new_session=True)
    note(folder / "children", f"{kind} {child.pid}")
    return child


def main(folder: Path, flags: list[str]) -> int:
    line = open_line(ToMonitor, silence_is_final=False)
    note(folder / "starts", f"{os.getpid()} {' '.join(flags)}")
    if (folder / "die").exists():
        return 1
    line.beat()
    line.send(Said("monitor runs"))
    line.send(SessionState(open=True, session_id="s1"))
    children = [(kind, start_child(kind, folder)) for kind in KINDS]
    for kind, child in children[:-1]:  # the screen is not reported: the supervisor must find it all the same
        line.send(Born(kind, child.pid))
    if (folder / "children").read_text().count("\n") > len(KINDS):
        while not (folder / "take over").exists():
            line.beat()
            time.sleep(0.02)
    for kind, child in children:
        line.send(Ready(kind, child.pid))
    shown = False
    while True:
        line.beat()
        if not shown and not (folder / "unshown").exists():
            shown = True
            line.send(ScreenShown(children[-1][1].pid))
        try:
            message = line.get(0.02)
        except line.Lost:
            note(folder / "lost", "supervisor")
            time.sleep(0.02)
            message = None
        asked = isinstance(message, EndRun) and not (folder / "deaf").exists()
        if asked:
            note(folder / "asked", message.why)
        finish = folder / "finish"
        if asked or (finish.exists() and finish.read_text()):
            code = int(finish.read_text()) if finish.exists() else 0
            line.send(Finished(code))
            line.close()
            return code


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
