"""Leaves a file when one of our processes crashes: where, never with what. Used at the top of every process.

Frames and error types only. Messages and arguments of errors, and local variables, are left out: they can hold a
name or a vital sign, and people send crash files to strangers.
"""

from __future__ import annotations

import atexit
import contextlib
import datetime
import faulthandler
import os
import platform
import sys
import threading
import time
import traceback
from pathlib import Path
from types import TracebackType
from typing import TextIO

DIRECTORY_VARIABLE = "KIOSK_CRASH_DIR"
KEPT_FILES = 20
EXIT_CRASHED = 70

_name = "kiosk"
_fault_file: TextIO | None = None


def arm(name: str, directory: Path | None = None) -> None:
    """From now on a crash of this process leaves a file. directory: default $KIOSK_CRASH_DIR, else stderr only.

    A crash of a thread ends the process (70): half a child is worse than one that is started again.
    """
    global _name
    _name = name
    if directory is not None:
        os.environ[DIRECTORY_VARIABLE] = str(directory)
    sys.excepthook = _on_exception
    threading.excepthook = _on_thread_exception
    _arm_faulthandler()


def leave_file(error: BaseException) -> Path | None:
    """Write the crash file and a line on stderr; the file's path, None when it could not be written."""
    path = _path("crash")
    text = describe(error)
    with contextlib.suppress(OSError):
        print(f"crash: {_name}: {type(error).__name__} in {where(error)}", file=sys.stderr)
        if path:
            path.write_text(text, encoding="utf-8")
            return path
        sys.stderr.write(text)
    return None


def where(error: BaseException) -> str:
    """The innermost place of ours, "module.function"; for the record's FaultHappened."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if Path(f.filename).is_relative_to(Path(__file__).parent.parent)] or list(frames)
    return f"{Path(ours[-1].filename).stem}.{ours[-1].name}" if ours else "unknown"


def describe(error: BaseException) -> str:
    """The crash file's text: versions, then each error of the chain with its frames, innermost last."""
    lines = [f"{_name} pid {os.getpid()} at {_now()} python {platform.python_version()} {sys.platform}"]
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        lines.append(type(current).__qualname__)
        frames = traceback.extract_tb(current.__traceback__)
        lines += [f"  {f.filename}:{f.lineno} {f.name}" for f in frames]
        current = current.__cause__ or current.__context__
    return "\n".join(lines) + "\n"


def _on_exception(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if not issubclass(kind, KeyboardInterrupt):
        leave_file(error.with_traceback(trace))


def _on_thread_exception(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
        leave_file(args.exc_value)
        if _fault_file:
            _remove_if_empty(Path(_fault_file.name))  # os._exit runs no exit handlers
        os._exit(EXIT_CRASHED)


def _arm_faulthandler() -> None:
    global _fault_file
    path = _path("fault")
    if path is None:
        faulthandler.enable(file=2)
        return
    _prune(path.parent)
    _fault_file = path.open("w", encoding="utf-8")
    faulthandler.enable(file=_fault_file)
    atexit.register(_remove_if_empty, path)


def disarm() -> None:
    """Before an end that skips the interpreter's own: leave no empty file behind."""
    if _fault_file is not None:
        _remove_if_empty(Path(_fault_file.name))


def _remove_if_empty(path: Path) -> None:
    with contextlib.suppress(OSError):
        if path.stat().st_size == 0:
            path.unlink()


def _prune(directory: Path) -> None:
    with contextlib.suppress(OSError):
        for path in directory.glob("*.fault.txt"):
            if path.stat().st_mtime < time.time() - 86400:  # left empty by a process that was killed
                _remove_if_empty(path)
        for path in sorted(directory.glob("*.txt"))[:-KEPT_FILES]:
            path.unlink()


def _path(kind: str) -> Path | None:
    directory = os.environ.get(DIRECTORY_VARIABLE)
    if not directory:
        return None
    try:
        Path(directory).mkdir(parents=True, exist_ok=True)
        path = Path(directory) / f"{_now()}-{_name}-{os.getpid()}.{kind}.txt"
        path.touch(mode=0o600)
    except OSError:
        return None
    return path


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).strftime("%Y%m%dT%H%M%S.%fZ")
