"""The patient's screen: how dark it is, and that every touch and key calls."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QEventPoint, QPointingDevice, QTouchEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from bench.darkness import motion, words_in
from kiosk.line.screen import RestView
from ui import keys
from ui.dunes import Dunes, from_srgb, light
from ui.dusk import BREATH_S, CALM, GUIDE, STEP, Door, Line, still_for_s, swell
from ui.rest import CONFIRM_WITHIN_MS, DOORS, FIRST_SCENE_S, RAMP_S, UNDER_KEYPAD, RestScreen
from ui.words import lay, stencil

SIZES = [(1366, 768), (1920, 1080), (768, 1366)]
MEAN_MOST, GREEN_SHARE_MOST = 0.010, 0.30  # of white; of red
BRIGHTEST_MOST = {"rest": 0.08, "hint": 0.12, "calling": 0.12, "coming": 0.12, "aloud": 0.12}
Key = Qt.Key


@pytest.fixture
def rest(room_app: QApplication, clock: Any) -> RestScreen:
    screen = RestScreen("Sam", clock=clock)
    screen.resize(1366, 768)
    screen.show()
    return screen


def calls_of(rest: RestScreen) -> list[str]:
    calls: list[str] = []
    rest.called.connect(calls.append)
    return calls


def touch(rest: RestScreen, kind: QEvent.Type, state: QEventPoint.State) -> QTouchEvent:
    device = QPointingDevice(
        "panel",
        1,
        QPointingDevice.DeviceType.TouchScreen,
        QPointingDevice.PointerType.Finger,
        QPointingDevice.Capability.Position,
        10,
        0,
    )
    at = QPointF(400, 300)
    event = QTouchEvent(kind, device, Qt.KeyboardModifier.NoModifier, [QEventPoint(1, state, at, at)])
    QApplication.sendEvent(rest.surface, event)
    return event


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("state", ["rest", "hint", "calling", "coming", "aloud"])
def test_the_screen_stays_dark_warm_and_without_blue(
    rest: RestScreen, clock: Any, light_of: Callable[..., Any], state: Any, size: tuple[int, int]
) -> None:
    view = RestView("rest", say="Touch anywhere to call Sam") if state == "hint" else RestView(state)
    rest.resize(*size)
    rest.show_rest(view)
    clock.go(RAMP_S * 2)
    rest.show_rest(view)
    seen = light_of(rest)
    assert seen.luminance.shape == (size[1], size[0])
    assert seen.luminance.mean() < MEAN_MOST
    assert seen.luminance.max() < BRIGHTEST_MOST[state]
    assert seen.luminance.max() > 0.01
    assert seen.blue.max() == 0
    assert (seen.green <= GREEN_SHARE_MOST * seen.red + 1e-9).all()


def test_at_rest_the_brightness_follows_the_breath_and_never_jumps(clock: Any) -> None:
    means = [light(1366, 768, at, step=16).mean() for at in np.arange(0, 2 * BREATH_S, 1.0)]
    assert max(abs(np.diff(means))) < 0.0006  # of white, from one frame to the next
    slow = [light(1366, 768, at, step=16) for at in np.arange(0, 3600, BREATH_S * 5)]
    assert max(each.max() for each in slow) < 0.03


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("state", ["rest", "calling", "coming", "aloud"])
def test_at_no_moment_of_an_hour_is_the_whole_brighter_than_a_hundredth(size: tuple[int, int], state: str) -> None:
    for breath in (CALM, GUIDE) if state == "rest" else (CALM,):
        frames = [light(*size, (k + breath.rising) * BREATH_S, DOORS[state], 32, breath) for k in range(0, 330, 6)]
        assert max(frame.mean() for frame in frames) < 0.0095  # words come on top
        assert max(frame.max() for frame in frames) < 0.08


@pytest.mark.parametrize("state", ["rest", "calling", "coming", "aloud"])
@pytest.mark.parametrize("size", [(1366, 768), (768, 1366), (800, 480)])
def test_a_message_stands_out_three_to_one_and_is_24_pixels_high(
    rest: RestScreen, clock: Any, light_of: Callable[..., Any], state: Any, size: tuple[int, int]
) -> None:
    said = {"coming": "Maximiliane-Antoinette is coming", "rest": "Touch anywhere to call Maximiliane-Antoinette"}
    rest.resize(*size)
    rest.show_rest(RestView(state))
    rest.name_sitter("Maximiliane-Antoinette")
    for _ in range(3):
        clock.go(400)
        rest.show_rest(RestView(state, say=said.get(state, "")))
        contrast, height_px = words_in(light_of(rest).luminance)
        assert contrast >= 3
        assert height_px >= 17  # the ink of 24 px letters
    assert all(line.cover.shape[0] >= 24 for line in rest._land()._words[3])


def test_the_first_minutes_hint_is_a_message_and_without_words_nothing_at_rest_is_above_eight_percent(
    rest: RestScreen, clock: Any, light_of: Callable[..., Any]
) -> None:
    rest.show_rest(RestView("rest", say="Touch anywhere to call Sam"))
    seen = light_of(rest).luminance
    contrast, _ = words_in(seen)
    assert contrast >= 3
    assert seen.max() <= 0.12
    rest.show_rest(RestView("rest"))
    assert light_of(rest).luminance.max() <= 0.08


def test_no_subpixel_keeps_one_code_over_ten_minutes(rest: RestScreen, clock: Any) -> None:
    rest.resize(480, 270)
    lowest, highest = np.full((270, 480, 2), 255, np.uint8), np.zeros((270, 480, 2), np.uint8)
    for _ in range(300):
        clock.go(2)
        frame = rest.draw_now()[..., 1:3]
        np.minimum(lowest, frame, out=lowest)
        np.maximum(highest, frame, out=highest)
    assert not ((lowest == highest) & (lowest > 0)).any()


def test_nothing_in_the_light_moves_faster_than_a_slow_breath() -> None:
    for breath in (CALM, GUIDE):
        frames = [light(1366, 768, at / 2, step=32, breath=breath).ravel() for at in range(1200)]
        fast_share, step, period_s = motion(np.array(frames), 0.5)
        assert fast_share < 0.03  # the longer out-breath of the guide is not one pure wave
        assert step < 0.003
        assert abs(period_s - BREATH_S) < 0.5


def test_a_frame_stands_until_a_change_could_be_seen_and_no_longer() -> None:
    at_s, frames = 0.0, [light(1366, 768, 0.0, step=32)]
    while at_s < 40 * BREATH_S:
        at_s += still_for_s(at_s)
        frames.append(light(1366, 768, at_s, step=32))
    bright = frames[0] > 0.002
    changes = [np.abs(after[bright] / before[bright] - 1) for before, after in pairwise(frames)]
    assert max(np.quantile(change, 0.99) for change in changes) < 1.2 * STEP  # with the dunes' own drift
    assert len(frames) < 1.5 * 40 * BREATH_S  # two a second would be needed if all were as far apart as the closest


def test_the_guide_breathes_deeply_out_longer_than_in_and_has_no_edge_in_time() -> None:
    times = np.arange(0, BREATH_S, 0.05)
    full = np.array([swell(at, GUIDE) for at in times])
    assert 0.35 < times[full.argmax()] / BREATH_S < 0.45
    assert np.abs(np.diff(full, 2)).max() < 0.002
    depth = {b: np.ptp([light(1366, 768, at, step=32, breath=b).mean() for at in times[::5]]) for b in (CALM, GUIDE)}
    assert depth[GUIDE] > 2 * depth[CALM]


def test_the_guide_is_off_until_asked_for_and_stops_for_reduced_motion_and_a_call(rest: RestScreen, clock: Any) -> None:
    clock.now_s = BREATH_S * 600 - FIRST_SCENE_S
    calm = rest.draw_now().mean()
    rest.guide = True
    assert rest.draw_now().mean() < 0.97 * calm  # empty: darker than the calm picture at the same moment
    rest.still = True
    still = rest.draw_now().mean()
    rest.guide = False
    assert rest.draw_now().mean() == still
    rest.still, rest.guide = False, True
    rest.call("touch")
    assert rest.draw_now().mean() > calm


def test_words_drift_by_parts_of_a_pixel(room_app: QApplication) -> None:
    line = stencil(Line("I", 0.5, 60, 500, "say"), 400, 300)
    means = []
    for tenth in range(21):
        frame = np.zeros((300, 400, 4), np.uint8)
        lay(line, frame, right=tenth / 10)
        lit = from_srgb(frame[..., 2])
        means.append((lit * np.arange(400)).sum() / lit.sum())
    assert np.allclose(np.diff(means), 0.1, atol=0.02)


def test_no_lit_pixel_stands_still_over_half_an_hour() -> None:
    frames = [light(1366, 768, at * BREATH_S, step=16) for at in range(0, 165, 15)]
    spread = np.max(frames, axis=0) - np.min(frames, axis=0)
    mean = np.mean(frames, axis=0)
    assert (spread[mean > 0.001] > 0.1 * mean[mean > 0.001]).all()


def test_neighbouring_pixels_never_differ_by_a_visible_step() -> None:
    red = Dunes(640, 360).frame(140.0)[..., 2].astype(int)
    coarse = red.reshape(45, 8, 80, 8).mean(axis=(1, 3))
    assert np.abs(np.diff(coarse, axis=1)).max() < 6  # codes of 255, from one 8-pixel block to the next
    assert len(np.unique(red)) > 30


def test_words_appear_only_when_there_is_something_to_say(rest: RestScreen) -> None:
    assert rest.texts() == {"restScreen": ""}
    rest.show_rest(RestView("rest", say="Touch anywhere to call Sam"))
    assert rest.texts()["restScreen"] == "Touch anywhere to call Sam"
    rest.under_keypad(on=True)
    assert rest.texts()["restScreen"] == ""
    rest.show_rest(RestView("calling", "Calling Sam"))
    assert [line.middle for line in rest._lines()] == [UNDER_KEYPAD]
    rest.show_rest(RestView("rest", say="Touch anywhere to call Sam"))
    rest.under_keypad(on=False)
    assert rest.texts()["restScreen"] == "Touch anywhere to call Sam"
    rest.show_rest(RestView("coming"))
    assert rest.texts()["restScreen"] == "Sam is coming\nStay lying down"


def test_a_touch_calls_at_once_and_the_first_frame_shows_it(rest: RestScreen, light_of: Callable[..., Any]) -> None:
    dark = light_of(rest).luminance.copy()
    calls = calls_of(rest)
    event = touch(rest, QEvent.Type.TouchBegin, QEventPoint.State.Pressed)
    assert event.isAccepted()
    assert calls == ["touch"]
    assert rest.state == "calling"
    assert rest.texts()["restScreen"] == "Calling Sam"
    seen = light_of(rest).luminance
    assert seen[300:600, -40:].mean() > dark[300:600, -40:].mean() * 1.1


def test_a_finger_that_moves_or_leaves_does_not_call_again(rest: RestScreen, clock: Any) -> None:
    calls = calls_of(rest)
    touch(rest, QEvent.Type.TouchBegin, QEventPoint.State.Pressed)
    clock.go(1)
    touch(rest, QEvent.Type.TouchUpdate, QEventPoint.State.Updated)
    touch(rest, QEvent.Type.TouchEnd, QEventPoint.State.Released)
    assert calls == ["touch"]


def test_a_click_calls_on_the_press(rest: RestScreen) -> None:
    calls = calls_of(rest)
    QTest.mousePress(rest.surface, Qt.MouseButton.RightButton, pos=QPoint(5, 5))
    assert calls == ["click"]
    QTest.mouseRelease(rest.surface, Qt.MouseButton.RightButton, pos=QPoint(5, 5))
    assert calls == ["click"]


def test_a_screen_reader_or_a_switch_can_press_the_surface(rest: RestScreen) -> None:
    calls = calls_of(rest)
    assert (rest.surface.objectName(), rest.surface.accessibleName()) == ("callSitter", "Call Sam")
    rest.surface.click()
    assert calls == ["click"]


@pytest.mark.parametrize(
    "key", [Key.Key_Space, Key.Key_A, Key.Key_1, Key.Key_Tab, Key.Key_Shift, Key.Key_Escape, Key.Key_F5, Key.Key_Up]
)
def test_every_key_but_the_sitters_calls(rest: RestScreen, press: Callable[..., None], key: Key) -> None:
    calls = calls_of(rest)
    press(rest, key)
    assert calls == ["key"]


@pytest.mark.parametrize("key", [Key.Key_Return, Key.Key_Enter, Key.Key_F2])
def test_the_sitters_keys_do_not_call(rest: RestScreen, press: Callable[..., None], key: Key) -> None:
    calls, wanted = calls_of(rest), []
    rest.sitter_wanted.connect(lambda: wanted.append(True))
    press(rest, key)
    assert calls == []
    assert wanted == [True]


def test_escape_calls_unless_it_leaves() -> None:
    assert keys.calls_sitter(Key.Key_Escape)
    assert not keys.calls_sitter(Key.Key_Escape, leave_by_escape=True)
    assert not any(keys.calls_sitter(key) for key in (Key.Key_E, Key.Key_F1))


def test_without_an_answer_within_a_second_it_says_call_out_loud(rest: RestScreen, clock: Any) -> None:
    rest.call("touch")
    clock.go(CONFIRM_WITHIN_MS / 1000 - 0.01)
    rest.show_rest(RestView("rest"))  # a view from before the call does not confirm it
    assert rest.state == "calling"
    clock.go(0.02)
    assert rest.state == "aloud"
    assert rest.texts()["restScreen"] == "Call out loud."


def test_the_second_passes_by_itself_on_the_screen(rest: RestScreen, clock: Any, qtbot: Any) -> None:
    rest.call("touch")
    clock.go(1.1)
    qtbot.waitUntil(lambda: rest.accessibleDescription() == "Call out loud.", timeout=5000)
    assert rest.state == "aloud"


def test_a_confirmed_call_is_what_the_monitor_says(rest: RestScreen, clock: Any) -> None:
    rest.call("key")
    rest.show_rest(RestView("calling"))
    clock.go(30)
    assert rest.state == "calling"
    rest.show_rest(RestView("coming"))
    assert rest.state == "coming"
    rest.show_rest(RestView("rest"))
    assert rest.state == "rest"


def test_coming_is_never_shown_by_the_screen_alone(rest: RestScreen, clock: Any) -> None:
    rest.call("touch")
    for _ in range(100):
        clock.go(0.1)
        assert rest.state in ("calling", "aloud")


def test_with_the_line_lost_it_stays_dark_and_a_call_is_call_out_loud(rest: RestScreen) -> None:
    rest.lose_line()
    assert rest.state == "rest"
    rest.call("touch")
    assert rest.texts()["restScreen"] == "Call out loud."


def test_a_call_under_way_when_the_line_is_lost_becomes_call_out_loud(rest: RestScreen) -> None:
    rest.show_rest(RestView("coming"))
    rest.lose_line()
    assert rest.state == "aloud"


def test_a_long_name_is_made_smaller_and_never_cut(room_app: QApplication, clock: Any, light_of: Any) -> None:
    rest = RestScreen("Maximiliane-Antoinette-Wilhelmine-Theodora", clock=clock)
    rest.resize(768, 1366)
    rest.show_rest(RestView("calling"))
    rest.show()
    seen = light_of(rest).luminance[:600]
    assert seen[:, :8].max() < 0.03
    assert seen[:, -8:].max() < 0.03
    assert seen.max() > 0.05


SCALED = """
from ui.app import make_application
app = make_application()
from kiosk.line.screen import RestView
from ui.rest import RestScreen
rest = RestScreen("Sam")
rest.resize(456, 256)
rest.show_rest(RestView("coming"))
rest.show()
height, width, _ = rest.draw_now().shape
print(width, height, *(line.cover.shape[0] for line in rest._land()._words[3]))
"""


@pytest.mark.parametrize("scale", [1, 1.5, 2, 3])
def test_at_any_scale_it_is_drawn_in_the_panels_own_pixels_and_words_stay_readable(scale: float) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCALED],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=Path(__file__).parents[3],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": str(scale)},
        check=True,
    )
    width, height, *words_px = map(int, done.stdout.split())
    assert (width, height) == (456 * scale, 256 * scale)
    assert len(words_px) == 2
    assert min(words_px) >= 24


def test_the_pointer_is_hidden(rest: RestScreen) -> None:
    assert rest.cursor().shape() == Qt.CursorShape.BlankCursor
    assert rest.surface.cursor().shape() == Qt.CursorShape.BlankCursor


def test_reduced_motion_holds_the_dunes_still(rest: RestScreen, clock: Any, light_of: Callable[..., Any]) -> None:
    rest.still = True
    clock.now_s = 6000.0
    rest.show_rest(RestView("rest", say=" "))
    first = light_of(rest).luminance
    clock.go(3)
    rest.show_rest(RestView("rest", say=" "))
    assert (light_of(rest).luminance == first).all()


def test_the_door_opens_as_a_ramp(rest: RestScreen, clock: Any, light_of: Callable[..., Any]) -> None:
    rest.resize(480, 270)
    rest.show_rest(RestView("coming"))
    edges = []
    for _ in range(60):
        clock.go(0.1)
        rest.show_rest(RestView("coming", say="Sam is coming"))
        edges.append(light_of(rest).luminance[70:175, -10:].mean())
    assert max(np.diff(edges)) < 0.004
    assert edges[-1] > edges[0] * 3


def test_the_drawn_frame_is_the_computed_light() -> None:
    door = Door(*DOORS["coming"])
    frame = Dunes(640, 360).frame(302.0, door)[:, :640]
    value = frame[..., :3].astype(np.float64) / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    drawn = 0.2126 * linear[..., 2] + 0.7152 * linear[..., 1]
    wanted = light(640, 360, 302.0, door)[:360, :640]
    assert abs(drawn.mean() - wanted.mean()) < 0.0001


def test_a_call_after_a_long_still_picture_brings_its_light_as_a_ramp_too(
    rest: RestScreen, clock: Any, light_of: Callable[..., Any]
) -> None:
    rest.resize(480, 270)
    rest.still = True
    rest.show_rest(RestView("rest"))
    edges = [light_of(rest).luminance[70:175, -10:].mean()]
    clock.go(4.9)
    for _ in range(4):
        rest.show_rest(RestView("coming", say="Sam is coming"))
        edges.append(light_of(rest).luminance[70:175, -10:].mean())
        clock.go(0.1)
    assert max(np.diff(edges)) < 0.004


def test_at_every_scale_the_picture_on_the_screen_is_the_newest_frame(room_app: QApplication) -> None:
    dunes = Dunes(64, 48)
    dunes.image.setDevicePixelRatio(1.5)
    for at_s in (0.0, 5.5):
        red = dunes.frame(at_s)[40, 30, 2]
        assert dunes.image.pixelColor(30, 40).red() == red


def test_a_view_that_says_the_same_again_draws_no_frame(rest: RestScreen) -> None:
    hint = RestView("rest", say="Touch anywhere to call Sam")
    rest.show_rest(hint)
    rest.grab()
    drawn = rest._image
    assert drawn is not None
    rest.show_rest(RestView("rest", say="Touch anywhere to call Sam"))
    assert rest._image is drawn
    rest.show_rest(RestView("coming"))
    assert rest._image is None
