"""What every event is."""

from __future__ import annotations

import msgspec


class Event(msgspec.Struct, frozen=True):
    """Base of every event; never stored itself."""
