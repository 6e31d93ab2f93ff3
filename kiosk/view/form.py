"""Sets of questions as the screen draws them, and whom to call when thoughts of self-harm were reported.

Composes; decides nothing. It fills no answer in. Used for the preparation and for the hours after.
"""

from __future__ import annotations

from kiosk.line import prepare as drawn
from kiosk.session.asking import forms_after
from kiosk.session.form import Form, Item
from kiosk.text import form as words
from kiosk.text.catalogue import _
from kiosk.view.scene import Scene

TEN = "T"  # the key of 10: digits are one key each


def form(scene: Scene, asked: Form) -> drawn.Form:
    """One set with the answers so far."""
    score = scene.state.scores.taken.get(asked.key)
    return drawn.Form(
        key=asked.key,
        title=words.title(asked.key, scene.names.patient, asked),
        intro=words.intro(asked.key),
        questions=tuple(_question(scene, asked, item) for item in asked.items),
        notice=words.notice(asked),
        result=words.total(score) if score else "",
    )


def feel_after(scene: Scene) -> drawn.Form | None:
    """What is asked after release; None where the plan asks nothing."""
    return next((form(scene, asked) for asked in forms_after(scene.plan)), None)


def _question(scene: Scene, asked: Form, item: Item) -> drawn.Question:
    given = scene.state.scores.of(asked.key).get(item.key)
    options = tuple(_option(item, i) for i in range(len(item.choices)))
    value = given.value if given else None
    chosen = next((i for i, c in enumerate(item.choices) if type(c.value) is type(value) and c.value == value), -1)
    low, high = words.ends(item) if item.kind == "scale" else ("", "")
    return drawn.Question(
        key=item.key,
        text=words.question(item.key, item.text),
        kind=item.kind,
        options=options,
        low=low,
        high=high,
        state="todo" if given is None else "skipped" if value is None else "answered",
        chosen=chosen,
        value="" if value is None or item.choices else str(value),
    )


def _option(item: Item, index: int) -> drawn.Option:
    """Its key is its number where numbers are the answers, else its place."""
    choice = item.choices[index]
    is_number = type(choice.value) is int and 0 <= choice.value <= 10
    key = str(choice.value) if is_number else str(index + 1) if index < 9 else ""
    return drawn.Option(words.label(item.key, choice.value, choice.label), TEN if key == "10" else key, choice.value)


def crisis(scene: Scene) -> drawn.Crisis | None:
    """Whom to call now; None while nothing stands reported."""
    standing = scene.state.scores.standing
    if not standing:
        return None
    newest = max(standing, key=lambda r: r.seq)
    contacts = scene.plan.contacts
    people = [(person.name, person.role, person.number) for person in contacts.people]
    lines = [(_("Crisis line"), _("day and night"), contacts.crisis_line)] if contacts.crisis_line else []
    told = f"{words.question(newest.item)} – {words.label(newest.item, newest.value)}"
    return drawn.Crisis(
        say=_("Stay with {patient}. Call now.").format(patient=scene.names.patient),
        detail=_("Take away what could harm. Do not leave."),
        contacts=(*lines, *people, (_("Emergency"), _("in danger now"), contacts.emergency_number)),
        told=told,
    )
