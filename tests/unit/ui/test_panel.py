"""Of every alarm and every step: the panel's answers are whole in the first frame, before anybody could press one."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec
import pytest
from PySide6.QtWidgets import QApplication

from kiosk.line.pane import Button, Panel, Sentence, Silence, Step
from kiosk.line.screen import View
from kiosk.line.tile import Tile
from kiosk.session.commands import Acknowledge, AnswerStep, PauseSounds
from kiosk.text import ScriptStep, script
from kiosk.text.action import _SCRIPTS
from kiosk.text.event import Names
from tests.unit.ui.pages import BEGIN
from tests.unit.ui.test_reflow import cut, is_shown, name_of
from tests.unit.ui.test_targets import too_small
from ui.kit import Text
from ui.sitter.pane import SitterPane

NAMES = Names("Robin", "Sam")
BUTTONS = (
    Button("I'm on it", "A", "primary", Acknowledge("finger_off")),
    Button("Pause sounds 2 min", "P", "plain", PauseSounds()),
)
PROBE = Sentence("medium", "Finger is out of the probe", "Last reading 97 at 04:26.", "finger_off", buttons=BUTTONS)
GONE = Tile("gone", "", last="97", age_s=16.0, severity="medium", note="Finger is out of the probe")
SIDES = (
    (("If you call, read this", ("14 Alder Lane, Flat 3", "Ketamine 120 mg", "under the tongue")), ()),
    (("", ()), (Silence("Oxygen is very low", "1:49 left", 109.0), Silence("Oxygen is low", "1:49 left", 109.0))),
)


def scripts() -> Iterator[tuple[str, tuple[ScriptStep, ...]]]:
    """Each script once, under the first alarm that has it."""
    seen = set[int]()
    for alarm, steps in _SCRIPTS.items():
        if id(steps) not in seen:
            seen.add(id(steps))
            yield alarm, script(alarm, NAMES)


def panel_of(alarm: str, steps: tuple[ScriptStep, ...], now: ScriptStep, side: tuple[str, tuple[str, ...]]) -> Panel:
    chips = tuple(
        Step(s.label, "now" if s is now else "next", AnswerStep(alarm=alarm, step=s.key, answer="chosen"))
        for s in steps
    )
    answers = tuple(
        Button(label, key, kind, AnswerStep(alarm=alarm, step=now.key, answer=answer), "", "arrow-right")  # type: ignore[arg-type]
        for label, key, answer, kind in now.answers
    )
    return Panel(chips, now.say, now.detail, answers, *side)


@pytest.mark.parametrize(
    ("size", "text_percent"),
    [((1366, 768), 100), ((1366, 768), 150), ((1280, 720), 100), ((1920, 1080), 100), ((768, 1366), 100)],
)
def test_no_answer_of_an_alarm_is_cut_off_in_its_first_frame(
    room_app: QApplication, make_view: Callable[..., View], size: tuple[int, int], text_percent: int
) -> None:
    pane = SitterPane(now=lambda: 0.0)
    pane.resize(*size)
    pane.begin(msgspec.structs.replace(BEGIN, text_percent=text_percent))
    pane.show()
    wrong, seen = list[str](), 0
    for alarm, steps in scripts():
        for now in steps:
            seen += 1
            side, silences = SIDES[seen % 2]
            pane.show_view(make_view())
            room_app.processEvents()
            panel = panel_of(alarm, steps, now, side)
            pane.show_view(make_view(sentence=PROBE, panel=panel, silences=silences, spo2=GONE, pulse=GONE))
            words = [part for part in pane.below.panel.findChildren(Text) if is_shown(part)]
            found = [*too_small(pane, pane._u), *(f"{name_of(p)}: {why}" for p in words if (why := cut(p, pane)))]
            wrong += [f"{alarm}, {now.key}: {line}" for line in found]
    pane.close()
    assert wrong == []
    assert seen > 30
