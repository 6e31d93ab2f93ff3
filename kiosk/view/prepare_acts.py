"""What is typed and pressed at a check of the preparation."""

from __future__ import annotations

from kiosk.line.pane import Button
from kiosk.line.prepare import Field
from kiosk.session import commands as c
from kiosk.session.check import TONES, Check, Tone
from kiosk.session.preparation import FASTING
from kiosk.session.prepared import LEVELS
from kiosk.text.catalogue import _
from kiosk.text.preparation import ANSWERS, TAKEN, CheckWords
from kiosk.view.scene import Scene


def fields(check: Check) -> tuple[Field, ...]:
    """What is typed at a check."""
    match check.kind:
        case "time":
            label = _("Last solid food") if check.key == "solids" else _("Last clear liquid")
            return (Field(FASTING[check.key], label, "time"),)
        case "named":
            return (Field("name", _("Your name"), "text"),)
        case "oximetry":
            return (Field("spo2", _("SpO2"), "number", "%"), Field("pulse", _("Pulse"), "number", "/min"))
        case _:
            return ()


def buttons(scene: Scene, check: Check, words: CheckWords) -> tuple[Button, ...]:
    """What is pressed at a check; words: of this moment, which are on the buttons."""

    def answers(label: str, key: str, answer: str, first: bool = False) -> Button:
        return Button(_(label), key, "primary" if first else "plain", c.AnswerCheck(check.key, answer))

    match check.kind:
        case "plan" | "form":
            return ()
        case "time":
            return (answers("That is right", "Enter", "time", True),)
        case "sound":
            return _sound_buttons(scene)
        case "oximetry":
            return (answers(words.yes, "Enter", "take", True), answers("Type it in", "T", "typed"))
        case "pressures":
            typed = Button(_("Type it in"), "T", "plain", None, "pressure")
            return (answers(words.no, "H", "again"),) if words is TAKEN else (typed, answers(words.no, "H", "no"))
        case _ if len(check.passes) > 1:
            chosen = [answers(ANSWERS[a].capitalize(), str(i), a) for i, a in enumerate(check.passes, 1)]
            return (*chosen, *(answers(words.no, "X", a) for a in check.fails))
        case _:
            return (answers(words.yes, "Enter", "yes", True), answers(words.no, "X", "no"))


def _sound_buttons(scene: Scene) -> tuple[Button, ...]:
    """One tone after the other: play it, then say whether it was heard."""
    prepared = scene.state.prepared
    left: list[Tone] = [tone for tone in TONES if tone not in prepared.heard]
    tone = left[0] if left else TONES[0]
    play = Button(_("Play the {tone} tone").format(tone=_(tone)), "P", "plain", c.TestSound(tone), icon="volume-2")
    found = prepared.tested.get(LEVELS[tone])
    if found is None or found.trouble or not left:
        return (Button(play.label, "Enter", "primary", play.command, "", play.icon), _not_heard(tone))
    heard = Button(_("I heard it"), "Enter", "primary", c.AnswerCheck("sound", "heard", {"tone": tone}), icon="check")
    return (heard, play, _not_heard(tone))


def _not_heard(tone: str) -> Button:
    return Button(_("Not heard"), "X", "plain", c.AnswerCheck("sound", "not heard", {"tone": tone}))
