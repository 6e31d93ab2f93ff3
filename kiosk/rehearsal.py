"""A session without a person at the screen: a demo's sitter who acts and takes pictures, or nobody at all.

Owned by the room. It acts by the same commands as a person.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kiosk.crew import Crew
from kiosk.director import Director
from kiosk.line.screen import Pictured, TakePicture, View
from kiosk.options import MonitorOptions
from kiosk.pictures import Pictures
from kiosk.preparer import Unattended
from kiosk.session import commands as c


def _director(options: MonitorOptions) -> Director | Unattended | None:
    """The demo's sitter; a patient's session from the command line has nobody who could answer."""
    if not options.starts_itself:
        return None
    if options.kind != "demo":
        return Unattended()
    return Director(options.seconds or 180.0, options.scenario, options.out, options.speed)


class Rehearsal:
    """obey: carries a command out. can_show: whether a screen is there that shows its windows."""

    def __init__(
        self, options: MonitorOptions, crew: Crew, obey: Callable[[c.Command], None], can_show: Callable[[], bool]
    ) -> None:
        self._director = _director(options)
        self._crew, self._obey, self._can_show = crew, obey, can_show
        self._pictures = Pictures(Path(options.out)) if options.out else None

    def see(self, view: View) -> None:
        """What the sitter does at this view."""
        if self._director is None:
            return
        self._ask_lost()
        for asked in self._director.see(view):
            if isinstance(asked, TakePicture):
                self._take(asked)
            else:
                self._obey(asked)

    def taken(self, picture: Pictured, t_s: float) -> None:
        """A picture is there."""
        if self._pictures:
            self._pictures.taken(picture, t_s)

    def is_busy(self) -> bool:
        """At the end of a demo: whether a picture is still to come (bounded)."""
        if self._director is None or self._pictures is None:
            return False
        self._ask_lost()
        for asked in self._director.last_pictures():
            self._take(asked)
        return self._pictures.is_waiting()

    def _take(self, asked: TakePicture) -> None:
        if self._pictures and self._can_show():
            self._pictures.asked(asked)
            self._crew.to_screen(asked)
        elif self._director:
            self._director.not_taken(asked)

    def _ask_lost(self) -> None:
        if self._director and self._pictures:
            for path in self._pictures.lost():
                self._director.never_came(path)
