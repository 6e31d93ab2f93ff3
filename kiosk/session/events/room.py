"""Windows, the PIN and who has the keys."""

from __future__ import annotations

from kiosk.session.events.event import Event


class PaneOpened(Event, frozen=True, tag="pane_opened"):
    """One display: how: "pin", "held key", "alarm"."""

    how: str


class PaneClosed(Event, frozen=True, tag="pane_closed"):
    """One display: back to rest."""


class PinRefused(Event, frozen=True, tag="pin_refused"):
    """A wrong PIN; locked_s is the lock-out that follows, 0 if none."""

    tries_left: int
    locked_s: float = 0


class WindowsShown(Event, frozen=True, tag="windows_shown"):
    """The screen's windows are on their displays, built and alive: "rest on HDMI-1", "sitter on eDP-1"."""

    windows: tuple[str, ...]
    one_display: bool = False


class RoomCovered(Event, frozen=True, tag="room_covered"):
    """Another program's window had the keys. is_over: the room has them back after for_s seconds, else so far."""

    for_s: float
    is_over: bool = False


RoomEvent = PaneOpened | PaneClosed | PinRefused | WindowsShown | RoomCovered
