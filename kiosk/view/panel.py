"""The action panel: the script of the most urgent alarm, else of an open happening, one step at a time.

It advances only when a person answers.
"""

from __future__ import annotations

from kiosk.line.pane import Button, Panel, Step
from kiosk.session import commands as c
from kiosk.session.alarms import Listed
from kiosk.text import ScriptStep, script
from kiosk.text.alarm import short
from kiosk.text.catalogue import _
from kiosk.text.emergency import route_words
from kiosk.view.acts import guidance
from kiosk.view.scene import Scene
from kiosk.view.sentence import call_is_first, top

_OPENS = {"call": "card", "breaths": "breaths", "pressure": "pressure"}


def panel(scene: Scene) -> Panel | None:
    """The panel of this instant, None when nothing is asked."""
    if call_is_first(scene):
        return None
    first = top(scene)
    # before the start nobody has taken anything: the preparation's own page says what to do
    is_asked = first is not None and not first.latched and not first.suspended and scene.started
    steps = script(first.name, scene.names) if first is not None and is_asked else ()
    return _panel(scene, first, steps) if first is not None and steps else guidance(scene)


def _panel(scene: Scene, o: Listed, steps: tuple[ScriptStep, ...]) -> Panel:
    keys = [s.key for s in steps]
    answers = scene.state.answers_to(o.name)
    answered = answers[-1].step if answers else None
    now = steps[_index(keys, answered)]
    title, lines, icon = _side(scene, o)
    return Panel(
        steps=tuple(_chip(o, step, i, keys.index(now.key)) for i, step in enumerate(steps)),
        say=now.say,
        detail=now.detail,
        buttons=tuple(_answer(o, now, steps, *answer) for answer in now.answers),
        side_title=title,
        side_lines=lines,
        side_icon=icon,
    )


def _index(keys: list[str], step: str | None) -> int:
    return keys.index(step) if step in keys else 0


def _chip(o: Listed, step: ScriptStep, index: int, now: int) -> Step:
    state = "now" if index == now else "done" if index < now else "next"
    return Step(step.label, state, c.AnswerStep(alarm=o.name, step=step.key, answer="chosen"))


def _answer(
    o: Listed, step: ScriptStep, steps: tuple[ScriptStep, ...], label: str, key: str, answer: str, kind: str
) -> Button:
    if answer in _OPENS:
        icon = "phone" if answer == "call" else ""
        opens = _OPENS[answer]
        return Button(_(label), key, "call" if kind == "call" else "plain", None, opens, icon)  # pyright: ignore[reportArgumentType]
    if kind == "call":  # an answer that is a fact of its own, and reason enough to call
        asked = c.AnswerStep(alarm=o.name, step=step.key, answer=answer, on=step.key)
        return Button(_(label), key, "call", asked, "card", "phone")
    following = steps[min(steps.index(step) + 1, len(steps) - 1)]
    command = c.AnswerStep(alarm=o.name, step=following.key, answer=answer, on=step.key)
    return Button(_(label), key, kind, command, "", "arrow-right" if kind == "primary" else "")  # pyright: ignore[reportArgumentType]


def _side(scene: Scene, o: Listed) -> tuple[str, tuple[str, ...], str]:
    if o.name.startswith(("spo2", "pulse", "pressure")):
        taken = scene.dose_utc_ns
        dose = f"{scene.plan.medication.name} {_mg(scene)}".strip()
        when = route_words(scene.plan.medication.route) + (f", {scene.local(taken)}" if taken else "")
        return _("If you call, read this"), (scene.plan.contacts.address.rsplit(",", 1)[0], dose, when), ""
    waiting = scene.signal.occurrences[1:]
    if waiting:
        return _("After that"), tuple(short(w.name) for w in waiting[:3]), ""
    return "", (), ""


def _mg(scene: Scene) -> str:
    dose = scene.plan.medication.dose_mg
    return "" if dose is None else f"{dose:g} mg"
