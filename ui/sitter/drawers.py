"""The forms of the lower left, each built when it is first wanted.

Owned by the screen process. All thirteen at once are 25 ms of processor time, in the pane and again in the page before
it, which a room's first picture would wait for. One that comes later is told what the others were told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from kiosk.line.screen import Begin, View
from kiosk.session.commands import (
    Command,
    Correct,
    HandOver,
    SkipPressure,
    TypeOximetry,
    TypePressure,
    UnlockRecord,
)
from ui.sitter.acts import Acts, Happenings
from ui.sitter.acts_forms import CorrectForm, HandOverForm, SkipForm, UnlockForm
from ui.sitter.breaths import Breaths, Response
from ui.sitter.drawer import Confirm, Drawer
from ui.sitter.listing import Listing
from ui.sitter.music import MusicDrawer
from ui.sitter.notes import Notes
from ui.sitter.typed import Typed

AnyDrawer = TypeVar("AnyDrawer", bound=Drawer)
_NAMES = {"note": "notes", "pressure": "typed", "list": "listing", "confirm": "question"}
_SAME_NAMES = ("breaths", "response", "music", "happenings", "acts", "skip", "hand_over", "correct", "unlock")
_NAMES |= {name: name for name in _SAME_NAMES}
_SENDERS: dict[type, str] = {
    SkipPressure: "skip",
    HandOver: "hand_over",
    Correct: "correct",
    UnlockRecord: "unlock",
    TypePressure: "typed",
    TypeOximetry: "typed",
}


class Drawers(QObject):
    """What each says: `asked` a command, `opens` another thing, `closed`, `chosen` an entry of a menu, `corrects` one
    of the list. `built`: a new one, which has no place yet."""

    asked = Signal(object)
    opens = Signal(str)
    closed = Signal()
    chosen = Signal(object)
    corrects = Signal(object)
    built = Signal(object)

    def __init__(self, parent: QObject, now: Callable[[], float]) -> None:
        super().__init__(parent)
        self._now = now
        self._begin: Begin | None = None
        self._view: View | None = None
        self._built: list[Drawer] = []

    def __iter__(self) -> Iterator[Drawer]:
        """Those that are built."""
        return iter(self._built)

    def named(self, what: str) -> Drawer | None:
        """The form that a person means by this name; None for an unknown one."""
        name = _NAMES.get(what)
        return getattr(self, name) if name else None

    def form_of(self, command: Command) -> Drawer | None:
        """The form that sends commands of this kind and no other part does."""
        name = _SENDERS.get(type(command))
        return getattr(self, name) if name else None

    def begin(self, begin: Begin) -> None:
        """Names and zone."""
        self._begin = begin
        for drawer in self:
            drawer.begin(begin)

    def show_view(self, view: View) -> None:
        """Take a view."""
        self._view = view
        for drawer in self:
            drawer.show_view(view)
        if view.stage == "live":
            _ = self.listing  # its button ends the session: it is there from the moment on that it can be wanted

    def _keep(self, drawer: AnyDrawer) -> AnyDrawer:
        drawer.asked.connect(self.asked)
        drawer.opens.connect(self.opens)
        drawer.closed.connect(self.closed)
        self._built.append(drawer)
        self.built.emit(drawer)
        if self._begin is not None:
            drawer.begin(self._begin)
        if self._view is not None:
            drawer.show_view(self._view)
        return drawer

    @cached_property
    def notes(self) -> Notes:
        """Words of one's own."""
        return self._keep(Notes())

    @cached_property
    def typed(self) -> Typed:
        """Values read off a device."""
        return self._keep(Typed())

    @cached_property
    def breaths(self) -> Breaths:
        """Breaths counted."""
        return self._keep(Breaths(self._now))

    @cached_property
    def response(self) -> Response:
        """What happens when the patient is spoken to."""
        return self._keep(Response())

    @cached_property
    def listing(self) -> Listing:
        """All events."""
        made = self._keep(Listing())
        made.correct.connect(self.corrects)
        return made

    @cached_property
    def music(self) -> MusicDrawer:
        """What is played."""
        return self._keep(MusicDrawer())

    @cached_property
    def question(self) -> Confirm:
        """One sentence before a command is sent."""
        return self._keep(Confirm())

    @cached_property
    def happenings(self) -> Happenings:
        """What happened."""
        made = self._keep(Happenings())
        made.chosen.connect(self.chosen)
        return made

    @cached_property
    def acts(self) -> Acts:
        """The session's further acts."""
        made = self._keep(Acts())
        made.chosen.connect(self.chosen)
        return made

    @cached_property
    def skip(self) -> SkipForm:
        """Why a blood pressure is left out."""
        return self._keep(SkipForm())

    @cached_property
    def hand_over(self) -> HandOverForm:
        """Another sitter."""
        return self._keep(HandOverForm())

    @cached_property
    def correct(self) -> CorrectForm:
        """Another time for an entry."""
        return self._keep(CorrectForm())

    @cached_property
    def unlock(self) -> UnlockForm:
        """What opens the record."""
        return self._keep(UnlockForm())
