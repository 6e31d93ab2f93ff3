"""Keeps the computer awake: no sleep, no screensaver, no sleep by the closed lid. And says what was really taken.

Held by the supervisor while a session is open; everything taken ends with its process, however that ends. "Acquired" by
one interface proves little on some desktops, so every one that answers is taken and none is believed alone.
"""

from __future__ import annotations

import contextlib
import sys
from typing import Any

from devices.logind import Inhibitor, Logind, LogindError, LogindFault

WHO = "Session room"
WHY = "A session is open: the patient is being watched"
WHATS = ("sleep", "idle", "handle-lid-switch")


class Awake:
    """What is held. Take and release on one thread (wakepy's rule). names: what was taken, ("logind:sleep", ...)."""

    def __init__(self) -> None:
        self.names: tuple[str, ...] = ()
        self.refused: tuple[str, ...] = ()
        self._inhibitors: list[Inhibitor] = []
        self._mode: Any = None

    def take(self) -> None:
        """Take all that can be taken; never raises for what cannot: `names` and `refused` say it."""
        desktop = self._take_desktop()
        inhibitors, self.refused = _logind() if sys.platform == "linux" else ([], ())
        self._inhibitors = inhibitors
        held = [f"logind:{what}" for inhibitor in inhibitors for what in inhibitor.what.split(":")]
        self.names = (*desktop, *held)

    def release(self) -> None:
        """Let go of all; a second time does nothing."""
        for inhibitor in self._inhibitors:
            inhibitor.release()
        mode, self._mode = self._mode, None
        if mode is not None:
            with contextlib.suppress(OSError, RuntimeError):
                mode.__exit__(None, None, None)
        self._inhibitors, self.names = [], ()

    def _take_desktop(self) -> tuple[str, ...]:
        """The desktop's own "a presentation is running", by wakepy: GNOME, KDE and others, Windows, macOS."""
        from wakepy import keep

        mode = keep.presenting(on_fail="pass")
        mode.__enter__()
        if not mode.active:
            mode.__exit__(None, None, None)
            return ()
        self._mode = mode
        # wakepy can be told by the environment to play a success; that holds nothing
        return (f"desktop:{mode.method.name}",) if mode.result.real_success and mode.method else ()


def _logind() -> tuple[list[Inhibitor], tuple[str, ...]]:
    """All three at once; where that is denied (the lid asks polkit on some systems) each alone."""
    logind = Logind()
    try:
        return [logind.inhibit(":".join(WHATS), WHO, WHY)], ()
    except LogindError as error:
        if error.fault in (LogindFault.ABSENT, LogindFault.SILENT):
            return [], WHATS
    finally:
        logind.close()
    return _logind_each()


def _logind_each() -> tuple[list[Inhibitor], tuple[str, ...]]:
    logind, taken, refused = Logind(), list[Inhibitor](), list[str]()
    for what in WHATS:
        try:
            taken.append(logind.inhibit(what, WHO, WHY))
        except LogindError:
            refused.append(what)
    logind.close()
    return taken, tuple(refused)
