"""The music of a room: what is played, what is known of the sitter's own pieces, what is made for the phases.

Owned by the room. Nothing of it is waited for: pieces are looked into and made by processes of their own.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from kiosk.crew import Crew
from kiosk.jukebox import Jukebox, sources_of
from kiosk.librarian import Librarian
from kiosk.session import schedule
from kiosk.settings import Settings
from kiosk.shelf import Answer, Shelf
from media import message as m

if TYPE_CHECKING:
    from kiosk.monitor import Monitor

COMPOSE_AFTER_S = 60.0  # what a start needs goes first


class Music:
    """jukebox: what plays. looking: files looked into so far, and of how many; None when all are known."""

    def __init__(self, owner: Monitor, crew: Crew, asked: Settings) -> None:
        options = owner.options
        sources = sources_of(options, asked, owner.desk.plan.music, owner.folder / "music")
        place = sources.place if options.sound else ""
        self.looking: tuple[int, int] | None = None
        self.jukebox = Jukebox(crew.to_sound, sources)
        self._owner = owner
        self._shelf = Shelf(place, sources.cache, self._own)
        self._librarian = Librarian(place, sources.cache, self._known, self._looked)
        # a demo is over before the pieces of its phases are made
        composed = self.jukebox.composed if options.sound and options.kind != "demo" else None
        self._composer = Librarian("", sources.cache, self._known, composed=composed)
        self._composing: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """What a resumed session played is taken up; pieces for the phases are made later."""
        state = self._owner.desk.state
        if state.resumed:
            self.jukebox.resume(self._phase(), state.music_steered, state.music_paused)
        self._composing = asyncio.get_running_loop().call_later(COMPOSE_AFTER_S, self._composer.start)

    def look(self) -> None:
        """Begin to look for own pieces, and into those that are not known yet."""
        self._shelf.look()
        self._librarian.start()

    def leave_looking(self) -> None:
        """Go on with what is known."""
        self._librarian.stop()

    def follow(self) -> None:
        """What the phase of now asks for."""
        self._owner.note_all(self.jukebox.follow(self._phase()))

    def unwanted(self) -> None:
        """Nothing that is found or begun from now on is wanted."""
        self._shelf.end()
        if self._composing:
            self._composing.cancel()

    async def end(self) -> None:
        """End those that look and make, wherever they are."""
        await asyncio.gather(self._librarian.end(), self._composer.end())

    def _phase(self) -> str:
        phase = schedule.current_phase(self._owner.desk.state)
        return phase.key if phase else ""

    def _known(self, scanned: m.Scanned) -> None:
        """Every own piece was looked into, or as many as will be."""
        self.looking = None
        self._shelf.look()

    def _looked(self, scanning: m.Scanning) -> None:
        """So far; the next view says it."""
        self.looking = (scanning.done, scanning.total)

    def _own(self, found: Answer | None) -> None:
        """What there is of it by now, or that it is not known yet."""
        self._owner.note_all(self.jukebox.own(found))
