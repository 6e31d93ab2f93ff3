"""The demonstration's options: who plays the sitter, when it ends, and whether it asks for a PIN."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from devices.reading import Stamp
from kiosk import settings
from kiosk.demo import Demo
from kiosk.options import MonitorOptions
from kiosk.pin import set_pin
from kiosk.room import asks_no_pin

TOLD = {"port": 1, "oximeter": "F0:F1:F2:F3:F4:01", "cuff": "F0:F1:F2:F3:F4:02", "pc60fw": "F1:5E:55:10:00:14"}


def options(**fields: Any) -> MonitorOptions:
    usual = {"data_dir": Path("data"), "out": Path("out"), "scenario": "calm", "seconds": 60.0, "speed": 1.0}
    shown = {"offscreen": False, "single_screen": False, "windowed": False}
    return Demo(**{**usual, **shown, **fields})._options(Path("data"), TOLD, Stamp(1, 1), null_sound=False)


def test_a_demo_plays_the_sitter_and_ends_by_itself() -> None:
    made = options()
    assert made.starts_itself
    assert made.leave_by_escape
    assert made.seconds == 60


def test_by_hand_nobody_plays_the_sitter_and_only_a_person_ends_it() -> None:
    made = options(by_hand=True, plan="plan.toml")
    assert not made.starts_itself
    assert not made.leave_by_escape
    assert made.seconds == 0
    assert made.plan == "plan.toml"
    assert made.simulated


def test_another_oximeter_is_read_by_its_own_driver() -> None:
    assert [driver for _, driver, _, _ in options().devices] == ["plx", "bls"]
    made = options(oximeter="pc60fw")
    assert made.devices[0] == ("F1:5E:55:10:00:14", "aa55", "oximeter", "Simulated oximeter")


def test_a_demo_asks_for_a_pin_only_where_one_was_set_in_its_own_folder(tmp_path: Path) -> None:
    assert asks_no_pin(options(), tmp_path)
    settings.save_state(tmp_path, msgspec.structs.replace(settings.State(), pin=set_pin("280651")))
    assert not asks_no_pin(options(), tmp_path)


def test_a_patient_s_session_always_asks_for_the_pin(tmp_path: Path) -> None:
    assert not asks_no_pin(MonitorOptions(data_dir=str(tmp_path)), tmp_path)
