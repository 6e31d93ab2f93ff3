"""The computer's battery, read by psutil from a folder that looks like the system's."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from devices.power import Battery, battery


@pytest.fixture
def supply(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty power class."""
    monkeypatch.setattr(psutil._pslinux, "POWER_SUPPLY_PATH", str(tmp_path))
    return tmp_path


def put(supply: Path, percent: int, online: int) -> None:
    for name, text in (("BAT0/capacity", f"{percent}\n"), ("BAT0/status", "Unknown\n"), ("AC/online", f"{online}\n")):
        (supply / name).parent.mkdir(exist_ok=True)
        (supply / name).write_text(text)


def test_without_a_battery_there_is_none(supply: Path) -> None:
    assert battery() is None


def test_a_system_without_any_power_class_has_no_battery_and_ends_no_monitor(supply: Path) -> None:
    supply.rmdir()
    assert battery() is None


def test_plugged_in_and_on_battery(supply: Path) -> None:
    put(supply, 18, online=1)
    assert battery() == Battery(18, is_discharging=False)
    put(supply, 17, online=0)
    assert battery() == Battery(17, is_discharging=True)


def test_a_system_that_does_not_say_whether_it_is_plugged_in_is_not_taken_for_on_battery(supply: Path) -> None:
    put(supply, 18, online=1)
    (supply / "AC/online").unlink()
    assert battery() == Battery(18, is_discharging=False)
