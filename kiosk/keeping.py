"""The monitor's side of what its supervisor holds: asks for the panel's light, knows what is held, stands in for it.

Owned by the room. While there is a supervisor this only asks and listens. When the supervisor is gone, the monitor
keeps the computer awake and the light in order itself, until its own end; it never waits for either.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Thread

from kiosk.dim import OWN, Levels, Places, wanted
from kiosk.holding import Holding
from kiosk.line.monitor import Held, LightWanted
from kiosk.line.screen import Shown, View
from kiosk.session.plan import Plan
from kiosk.settings import Settings

AGAIN_EVERY_S = 5.0
UNSHOWN_FOR_S = 10.0


class Keeping:
    """send: to the supervisor. stand_in: makes what holds in its place. held: None until somebody tells."""

    def __init__(
        self, send: Callable[[LightWanted], object], stand_in: Callable[[], Holding], levels: Levels, windowed: bool
    ) -> None:
        self.held: Held | None = None
        self._send, self._stand_in, self._levels, self._windowed = send, stand_in, levels, windowed
        self._places = Places()
        self._own: Holding | None = None
        self._asked: LightWanted | None = None
        self._asked_s = 0.0
        self._shown_s: float | None = None
        self._is_over = False

    def displays(self, shown: Shown) -> None:
        """Where the windows are. Ordinary windows say nothing about what the panel shows: then nothing is dimmed."""
        self._places = Places() if self._windowed else Places(shown.patient, shown.sitter, shown.one_display)

    def see(self, view: View, is_shown: bool) -> None:
        """Ask for the light of this view: at a change, and now and then again: a supervisor may be new to it."""
        now_s = time.monotonic()
        if is_shown:
            self._shown_s = now_s
        if self._shown_s is None:
            return
        ask = wanted(view, self._places, self._levels)
        if now_s - self._shown_s > UNSHOWN_FOR_S:
            ask = LightWanted(OWN, single=self._places.single)  # nothing of ours covers the desktop
        if ask != self._asked or now_s - self._asked_s >= AGAIN_EVERY_S:
            self._asked, self._asked_s = ask, now_s
            self._own.want(ask) if self._own else self._send(ask)

    def session_ended(self) -> None:
        """Its end is on the disk: what is held here lets the computer sleep."""
        self._is_over = True
        if self._own:
            self._own.session(False)

    def supervisor_lost(self) -> None:
        """From here on it is held here; only where it was held at all."""
        if self._own is None and self.held is not None:
            self._own = self._stand_in()
            self._own.start(self._told, lambda text: None)
            self._own.session(not self._is_over)
            self._asked = None

    def supervisor_back(self) -> None:
        """It was frozen and holds again: ours is let go in the background."""
        Thread(target=self.close, name="stand-in ends", daemon=True).start()

    def close(self) -> None:
        """Give back what is held here; blocks for a bounded time."""
        own, self._own = self._own, None
        if own:
            own.end()

    def _told(self, held: Held) -> None:
        self.held = held


def levels_of(asked: Settings, plan: Plan) -> Levels:
    """The plan's levels where it sets them, else the person's settings."""
    light = plan.light
    return Levels(
        rest=asked.number("display.rest_percent") if light.rest_percent is None else light.rest_percent,
        wake=asked.number("display.wake_percent") if light.wake_percent is None else light.wake_percent,
        pane=asked.number("display.pane_percent"),
        phases=light.phases,
    )
