"""What pairing looks like in the preparation: one question at a time, or why a device is not paired and what to do.

Composes; decides nothing. The buttons carry their commands whole, but for the digits that a person types.
"""

from __future__ import annotations

import msgspec

from devices import pairing as p
from kiosk.line.pane import Button
from kiosk.line.prepare import Pairing
from kiosk.pairing import KINDS, Open, number_of
from kiosk.session import commands as c
from kiosk.session.fact import Link
from kiosk.text.catalogue import _
from kiosk.text.pairing import FAULTS, QUESTIONS, digits, filled
from kiosk.view.scene import Scene

MISMATCH = str(p.PairingFault.MISMATCH)


def pairing(scene: Scene) -> Pairing | None:
    """The question or the failure that the sitter has to look at now."""
    shown = scene.facts.pairing
    if shown is None:
        return None
    return _failure(scene, shown) if shown.question is None else _question(scene, shown, shown.question)


def again(link: Link) -> Button | None:
    """How to go on with a device that could not be paired; None where nothing is wrong."""
    if link.pairing not in FAULTS:
        return None
    command = c.ForgetBond(link.device) if link.pairing == MISMATCH else c.PairAgain(link.device)
    return Button(_(FAULTS[link.pairing].yes), "B", "plain", command, icon="bluetooth")


def device_name(scene: Scene, device: str) -> str:
    """ "the cuff", "the oximeter"."""
    return msgspec.structs.replace(scene.names, roles=scene.state.roles).device(device)


def _question(scene: Scene, shown: Open, question: p.AnyQuestion) -> Pairing:
    kind = KINDS[type(question)]
    words, name = QUESTIONS[kind], device_name(scene, shown.device)
    number = number_of(question)
    return Pairing(
        key=f"{shown.device} {shown.number}",
        say=filled(words.say, name),
        detail=filled(words.detail, name),
        digits="" if number is None else digits(number),
        entered=question.entered if isinstance(question, p.ShowPasskey) else 0,
        types=isinstance(question, p.AskPasskey),
        buttons=_answers(shown, kind, words.yes),
        left_s=shown.left_s,
        of_s=shown.of_s,
    )


def _answers(shown: Open, kind: str, yes: str) -> tuple[Button, ...]:
    """Two numbers have a key of their own for yes: Enter is pressed too easily."""
    key, look = ("Y", "plain") if kind == "compared" else ("Enter", "primary")
    no = _("Another number") if kind == "compared" else _("Cancel")
    accept = Button(_(yes), key, look, c.AnswerPairing(shown.device, shown.number, "yes"), icon="check")
    decline = Button(no, "X", "plain", c.AnswerPairing(shown.device, shown.number, "no"), icon="x")
    return (accept, decline) if yes else (decline,)


def _failure(scene: Scene, shown: Open) -> Pairing:
    words, name = FAULTS[shown.fault], device_name(scene, shown.device)
    command = c.ForgetBond(shown.device) if shown.fault == MISMATCH else c.PairAgain(shown.device)
    return Pairing(
        key=f"{shown.device} {shown.fault}",
        say=filled(words.say, name),
        detail=filled(words.detail, name),
        buttons=(
            Button(_(words.yes), "Enter", "primary", command, icon="refresh-cw"),
            Button(_("Leave it so"), "X", "plain", c.LeavePairing(shown.device)),
        ),
    )
