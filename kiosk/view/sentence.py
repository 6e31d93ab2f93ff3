"""The top slot: one sentence that always answers "what now?": calm, prompt, call or alarm. The most urgent wins."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from kiosk.latest import Newest
from kiosk.line.pane import Button, Sentence
from kiosk.line.tile import Severity as Word
from kiosk.session import commands as c
from kiosk.session.alarms import Listed
from kiosk.session.events import Severity
from kiosk.text import duration, number
from kiosk.text.alarm import LOST_AT_END, SEALED_AT_END, detail, short, title
from kiosk.text.catalogue import _
from kiosk.view.scene import Scene
from kiosk.view.whose import ROLES, in_doubt

WORDS: dict[Severity, Word] = {
    Severity.NONE: "none",
    Severity.LOW: "low",
    Severity.MEDIUM: "medium",
    Severity.HIGH: "high",
}
PAUSE_S = 120


def top(scene: Scene) -> Listed | None:
    """The occurrence that the sentence is about, None when nothing is signalled or latched."""
    return scene.signal.occurrences[0] if scene.signal.occurrences else None


def call_is_first(scene: Scene) -> bool:
    """A patient's call goes above everything but a high alarm that is going on."""
    first = top(scene)
    is_lesser = first is None or first.latched or first.suspended or first.severity < Severity.HIGH
    return scene.signal.call_state != "" and is_lesser


def sentence(scene: Scene) -> Sentence:
    """The sentence of this instant; calm, it offers the dose until it is marked: everything counts from there."""
    first = top(scene)
    if call_is_first(scene):
        return _call(scene)
    if first is not None:
        return _latched(scene, first) if first.latched else _alarm(scene, first)
    if not scene.started:
        return _before(scene)
    said = _calm(scene)
    dose = () if scene.state.dose is not None else (Button(_("Mark the dose"), "D", "primary", None, "dose", "pill"),)
    return msgspec.structs.replace(said, buttons=(*dose, *_ends_pause(scene)))


def _call(scene: Scene) -> Sentence:
    names = scene.names
    if scene.signal.call_state == "coming":
        button = Button(_("I was there"), "A", "primary", c.EndCall(), icon="check")
        return Sentence(
            "call", _("{patient} called.").format(patient=names.patient), _("You are coming."), buttons=(button,)
        )
    button = Button(_("I'm coming"), "A", "primary", c.AnswerCall(), icon="check")
    since = _("{patient} touched the rest screen. Go and look.").format(patient=names.patient)
    return Sentence("call", _("{patient} calls. Go now.").format(patient=names.patient), since, buttons=(button,))


def pause_button(scene: Scene) -> Button:
    """Pause all sounds, or end the pause."""
    if scene.signal.pause_until_s is not None:
        return Button(_("Sounds on"), "P", "outline", c.ResumeSounds(), icon="bell")
    return Button(_("Pause sounds 2 min"), "P", "outline", c.PauseSounds(seconds=PAUSE_S), icon="bell-off")


def _ends_pause(scene: Scene) -> tuple[Button, ...]:
    """While sounds are paused, the button that ends it stands beside every sentence."""
    return (pause_button(scene),) if scene.signal.pause_until_s is not None else ()


def _alarm(scene: Scene, o: Listed) -> Sentence:
    held: tuple[str, ...] = ()
    buttons = (pause_button(scene),)
    if o.suspended:
        held, buttons = _helped(scene)
    elif o.answered:
        left_s = (o.acknowledged_until_s or scene.t_s) - scene.t_s
        left = _("Sounds again in {time}").format(time=duration(left_s))
        at = scene.local_at(o.acknowledged_s if o.acknowledged_s is not None else scene.t_s)
        held = (_("You are on it, {time}").format(time=at), breaks(scene, o) or left)
    else:
        buttons = (Button(_("I'm on it"), "A", "primary", c.Acknowledge(alarm=o.name), icon="check"), *buttons)
    data = facts(scene, o)
    return Sentence(
        kind=WORDS[o.severity] if o.severity else "low",  # pyright: ignore[reportArgumentType]
        title=_coming_back(scene, o) or title(o.name, data, scene.names),
        detail=_how_long(scene, o) or detail(o.name, data, o.limit_text, scene.names),
        alarm=o.name,
        answered=o.answered or o.suspended,
        buttons=buttons,
        held=held,
    )


_SIDE = {"spo2_low": 1, "spo2_very_low": 1, "pulse_low": 1, "pulse_high": -1}


def _coming_back(scene: Scene, o: Listed) -> str:
    """The alarm still stands and its newest number is inside every limit again: it is not called low any more."""
    value, limit, side = o.data.get("value"), o.data.get("limit"), _SIDE.get(o.name)
    if not (value and limit and side) or o.data.get("questionable"):
        return ""
    low = scene.plan.limits.spo2_low
    inside = max(Decimal(limit), low.value) if low and o.name.startswith("spo2") else Decimal(limit)
    if (Decimal(value) - inside) * side < 0:
        return ""
    words = _("Oxygen is coming back: {value}") if o.name.startswith("spo2") else _("Pulse is coming back: {value}")
    return words.format(value=value)


def _helped(scene: Scene) -> tuple[tuple[str, ...], tuple[Button, ...]]:
    """Silent because somebody is up with help: until when, and how to end it."""
    left_s = max((scene.signal.help_until_s or scene.t_s) - scene.t_s, 0.0)
    held = (_("Up with help"), _("Sounds again in {time}").format(time=duration(left_s)))
    return held, (Button(_("Back in bed"), "U", "primary", c.HelpUp(on=False), icon="check"), pause_button(scene))


def facts(scene: Scene, o: Listed) -> dict[str, str]:
    """The occurrence's facts, with the clock time of the last reading in words."""
    data = dict(o.data)
    if o.name in ROLES:
        data["doubt"] = in_doubt(scene, ROLES[o.name])
    if o.name == "not_recording" and scene.facts.waits_for_key:
        data["locked"] = SEALED_AT_END if scene.facts.seals_at_end else LOST_AT_END
    newest = scene.latest.spo2
    if newest.good is not None and "last" in data:
        data.setdefault("last_at", scene.local(newest.good_utc_ns) if newest.good_utc_ns else "")
    return data


def _how_long(scene: Scene, o: Listed) -> str:
    """ "SpO2 below 90 for 22 s. Limit: Dr. Okafor, 3 Nov 2026"; of a number that is inside again: when it is over."""
    limit, who = o.data.get("limit"), scene.plan.limits.who
    names = {"spo2": "SpO2", "pulse": _("Pulse")}
    if o.data.get("questionable"):
        return _("Look at {patient}, then the probe. Limit: {who}").format(patient=scene.names.patient, who=who)
    for key, name in names.items():
        if o.name.startswith(key) and limit:
            is_high = o.name.endswith("high")
            side = _("above") if is_high else _("below")
            value = o.data.get("value")
            if value and (Decimal(value) <= Decimal(limit) if is_high else Decimal(value) >= Decimal(limit)):
                return _over_when(scene, name, side, Decimal(limit), is_high)
            lasted = duration(float(o.data.get("for_s") or scene.t_s - o.raised_s))
            return _("{name} {side} {limit} for {time}.  Limit: {who}").format(
                name=name, side=side, limit=limit, time=lasted, who=who
            )
    return ""


def _over_when(scene: Scene, name: str, side: str, limit: Decimal, is_high: bool) -> str:
    """ "SpO2 was below 85. Over when above 87 for 5 s. Limit: Dr. Okafor, 3 Nov 2026"."""
    clear = scene.plan.limits.clear
    end = limit - clear.margin if is_high else limit + clear.margin
    back = _("below") if is_high else _("above")
    return _("{name} was {side} {limit}. Over when {back} {end} for {hold}.  Limit: {who}").format(
        name=name, side=side, limit=number(limit), back=back, end=number(end), hold=duration(clear.hold_s),
        who=scene.plan.limits.who,
    )  # fmt: skip


def breaks(scene: Scene, o: Listed) -> str:
    """What ends an acknowledgement early, in words; "" where only time does."""
    hard = scene.plan.limits.spo2_hard
    if o.name == "spo2_low" and hard is not None:
        return _("Below {limit} sounds again").format(limit=number(hard.value))
    return ""


def _newest(scene: Scene, name: str) -> Decimal | None:
    """The number that a device sent or a person typed last."""
    sent = scene.latest.spo2 if name == "spo2" else scene.latest.pulse
    typed, at_s = scene.latest.typed.get(name, (None, 0.0))
    is_typed = typed is not None and (sent.good is None or at_s >= sent.good_s)
    return typed if is_typed else sent.good.number if sent.good is not None else None


def _latched(scene: Scene, o: Listed) -> Sentence:
    value = _newest(scene, "spo2" if o.name.startswith("spo2") else "pulse")
    back = {"spo2": _("Oxygen is back: {value}"), "pulse": _("Pulse is back: {value}")}
    kind = next((key for key in back if o.name.startswith(key)), "")
    if kind and value is not None:
        words = back[kind].format(value=number(value))
    elif o.data.get("gap_s"):  # it happened, and what is missing stays missing
        words = title(o.name, o.data, scene.names)
    else:
        words = _("{alarm}: over").format(alarm=short(o.name))
    times = f"{scene.local_at(o.raised_s)}–{scene.local_at(o.cleared_s if o.cleared_s is not None else scene.t_s)}"
    was = _("{alarm}, {times}.").format(alarm=short(o.name), times=times)
    seen = Button(_("Seen"), "A", "primary", c.CloseAlarm(alarm=o.name), icon="check")
    return Sentence("low", words, was, alarm=o.name, latched=True, answered=True, buttons=(seen, *_ends_pause(scene)))


def _before(scene: Scene) -> Sentence:
    start = Button(_("Start the session"), "Enter", "primary", c.StartSession(), icon="play")
    live = scene.latest.spo2.seen is not None
    words = _("Value alarms are off until you start.") if live else _("Waiting for the oximeter. Value alarms are off.")
    return Sentence("calm", _("Not started yet."), words, buttons=(start,))


def _calm(scene: Scene) -> Sentence:
    """Only what is known: a value that is not live is inside no limit, and one beyond a limit is named as such."""
    beyond = beyond_limits(scene)
    if beyond:
        return Sentence("calm", _("No alarms."), _("{what} now.").format(what=", ".join(beyond)))
    live = [name for name, newest in _channels(scene) if is_live(scene, newest)]
    who = scene.plan.limits.author
    if len(live) == 2 and who:
        which = _("All three values are") if _has_pressure(scene) else _("SpO2 and pulse are")
        return Sentence("calm", _("No alarms."), _("{which} inside {who}'s limits.").format(which=which, who=who))
    if live:
        return Sentence("calm", _("No alarms."), _("Live: {values}.").format(values=", ".join(live)))
    return Sentence("calm", _("No alarms."), _("No value is live now. Look at {p}.").format(p=scene.names.patient))


def _channels(scene: Scene) -> tuple[tuple[str, Newest], ...]:
    return (("SpO2", scene.latest.spo2), (_("pulse"), scene.latest.pulse))


def is_live(scene: Scene, newest: Newest) -> bool:
    """Whether the newest message of a value is a number that may be shown as of now."""
    age_s = scene.t_s - newest.good_s
    return newest.good is not None and newest.seen is newest.good and age_s <= scene.plan.limits.stale.gone_s


def _has_pressure(scene: Scene) -> bool:
    due = scene.next_pressure
    return scene.latest.pressure is not None and (due is None or due.state == "later")


def beyond_limits(scene: Scene) -> list[str]:
    """Values beyond a limit at this instant, in words: "SpO2 87 is below 90". An alarm may follow after its delay."""
    limits, spo2, pulse = scene.plan.limits, scene.latest.spo2, scene.latest.pulse
    rows = (
        ("SpO2", spo2, limits.spo2_low, -1),
        (_("pulse"), pulse, limits.pulse_low, -1),
        (_("pulse"), pulse, limits.pulse_high, 1),
    )
    said = [
        _below_or_above(name, newest.good.number, limit.value, side)
        for name, newest, limit, side in rows
        if limit and newest.good and newest.good.number is not None and is_live(scene, newest)
        and (newest.good.number - limit.value) * side > 0
    ]  # fmt: skip
    return [*said, *_pressure_beyond(scene)]


def _pressure_beyond(scene: Scene) -> list[str]:
    limits, p = scene.plan.limits, scene.latest.pressure
    if p is None or not _has_pressure(scene):
        return []
    pairs = ((p.systolic.number, limits.systolic_high), (p.diastolic.number, limits.diastolic_high))
    high = any(n is not None and limit is not None and n >= limit.value for n, limit in pairs)
    text = f"{number(p.systolic.number)}/{number(p.diastolic.number)}"
    return [_("blood pressure {value} is high").format(value=text)] if high else []


def _below_or_above(name: str, value: Decimal, limit: Decimal, side: int) -> str:
    words = _("{name} {value} is below {limit}") if side < 0 else _("{name} {value} is above {limit}")
    return words.format(name=name, value=number(value), limit=number(limit))
