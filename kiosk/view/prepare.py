"""The preparation as the screen draws it: one check a page, one instruction, what arrives by itself in its tile.

Composes; decides nothing: where a check stands comes from `kiosk.session.preparation`. It fills no field in.
"""

from __future__ import annotations

from kiosk.line.pane import Button
from kiosk.line.prepare import CheckPage, CheckTile, Form, Prepare
from kiosk.session import commands as c
from kiosk.session.asking import form_of
from kiosk.session.bedside import Bedside
from kiosk.session.check import Check
from kiosk.session.preparation import FASTING, checks_of, holds_start, status
from kiosk.session.prepared import Answered
from kiosk.session.spacing import course_of, gap_h
from kiosk.session.state import Stage
from kiosk.text import number
from kiosk.text.catalogue import _
from kiosk.text.form import title, total
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
from kiosk.text.series import doses
from kiosk.view.calendar import calendar
from kiosk.view.form import crisis, form
from kiosk.view.pairing import pairing
from kiosk.view.prepare_acts import buttons, fields
from kiosk.view.prepare_notes import notes_of, pair_again
from kiosk.view.radio import short, told, trouble
from kiosk.view.scene import Scene
from kiosk.view.whose import answers, in_doubt, question

_WORN = ("probe", "same_number", "cuff")  # checks that make no sense while their device cannot be read


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
        notes=notes_of(scene, check),
        buttons=answers(scene, check.device) if doubt else (*buttons(scene, check, words), *pair_again(scene, check)),
        fields=fields(check),
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
