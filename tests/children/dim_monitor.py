"""A monitor for the tests of what the supervisor holds: beats, asks for the light that FOLDER/want names.

`want` holds "PERCENT SECONDS single|two". Each start appends its pid to FOLDER/starts, each `Held` goes into
FOLDER/held as JSON. `die` ends it at once with 1, `over` tells the end of the session.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import msgspec

from kiosk.childside import open_line
from kiosk.line.monitor import EndRun, Finished, Held, LightWanted, SessionState, ToMonitor


def main(folder: Path) -> int:
    line = open_line(ToMonitor, silence_is_final=False)
    with (folder / "starts").open("a") as file:
        file.write(f"{os.getpid()}\n")
    if (folder / "die").exists():
        return 1
    line.send(SessionState(open=True, session_id="s1"))
    asked, is_over = "", False
    while True:
        line.beat()
        if not is_over and (folder / "over").exists():
            is_over = True
            line.send(SessionState(open=False, session_id="s1"))
        wanted = (folder / "want").read_text()
        if wanted != asked:
            asked = wanted
            percent, seconds, displays = wanted.split()
            line.send(LightWanted(float(percent), float(seconds), displays == "single"))
        try:
            message = line.get(0.02)
        except line.Lost:
            time.sleep(0.02)
            continue
        if isinstance(message, Held):
            (folder / "held.part").write_bytes(msgspec.json.encode(message))
            (folder / "held.part").replace(folder / "held")
        elif isinstance(message, EndRun):
            line.send(Finished(0))
            line.close()
            return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
