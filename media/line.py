"""The shape of the line to the monitor that a sound child is given. The line itself belongs to the caller."""

from __future__ import annotations

from typing import Any, Protocol


class Line(Protocol):
    """One JSON object a line each way, with heartbeats."""

    Lost: type[Exception]
    """Raised by `get` once the other end has gone or missed its heartbeats."""

    def send(self, message: Any, /) -> None:
        """Hand a message over; safe from any thread."""

    def get(self, timeout_s: float, /) -> Any | None:
        """The next message, None if none came in time. Raises `Lost`."""

    def beat(self) -> None:
        """Say that the main loop turns; at least every 0.5 s."""
