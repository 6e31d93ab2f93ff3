"""Alarms of what a device does not say, or says of itself, end to end: air, tone at the sitter's output, row."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

import pytest

from kiosk.session.events import DeviceDoubted, DeviceRecognised, Severity
from tests.end_to_end import device_cause as by
from tests.end_to_end.alarm_run import Begin, Case, Cause, Watched, measure, watched_room
from tests.end_to_end.room_run import Air, wait_until
from tests.sound import SoundServer

pytestmark = pytest.mark.sound
SPEED = 6.0


@contextlib.contextmanager
def battery_at_10(watched: Watched) -> Iterator[Begin]:
    """The oximeter's battery service says 10 %, and later 87 %."""
    room, now_ns = watched.room, time.time_ns()
    room.air.order("send", device="oximeter", characteristic="2A19", hex="0a")
    yield lambda: by.first_sent(room, by.is_hex("0a"), now_ns)
    room.air.order("send", device="oximeter", characteristic="2A19", hex="57")


def another(role: str) -> Cause:
    """At the chosen device's address is one with another serial number; later the first one is back."""

    @contextlib.contextmanager
    def cause(watched: Watched) -> Iterator[Begin]:
        room, seq, device = watched.room, watched.room.last_seq(), watched.room.air.told[role].lower()
        known = room.await_row(lambda w: isinstance(w, DeviceRecognised) and w.device == device, f"the {role}")
        room.air.order("identify", device=role, serial="SIM-ANOTHER-9999")
        if role == "oximeter":
            room.await_row(by.is_oximetry, "a link", seq)
            room.air.order("drop", device=role)
        else:
            wait_until(lambda: _is_done(room.air, "measure", inflate_s=1), 30, "the cuff to be free")
        yield lambda: room.real_ns(room.await_row(lambda w: isinstance(w, DeviceDoubted), "a doubt", seq).stamp)
        room.air.order("identify", device=role, serial=known.what.serial)
        _is_done(room.air, "drop", device=role)  # between two links it has none to drop

    return cause


def _is_done(air: Air, do: str, **fields: object) -> bool:
    try:
        air.order(do, **fields)
    except AssertionError:
        return False
    return True


@contextlib.contextmanager
def radio_gone(watched: Watched) -> Iterator[Begin]:
    """The computer's radio is gone at a blow; later there is one again, with the same devices."""
    room = watched.room
    gone_ns = time.time_ns()
    room.air.process.kill()
    yield lambda: gone_ns
    room.air.end()
    again = room.folder / "again"
    again.mkdir()
    room.air = Air(again, "calm", 50, SPEED, port=room.air.told["port"])


CASES = (
    Case("no_pulse_signal", Severity.MEDIUM, 15, "SpO2 97 %, pulse not a number", by.blind_with("006100ff07")),
    Case("questionable", Severity.LOW, 15, "the oximeter doubts its own 97 %", by.bytes_of("04610046000040")),
    Case("finger_off", Severity.MEDIUM, 15, "sensor unconnected to user", by.blind_with("0cff07ff070020000800")),
    Case("no_signal", Severity.MEDIUM, 15, "the oximeter is linked and sends nothing", by.silence),
    Case("device_lost", Severity.MEDIUM, 15, "the link is lost, the oximeter cannot be found", by.out_of_reach),
    Case("device_doubted", Severity.MEDIUM, 0, "the oximeter says another serial number", another("oximeter")),
    Case("cuff_doubted", Severity.LOW, 0, "the cuff says another serial number", another("cuff")),
    Case("sources_disagree", Severity.LOW, 30, "the cuff counts pulse 130, the oximeter 62", by.cuff(118, 76, 130)),
    Case("battery_low", Severity.LOW, 0, "the oximeter's battery says 10 %", battery_at_10),
    Case("adapter_off", Severity.MEDIUM, 0, "the computer's radio is gone", radio_gone),
)


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory, server: SoundServer) -> Iterator[Watched]:
    """A session, six times as fast."""
    with watched_room(tmp_path_factory.mktemp("signals"), server, SPEED) as made:
        yield made


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_from_what_the_air_does_to_the_tone_and_the_row(watched: Watched, case: Case) -> None:
    measure(watched, case)
