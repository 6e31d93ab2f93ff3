"""The panel's backlight over a fake sysfs, and over a logind on a private D-Bus that checks every signature."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.backlight import (
    Backlight,
    BacklightError,
    BacklightFault,
    find,
    floor_of,
    percent_of,
    ramp,
    raw_of,
)
from devices.backlight_logind import LogindBacklight
from devices.backlight_sysfs import SysfsBacklight, panels
from devices.logind import Logind, LogindError, LogindFault
from tests.fake_logind import FakeLogind, make_panel


@pytest.fixture
def logind(tmp_path, monkeypatch) -> Iterator[FakeLogind]:
    fake = FakeLogind(tmp_path)
    fake.start()
    for name, value in fake.environment.items():
        monkeypatch.setenv(name, value)
    yield fake
    fake.stop()


@pytest.fixture
def no_logind(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/nobody")


class Panel:
    """Numbers only."""

    device = via = "a panel"

    def __init__(self, maximum: int, is_linear: bool = True) -> None:
        self.maximum, self.is_linear = maximum, is_linear

    def read(self) -> int:
        raise NotImplementedError

    def shown(self) -> int | None:
        raise NotImplementedError

    def write(self, raw: int) -> None:
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError


scales = st.builds(Panel, st.sampled_from([7, 15, 100, 255, 1000, 19393, 96000, 1_000_000]), st.booleans())


@given(scales, st.data())
def test_a_ramp_never_goes_back_stays_between_its_ends_and_ends_where_it_was_to(panel: Backlight, data):
    start, end = (data.draw(st.integers(1, panel.maximum)) for _ in range(2))
    numbers = [start, *ramp(start, end, data.draw(st.floats(0, 4)), panel)]
    assert numbers[-1] == end
    assert numbers == sorted(numbers, reverse=start > end)


def test_the_steps_of_a_ramp_are_equal_to_the_eye_and_none_is_a_jump():
    panel = Panel(96000)
    seen = [percent_of(raw, 96000, panel) for raw in (96000, *ramp(96000, 960, 4, panel))]
    steps = [before - after for before, after in pairwise(seen)]
    assert len(steps) == 100  # 25 a second for 4 s
    assert max(steps) < 1.0
    assert max(steps) - min(steps) < 0.1


def test_on_a_panel_whose_numbers_are_steps_for_the_eye_no_curve_is_applied_twice():
    assert raw_of(50, 100, Panel(100, is_linear=False)) == 50
    assert raw_of(50, 1000, Panel(1000)) == 218  # 0.5 ** 2.2


@given(scales, st.data())
def test_no_level_is_above_the_persons_own_nor_below_the_floor_unless_theirs_is(panel: Backlight, data):
    own = data.draw(st.integers(0, panel.maximum))
    raw = raw_of(data.draw(st.floats(-10, 200)), own, panel)
    assert min(own, floor_of(panel.maximum)) <= raw <= own


@pytest.mark.parametrize(("maximum", "floor"), [(7, 1), (100, 1), (101, 2), (19393, 194)])
def test_the_floor_is_one_or_one_percent_and_never_zero(maximum, floor):
    assert floor_of(maximum) == floor


@pytest.mark.usefixtures("no_logind")
def test_without_logind_a_writable_file_is_set_and_read_back(tmp_path):
    make_panel(tmp_path, raw=800)
    backlight = find(folder=tmp_path)
    backlight.write(123)
    assert (backlight.via, backlight.read(), backlight.shown()) == ("sysfs", 123, 123)


@pytest.mark.usefixtures("no_logind")
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write every file")
def test_a_file_that_may_not_be_written_is_said_to_be_denied(tmp_path):
    (make_panel(tmp_path) / "brightness").chmod(0o444)
    with pytest.raises(BacklightError) as caught:
        find(folder=tmp_path)
    assert caught.value.fault is BacklightFault.DENIED


@pytest.mark.parametrize("wanted", ["", "none", "acpi_video0"])
def test_where_there_is_no_panel_or_none_is_wanted_that_is_said(tmp_path, wanted):
    if wanted:
        make_panel(tmp_path)
    with pytest.raises(BacklightError) as caught:
        find(wanted, tmp_path)
    assert caught.value.fault is BacklightFault.NONE
    with pytest.raises(BacklightError):
        find(wanted, tmp_path / "missing")


def test_of_several_panels_firmwares_comes_first_then_the_finest_scale(tmp_path):
    make_panel(tmp_path, "raw_coarse", 1, 15)
    make_panel(tmp_path, "raw_fine", 1, 19393)
    make_panel(tmp_path, "firmware", 1, 7, type="firmware")
    (make_panel(tmp_path, "broken") / "max_brightness").write_text("what?")
    assert [panel.name for panel in panels(tmp_path)] == ["firmware", "raw_fine", "raw_coarse"]


@pytest.mark.parametrize("text", ["", "what?", "-5", "²", "0"])
def test_a_panel_that_answers_nonsense_is_no_panel(tmp_path, text):
    panel = make_panel(tmp_path)
    (panel / "max_brightness").write_text(text)
    with pytest.raises(BacklightError) as caught:
        SysfsBacklight(panel)
    assert caught.value.fault is BacklightFault.GONE


def test_logind_is_asked_first_and_takes_the_level_as_uint32(logind):
    make_panel(logind.backlight, raw=800, scale="non-linear")
    backlight = find(folder=logind.backlight)
    backlight.write(41)
    backlight.close()
    assert (backlight.via, backlight.is_linear, backlight.read()) == ("logind", False, 41)
    assert [call[1][:3] for call in logind.calls()] == [["backlight", "intel_backlight", n] for n in (800, 41)]


def test_a_level_that_logind_refuses_raises_and_changes_nothing(logind):
    panel = make_panel(logind.backlight, raw=800)
    backlight = LogindBacklight(panel)
    with pytest.raises(BacklightError):
        backlight.write(1001)
    assert backlight.read() == 800
    backlight.close()


def test_where_logind_denies_the_file_is_tried(logind):
    make_panel(logind.backlight)
    logind.deny("SetBrightness")
    assert find(folder=logind.backlight).via == "sysfs"


def test_a_bus_that_goes_is_an_error_and_one_that_comes_back_is_used_again(logind):
    make_panel(logind.backlight)
    connection = Logind()
    connection.set_brightness("intel_backlight", 700)
    logind.stop()
    with pytest.raises(LogindError) as caught:
        connection.set_brightness("intel_backlight", 600)
    assert caught.value.fault is LogindFault.ABSENT
    Path(logind.folder / "bus").unlink(missing_ok=True)
    logind.start()
    connection.set_brightness("intel_backlight", 500)
    assert logind.calls("SetBrightness")[-1][1][2] == 500
    connection.close()


def test_a_bus_without_logind_is_told_from_one_that_denies(tmp_path, monkeypatch):
    fake = FakeLogind(tmp_path, service=False)
    fake.start()
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", fake.environment["DBUS_SYSTEM_BUS_ADDRESS"])
    connection = Logind()
    with pytest.raises(LogindError) as caught:
        connection.set_brightness("intel_backlight", 1)
    connection.close()
    fake.stop()
    assert caught.value.fault is LogindFault.ABSENT
