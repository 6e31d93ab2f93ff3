"""Mains for `run_child`, as the table of children names them; run one by `python -m tests.children.entry NAME`."""

from __future__ import annotations

import os
import sys
import threading

from kiosk.childside import Entry, run_child

SECRET = "Ms Example, SpO2 84"


def good(line) -> int:
    from tests.children.messages import Word

    print("noise")
    assert sys.stdin.read() == ""
    line.send(Word(f"stdin empty, line open {line.lost is None}"))
    return 4


def streams(line) -> int:
    """Plays until it is interrupted, like the media children."""
    from tests.children.messages import Word

    line.send(Word("plays"))
    try:
        while True:
            line.beat()
            line.get(0.05)
    except KeyboardInterrupt:
        line.send(Word("streams closed"))
        return 0


def crash(line) -> None:
    spo2_of_patient = SECRET
    try:
        print({}[spo2_of_patient])
    except KeyError as error:
        raise RuntimeError(f"value of {spo2_of_patient}") from error


def crash_in_thread(line) -> None:
    thread = threading.Thread(target=crash, args=(line,))
    thread.start()
    thread.join()


def abort(line) -> None:
    os.abort()


if __name__ == "__main__":
    name = sys.argv[1]
    entry = Entry(f"tests.children.entry:{name}", "tests.children.messages:ToTest", ends_by_interrupt=name == "streams")
    sys.exit(run_child(name, {name: entry}))
