"""Displays that are plugged and unplugged while a session runs, and the question whose they are: on a real X server."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from kiosk.session import events as e
from tests.end_to_end.desktop import HEIGHT, PATIENT_NAME, SITTER_NAME, WIDTH, Desktop, Picture, desktop
from tests.end_to_end.edid import attach, edid
from tests.end_to_end.room_run import RoomRun, crowding, room_run, wait_until

pytestmark = pytest.mark.window
NUMBER = (slice(190, 330, 3), slice(980, 1330, 3))  # the SpO2 number on the pane
BRIGHT_CODE = 150  # words and numbers of the pane; the rest screen has nothing as bright
BACK_WITHIN_S = 1.0
LEFT, RIGHT = slice(0, WIDTH), slice(WIDTH, 2 * WIDTH)


def share_of_bright(part: Picture) -> float:
    """Of the place where the SpO2 number stands, the share that is as bright as a number."""
    return float((part[NUMBER].max(axis=2) > BRIGHT_CODE).mean())


@contextlib.contextmanager
def watching(pixels: Picture, look: Callable[[Picture], float]) -> Iterator[list[tuple[float, float]]]:
    """Looks at the display all the time, from the frame buffer itself: (monotonic seconds, what was seen)."""
    seen: list[tuple[float, float]] = []
    over = threading.Event()

    def watch() -> None:
        while not over.is_set():
            seen.append((time.monotonic(), look(pixels)))

    thread = threading.Thread(target=watch, name="watch")
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


def run_on(screens: Desktop, folder: Path) -> contextlib.AbstractContextManager[RoomRun]:
    return room_run(folder, length=600, env=screens.env, sound=False, tone=False)


def await_windows(room: RoomRun, windows: tuple[str, ...], seq: int) -> e.WindowsShown:
    shown = room.await_row(lambda w: isinstance(w, e.WindowsShown) and w.windows == windows, str(windows), seq)
    return shown.what


def await_number(pixels: Picture) -> None:
    wait_until(lambda: share_of_bright(pixels[:, RIGHT]) > 0.05, 20, "the SpO2 number on the sitter's display")


def seconds_back(screens: Desktop, plug: Callable[[], None], is_back: Callable[[Picture], bool]) -> float:
    """From the display's coming back until its window is seen on it."""
    began_s = time.monotonic()
    plug()
    wait_until(lambda: is_back(screens.pixels()), 20, "the window on its display")
    return time.monotonic() - began_s


def test_the_sitters_display_unplugged_shows_no_value_to_the_patient_and_is_back_in_a_second(tmp_path: Path) -> None:
    with desktop(2) as screens, run_on(screens, tmp_path) as room:
        room.await_ready()
        room.await_shown()
        pixels = screens.pixels()
        await_number(pixels)
        for _ in range(3):
            seq = room.last_seq()
            with watching(pixels, lambda all_of_it: share_of_bright(all_of_it[:, LEFT])) as seen:
                screens.unplug(SITTER_NAME)
                await_windows(room, (f"rest on {PATIENT_NAME}", f"sitter on {PATIENT_NAME}"), seq)
                back_s = seconds_back(screens, lambda: screens.plug(SITTER_NAME, WIDTH), lambda p: _is_there(p, RIGHT))
                await_number(pixels)
            print(f"pane back after {back_s:.2f} s; {len(seen)} looks at the patient's display meanwhile")
            assert max(share for _, share in seen) == 0
            assert back_s < BACK_WITHIN_S * crowding()
        room.await_row(lambda w: isinstance(w, e.AlarmCleared) and w.alarm == "display_gone", "the end of its alarm")


def _is_there(pixels: Picture, side: slice) -> bool:
    """The room covers this display: the desktop is white."""
    return bool((pixels[::16, side][:, ::16].mean(axis=2) < 250).mean() > 0.95)


def test_the_patients_display_unplugged_leaves_the_values_alone_and_is_back_in_a_second(tmp_path: Path) -> None:
    with desktop(2) as screens:
        for name in (PATIENT_NAME, SITTER_NAME):
            screens.unplug(name)
        screens.plug(SITTER_NAME, WIDTH, "screen")  # the X server's one output is under the display that stays
        screens.plug(PATIENT_NAME, 0)
        with run_on(screens, tmp_path) as room:
            room.await_ready()
            room.await_shown()
            pixels = screens.pixels()
            await_number(pixels)
            seq = room.last_seq()
            with watching(pixels, lambda all_of_it: share_of_bright(all_of_it[:, RIGHT])) as seen:
                screens.unplug(PATIENT_NAME)
                await_windows(room, ("rest hidden, its display is gone", f"sitter on {SITTER_NAME}"), seq)
                back_s = seconds_back(screens, lambda: screens.plug(PATIENT_NAME, 0), lambda p: _is_there(p, LEFT))
            print(f"rest screen back after {back_s:.2f} s; {len(seen)} looks at the sitter's display meanwhile")
            assert min(share for _, share in seen) > 0.03
            assert back_s < BACK_WITHIN_S * crowding()
            wait_until(lambda: float(np.mean(pixels[:, LEFT])) < 20, 10, "the dark picture")
            _crash_while_away(room, screens)
            seq = room.last_seq()
            screens.click(WIDTH // 2, HEIGHT // 2)  # and it calls again
            room.await_row(lambda w: isinstance(w, e.SitterCalled), "the call", seq)


def _crash_while_away(room: RoomRun, screens: Desktop) -> None:
    """A screen that is started anew knows which display is away, and gives the other one nothing of it."""
    pixels, seq = screens.pixels(), room.last_seq()
    away = ("rest hidden, its display is gone", f"sitter on {SITTER_NAME}")
    screens.unplug(PATIENT_NAME)
    await_windows(room, away, seq)
    seq = room.last_seq()
    os.kill(room.child_pid("screen"), signal.SIGSEGV)
    await_windows(room, away, seq)
    await_number(pixels)
    screens.plug(PATIENT_NAME, 0)
    await_windows(room, (f"rest on {PATIENT_NAME}", f"sitter on {SITTER_NAME}"), seq)
    wait_until(lambda: float(np.mean(pixels[:, LEFT])) < 20, 10, "the dark picture")


def test_a_person_says_once_which_display_the_patient_sees(tmp_path: Path) -> None:
    with desktop(2) as screens, by_hand(screens, tmp_path) as room:
        room.await_shown()
        wait_until(lambda: len(screens.windows()) == 2 and _is_there(screens.pixels(), RIGHT), 20, "the question")
        wait_until(lambda: _asks(screens), 20, "a number on each display")
        seq = room.last_seq()
        screens.click(WIDTH + WIDTH // 2 - 70, 612)  # by touch, on any of them: the first number's button
        wait_until(lambda: not _asks(screens), 10, "no question any more")
        state = wait_until(lambda: _remembered(room), 10, "what was said to be kept")
        assert {state["sitter_display"], state["patient_display"]} == {SITTER_NAME, PATIENT_NAME}
        first = state["patient_display"]
        room.await_row(lambda w: isinstance(w, e.WindowsShown) and w.windows[0] == f"rest on {first}", "it", seq)
        assert room.ask_to_end() == 0
        seq = room.last_seq()
        room.start(**screens.env)
        shown = room.await_row(lambda w: isinstance(w, e.WindowsShown), "the next start", seq)
        assert shown.what.windows[0] == f"rest on {first}"
        wait_until(lambda: _is_there(screens.pixels(), LEFT) and _is_there(screens.pixels(), RIGHT), 20, "the room")
        assert not _asks(screens)


def test_a_display_is_known_by_what_it_says_of_itself_at_another_connector_too(tmp_path: Path) -> None:
    with desktop(2) as screens:
        attach(screens.name, edid("SAM", "SyncMaster", "SN4711"))
        with run_on(screens, tmp_path) as room:
            room.await_ready()
            shown = room.await_shown()
            assert shown.what.windows == (f"rest on {PATIENT_NAME}", f"sitter on {SITTER_NAME}")
            pixels = screens.pixels()
            await_number(pixels)
            # the same display, its cable in another socket: one name goes, another comes
            screens.plug("DP-2", 0, "screen")
            await_windows(room, ("rest on DP-2", f"sitter on {SITTER_NAME}"), shown.seq)
            wait_until(lambda: float(np.mean(pixels[:, LEFT])) < 20, 10, "the dark picture on it")
            screens.xdotool("windowfocus", "--sync", screens.windows()[WIDTH])
            seq = room.last_seq()
            screens.xdotool("key", "F9")
            await_windows(room, (f"rest on {SITTER_NAME}", "sitter on DP-2"), seq)
            state = wait_until(lambda: _remembered(room), 10, "the exchange to be kept")
            assert state["patient_display"] == SITTER_NAME
            assert state["sitter_display"].endswith("/SyncMaster/SN4711 @ DP-2")


def by_hand(screens: Desktop, folder: Path) -> contextlib.AbstractContextManager[RoomRun]:
    """A room that a person prepares: only they can be asked."""
    return room_run(
        folder, kind="patient", starts_itself=False, leave_by_escape=False, length=600, env=screens.env,
        sound=False, tone=False,
    )  # fmt: skip


def _asks(screens: Desktop) -> bool:
    """Whether a large number stands in the upper half of each display, which nothing else of the room has there."""
    pixels = screens.pixels()
    return all(
        float((pixels[110:340, side][:, 560:800].max(axis=2) > BRIGHT_CODE).mean()) > 0.08 for side in (LEFT, RIGHT)
    )


def _remembered(room: RoomRun) -> dict[str, str] | None:
    file = room.data / "state.json"
    state = json.loads(file.read_text()) if file.exists() else {}
    return state if state.get("patient_display") else None
