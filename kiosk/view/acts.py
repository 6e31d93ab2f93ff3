"""What the sitter can do with one tap: happenings, the session's next acts, undo; and the quiet prompts.

Composes; what is allowed is decided in `kiosk.session`. An act that the plan does not allow yet is not offered.
"""

from __future__ import annotations

from kiosk.line.pane import Button, Choice, Panel, Sentence, Silence, Step, TakeOver
from kiosk.session import commands as c
from kiosk.session import schedule
from kiosk.session.correction import can_be_undone
from kiosk.session.hand_over import may_be_heard, newest_test
from kiosk.session.happening import KINDS, Happened
from kiosk.session.standing import minimum_s
from kiosk.session.state import Stage
from kiosk.text import ScriptStep
from kiosk.text import happening as words
from kiosk.text import sentence as told
from kiosk.text.catalogue import _
from kiosk.view.scene import Scene
from kiosk.view.whose import choices

_OPENS = {"call": "card", "breaths": "breaths", "pressure": "pressure"}


def happenings(scene: Scene) -> tuple[Choice, ...]:
    """The menu of one-tap events."""
    if scene.state.stage not in (Stage.OPENED, Stage.STARTED):
        return ()
    card = _("opens the emergency card")
    return tuple(
        Choice(words.label(kind.key), c.TapHappening(kind.key), kind.letter, card if kind.card else "")
        for kind in KINDS
    )


def acts(scene: Scene) -> tuple[Choice, ...]:
    """What comes next in a running session, in the order in which it is usually done."""
    if scene.state.stage is not Stage.STARTED:
        return unlocking(scene)
    found = (_dose(scene), _next_phase(scene), _skip(scene), _help_up(scene), _hand_over(), _stand_up(scene))
    return (*unlocking(scene), *choices(scene), *(choice for choice in found if choice is not None))


def unlocking(scene: Scene) -> tuple[Choice, ...]:
    """Only while rows wait for the record's key."""
    if not scene.facts.waits_for_key:
        return ()
    return (Choice(_("Unlock the record"), c.UnlockRecord(""), "L", _("asks for the passphrase or the code")),)


def _dose(scene: Scene) -> Choice | None:
    return None if scene.state.dose else Choice(_("Mark the dose"), c.MarkDose(), "D")


def _next_phase(scene: Scene) -> Choice | None:
    phases, current = scene.plan.route_phases, schedule.current_phase(scene.state)
    keys = [phase.key for phase in phases]
    at = keys.index(current.key) + 1 if current is not None and current.key in keys else 0
    if at >= len(phases):
        return None
    return Choice(_("Next phase: {name}").format(name=phases[at].name), c.MarkPhase(keys[at]), "→")


def _skip(scene: Scene) -> Choice | None:
    if schedule.skippable_min(scene.state, scene.bedside) is None:
        return None
    return Choice(_("Skip this blood pressure"), c.SkipPressure(""), "S", _("asks for a reason"))


def _help_up(scene: Scene) -> Choice:
    if scene.state.help_up_until_s is None:
        return Choice(_("Up with help"), c.HelpUp(on=True), "U", _("probe alarms wait, 10 min at most"))
    return Choice(_("Back in bed"), c.HelpUp(on=False), "U")


def _hand_over() -> Choice:
    return Choice(_("Hand over"), c.HandOver(""), "H", _("asks for a name: present, sober, briefed, sound heard"))


def take_over(scene: Scene) -> TakeOver | None:
    """What the new sitter's form waits for: a tone played since the hand-over began."""
    if scene.state.hand_over_s is None or scene.state.stage is Stage.ENDED:
        return None
    test = newest_test(scene.state, scene.t_s)
    heard = may_be_heard(scene.state, scene.t_s, scene.facts.has_sound)
    if test is None:
        return TakeOver(heard, "" if heard else _("Play the tone: they must hear it themselves."))
    if test.trouble:
        return TakeOver(heard, _("The tone was not heard: {why}.").format(why=test.trouble))
    level = "" if test.level_percent is None else _(", level {level} %").format(level=test.level_percent)
    return TakeOver(heard, _("Played on {output}{level}.").format(output=test.output or "?", level=level))


def _stand_up(scene: Scene) -> Choice | None:
    until_s = minimum_s(scene.state, scene.bedside)
    if until_s is None or scene.t_s < until_s or scene.state.ladder.is_open:
        return None
    return Choice(_("Stand up"), c.BeginStanding(), "G")


def undo(scene: Scene) -> tuple[int, str]:
    """The one-key act that can be taken back now, and what it was; (0, "") for none."""
    if scene.state.stage is Stage.ENDED:
        return 0, ""
    found = can_be_undone(scene.state.acts, scene.t_s)
    return (0, "") if found is None else (found.seq, told(found.event, scene.names))


def help_up_silence(scene: Scene) -> tuple[Silence, ...]:
    """ "Up with help" is a silence of two alarms, listed with what is left of it."""
    until_s = scene.state.help_up_until_s
    if until_s is None or scene.state.stage is not Stage.STARTED:
        return ()
    left = max(until_s - scene.t_s, 0.0)
    whole = round(left)
    return (Silence(_("Finger off, no signal: up with help"), f"{whole // 60}:{whole % 60:02d}", left),)


def prompt(scene: Scene) -> Sentence | None:
    """The quiet prompt of this instant: an open happening, else a look that is due. None: nothing is asked."""
    if scene.state.stage is not Stage.STARTED:
        return None
    happened = scene.state.happening
    if happened is not None:
        at = _("Since {time}.").format(time=scene.local(happened.utc_ns))
        return Sentence("prompt", words.sentence(happened.kind, scene.names), at)
    look = schedule.look_in_state(scene.plan, scene.state, scene.t_s)
    if look.state != "due":
        return None
    button = Button(_("Looked in"), "V", "primary", c.LookIn(), icon="eye")
    due = _("Due since {time}.").format(time=scene.local_at(look.due_s or scene.t_s))
    return Sentence("prompt", _("Look at {patient} now.").format(patient=scene.names.patient), due, buttons=(button,))


def guidance(scene: Scene) -> Panel | None:
    """The guidance of an open happening in the action panel; it advances only when a person answers."""
    happened = scene.state.happening
    if happened is None or scene.state.stage is Stage.ENDED:
        return None
    steps = words.guidance(happened.kind, scene.names)
    if not steps:
        return None
    answers = scene.state.answers_to(happened.script)
    keys = [step.key for step in steps]
    at = keys.index(answers[-1].step) if answers and answers[-1].step in keys else 0
    return Panel(
        steps=tuple(_chip(happened, step, i, at) for i, step in enumerate(steps)),
        say=steps[at].say,
        detail=steps[at].detail,
        buttons=tuple(_answer(happened, steps, at, *answer) for answer in steps[at].answers),
        side_title=_("If you call, read this"),
        side_lines=(scene.plan.contacts.address, words.sentence(happened.kind, scene.names)),
    )


def _chip(happened: Happened, step: ScriptStep, index: int, at: int) -> Step:
    state = "now" if index == at else "done" if index < at else "next"
    return Step(step.label, state, c.AnswerStep(happened.script, step.key, "chosen"))


def _answer(
    happened: Happened, steps: tuple[ScriptStep, ...], at: int, label: str, key: str, answer: str, kind: str
) -> Button:
    if answer in _OPENS:
        icon = "phone" if answer == "call" else ""
        return Button(_(label), key, kind, None, _OPENS[answer], icon)  # pyright: ignore[reportArgumentType]
    following = steps[at] if answer == "over" else steps[min(at + 1, len(steps) - 1)]
    icon = "arrow-right" if answer == "done" else "check"
    return Button(_(label), key, kind, c.AnswerStep(happened.script, following.key, answer, steps[at].key), "", icon)  # pyright: ignore[reportArgumentType]
