"""An evening under way, to measure in: hours recorded, the session open, devices in the air, music, two displays.

The hours before are written by the program's own recorder and end now; the monitor takes them up as after a restart.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from bench.burden import server_of_two
from bench.night import _ignore, _opened
from devices.reading import Oximetry, Reading, Stamp, Value
from kiosk import clock
from kiosk.record.recorder import Recorder
from kiosk.record.seal import load_signer
from kiosk.session import events as e
from kiosk.text import Names, sentence
from tests.end_to_end.desktop import Desktop, desktop
from tests.end_to_end.room_run import Air, RoomRun

HOURS, LOOK_EVERY_S = 3, 300
OXIMETER, DRIVER = "contec", "eb"
"""Sends its values once a second and a pulse wave beside them."""


class UnderWay(NamedTuple):
    """A room that runs, its air, and the displays that it is shown on."""

    room: RoomRun
    air: Air
    display: Desktop

    @property
    def oximeter(self) -> str:
        """Address of the oximeter."""
        return str(self.air.told[OXIMETER]).lower()


@contextmanager
def under_way() -> Iterator[UnderWay]:
    """The room, from its first reading until left."""
    with tempfile.TemporaryDirectory() as name, server_of_two() as server, desktop(2) as display:
        folder = Path(name)
        air = Air(folder, "calm", 3600, 1.0, more=(OXIMETER,))
        devices = (
            (air.told[OXIMETER], DRIVER, "oximeter", "Simulated oximeter"),
            (air.told["cuff"], "bls", "cuff", "Simulated cuff"),
        )
        (folder / "data").mkdir(mode=0o700)
        _hours_before(folder / "data", air.told[OXIMETER].lower())
        room = RoomRun(folder, air, server, devices=devices, scenario="calm", starts_itself=False)
        try:
            room.start(**display.env)
            before = room.last_seq()
            room.await_shown(90)
            room.await_row(lambda w: isinstance(w, Reading), "a reading", before, 60)
            yield UnderWay(room, air, display)
        finally:
            room.end()
            air.end()


def _hours_before(folder: Path, device: str) -> None:
    import msgspec

    now, names = clock.Clock().now(), Names("Robin", "Sam", 0)
    first = Stamp(now.utc_ns - HOURS * 3600 * 10**9, now.boot_ns - HOURS * 3600 * 10**9)
    recorder = Recorder(folder / "record.db", lambda: first, lambda told: told(), _ignore, _ignore, _ignore)
    opened = msgspec.structs.replace(_opened("s-evening"), kind="demo")
    for event in (
        opened,
        e.RunAnchored(clock.boot_id(), 0, 1),
        e.DeviceChosen(device, "oximeter", "Simulated oximeter", DRIVER, True),
        e.SessionStarted(),
        e.DoseMarked(first.utc_ns),
    ):
        recorder.append_event(event, first, sentence(event, names))
    signer = load_signer(folder)
    for second in range(HOURS * 3600 - 5):
        stamp = Stamp(first.utc_ns + second * 10**9, first.boot_ns + second * 10**9)
        values = Oximetry(Value(Decimal(95 + second // 7 % 3)), Value(Decimal(60 + second // 5 % 6)))
        recorder.append_reading(Reading(device, stamp, values, second.to_bytes(4), "eb"))
        if second % LOOK_EVERY_S == 0:  # else the emergency card covers the numerals after a minute
            recorder.append_event(e.LookedIn(), stamp, sentence(e.LookedIn(), names))
        if second % 60 == 59:
            recorder.seal(signer, stamp, lambda seal: sentence(seal, names))
    recorder.settle(60)
    recorder.close(60)
