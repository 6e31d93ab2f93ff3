"""A child for tests: does what its arguments say, on a real line, with a beating main loop.

Run as `python -m tests.children.actor BEHAVIOUR` in the repository.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from kiosk.childside import open_line
from kiosk.line.childline import ChildLine
from tests.children.messages import Leave, ToTest, Word


def loop(line: ChildLine, on_message=lambda message: None) -> None:
    """Beat and hand on until asked to leave; stays when the line is lost."""
    while True:
        line.beat()
        try:
            message = line.get(0.1)
        except line.Lost:
            time.sleep(0.1)
            continue
        if isinstance(message, Leave):
            line.send(Word("leaving"))
            line.close()
            return
        if message is not None:
            on_message(message)


def echo(line: ChildLine) -> None:
    """Sends back each word, and the number of each state."""
    loop(
        line,
        lambda message: line.send(message if isinstance(message, Word) else Word(type(message).__name__, message.n)),
    )


def exit_3(line: ChildLine) -> None:
    line.send(Word("last words"))
    line.close()
    sys.exit(3)


def segv(line: ChildLine) -> None:
    ctypes.string_at(0)


def mute(line: ChildLine) -> None:
    """Beats, reads nothing: the reader thread of the line is held by a full inbox, nobody takes from it."""
    while True:
        line.beat()
        time.sleep(0.1)


def stubborn(line: ChildLine) -> None:
    """Answers nothing and ignores SIGTERM."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    line.send(Word("ready"))
    mute(line)


def garbage(line: ChildLine) -> None:
    """Broken, foreign, over-long and partial lines, each followed by a good one."""
    line.send(Word("before"))
    time.sleep(0.05)
    fd = line._write_fd
    for raw in (
        b"garbage\n",
        b'{"type": "page", "n": 1}\n',
        b"\xff\xfe\x00\n",
        b'{"type": "word"}\n',
        b"x" * 300_000 + b"\n",
        b'{"type": "word", "te',
    ):
        os.write(fd, raw)
    time.sleep(0.05)
    os.write(fd, b'xt": "in two"}\n{"type": "word", "text": "cut')
    os._exit(0)


def flood(line: ChildLine) -> None:
    """10,000 numbered words as fast as the pipe takes them, then a normal life."""
    for n in range(10_000):
        while line._outbox.qsize() > 900:
            time.sleep(0.001)
        line.send(Word("flood", n))
        line.beat()
    loop(line)


def prints(line: ChildLine) -> None:
    """Noise on stdout and stderr, from Python and from C; the line must stay clean."""
    print("a library prints")
    os.system("echo a program prints")
    os.write(2, b"on stderr\n" + b"y" * 100_000 + b"\n")
    line.send(Word("clean"))
    loop(line)


def grandchild(line: ChildLine) -> None:
    """Leaves a process of its own behind, which holds the pipes open."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], stdout=line._write_fd)
    line.send(Word("grandchild", process.pid))
    line.close()
    os._exit(0)


def closes(line: ChildLine) -> None:
    line.beat()
    line.close()
    time.sleep(60)


def watcher(line: ChildLine) -> None:
    """Reports to a file, by itself, when its line is lost; and stays."""
    path = Path(sys.argv[2])

    def heard(message: object) -> None:
        with path.open("a") as file:
            print(type(message).__name__, getattr(message, "reason", ""), file=file, flush=True)

    line.listen(heard)
    while True:
        line.beat()
        print("noise that nobody reads " * 100)
        time.sleep(0.05)


if __name__ == "__main__":
    globals()[sys.argv[1]](open_line(ToTest))
