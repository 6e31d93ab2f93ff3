"""What the doctor says of the panel and of staying awake."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kiosk import checkup
from kiosk.light import RECORD, Before, write_before
from tests.fake_logind import FakeLogind, make_panel, wait_for


@pytest.fixture
def logind(tmp_path, monkeypatch) -> Iterator[FakeLogind]:
    fake = FakeLogind(tmp_path)
    fake.start()
    for name, value in fake.environment.items():
        monkeypatch.setenv(name, value)
    yield fake
    fake.stop()


def test_a_panel_is_told_with_its_level_and_who_sets_it_and_keeps_that_level(logind):
    panel = make_panel(logind.backlight, raw=800)
    found = checkup.backlight(logind.folder, "", logind.backlight)
    assert (found.state, found.text) == (
        "ok",
        "intel_backlight, 800 of 1000, can be set through logind; the panel says 800",
    )
    assert (panel / "brightness").read_text() == "800\n"


def test_no_panel_is_no_problem_because_the_picture_is_dark(logind):
    found = checkup.backlight(logind.folder, "", logind.backlight)
    assert (found.state, found.text) == ("note", "none that can be set; the rest screen is dark by its picture")


def test_a_panel_that_a_room_dims_is_only_looked_at(logind):
    make_panel(logind.backlight, raw=100)
    write_before(logind.folder / RECORD, Before("b", "intel_backlight", 800, 1000, 1))
    found = checkup.backlight(logind.folder, "", logind.backlight)
    assert found.state == "note"
    assert "before that 800 of 1000" in found.text
    assert logind.calls("SetBrightness") == []


def test_what_keeps_awake_is_named_and_let_go(logind):
    found = checkup.awake()
    assert found.state == "ok"
    assert found.text == "desktop:org.freedesktop.ScreenSaver, logind:sleep, logind:idle, logind:handle-lid-switch"
    wait_for(lambda: logind.held() == [])


def test_a_lid_that_cannot_be_held_is_said(logind):
    logind.deny("handle-lid-switch")
    found = checkup.awake()
    assert found.state == "note"
    assert "refused: handle-lid-switch" in found.text
    assert "lid" in found.do


def test_a_computer_that_may_fall_asleep_is_a_problem(tmp_path, monkeypatch):
    for name in ("DBUS_SYSTEM_BUS_ADDRESS", "DBUS_SESSION_BUS_ADDRESS"):
        monkeypatch.setenv(name, f"unix:path={tmp_path}/nobody")
    assert checkup.awake().state == "problem"
