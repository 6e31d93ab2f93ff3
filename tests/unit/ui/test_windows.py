"""Which display is whose, also after a cable came loose: with real displays of Qt's off-screen platform."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication

from ui.displays import Display, Places, choose, find, is_known, keep
from ui.windows import Window, Windows

LAPTOP, TV, PROJECTOR = Display("eDP-1", "AUO/B156"), Display("HDMI-1", "SAM/TV"), Display("DP-2", "EPS/P")
HOME = Places(TV.key, LAPTOP.key)


def test_the_sitter_has_the_built_in_display_and_the_patient_the_other() -> None:
    assert choose([TV, LAPTOP], primary="HDMI-1") == Places("HDMI-1", "eDP-1")


def test_without_a_built_in_display_the_sitter_has_the_primary_one() -> None:
    assert choose([TV, PROJECTOR], primary="DP-2") == Places("HDMI-1", "DP-2")


def test_what_was_chosen_before_wins() -> None:
    assert choose([TV, LAPTOP], "eDP-1", want_sitter="HDMI-1") == Places("eDP-1", "HDMI-1")
    assert choose([TV, LAPTOP, PROJECTOR], "eDP-1", want_patient="DP-2") == Places("DP-2", "eDP-1")
    assert choose([TV, LAPTOP], "eDP-1", want_patient="eDP-1") == Places("eDP-1", "HDMI-1")


def test_a_display_that_is_not_there_is_not_waited_for() -> None:
    assert choose([TV, LAPTOP], "eDP-1", "VGA-9", "VGA-8") == Places("HDMI-1", "eDP-1")


def test_one_display_is_shared_and_the_pane_lies_behind_the_pin() -> None:
    assert choose([LAPTOP], "eDP-1") == Places("eDP-1", "")
    assert choose([LAPTOP], "eDP-1").one_display


def test_the_patients_display_gone_leaves_the_sitter_their_own() -> None:
    assert keep(Places("HDMI-1", "eDP-1"), [LAPTOP]) == Places("", "eDP-1")


def test_the_sitters_display_gone_makes_it_one_display_and_not_vitals_before_the_patient() -> None:
    after = keep(Places("HDMI-1", "eDP-1"), [TV])
    assert after == Places("HDMI-1", "")
    assert after.one_display


def test_a_display_that_comes_back_is_whose_it_was() -> None:
    home = Places("HDMI-1", "eDP-1")
    assert keep(home, [LAPTOP, TV]) == home


def test_a_strange_display_is_given_to_nobody_while_both_have_theirs() -> None:
    home = Places("HDMI-1", "eDP-1")
    assert keep(home, [LAPTOP, TV, PROJECTOR]) == home
    assert keep(home, [LAPTOP, PROJECTOR]) == Places("", "eDP-1")


def test_a_known_display_is_known_at_another_connector() -> None:
    assert find(TV.key, [LAPTOP, Display("DP-2", "SAM/TV")]) == "DP-2"
    assert keep(HOME, [LAPTOP, Display("DP-2", "SAM/TV")]) == Places("DP-2", "eDP-1")


def test_another_display_at_the_patients_connector_is_not_the_patients() -> None:
    assert find(TV.key, [LAPTOP, Display("HDMI-1", "EPS/P")]) == ""
    assert keep(HOME, [LAPTOP, Display("HDMI-1", "EPS/P")]) == Places("", "eDP-1")


def test_a_connector_in_the_settings_means_whatever_hangs_there() -> None:
    assert find("HDMI-1", [LAPTOP, Display("HDMI-1", "EPS/P")]) == "HDMI-1"


def test_of_two_alike_the_connector_decides() -> None:
    twins = [Display("HDMI-1", "SAM/TV"), Display("HDMI-2", "SAM/TV")]
    assert [find(twin.key, twins) for twin in twins] == ["HDMI-1", "HDMI-2"]
    assert find("SAM/TV @ DP-7", twins) == ""


def test_nobody_is_asked_whose_a_display_is_when_one_of_two_is_known() -> None:
    assert not is_known([LAPTOP, TV], "", "")
    assert is_known([LAPTOP, TV], "", TV.key)
    assert is_known([LAPTOP, PROJECTOR], "eDP-1", TV.key)
    assert not is_known([LAPTOP, TV, PROJECTOR], "eDP-1", "")
    assert is_known([LAPTOP, TV, PROJECTOR], "eDP-1", TV.key)
    assert is_known([LAPTOP], "", "")


def test_with_both_displays_gone_the_new_one_is_shared() -> None:
    assert keep(Places("HDMI-1", "eDP-1"), [PROJECTOR]) == Places("DP-2", "")


def test_a_window_closes_only_when_it_is_allowed(room_app: QApplication) -> None:
    window = Window("patientWindow")
    refused = QCloseEvent()
    window.closeEvent(refused)
    window.allow_close = True
    taken = QCloseEvent()
    window.closeEvent(taken)
    assert (refused.isAccepted(), taken.isAccepted()) == (False, True)


TWO_DISPLAYS = """
import sys
from ui.app import make_application
app = make_application()
from ui.windows import Windows
windows = Windows()
windows.open(single=sys.argv[1] == "single", windowed=False)
windows.show_sitter()
app.processEvents()
names = {s.name(): s.geometry() for s in app.screens()}
for window in (windows.patient, windows.sitter):
    place = next((n for n, g in names.items() if g == window.geometry()), "nowhere") if window.isVisible() else "hidden"
    print(window.objectName(), place)
print(windows.exchange(), *windows.words(), sep="; ")
"""


@pytest.mark.parametrize(
    ("mode", "lines"),
    [
        (
            "two",
            [
                "patientWindow HDMI-1",
                "sitterWindow eDP-1",
                "True; rest on eDP-1; sitter on HDMI-1",
            ],
        ),
        ("single", ["patientWindow eDP-1", "sitterWindow hidden", "False; rest on eDP-1; sitter on eDP-1"]),
    ],
)
def test_each_window_fills_its_own_display(tmp_path: Path, mode: str, lines: list[str]) -> None:
    one = {"width": 1366, "height": 768, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
    screens = [{"name": "eDP-1", "x": 0, "y": 0, **one}, {"name": "HDMI-1", "x": 1366, "y": 0, **one}]
    file = tmp_path / "screens.json"
    file.write_text(json.dumps({"screens": screens}))
    done = subprocess.run(
        [sys.executable, "-c", TWO_DISPLAYS, mode],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=Path(__file__).parents[3],
        env={**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={file}"},
        check=False,
    )
    assert done.stdout.splitlines() == lines, done.stderr


def test_a_scale_that_changes_later_makes_the_windows_outdated_and_the_first_look_never(
    room_app: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    windows, outdated = Windows(), list[bool]()
    windows.outdated.connect(lambda: outdated.append(True))
    monkeypatch.setattr(windows.patient, "devicePixelRatioF", lambda: 2.0)  # learnt only after it was shown
    windows._compare_scales()
    windows._compare_scales()
    assert outdated == []
    monkeypatch.setattr(windows.sitter, "devicePixelRatioF", lambda: 1.5)
    windows._compare_scales()
    assert outdated == [True]
    assert not windows._scaling.isActive() or windows._scaling.interval() >= 2000
