"""The monitor's children: screen, sound, tone. What each is told, what each may say, and that each is kept alive.

Owned by the monitor. It carries messages and decides nothing; every start and end is told to the owner, exactly.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import msgspec

from kiosk.child import Child, ChildEnd, Keeper
from kiosk.headstart import HeadStart, words
from kiosk.line.chart import Sweep, Trend
from kiosk.line.screen import FromScreen, Leave, ToScreen, View
from kiosk.options import MonitorOptions
from media.message import FromSound, FromTone


class Owner(Protocol):
    """What the crew tells the monitor. child: screen, sound or tone."""

    def from_screen(self, message: Any) -> None:
        """A message of the screen."""
        ...

    def from_sound(self, message: Any) -> None:
        """A message of the music."""
        ...

    def from_tone(self, message: Any) -> None:
        """A message of the tones."""
        ...

    def child_started(self, child: str, pid: int) -> None:
        """The process exists: now is the time for its first messages."""
        ...

    def child_ready(self, child: str, pid: int) -> None:
        """Its own loop has beaten for the first time."""
        ...

    def child_ended(self, child: str, end: ChildEnd) -> None:
        """How it ended."""
        ...

    def child_refused(self, child: str, reason: str) -> None:
        """It sent what its kind may not send."""
        ...

    def screen_needs_history(self) -> None:
        """Chart points were dropped for a slow screen: send the history again."""
        ...


_HEARD: dict[str, tuple[Any, Callable[[Owner, Any], None]]] = {
    "screen": (FromScreen, lambda owner, message: owner.from_screen(message)),
    "sound": (FromSound, lambda owner, message: owner.from_sound(message)),
    "tone": (FromTone, lambda owner, message: owner.from_tone(message)),
}


def kinds_of(options: MonitorOptions) -> tuple[str, ...]:
    """The children that a run wants."""
    wanted = (("screen", options.screen), ("sound", options.sound), ("tone", options.tone))
    return tuple(kind for kind, is_wanted in wanted if is_wanted)


def child_argv(name: str) -> list[str]:
    """How a child process is started, in a frozen build too."""
    return words("_child", name)


class Crew:
    """Keeps the wanted children; `send` by kind never waits. What they say before `attend` is told then, in order.

    begun: children of these kinds that run already; each is the first of its kind.
    """

    def __init__(
        self,
        kinds: tuple[str, ...],
        env: Mapping[str, Mapping[str, str]] | None = None,
        begun: Mapping[str, HeadStart] | None = None,
    ) -> None:
        self._owner: Owner | None = None
        self._untold: list[Callable[[Owner], None]] = []
        self._env, self._begun = env or {}, dict(begun or {})
        self._keepers = {kind: Keeper(self._maker(kind)) for kind in kinds}
        self._started: set[str] = set()

    def start(self, *kinds: str) -> None:
        """Start these children, or every one; those that were started already go on."""
        for kind, keeper in self._keepers.items():
            if (not kinds or kind in kinds) and kind not in self._started:
                self._started.add(kind)
                keeper.start()

    def attend(self, owner: Owner) -> None:
        """From now on this one is told."""
        self._owner = owner
        untold, self._untold = self._untold, []
        for tell in untold:
            tell(owner)

    def _tell(self, tell: Callable[[Owner], None]) -> None:
        if self._owner is None:
            self._untold.append(tell)
        else:
            tell(self._owner)

    def has(self, kind: str) -> bool:
        """Whether a child of this kind runs and has beaten."""
        keeper = self._keepers.get(kind)
        return bool(keeper and keeper.child and keeper.child.ready)

    def to_screen(self, message: ToScreen) -> None:
        """Tell the screen; nothing is kept for one that is not there, its successor gets the whole state."""
        self._send("screen", message)

    def to_sound(self, message: msgspec.Struct) -> None:
        """Tell the music."""
        self._send("sound", message)

    def to_tone(self, message: msgspec.Struct) -> None:
        """Tell the tones."""
        self._send("tone", message)

    def _send(self, kind: str, message: Any) -> None:
        keeper = self._keepers.get(kind)
        if keeper:
            keeper.send(message)

    async def end(self) -> None:
        """End all children at once, bounded."""
        await asyncio.gather(*(keeper.end() for keeper in self._keepers.values()))

    async def end_sound(self) -> None:
        """Music that does not step back for an alarm is ended; it comes back by itself."""
        keeper = self._keepers.get("sound")
        if keeper and keeper.child:
            await keeper.child.end(0)

    def _maker(self, kind: str) -> Callable[[], Child]:
        accepts, on_message = _HEARD[kind]
        tell = self._tell

        def make() -> Child:
            return Child(
                kind,
                child_argv(kind),
                accepts,
                lambda message: tell(lambda owner: on_message(owner, message)),
                lambda end: tell(lambda owner: owner.child_ended(kind, end)),
                lambda reason: tell(lambda owner: owner.child_refused(kind, reason)),
                on_start=lambda pid: tell(lambda owner: owner.child_started(kind, pid)),
                on_ready=lambda pid: tell(lambda owner: owner.child_ready(kind, pid)),
                on_overflow=lambda: tell(lambda owner: owner.screen_needs_history()),
                ask=Leave() if kind == "screen" else None,
                replaceable=(View,) if kind == "screen" else (),
                droppable=(Trend,) if kind == "screen" else (),
                perishable=(Sweep,) if kind == "screen" else (),
                env=self._env.get(kind),
                begun=self._begun.pop(kind, None),
            )

        return make
