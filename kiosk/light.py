"""The one owner of the panel's brightness: dims it in ramps, steps back for a person, gives back the level from before.

Runs in the supervisor's light thread. Before the first change the level from before is on the disk, so that whatever
dies, somebody can give it back. It never sets more than the person's own level, and never sets against their keys.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from devices.backlight import STEPS_PER_S, Backlight, BacklightError, percent_of, ramp, raw_of
from kiosk.line.monitor import LightTold

RECORD = "brightness.json"
LOOK_EVERY_S = 1.0
STUCK_CHANGE = 0.1  # of the scale: a panel that shows the same after such a change does not follow


class Before(msgspec.Struct, frozen=True):
    """The level from before the first change, as written to the disk. raw and maximum: the device's own numbers."""

    boot_id: str
    device: str
    raw: int
    maximum: int
    pid: int


class Light:
    """find: opens the backlight of a device ("" to choose). told: what is in force, in the last look's words."""

    def __init__(self, find: Callable[[str], Backlight], record: Path, boot_id: str) -> None:
        self.told = LightTold("none")
        self.is_left = False  # a person set it: nothing is changed any more in this run
        self._find, self._record, self._boot_id = find, record, boot_id
        self._backlight: Backlight | None = None
        self._own: int | None = None  # set while the level is ours
        self._shown_before: int | None = None
        self._ours: tuple[int, ...] = ()
        self._target = 100.0
        self._steps: Iterator[int] | None = None

    @property
    def next_in_s(self) -> float | None:
        """Seconds until the next `step`; None while there is nothing to do."""
        if self._steps is not None:
            return 1 / STEPS_PER_S
        return None if self._own is None else LOOK_EVERY_S

    def open(self, wanted: str = "") -> bool:
        """Find the backlight and give back what a run before this one left dim. Whether it gave something back."""
        before = read_before(self._record)
        try:
            self._backlight = self._find(before.device if before and before.boot_id == self._boot_id else wanted)
        except BacklightError as error:
            self.told = LightTold("none", error.device, why=f"{error.fault} {error.detail}".strip())
            return False
        self._say("own")
        return self._give_back(before) if before else False

    def _give_back(self, before: Before) -> bool:
        assert self._backlight is not None
        gave = False
        if before.boot_id == self._boot_id and before.device == self._backlight.device:
            with contextlib.suppress(BacklightError):
                gave = self._backlight.read() < before.raw
                if gave:
                    self._backlight.write(before.raw)
        self._record.unlink(missing_ok=True)
        return gave

    def want(self, percent: float, seconds: float) -> None:
        """Go to a percentage (as the eye sees it) of the person's own level; 100 and more gives theirs back."""
        if self._backlight is None or self.is_left or (self._own is None and percent >= 100):
            return
        if percent == self._target and self._own is not None:
            return
        try:
            if self._own is None and not self._take_over():
                return
            assert self._own is not None
            end = self._own if percent >= 100 else raw_of(percent, self._own, self._backlight)
            self._target = percent
            self._steps = ramp(self._backlight.read(), end, seconds, self._backlight)
        except BacklightError as error:
            self._fail(error)

    def _take_over(self) -> bool:
        """The level from before goes to the disk before the first change; without that nothing is changed."""
        assert self._backlight is not None
        own = self._backlight.read()
        if own < 1:
            return False
        before = Before(self._boot_id, self._backlight.device, own, self._backlight.maximum, os.getpid())
        try:
            write_before(self._record, before)
        except OSError as error:
            self.told = LightTold("own", self._backlight.device, why=f"not dimmed: {error.strerror}")
            return False
        self._own, self._shown_before, self._ours = own, self._backlight.shown(), (own,)
        return True

    def step(self) -> None:
        """One step of a ramp, or a look whether somebody else set the level."""
        if self._backlight is None or self._own is None:
            return
        try:
            if self._backlight.read() not in self._ours:
                self._leave()
            elif self._steps is not None:
                self._go_on()
        except BacklightError as error:
            self._fail(error)

    def _go_on(self) -> None:
        assert self._steps is not None
        raw = next(self._steps, None)
        if raw is not None:
            self._write(raw)
            return
        self._steps = None
        if self._target >= 100:
            self._done()
        else:
            self._say("dimmed")

    def _write(self, raw: int) -> None:
        assert self._backlight is not None
        if raw == self._ours[0]:
            return
        self._backlight.write(raw)
        # what reads back may be the panel's nearest level, and may come a moment late
        self._ours = (raw, self._backlight.read(), self._ours[0])

    def again(self) -> None:
        """After a suspend, when drivers put in a level of their own: ours once more."""
        if self._backlight is not None and self._own is not None:
            try:
                self._ours = (self._backlight.read(),)
                end = self._own if self._target >= 100 else raw_of(self._target, self._own, self._backlight)
                self._steps = ramp(self._ours[0], end, 1.0, self._backlight)
            except BacklightError as error:
                self._fail(error)

    def restore(self) -> None:
        """The level from before, at once; what is in force is told. A person's own choice is left."""
        if self._backlight is None or self._own is None:
            return
        try:
            if self._backlight.read() not in self._ours:
                self._leave()
                return
            self._write(self._own)
            self._done()
        except BacklightError as error:
            self._fail(error)

    def close(self) -> None:
        """Let go of the device."""
        if self._backlight is not None:
            self._backlight.close()

    def _leave(self) -> None:
        self._forget()
        self.is_left = True
        self._say("left")

    def _done(self) -> None:
        self._forget()
        self._say("own")

    def _forget(self) -> None:
        self._own, self._steps, self._target = None, None, 100.0
        self._record.unlink(missing_ok=True)

    def _fail(self, error: BacklightError) -> None:
        """The device is gone or refuses: the record stays, the next look or the next start tries again."""
        self._steps, self._target = None, -1.0
        self.told = LightTold("stuck", error.device, why=f"{error.fault} {error.detail}".strip())

    def _say(self, state: str) -> None:
        assert self._backlight is not None
        device, via = self._backlight.device, self._backlight.via
        if state != "dimmed":
            self.told = LightTold("left" if state == "left" else "own", device, via)
            return
        assert self._own is not None
        raw = self._backlight.read()
        follows = self._shown_before is None or self._backlight.shown() != self._shown_before
        stuck = not follows and abs(self._own - raw) >= STUCK_CHANGE * self._backlight.maximum
        percent = round(percent_of(raw, self._own, self._backlight), 1)
        self.told = LightTold("stuck" if stuck else "dimmed", device, via, percent)


def read_before(record: Path) -> Before | None:
    """The level that a run wrote down and did not give back; None where there is none, or a damaged one."""
    try:
        return msgspec.json.decode(record.read_bytes(), type=Before)
    except (OSError, msgspec.MsgspecError):
        return None


def write_before(record: Path, before: Before) -> None:
    """On the disk when this returns, whole or not at all. Raises OSError."""
    part = record.with_name(f".{record.name}.part")
    with part.open("wb") as file:
        file.write(msgspec.json.encode(before))
        file.flush()
        os.fsync(file.fileno())
    part.replace(record)
    if os.name == "posix":
        folder = os.open(record.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
