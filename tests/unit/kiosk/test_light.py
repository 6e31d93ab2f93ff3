"""The owner of brightness over a fake panel: what is on the disk before a change, whose level wins, what comes back."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from devices.backlight import BacklightError, BacklightFault, find
from devices.backlight_sysfs import SysfsBacklight
from kiosk.light import Before, Light, read_before, write_before
from tests.fake_logind import make_panel

OWN = 800


class Room:
    """A panel, a record, and lights that come and go as processes would."""

    def __init__(self, folder: Path, **files: str) -> None:
        self.panel = make_panel(folder / "class", raw=OWN, **files)
        self.record = folder / "brightness.json"

    def light(self, boot_id: str = "boot-1") -> Light:
        light = Light(lambda wanted: SysfsBacklight(self.panel), self.record, boot_id)
        light.open()
        return light

    def level(self) -> int:
        return int((self.panel / "brightness").read_text())

    def press_key(self, raw: int) -> None:
        (self.panel / "brightness").write_text(f"{raw}\n")


@pytest.fixture
def room(tmp_path) -> Room:
    return Room(tmp_path)


def run(light: Light, steps: int = 1000) -> None:
    """Until its ramp is over."""
    for _ in range(steps):
        if light.next_in_s is None or light.next_in_s > 0.5:
            return
        light.step()


def test_the_level_from_before_is_on_the_disk_before_the_first_change(room):
    light = room.light()
    light.want(40, 4)
    before = read_before(room.record)
    assert before is not None
    assert (before.device, before.raw, before.maximum, before.boot_id) == ("intel_backlight", OWN, 1000, "boot-1")
    assert room.level() == OWN


def test_where_it_cannot_be_written_nothing_is_dimmed(room):
    room.record = room.record.parent / "missing" / "brightness.json"
    light = room.light()
    light.want(40, 1)
    run(light)
    assert (room.level(), light.told.state) == (OWN, "own")
    assert "No such file" in light.told.why


def test_it_dims_step_by_step_and_tells_what_reads_back(room):
    light = room.light()
    light.want(40, 4)
    seen = [room.level()]
    while light.told.state != "dimmed":
        light.step()
        seen.append(room.level())
    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) > 80
    assert room.level() == 107  # 800 * 0.4 ** 2.2
    assert light.told.percent == pytest.approx(40, abs=0.2)


def test_a_wake_cancels_the_fade_that_is_under_way(room):
    light = room.light()
    light.want(10, 4)
    for _ in range(50):
        light.step()
    halfway = room.level()
    light.want(70, 2)
    run(light)
    assert halfway < room.level() == 365
    light.step()
    assert room.level() == 365


def test_the_persons_own_level_comes_back_exactly_and_the_record_goes(room):
    light = room.light()
    light.want(5, 1)
    run(light)
    light.want(100, 1)
    run(light)
    assert (room.level(), light.told.state, room.record.exists()) == (OWN, "own", False)


@pytest.mark.parametrize("when", ["at rest", "in a ramp"])
def test_a_persons_brightness_key_wins_for_the_rest_of_the_run(room, when):
    light = room.light()
    light.want(40, 1)
    for _ in range(5 if when == "in a ramp" else 30):
        light.step()
    room.press_key(333)
    light.step()
    light.want(10, 0)
    light.want(100, 0)
    run(light)
    light.restore()
    assert (room.level(), light.told.state, room.record.exists()) == (333, "left", False)


def test_a_key_pressed_just_before_the_end_wins_too(room):
    light = room.light()
    light.want(40, 0)
    run(light)
    room.press_key(500)
    light.restore()
    assert room.level() == 500


def test_a_panel_that_takes_its_nearest_level_is_not_mistaken_for_a_person(room, monkeypatch):
    def write_coarsely(self: SysfsBacklight, raw: int) -> None:
        room.press_key(round(raw / 100) * 100 or 100)

    monkeypatch.setattr(SysfsBacklight, "write", write_coarsely)
    light = room.light()
    light.want(40, 2)
    run(light)
    assert (room.level(), light.told.state, light.is_left) == (100, "dimmed", False)
    assert light.told.percent == pytest.approx(38.9, abs=0.1)  # what reads back, not what was asked


def test_a_panel_that_does_not_follow_is_told(tmp_path):
    light = Room(tmp_path, actual_brightness="800").light()
    light.want(20, 0)
    run(light)
    assert light.told.state == "stuck"


def test_the_next_start_of_the_same_boot_gives_back_what_was_left_dim(room):
    dead = room.light()
    dead.want(10, 0)
    run(dead)
    assert room.level() < OWN
    light = Light(lambda wanted: SysfsBacklight(room.panel), room.record, "boot-1")
    assert light.open()
    assert (room.level(), room.record.exists()) == (OWN, False)


def test_after_a_reboot_or_where_a_person_made_it_brighter_since_nothing_is_set(room):
    for boot_id, now in (("boot-2", 50), ("boot-1", 900)):
        write_before(room.record, Before("boot-1", "intel_backlight", OWN, 1000, 1))
        room.press_key(now)
        light = room.light(boot_id)
        assert (room.level(), light.told.state, room.record.exists()) == (now, "own", False)


@pytest.mark.parametrize("damage", [b"", b"{", b'{"boot_id": 3}'])
def test_a_damaged_record_is_no_reason_not_to_start(room, damage):
    room.record.write_bytes(damage)
    light = room.light()
    assert (room.level(), light.told.state) == (OWN, "own")


def test_the_record_is_whole_or_not_there(room, tmp_path):
    before = Before("boot-1", "intel_backlight", OWN, 1000, 7)
    write_before(room.record, before)
    assert msgspec.json.decode(room.record.read_bytes(), type=Before) == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_no_backlight_is_told_and_every_wish_does_nothing(tmp_path):
    light = Light(lambda wanted: find(wanted, tmp_path), tmp_path / "brightness.json", "boot-1")
    light.open()
    light.want(40, 1)
    light.step()
    light.restore()
    light.close()
    assert (light.told.state, light.next_in_s) == ("none", None)


def test_a_device_that_fails_is_told_keeps_its_record_and_is_tried_again(room, monkeypatch):
    light = room.light()
    light.want(40, 0)
    run(light)

    def fail(self: SysfsBacklight, raw: int) -> None:
        raise BacklightError(BacklightFault.GONE, self.device, "EIO")

    with monkeypatch.context() as broken:
        broken.setattr(SysfsBacklight, "write", fail)
        light.want(100, 0)
        light.step()
        assert (light.told.state, room.record.exists()) == ("stuck", True)
    light.want(100, 0)
    run(light)
    assert (room.level(), room.record.exists()) == (OWN, False)


def test_after_a_suspend_the_level_is_set_again_and_no_person_is_blamed(room):
    light = room.light()
    light.want(40, 0)
    run(light)
    room.press_key(1000)  # the driver, waking
    light.again()
    run(light)
    assert (room.level(), light.is_left) == (107, False)
