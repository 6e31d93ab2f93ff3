"""Puts one view together: strip, sentence, panel, tiles, lines, music, card, phase lane, rest screen."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from kiosk.line.chart import Phase
from kiosk.line.monitor import Held
from kiosk.line.pane import Ahead, Chip, Music, Sentence, Silence
from kiosk.line.prepare import Prepare
from kiosk.line.screen import RestView, View
from kiosk.session import schedule
from kiosk.session.state import Stage
from kiosk.text import duration, elapsed
from kiosk.text.alarm import short
from kiosk.text.catalogue import _
from kiosk.text.emergency import dose_words
from kiosk.text.told import signature_short
from kiosk.view.acts import acts, happenings, help_up_silence, prompt, take_over, undo
from kiosk.view.after import after
from kiosk.view.calendar import calendar
from kiosk.view.card import card
from kiosk.view.form import feel_after
from kiosk.view.panel import panel
from kiosk.view.prepare import prepare
from kiosk.view.scene import Scene
from kiosk.view.sentence import PAUSE_S, breaks, sentence
from kiosk.view.stand import stand
from kiosk.view.untried import untried
from kiosk.view.values import limit_lines, pressure_tile, pulse_tile, spo2_tile

LINES_SHOWN = 40


def compose(scene: Scene) -> View:
    """The whole view of this instant."""
    phase, since = _phase(scene)
    said, ready, hours = sentence(scene), prepare(scene), after(scene)
    if said.kind == "calm":
        said = prompt(scene) or (_held_start(said, ready) if ready is not None else said)
    due = scene.next_pressure
    undo_seq, undo_text = undo(scene)
    return View(
        at_utc_ms=scene.now_utc_ns // 1_000_000,
        t_s=scene.t_s,
        clock=scene.local(scene.now_utc_ns),
        stage="ended" if scene.state.stage is Stage.ENDED else "live" if scene.started else "opening",
        phase=phase,
        elapsed=since,
        dose=dose_words(scene.plan.medication),
        chips=_chips(scene),
        tags=_tags(scene),
        sentence=said,
        ahead=_ahead(scene, due) if said.kind == "calm" and scene.started else (),
        panel=panel(scene),
        silences=(*_silences(scene), *help_up_silence(scene)),
        spo2=spo2_tile(scene),
        pulse=pulse_tile(scene),
        pressure=pressure_tile(scene),
        events=scene.story.newest(LINES_SHOWN, scene.offset_min, scene.facts.undo_seq),
        music=_music(scene, phase),
        card=card(scene),
        phases=_phases(scene),
        marks=scene.story.shown_marks(),
        limits=limit_lines(scene.plan.limits),
        due=(due.from_s, due.to_s, _("due {time}").format(time=scene.local_at(due.at_s))) if due else None,
        rest=_rest(scene),
        pane_open=scene.facts.pane_open,
        alarm_over_rest=_alarm_over_rest(scene),
        armed=_armed(scene),
        started=scene.started,
        prepare=ready,
        stand=stand(scene),
        after=hours,
        feel=feel_after(scene) if hours else None,
        calendar=calendar(scene) if hours else None,
        happenings=happenings(scene),
        acts=acts(scene),
        hand_over=take_over(scene),
        undo_seq=undo_seq,
        undo_text=undo_text,
        escalation=scene.signal.escalation,
        plan_signature=_plan_signature(scene),
    )


def _plan_signature(scene: Scene) -> str:
    found = scene.state.signature
    return "" if found is None else signature_short(found.known, found.key, found.name)


def _held_start(said: Sentence, ready: Prepare) -> Sentence:
    """Before the start: which checks withhold it."""
    words = ready.missing or ready.summary
    return msgspec.structs.replace(said, detail=words, buttons=said.buttons if ready.start else ())


def _phase(scene: Scene) -> tuple[str, str]:
    state = scene.state
    current = schedule.current_phase(state)
    name = current.name if current else ""
    if state.dose is not None:
        return name or _("After the dose"), _("{t} after dose").format(t=elapsed(max(scene.t_s - state.dose.t_s, 0)))
    if state.started_s is not None:
        return name or _("Before the dose"), _("{t} since start").format(t=elapsed(scene.t_s - state.started_s))
    return _("Preparation"), ""


def _chips(scene: Scene) -> tuple[Chip, ...]:
    f, chips = scene.facts, list[Chip]()
    if f.recording_trouble:
        chips.append(
            Chip("circle-alert", _("Not recording: key locked") if f.waits_for_key else _("Not recording"), loud=True)
        )
    else:
        chips.append(Chip("circle-dot", _("Recording")))
    chips.append(_sound_chip(scene))
    if f.battery_percent is not None:
        words = _("On battery, {n} %") if f.on_battery else "{n} %"
        chips.append(Chip("battery-medium", words.format(n=f.battery_percent), loud=f.on_battery))
    if "cuff" in untried(scene):
        chips.append(Chip("info", _("Cuff by description only")))
    return (*chips, *_held_chips(f.held)) if f.held else tuple(chips)


def _held_chips(held: Held) -> Iterator[Chip]:
    """Whether the computer is kept awake, and the panel's light where it is not simply the person's own."""
    if held.awake:
        yield Chip("eye", _("Kept awake"))
    elif held.refused:
        yield Chip("triangle-alert", _("May fall asleep"), loud=True)
    if held.light.state == "dimmed":
        yield Chip("circle", _("Display {n} %").format(n=round(held.light.percent)))
    elif held.light.state == "stuck":
        yield Chip("circle", _("Display does not dim"))
    elif held.light.state == "left":
        yield Chip("circle", _("Display as you set it"))


def _sound_chip(scene: Scene) -> Chip:
    until = scene.signal.pause_until_s
    if until is not None:
        return Chip("bell-off", _("Sounds paused {t}").format(t=_clock(until - scene.t_s)), loud=True)
    if scene.facts.sound_trouble:
        return Chip("volume-x", _("No alarm sound"), loud=True)
    return Chip("volume-2", scene.facts.output or _("{sitter}'s speaker").format(sitter=scene.names.sitter))


def _clock(seconds: float) -> str:
    left = max(round(seconds), 0)
    return f"{left // 60}:{left % 60:02d}"


def _tags(scene: Scene) -> tuple[str, ...]:
    tags = [_("Simulated")] if scene.facts.simulated else []
    if scene.facts.speed != 1:
        tags.append(_("{x:g} × speed").format(x=scene.facts.speed))
    if scene.plan.confirmed is None:
        tags.append(_("Example limits") if scene.facts.simulated else _("Limits not confirmed by a provider"))
    return tuple(tags)


def _ahead(scene: Scene, due: schedule.Window | None) -> tuple[Ahead, ...]:
    ahead: list[Ahead] = []
    look_s = schedule.next_look_s(scene.plan, scene.state)
    if look_s is not None:
        ahead.append(Ahead("eye", _("Look at {p}").format(p=scene.names.patient), _when(scene, look_s)))
    if due is not None:
        ahead.append(Ahead("heart-pulse", _("Blood pressure"), _when(scene, due.at_s)))
    return tuple(ahead)


def _when(scene: Scene, at_s: float) -> str:
    left_s = at_s - scene.t_s
    if left_s <= 0:
        return _("now")
    return _("{time} · in {left}").format(
        time=scene.local_at(at_s), left=duration(left_s if left_s < 60 else 60 * round(left_s / 60))
    )


def _silences(scene: Scene) -> tuple[Silence, ...]:
    rows: list[Silence] = []
    if scene.signal.pause_until_s is not None:
        left = scene.signal.pause_until_s - scene.t_s
        rows.append(Silence(_("All sounds"), _clock(left), left))
    for o in scene.signal.occurrences:
        if o.answered and not o.latched and o.acknowledged_until_s is not None:
            left = min(o.acknowledged_until_s - scene.t_s, PAUSE_S)
            rows.append(Silence(short(o.name), breaks(scene, o) or _clock(left), left))
    return tuple(rows)


def _music(scene: Scene, phase: str) -> Music:
    music, facts = scene.state.music, scene.facts
    looking = "" if facts.music_looking is None else _("New music: {done} of {all} looked into").format(
        done=facts.music_looking[0], all=facts.music_looking[1]
    )  # fmt: skip
    shown = Music("off", "", "", facts.music_volume, facts.music_steer, facts.music_previewing, looking)
    if music is None or music.state == "stopped":
        return msgspec.structs.replace(shown, state="stopped", title=_("Music is off"))
    if music.state == "failed":
        return msgspec.structs.replace(shown, state="failed", title=_("No music"), detail=music.detail)
    left = facts.music_left_s
    what = {"hold": _("held"), "safe": _("calming piece")}.get(facts.music_steer, phase)
    detail = "" if left is None else _("{phase} · {left} left").format(phase=what, left=_minutes(left))
    return msgspec.structs.replace(
        shown, state="playing" if music.state == "playing" else "paused", title=music.track, detail=detail
    )


def _minutes(seconds: float) -> str:
    return _("{m} min").format(m=round(seconds / 60)) if seconds >= 60 else _("{s} s").format(s=round(seconds))


def _phases(scene: Scene) -> tuple[Phase, ...]:
    """The lane; what is left of the phase in force is drawn and cannot be marked once more."""
    current = schedule.current_phase(scene.state)
    in_force = current.key if current is not None else ""
    return tuple(
        Phase(b.name, b.start_s, b.end_s, b.marked, b.current, b.key if b.marked or b.key != in_force else "")
        for b in schedule.lane(scene.plan, scene.state, scene.t_s)
    )


def _rest(scene: Scene) -> RestView:
    names, call = scene.names, scene.signal.call_state
    if call == "coming":
        return RestView("coming", _("{sitter} is coming").format(sitter=names.sitter))
    if call and scene.facts.call_unconfirmed:
        return RestView("aloud", _("Call out loud"))
    if call:
        return RestView("calling", _("Calling {sitter}").format(sitter=names.sitter))
    if scene.t_s < scene.facts.calm_hint_until_s:
        return RestView("rest", _("Touch anywhere to call {sitter}").format(sitter=names.sitter))
    return RestView("rest")


def _alarm_over_rest(scene: Scene) -> bool:
    signal = scene.signal
    return bool(signal.call_state) or signal.pause_until_s is not None or any(not o.latched for o in signal.occurrences)


def _armed(scene: Scene) -> str:
    if scene.state.stage is Stage.ENDED:
        return _("Alarms are off: the session has ended.")
    if scene.started:
        return _("All alarms are on.")
    return _("Signal alarms are on; value alarms begin with the session.")
