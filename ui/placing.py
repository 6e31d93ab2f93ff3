"""What cables and people do with the displays: a warning, a question, an exchange, and the monitor's knowledge of it.

Belongs to the screen process, between `ui.shell` and the windows. It decides nothing about what is shown on a display;
it must never ask once a session runs, and never keep a change of displays to itself.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from kiosk.line import screen as told
from kiosk.text import room
from ui.outbox import Line
from ui.which import Which
from ui.windows import Windows


class Placing(QObject):
    """`moved`: displays came, went or were exchanged; what lies on them must be arranged anew.

    trouble: takes a sentence about a fault. windows: one of them may cover its display already.
    """

    moved = Signal()

    def __init__(self, line: Line, trouble: Callable[[str], object], windows: Windows | None = None) -> None:
        super().__init__()
        self.windows, self.which = windows or Windows(), Which()
        self._line = line
        self._begin: told.Begin | None = None
        self._is_opening = True
        self.windows.moved.connect(self._moved)
        self.windows.trouble.connect(trouble)
        self.which.chosen.connect(self._give)

    def open(self, begin: told.Begin) -> None:
        """Put the patient's window on its display."""
        self._begin = begin
        self.windows.open(
            begin.single_screen, begin.windowed, begin.sitter_display, begin.patient_display, begin.two_displays
        )

    def show_sitter(self) -> None:
        """The pane is built: its window comes, and the question if nobody has said whose the displays are."""
        self.windows.show_sitter()
        self.warn()
        self._tell_shown()
        self._ask()

    def see(self, view: told.View) -> None:
        """Take the newest view's stage."""
        self._is_opening = view.stage == "opening"
        self.windows.adopt_new = self._is_opening
        if not self._is_opening:
            self.which.close()

    def exchange(self, may_show_pane: bool) -> None:
        """Patient's and sitter's change places; see `Windows.exchange`."""
        if self.windows.exchange(may_show_pane):
            self.which.close()
            self._said()

    def end(self) -> None:
        """Take every window away."""
        self.which.close()
        self.windows.allow_close()

    def _moved(self) -> None:
        self.warn()
        self.moved.emit()
        self._tell_shown()
        self.which.close()
        self._ask()

    def warn(self) -> None:
        """Tell the sitter that the patient's display is gone, or not any more."""
        away = self._begin is not None and not self.windows.places.patient
        self.windows.sitter.warn(
            room.display_gone(room.first_name(self._begin.patient)) if away and self._begin else ""
        )

    def _ask(self) -> None:
        asks = self._begin is not None and self._begin.ask_displays
        if asks and self._begin and self._is_opening and not self.windows.is_known:
            self.which.ask(room.first_name(self._begin.patient))

    def _give(self, patient: str) -> None:
        self.windows.give(patient)
        self._said()

    def _said(self) -> None:
        """A person said whose the displays are."""
        patient, sitter = self.windows.keys()
        if patient and sitter:
            self._line.send(told.DisplaysChosen(sitter, patient))
        self.warn()
        self.moved.emit()
        self._tell_shown()

    def _tell_shown(self) -> None:
        places, home = self.windows.places, self.windows.keys()
        self._line.send(
            told.Shown(
                self.windows.words(),
                places.one_display,
                not places.patient,
                *places,
                keys=(home.patient, home.sitter),
            )
        )
