"""The monitor's children: screen, sound, tone. What each is told, what each may say, and that each is kept alive.

Owned by the monitor. It carries messages and decides nothing; every start and end is told to the owner, exactly.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import msgspec

from kiosk.child import Child, ChildEnd, Keeper
from kiosk.line.screen import FromScreen, Leave, Sweep, ToScreen, Trend, View
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


def child_argv(name: str) -> list[str]:
    """How a child process is started, in a frozen build too."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "_child", name]
    return [sys.executable, "-m", "kiosk", "_child", name]


class Crew:
    """Keeps the wanted children; `send` by kind never waits."""

    def __init__(
        self, owner: Owner, kinds: tuple[str, ...], env: Mapping[str, Mapping[str, str]] | None = None
    ) -> None:
        self._owner = owner
        self._env = env or {}
        self._keepers = {kind: Keeper(self._maker(kind)) for kind in kinds}

    def start(self) -> None:
        """Start every child."""
        for keeper in self._keepers.values():
            keeper.start()

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
        owner = self._owner
        take: dict[str, tuple[Any, Callable[[Any], None]]] = {
            "screen": (FromScreen, owner.from_screen),
            "sound": (FromSound, owner.from_sound),
            "tone": (FromTone, owner.from_tone),
        }
        accepts, on_message = take[kind]

        def make() -> Child:
            return Child(
                kind,
                child_argv(kind),
                accepts,
                on_message,
                lambda end: owner.child_ended(kind, end),
                lambda reason: owner.child_refused(kind, reason),
                on_start=lambda pid: owner.child_started(kind, pid),
                on_ready=lambda pid: owner.child_ready(kind, pid),
                on_overflow=owner.screen_needs_history,
                ask=Leave() if kind == "screen" else None,
                replaceable=(View,) if kind == "screen" else (),
                droppable=(Trend,) if kind == "screen" else (),
                perishable=(Sweep,) if kind == "screen" else (),
                env=self._env.get(kind),
            )

        return make
