"""Pairing end to end: the question on the real screen, a key of a real keyboard, the bond over real SMP, the record."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from devices.reading import Reading
from kiosk.session import events as e
from tests.end_to_end.desktop import PATIENT_NAME, SITTER_NAME, WIDTH, Desktop, desktop
from tests.end_to_end.room_run import Air, RoomRun, wait_until

pytestmark = pytest.mark.window
NUMBER = (slice(190, 350), slice(WIDTH + 880, WIDTH + 1290))  # rows and columns of the digits, on the right display
LIT = 25  # mean of their place, of 255: an empty plate has 15


def shown_number(air: Air) -> int | None:
    """What the oximeter's display shows."""
    rows = [json.loads(line) for line in air.log.read_text().splitlines()]
    return next((row["number"] for row in reversed(rows) if row.get("event") == "shows"), None)


def shows_digits(screens: Desktop) -> bool:
    """Whether large digits stand where they belong: much light in a dark place."""
    return float(screens.picture()[NUMBER].mean()) > LIT


def is_paired(run: RoomRun) -> bool:
    return any(isinstance(row.what, e.Paired) for row in run.rows())


def test_two_numbers_are_compared_on_the_screen_and_only_their_own_key_pairs(tmp_path: Path) -> None:
    air = Air(tmp_path, "calm", 600, 1.0)
    air.order("guard", device="oximeter", way="compares")
    air.order("advertise", device="oximeter", wanted=False)  # a question waits half a minute, a busy computer longer
    asked = e.PairingAsked(air.told["oximeter"].lower(), "compared")
    run = RoomRun(tmp_path, air, None, sound=False, tone=False, starts_itself=False)
    run.data.mkdir(mode=0o700)
    (run.data / "config.toml").write_text(f'[display]\nsitter = "{SITTER_NAME}"\npatient = "{PATIENT_NAME}"\n')
    try:
        with desktop(2) as screens:
            run.start(**screens.env)
            run.await_shown(60)
            air.order("advertise", device="oximeter")
            row = run.await_row(lambda w: w == asked, "the question", timeout_s=60)
            number = wait_until(lambda: shown_number(air), 20, "the number on the oximeter")
            wait_until(lambda: shows_digits(screens), 20, "the number on the screen")
            screens.click(WIDTH + 640, 28)
            screens.xdotool("key", "Return", "space")
            assert not is_paired(run)
            wait_until(lambda: screens.xdotool("key", "y") or is_paired(run), 20, "the bond")
            run.await_row(lambda w: isinstance(w, Reading), "a value", row.seq)
            told = [one for one in run.rows(row.seq - 1) if isinstance(one.what, e.Event)]
            assert not [one for one in told if isinstance(one.what, e.PairingFailed)]
            assert f"{number:06d}".encode() not in msgspec.json.encode([(one.what, one.text) for one in told])
    finally:
        run.end()
        air.end()
