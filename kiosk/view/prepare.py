"""The preparation as the screen draws it: one check a page, one instruction, what arrives by itself in its tile.

Composes; decides nothing: where a check stands comes from `kiosk.session.preparation`. It fills no field in.
"""

from __future__ import annotations

from collections.abc import Callable

from kiosk.line.pane import Button
from kiosk.line.prepare import CheckPage, CheckTile, Field, Form, Prepare
from kiosk.session import commands as c
from kiosk.session.asking import form_of
from kiosk.session.bedside import Bedside
from kiosk.session.check import TONES, Check, Tone
from kiosk.session.fact import Link
from kiosk.session.preparation import FASTING, checks_of, holds_start, status
from kiosk.session.prepared import LEVELS, Answered
from kiosk.session.spacing import against_series, course_of, gap_h
from kiosk.session.state import Stage
from kiosk.text import number
from kiosk.text.catalogue import _
from kiosk.text.form import title, total
from kiosk.text.pairing import FAULTS, filled
from kiosk.text.preparation import (
    AGAIN,
    ANSWERS,
    ASKING,
    GROUPS,
    LOCKED,
    REMEASURE,
    TAKEN,
    WORDS,
    CheckWords,
    check_title,
)
from kiosk.text.series import against, doses, following, renewal
from kiosk.text.told import signature_short
from kiosk.view.calendar import calendar
from kiosk.view.form import crisis, form
from kiosk.view.pairing import again, device_name, pairing
from kiosk.view.radio import short, told, trouble
from kiosk.view.scene import Scene
from kiosk.view.untried import untried
from kiosk.view.whose import answers, in_doubt, question

_WORN = ("probe", "same_number", "cuff")  # checks that make no sense while their device cannot be read
Notes = tuple[tuple[str, str], ...]


def prepare(scene: Scene) -> Prepare | None:
    """The preparation at this instant; None before the opening, after the start, and where nothing is checked."""
    if scene.state.stage is not Stage.OPENED:
        return None
    bedside = scene.bedside
    found = checks_of(scene.state, bedside)
    if not found:
        return None
    pages = tuple(_page(scene, bedside, check) for check in found)
    left = tuple(page.title for check, page in zip(found, pages, strict=True) if holds_start(check, page.state))
    start = Button(_("Start the session"), "Enter", "primary", c.StartSession(), icon="play")
    return Prepare(
        pages=pages,
        start=None if left else start,
        missing=_missing(left),
        summary=_summary(pages),
        spo2="" if bedside.spo2 is None else number(bedside.spo2),
        pulse="" if bedside.pulse is None else number(bedside.pulse),
        pairing=pairing(scene),
        urgent=next((k.key for k, p in zip(found, pages, strict=True) if p.crisis and p.state == "failed"), ""),
    )


def _missing(titles: tuple[str, ...]) -> str:
    if not titles:
        return ""
    count = _("One check is missing") if len(titles) == 1 else _("{n} checks are missing").format(n=len(titles))
    more = ", …" if len(titles) > 3 else ""
    return f"{count}: {', '.join(titles[:3])}{more}"


def _summary(pages: tuple[CheckPage, ...]) -> str:
    passed = sum(page.state == "passed" for page in pages)
    taken_on = sum(page.state == "overridden" for page in pages)
    over = _(", {n} overridden").format(n=taken_on) if taken_on else ""
    return _("{n} passed{over}. Dose comes next.").format(n=passed, over=over)


def _page(scene: Scene, bedside: Bedside, check: Check) -> CheckPage:
    words, patient = WORDS.get(check.key, ASKING), scene.names.patient
    stands = status(check, scene.state, scene.plan)
    over = scene.state.prepared.overrides.get(check.key)
    held_s = _hold_s(scene, check.key)
    words = _words_now(scene, check.key, words, held_s, stands == "passed")
    doubt = in_doubt(scene, check.device) if check.key in _WORN else ""
    return CheckPage(
        key=check.key,
        group=_(GROUPS[check.group]).format(patient=patient),
        title=_title(scene, check),
        state=stands,
        say=question(check.device) if doubt else _(words.say).format(patient=patient, value=_held_value(scene)),
        detail=doubt or _(words.detail).format(patient=patient),
        value=_value(scene, check),
        notes=_notes(scene, check),
        buttons=answers(scene, check.device) if doubt else (*_buttons(scene, check, words), *_pair_again(scene, check)),
        fields=_fields(scene, check),
        tiles=_tiles(scene, bedside, check.key),
        result=_result(scene, check),
        required=check.required or check.measured,
        can_override=_can_override(scene, check, stands),
        overridden=(over.reason, over.by, scene.local(over.utc_ns)) if over else (),
        hold_s=held_s,
        trouble=told(scene, check.device) if check.key in _WORN else None,
        form=_form(scene, check),
        crisis=crisis(scene) if check.key == "thoughts" else None,
        calendar=calendar(scene) if check.key == "series" else None,
    )


def _form(scene: Scene, check: Check) -> Form | None:
    asked = form_of(scene.state, scene.plan, check.key, before=True) if check.kind == "form" else None
    return form(scene, asked) if asked else None


def _title(scene: Scene, check: Check) -> str:
    asked = form_of(scene.state, scene.plan, check.key, before=True) if check.kind == "form" else None
    patient = scene.names.patient
    return title(check.key, patient, asked) if asked else check_title(check.key, patient, _hours(scene, check.key))


def _can_override(scene: Scene, check: Check, stands: str) -> bool:
    """Offered for what failed; for pressures and unreadable devices also before, because they may be missing."""
    unread = check.key in _WORN and trouble(scene, check.device) != ""
    is_open = stands == "failed" or (stands == "todo" and (check.key == "pressures" or check.kind == "form" or unread))
    return is_open and check.key not in scene.plan.checks.never_override and holds_start(check, "failed")


def _hold_s(scene: Scene, key: str) -> float | None:
    hold = scene.state.prepared.holds.get(key)
    return max(hold.until_s - scene.t_s, 0.0) if hold else None


def _held_value(scene: Scene) -> str:
    hold = scene.state.prepared.holds.get("pressures")
    return hold.why if hold else ""


def _words_now(scene: Scene, key: str, words: CheckWords, held_s: float | None, passed: bool) -> CheckWords:
    """The pressure's page says what is next: the second reading, the rest until it is measured again, or nothing."""
    if key == "gap" and gap_h(scene.state) is None and not passed:
        return CheckWords(words.title, LOCKED.say, LOCKED.detail, words.yes, words.no)
    if key != "pressures":
        return words
    if passed:
        return TAKEN
    found = scene.state.prepared.answers.get(key)
    chosen = REMEASURE if held_s else AGAIN if found and found.answer == "first" else words
    return CheckWords(words.title, chosen.say, chosen.detail, words.yes, words.no)


def _hours(scene: Scene, key: str) -> float | None:
    rules = scene.plan.checks
    return {"solids": rules.solids_h, "clear_liquids": rules.clear_liquids_h}.get(key)


# --- right of the instruction -----------------------------------------------------------------------------------------


def _value(scene: Scene, check: Check) -> str:
    """The short value at the end of its row."""
    found = scene.state.prepared.answers.get(check.key)
    if check.key == "gap":
        gap = gap_h(scene.state)
        if gap is None:
            is_locked = scene.state.opened is not None and scene.state.opened.record_locked
            return _("not known") if is_locked else _("first")
        return _("{h:.0f} h").format(h=gap)
    if check.key == "plan_confirmed":
        return scene.plan.confirmed.by if scene.plan.confirmed else ""
    if check.key == "series":
        return doses(course_of(scene.state, scene.plan))
    if check.kind == "form":
        score = scene.state.scores.taken.get(check.key)
        return total(score) if score else ""
    if found is None:
        return ""
    return _of_answer(check, found)


def _of_answer(check: Check, found: Answered) -> str:
    data = found.data
    match check.kind:
        case "time":
            return _("last {time}").format(time=data.get(FASTING[check.key], "?"))
        case "named":
            return data.get("name", "")
        case "oximetry":
            return f"{data['spo2']} · {data['pulse']}" if "spo2" in data else ""
        case "pressures":
            return ", ".join(data[k] for k in ("first", "second", "value") if k in data)
        case "sound":
            return next((level for level in data.values() if level), "") if found.passed else ""
        case _:
            return _(ANSWERS[found.answer]) if found.answer in check.passes and len(check.passes) > 1 else ""


def _tiles(scene: Scene, bedside: Bedside, key: str) -> tuple[CheckTile, ...]:
    if key in ("same_number", "baseline"):
        spo2, pulse = bedside.spo2, bedside.pulse
        why = short(scene, "oximeter")
        return (
            CheckTile(_("SpO2"), "" if spo2 is None else number(spo2), why if spo2 is None else ""),
            CheckTile(_("Pulse"), "" if pulse is None else number(pulse), why if pulse is None else ""),
        )
    if key == "same_pressure":
        return (CheckTile(_("Blood pressure"), scene.state.prepared.sent_pressure),)
    return (_reading(scene, "first", _("First")), _reading(scene, "second", _("Second"))) if key == "pressures" else ()


def _reading(scene: Scene, name: str, label: str) -> CheckTile:
    found = scene.state.prepared.answers.get("pressures")
    data = found.data if found else {}
    if name not in data:
        return CheckTile(label)
    parts = [scene.local(int(data[f"{name}_utc_ns"]))]
    parts += [f"{_(word)} {data[k]}" for word, k in (("pulse", f"{name}_pulse"), ("mean", f"{name}_mean")) if k in data]
    return CheckTile(label, data[name], " · ".join(parts))


def _result(scene: Scene, check: Check) -> str:
    """What the newest answer means, in one sentence."""
    found = scene.state.prepared.answers.get(check.key)
    if found is None:
        return ""
    if check.kind == "time":
        hours = found.data.get("hours", "?")
        said = _("{h} hours ago.").format(h=hours)
        return said if found.passed else said + " " + _("That is too recent.")
    if check.key == "pressures" and scene.plan.checks.hold:
        return {"first": _("First reading is below the hold."), "measured": _("Both are below the hold.")}.get(
            found.answer, ""
        )
    if found.data.get("beyond"):
        return _("Beyond the plan's limits: {what}.").format(what=found.data["beyond"])
    return _("Heard: {tones}.").format(tones=", ".join(found.data)) if found.answer == "in part" else ""


# --- left: what to look for and to press ------------------------------------------------------------------------------


def _notes(scene: Scene, check: Check) -> Notes:
    make = _NOTES.get(check.key)
    reason = _why_device(scene, check)
    return (
        *_bond(scene, check),
        *(make(scene) if make else ()),
        *reason,
        *_untried(scene, check),
    )


def _untried(scene: Scene, check: Check) -> Notes:
    """Where a number is compared with the device's own: whether that matters more than usual."""
    if check.key not in ("same_number", "same_pressure") or check.device not in untried(scene):
        return ()
    return (("info", _("Its readings are built from description only: compare closely.")),)


def _unpaired(scene: Scene, check: Check) -> Link | None:
    """The device of a check at which it is put on, where it could not be paired."""
    links = scene.state.links.values() if check.key in ("probe", "cuff") else ()
    return next((link for link in links if link.role == check.device and again(link) is not None), None)


def _bond(scene: Scene, check: Check) -> Notes:
    link = _unpaired(scene, check)
    if link is None:
        return ()
    words = FAULTS[link.pairing]
    return (("bluetooth-off", filled(f"{words.say} {words.detail}", device_name(scene, link.device))),)


def _pair_again(scene: Scene, check: Check) -> tuple[Button, ...]:
    link = _unpaired(scene, check)
    button = again(link) if link else None
    return (button,) if button else ()


def _why_device(scene: Scene, check: Check) -> Notes:
    uses = {"oximeter": scene.plan.devices.oximeter, "cuff": scene.plan.devices.cuff}
    use = uses.get(check.device)
    return (("info", _("Why the plan has it: {why}").format(why=use.why)),) if use and use.why else ()


def _medicines(scene: Scene) -> Notes:
    patient = scene.plan.patient
    rows = [("pill", ", ".join(patient.medications))] if patient.medications else []
    rows += [("circle-alert", _("Allergic to {list}").format(list=", ".join(patient.allergies)))] * bool(
        patient.allergies
    )
    return tuple(rows)


def _hold_note(scene: Scene) -> Notes:
    hold, notes = scene.plan.checks.hold, [("bluetooth", _("The cuff sends the reading by itself."))]
    if hold is None:
        return (*notes, ("shield", _("The plan sets no hold limit.")))
    limit = "/".join("–" if n is None else number(n) for n in (hold.systolic, hold.diastolic))
    text = _("{limit} or higher holds the start. {who}").format(limit=limit, who=scene.plan.limits.who)
    return (*notes, ("shield-check", text))


def _arms(scene: Scene) -> Notes:
    if scene.state.prepared.same_arm:
        return (("info", _("Same arm as the probe: SpO2 drops out while the cuff inflates.")),)
    return ()


def _unconfirmed(scene: Scene) -> Notes:
    notes = () if scene.plan.confirmed else (("circle-alert", _("Its limits alarm all the same.")),)
    found = scene.state.signature
    if found is None:
        return notes
    icon = "shield-check" if found.known else "circle-alert" if found.key else "info"
    return (*notes, (icon, signature_short(found.known, found.key, found.name)))


def _on_paper(scene: Scene) -> Notes:
    return (("info", _("On paper, too: “kiosk plan page” makes one sheet for the night.")),)


def _of_series(scene: Scene) -> Notes:
    """Why today is beside the series, when the next session is due, and what is left."""
    found = course_of(scene.state, scene.plan)
    why = [("circle-alert", said) for said in against(against_series(scene.state, scene.plan), found)]
    facts = (following(found), renewal(found) if found.renewal_in and found.renewal_in > 0 else "")
    return (*why, *(("clock", said) for said in facts if said))


_NOTES: dict[str, Callable[[Scene], Notes]] = {
    "medication_list": _medicines,
    "pressures": _hold_note,
    "cuff": _arms,
    "plan_confirmed": _unconfirmed,
    "card_read": _on_paper,
    "series": _of_series,
}


def _fields(scene: Scene, check: Check) -> tuple[Field, ...]:
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


def _buttons(scene: Scene, check: Check, words: CheckWords) -> tuple[Button, ...]:
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
