"""A device that may be another one than the chosen: what a person has to compare, and the two answers.

Composes; decides nothing. Its numbers are shown here and nowhere else, because they may be a stranger's.
"""

from __future__ import annotations

from kiosk.line.pane import Button, Choice
from kiosk.session import commands as c
from kiosk.session.fact import Link
from kiosk.text.catalogue import _
from kiosk.text.whose import doubt
from kiosk.view.scene import Scene

ROLES = {"device_doubted": "oximeter", "cuff_doubted": "cuff"}
"""Alarm -> role of the device that it is about."""


def in_doubt(scene: Scene, role: str) -> str:
    """What is in doubt about the device of this role, and what it shows; "" where nothing is."""
    link = scene.state.doubted(role)
    if link is None or link.doubt is None:
        return ""
    shows = scene.facts.glimpse if role == "oximeter" else ""
    return doubt(link.doubt) + (_(" It shows {numbers}.").format(numbers=shows) if shows else "")


def question(role: str) -> str:
    """What a person has to look at."""
    return _("Is it the cuff you use?") if role == "cuff" else _("Same number as on the oximeter?")


def answers(scene: Scene, role: str) -> tuple[Button, ...]:
    """In the preparation, at the check where the device is put on."""
    link = scene.state.doubted(role)
    if link is None:
        return ()
    yes, no = _words(link)
    return (
        Button(yes, "Y", "primary", c.ConfirmDevice(link.device, is_chosen=True), icon="check"),
        Button(no, "X", "plain", c.ConfirmDevice(link.device, is_chosen=False), icon="x"),
    )


def choices(scene: Scene) -> tuple[Choice, ...]:
    """In a running session, whatever alarm stands in front."""
    found = [link for role in ("oximeter", "cuff") if (link := scene.state.doubted(role))]
    return tuple(
        Choice(words, c.ConfirmDevice(link.device, is_chosen=is_chosen))
        for link in found
        for words, is_chosen in zip(_words(link), (True, False), strict=True)
    )


def _words(link: Link) -> tuple[str, str]:
    if link.role == "cuff":
        return _("The cuff is ours"), _("The cuff is not ours")
    return _("Same number: the oximeter is ours"), _("The oximeter is not ours")
