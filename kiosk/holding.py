"""What must outlive a monitor: the computer is kept awake, the panel is dimmed and lit again. Told what is held.

Owned by the supervisor, which must never wait: D-Bus and panels are asked in two daemon threads. Without a room that
asks for it nothing is dimmed; when monitoring stops on a single display the light comes back at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from queue import Empty, Queue
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING

import msgspec

from devices import backlight
from devices.wake import Awake
from kiosk import clock
from kiosk.light import RECORD as BRIGHTNESS
from kiosk.light import Light
from kiosk.line.monitor import Held, LightWanted

RESTORE_AFTER_S = 10.0
END_WITHIN_S = 6.0
END_RAMP_S = 1.5
SUSPENDED_S = 2.0

if TYPE_CHECKING:
    from kiosk.settings import Settings

Work = Callable[[], object]


class Holding:
    """light and awake are used by their own threads only. device: the panel's name, "" to choose, "none" for none."""

    def __init__(self, light: Light, awake: Awake, device: str = "", restore_after_s: float = RESTORE_AFTER_S) -> None:
        self.held = Held()
        self._light, self._awake, self._device = light, awake, device
        self._restore_after_s = restore_after_s
        self._light_work, self._awake_work = Queue[Work | None](), Queue[Work | None]()
        self._lit, self._released, self._guard = Event(), Event(), Lock()
        self._tell: Callable[[Held], object] = lambda held: None
        self._log: Callable[[str], object] = lambda text: None
        self._single, self._stopped_s = True, None
        self._suspended_s = clock.suspended_s()

    _stopped_s: float | None

    def start(self, tell: Callable[[Held], object], log: Callable[[str], object]) -> None:
        """Begin. tell(held) at each change and log(text) are called from the threads."""
        self._tell, self._log = tell, log
        Thread(target=self._top, args=(self._run_light, "light"), name="light", daemon=True).start()
        Thread(target=self._top, args=(self._run_awake, "awake"), name="awake", daemon=True).start()

    def session(self, is_open: bool) -> None:
        """A session opened or closed: keep the computer awake, or let it sleep again."""
        self._awake_work.put(self._take if is_open else self._release)

    def want(self, wanted: LightWanted) -> None:
        """The room asks for a level."""
        self._light_work.put(lambda: self._want(wanted))

    def stopped(self) -> None:
        """Monitoring stopped: light at once on a single display, else if nothing comes back in time."""
        self._light_work.put(self._stop)

    def back(self) -> None:
        """A monitor beats again."""
        self._light_work.put(self._go_on)

    def end(self) -> bool:
        """Light as before, computer free to sleep; blocks for a bounded time. Whether it was done."""
        self._awake_work.put(self._release)
        self._awake_work.put(None)
        self._light_work.put(lambda: self._light.want(100, END_RAMP_S))
        self._light_work.put(None)
        end_s = time.monotonic() + END_WITHIN_S
        # the process goes next and takes its threads along: what is still held would be let go by nobody
        is_released = self._released.wait(END_WITHIN_S)
        return self._lit.wait(max(0.0, end_s - time.monotonic())) and is_released

    # --- the threads --------------------------------------------------------------------------------------------

    def _top(self, run: Work, name: str) -> None:
        try:
            run()
        except Exception as error:  # noqa: BLE001 - the top of a thread; the supervisor must go on
            self._log(f"the {name} thread ended: {type(error).__name__}: {error}")

    def _run_awake(self) -> None:
        try:
            while (work := self._awake_work.get()) is not None:
                work()
        finally:
            self._released.set()

    def _take(self) -> None:
        if not self._awake.names:
            self._awake.take()
            self._log(f"kept awake by {', '.join(self._awake.names) or 'nothing'}")
            self._note(awake=self._awake.names, refused=self._awake.refused)

    def _release(self) -> None:
        if self._awake.names:
            self._log("to be kept awake no longer")
            self._awake.release()
            self._log("no longer kept awake")
            self._note(awake=(), refused=())

    def _run_light(self) -> None:
        try:
            if self._light.open(self._device):
                self._log("the display was left dim by an earlier run and is as before now")
            self._note(light=self._light.told)
            while (work := self._next()) is not None:
                work()
                self._note(light=self._light.told)
        finally:
            self._finish()

    def _next(self) -> Work | None:
        try:
            return self._light_work.get(timeout=self._light.next_in_s)
        except Empty:
            return self._look

    def _look(self) -> None:
        before_s, self._suspended_s = self._suspended_s, clock.suspended_s()
        if self._suspended_s - before_s > SUSPENDED_S:
            self._light.again()
        self._light.step()
        if self._stopped_s is not None and time.monotonic() - self._stopped_s >= self._restore_after_s:
            self._stopped_s = None
            self._light.restore()

    def _want(self, wanted: LightWanted) -> None:
        self._single = wanted.single
        if self._stopped_s is None:
            self._light.want(wanted.percent, wanted.seconds)

    def _stop(self) -> None:
        if self._single:
            self._light.restore()
        elif self._stopped_s is None:
            self._stopped_s = time.monotonic()

    def _go_on(self) -> None:
        self._stopped_s = None

    def _finish(self) -> None:
        """The last ramp, then the level from before whatever came of it."""
        end_s = time.monotonic() + 2 * END_RAMP_S
        while (wait_s := self._light.next_in_s) is not None and time.monotonic() < end_s:
            if self._light.told.state == "stuck":
                break
            time.sleep(wait_s)
            self._light.step()
        self._light.restore()
        self._note(light=self._light.told)
        self._light.close()
        self._lit.set()

    def _note(self, **changes: object) -> None:
        with self._guard:
            before, self.held = self.held, msgspec.structs.replace(self.held, **changes)
            if self.held == before:
                return
            light = self.held.light
            if light.state != before.light.state:
                self._log(f"light: {' '.join(part for part in (light.state, light.device, light.why) if part)}")
            self._tell(self.held)


def holding_for(folder: Path, asked: Settings, panels: Path = backlight.CLASS) -> Holding:
    """What is held for a room with this data folder: the computer awake, the panel's light. Nothing begins yet."""
    light = Light(lambda wanted: backlight.find(wanted, panels), folder / BRIGHTNESS, clock.boot_id())
    return Holding(light, Awake(), asked.text("display.backlight"))
