"""Has the patient's page made by a child of its own, for the monitor, which never waits for it.

Owned by the monitor. Every page that was asked for is answered once, also where its child dies.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from kiosk.child import Child, ChildEnd
from kiosk.crew import child_argv
from kiosk.line.page import FromPage, Make, NotMade
from kiosk.paper import region, uses_letter
from kiosk.session.aftercare import next_day

if TYPE_CHECKING:
    from kiosk.monitor import Monitor


PAGES = "pages"


def page_wanted(owner: Monitor, printed: bool) -> Make:
    """The page of this session, a new file in the data folder's `pages`."""
    state, offset_min = owner.desk.state, owner.desk.offset_min
    now = datetime.fromtimestamp(owner.now().utc_ns / 1e9, timezone(timedelta(minutes=offset_min)))
    dosed = state.dose.at_utc_ns if state.dose else state.opened_utc_ns
    return Make(
        plan_toml=owner.read.text,
        path=str(owner.folder / PAGES / f"{now:%Y-%m-%d-%H%M%S}-hours-after.pdf"),
        tomorrow=next_day(dosed, offset_min).isoformat(),
        letter_paper=uses_letter(region()),
        printed=printed,
    )


class Printer:
    """`make` begins at once; told(answer) comes on the event loop."""

    def __init__(self) -> None:
        self._children: set[Child] = set()

    def make(self, wanted: Make, told: Callable[[FromPage], None]) -> None:
        """One page."""
        answers: list[FromPage] = []

        def end(how: ChildEnd) -> None:
            self._children.discard(child)
            told(answers[0] if answers else NotMade("ended", how.how))

        child = Child("page", child_argv("page"), FromPage, answers.append, end)
        self._children.add(child)
        child.start()
        child.send(wanted)

    async def end(self) -> None:
        """End what still runs."""
        await asyncio.gather(*(child.end() for child in tuple(self._children)))
