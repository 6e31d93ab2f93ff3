"""A head start: a process begun before its parent has loaded what will keep it. A number and three pipes, no more.

The command `kiosk run` begins the monitor so, and that begins the screen, each as its very first act; `kiosk.child`
takes them over (`kiosk.adopted`). Must stay light: it is the first that is imported. Where a system cannot do it there
is none, and the process is started later, as every other.
"""

from __future__ import annotations

import os
import sys

OPTIONS_FOLLOW = "--options-follow"
"""Of a monitor: what it is to do is the first message on its line."""
WORD_FOLLOWS = "--word-follows"
"""Of a child: it loads, and then waits for `GoAhead`, the first message on its line."""
LEAVE_WITHIN_S, GONE_WITHIN_S = 1.0, 3.0
# SIGPIPE and SIGXFSZ of Linux: Python ignores them, and its children must not, as subprocess has it. In figures, for
# the module that names them brings enum, 4 ms before anything is begun.
_RESET = (13, 25)


class HeadStart:
    """A process of its own session and our ends of its pipes: what it reads, writes, and complains of."""

    def __init__(self, pid: int, input_fd: int, output_fd: int, errors_fd: int) -> None:
        self.pid = pid
        self.input_fd, self.output_fd, self.errors_fd = input_fd, output_fd, errors_fd
        self.is_taken = False

    def tell(self, line: bytes) -> None:
        """Write to it, before anybody has taken it over; nothing when it is gone already: its end tells more."""
        try:
            os.write(self.input_fd, line)
        except OSError:
            pass

    def end(self, leave_within_s: float = 0.0) -> None:
        """Nobody needs it: its line is closed, it is asked to end, killed in the end, and waited for.

        leave_within_s: what it gets to end by itself first, with what it has begun in its turn.
        """
        for fd in (self.input_fd, self.output_fd, self.errors_fd):
            os.close(fd)
        if _is_gone(self.pid, leave_within_s):
            return
        import signal

        _signal(self.pid, signal.SIGTERM)
        if not _is_gone(self.pid, GONE_WITHIN_S):
            _signal(self.pid, signal.SIGKILL)
            _is_gone(self.pid, GONE_WITHIN_S)


def words(*more: str) -> list[str]:
    """The program's own command line, in a frozen build too."""
    return [sys.executable, *(() if getattr(sys, "frozen", False) else ("-m", "kiosk")), *more]


def begin(argv: list[str]) -> HeadStart | None:
    """Start it now; None where this system cannot, or where standard streams are closed."""
    if sys.platform != "linux":  # elsewhere untested: not worth a second way to start
        return None
    pipes = [os.pipe() for _ in range(3)]
    (read_in, input_fd), (output_fd, write_out), (errors_fd, write_err) = pipes
    theirs, ours = (read_in, write_out, write_err), (input_fd, output_fd, errors_fd)
    if min(*theirs, *ours) < 3:
        _close(*theirs, *ours)
        return None
    actions = [(os.POSIX_SPAWN_DUP2, fd, at) for at, fd in enumerate(theirs)]
    try:
        pid = os.posix_spawn(argv[0], argv, os.environ, file_actions=actions, setsid=True, setsigdef=_RESET)
    except (OSError, NotImplementedError):
        _close(*ours)
        return None
    finally:
        _close(*theirs)
    return HeadStart(pid, *ours)


def _close(*fds: int) -> None:
    for fd in fds:
        os.close(fd)


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def _is_gone(pid: int, within_s: float) -> bool:
    """Reap it, polled: a wait with an end is not to be had for a bare number."""
    import time

    until_s = time.monotonic() + within_s
    while not os.waitpid(pid, os.WNOHANG)[0]:
        if time.monotonic() >= until_s:
            return False
        time.sleep(0.005)
    return True
