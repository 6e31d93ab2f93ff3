"""What people ask for, numbered, on its way to the monitor; and which command an answer belongs to."""

from __future__ import annotations

from typing import Protocol

import msgspec

from kiosk.line.screen import Do, ScreenTrouble
from kiosk.session.commands import AnyCommand, OpenPane, UnlockRecord

KEPT = 100


class Line(Protocol):
    """The child's end of the line, as far as the screen uses it."""

    def send(self, message: msgspec.Struct) -> None:
        """Queue a message; never waits."""

    def beat(self) -> None:
        """Say that the main loop runs."""


class Outbox:
    """Sends commands as `Do` with an id that counts up."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self._asked: dict[int, AnyCommand] = {}
        self._last_id = 0

    def ask(self, command: AnyCommand) -> None:
        """Send what a person asked for."""
        self._last_id += 1
        if isinstance(command, UnlockRecord):
            self._asked[self._last_id] = UnlockRecord("")
        elif not isinstance(command, OpenPane):  # a PIN is not kept here
            self._asked[self._last_id] = command
        while len(self._asked) > KEPT:
            del self._asked[next(iter(self._asked))]
        self.line.send(Do(self._last_id, command))

    def command_of(self, answered_id: int) -> AnyCommand | None:
        """The command that an answer belongs to, None when it is too long ago."""
        return self._asked.get(answered_id)

    def trouble(self, text: str) -> None:
        """Tell the sitter's record."""
        self.line.send(ScreenTrouble(text))
