"""The three value tiles: newest numbers with limits, alarm colour, and what the next pressure is."""

from __future__ import annotations

import msgspec

from kiosk.latest import Newest, TileRules, tile
from kiosk.line.chart import LimitLine
from kiosk.line.tile import PressureTile, Tile
from kiosk.line.tile import Severity as Word
from kiosk.session import schedule
from kiosk.session.alarms import Listed
from kiosk.session.events import Severity
from kiosk.session.limits import Delayed, Hard, Limits
from kiosk.text import age, number
from kiosk.text.catalogue import _
from kiosk.view.radio import short
from kiosk.view.scene import Scene
from kiosk.view.sentence import WORDS
from kiosk.view.untried import untried

CUFF_SHOWN_S = 4.0  # a momentary cuff pressure older than this is no inflation any more
_ON_BOTH = ("no_signal", "finger_off", "device_lost", "device_doubted", "frozen", "adapter_off")


def _alarms_on(scene: Scene, prefix: str) -> list[Listed]:
    """Alarms of the highest severity on one value whose condition is true now."""
    found = [
        o
        for o in scene.signal.occurrences
        if not o.latched
        and not o.suspended
        and (o.name.startswith(prefix) or (o.name in _ON_BOTH and prefix != "pressure"))
    ]
    highest = max((o.severity for o in found), default=Severity.NONE)
    return [o for o in found if o.severity is highest]


def severity_on(scene: Scene, prefix: str) -> Word:
    """The plate of one value."""
    return WORDS[next((o.severity for o in _alarms_on(scene, prefix)), Severity.NONE)]


def _is_answered(scene: Scene, prefix: str) -> bool:
    """Whether somebody is on all of them; what a worse alarm speaks for is answered with it."""
    found = [o for o in _alarms_on(scene, prefix) if not o.covered_by]
    return bool(found) and all(o.answered for o in found)


def spo2_tile(scene: Scene) -> Tile:
    """SpO2 in percent."""
    limits = scene.plan.limits
    small = _small((_("low"), limits.spo2_low), (_("hard"), limits.spo2_hard))
    made = _tile(scene, scene.latest.spo2, small, "spo2")
    if made.state == "live" and not made.questionable and "oximeter" in untried(scene):
        return msgspec.structs.replace(made, note=_("{note}, by description only").format(note=made.note))
    return made


def pulse_tile(scene: Scene) -> Tile:
    """Pulse per minute."""
    limits = scene.plan.limits
    small = _small((_("high"), limits.pulse_high), (_("low"), limits.pulse_low))
    return _tile(scene, scene.latest.pulse, small, "pulse")


def _small(*pairs: tuple[str, Delayed | Hard | None]) -> tuple[str, ...]:
    shown = tuple(f"{word} {number(limit.value)}" for word, limit in pairs if limit is not None)
    return shown or (_("no limit set"),)


def _tile(scene: Scene, newest: Newest, limits: tuple[str, ...], prefix: str) -> Tile:
    stale = scene.plan.limits.stale
    rules = TileRules(stale.ageing_s, stale.gone_s)
    off = "" if scene.facts.has_oximeter else (scene.plan.devices.oximeter.why or _("No oximeter is chosen"))
    made = tile(newest, scene.t_s, rules, limits, severity_on(scene, prefix), off)
    made = msgspec.structs.replace(made, answered=_is_answered(scene, prefix))
    return made if made.state in ("live", "ageing") else _typed_instead(scene, made, prefix)


def _typed_instead(scene: Scene, made: Tile, prefix: str) -> Tile:
    """Where no device can bring a number: say why, offer typing, and show what was typed last as what it is."""
    why, typed = short(scene, "oximeter"), scene.latest.typed.get(prefix)
    if not why:
        return made
    made = msgspec.structs.replace(made, unread=why)
    if typed is None:
        return made
    value, at_s = typed
    if made.age_s is not None and made.age_s < scene.t_s - at_s:  # the device's own last number is newer
        return made
    severity, age_s = severity_on(scene, prefix), scene.t_s - at_s
    return msgspec.structs.replace(
        made, state="off", last=number(value), age_s=age_s, note=_("typed"), severity=severity
    )


def pressure_tile(scene: Scene) -> PressureTile:
    """Blood pressure in mmHg, with the time of measuring and the next window."""
    latest, due = scene.latest, scene.next_pressure
    following, stage = _next_words(scene, due), due.state if due else "later"
    if latest.cuff is not None and scene.t_s - latest.cuff_s <= CUFF_SHOWN_S:
        return PressureTile("inflating", cuff=number(latest.cuff), next=following, note=_("Cuff is inflating"))
    p = latest.pressure
    if p is None:
        if not scene.facts.has_cuff:
            return PressureTile("off", next=following, note=_("No cuff: type it in"))
        why = short(scene, "cuff")
        return PressureTile(
            _DUE.get(stage, "none"),  # pyright: ignore[reportArgumentType]
            next=following,
            note=_("{why}: type it in").format(why=why) if why else _("Not measured yet"),
        )
    return PressureTile(
        state=_DUE.get(stage, "fresh"),  # pyright: ignore[reportArgumentType]
        systolic=number(p.systolic.number),
        diastolic=number(p.diastolic.number),
        mean=number(p.mean.number),
        at=scene.local(latest.pressure_utc_ns),
        age=age(scene.t_s - latest.pressure_s),
        next=following,
        typed=latest.pressure_typed,
        severity=severity_on(scene, "pressure"),
    )


_DUE = {"due": "due", "late": "late"}


def _next_words(scene: Scene, due: schedule.Window | None) -> str:
    if due is None:
        return ""
    if due.state == "due":
        return _("Due now, until {time}").format(time=scene.local_at(due.to_s))
    if due.state == "late":
        return _("Late since {time}").format(time=scene.local_at(due.to_s))
    return _("Next {time}").format(time=scene.local_at(due.at_s))


def limit_lines(limits: Limits) -> tuple[LimitLine, ...]:
    """The dashed lines of the chart, each with who set it."""
    who = limits.who
    rows = (
        ("spo2", "low", limits.spo2_low),
        ("pulse", "high", limits.pulse_high),
        ("pulse", "low", limits.pulse_low),
        ("pressure", "high", limits.systolic_high),
    )
    return tuple(
        LimitLine(plot, float(limit.value), side, f"{_(side)} {number(limit.value)}", who)  # pyright: ignore[reportArgumentType]
        for plot, side, limit in rows
        if limit is not None
    )
