"""The screen's process, which is started before the monitor has read anything."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

from kiosk.child import ChildEnd
from kiosk.crew import Crew, kinds_of
from kiosk.options import MonitorOptions

OFFSCREEN = os.environ | {"QT_QPA_PLATFORM": "offscreen"}


def test_a_screen_whose_monitor_goes_before_it_said_what_to_show_goes_as_well() -> None:
    words = [sys.executable, "-m", "kiosk", "_child", "screen"]
    with subprocess.Popen(words, env=OFFSCREEN, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as screen:
        screen.communicate(timeout=60)
    assert screen.returncode == 0


class Heard:
    """An owner that writes down what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, Any]] = []

    def __getattr__(self, name: str) -> Any:
        return lambda *words: self.told.append((name, words))


async def test_what_children_said_before_anybody_listened_is_told_in_order() -> None:
    crew, heard = Crew(()), Heard()
    crew._tell(lambda owner: owner.child_started("screen", 7))
    crew._tell(lambda owner: owner.child_ended("screen", ChildEnd("screen", "exit 0", 7)))
    crew.attend(heard)
    crew._tell(lambda owner: owner.child_started("screen", 8))
    assert [(name, words[0]) for name, words in heard.told] == [
        ("child_started", "screen"),
        ("child_ended", "screen"),
        ("child_started", "screen"),
    ]


def test_a_plain_start_has_no_sound_and_a_terminal_no_screen() -> None:
    assert kinds_of(MonitorOptions(data_dir="x", kind="trial", screen=False, sound=False)) == ("tone",)
