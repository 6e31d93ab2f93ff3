"""Standing up as the screen draws it: the stairs, the step in force with its countdown, why it is allowed now.

Composes; what may be pressed when is decided in `kiosk.session.standing`.
"""

from __future__ import annotations

from kiosk.line.pane import Button
from kiosk.line.stand import Compared, Rung, Stand
from kiosk.session import commands as c
from kiosk.session.standing import READY, RUNGS, Criterion, criteria, minimum_s, steady_s
from kiosk.text import duration
from kiosk.text import standing as words
from kiosk.text.catalogue import _
from kiosk.view.scene import Scene


def stand(scene: Scene) -> Stand | None:
    """The ladder at this instant, None while it is not open."""
    ladder = scene.state.ladder
    if not ladder.is_open or not scene.state.values_armed_s:
        return None
    found = criteria(scene.state, scene.bedside)
    release = scene.plan.release
    on_rung = ladder.step in RUNGS
    rung, since = _said(scene)
    detail = _("{time} here. ").format(time=duration(release.rung_min * 60)) if on_rung else ""
    return Stand(
        rungs=tuple(_rung(scene, key) for key in (*RUNGS, READY)),
        say=_(rung.say).format(patient=scene.names.patient),
        detail=detail + _(rung.detail).format(time=since),
        buttons=_on_rung(ladder.step) if on_rung else _at_the_top(scene),
        why=_why(scene, found),
        compared=tuple(_compared(k) for k in found if k.key in _LABELS),
        rules=_("Rules by {who}").format(who=scene.plan.limits.who) if scene.plan.limits.who else "",
        notes=(
            ("circle-check", _("Ready time is kept apart from leaving time.")),
            ("footprints", _("Walk with them to the bathroom, both ways.")),
        ),
        wait_s=max(steady_s(scene.state, scene.bedside) - scene.t_s, 0.0) if on_rung else 0.0,
        wait_of_s=release.rung_min * 60 if on_rung else 0.0,
    )


def _said(scene: Scene) -> tuple[words.RungWords, str]:
    """The words of the rung in force, at the top those of what comes next; and when that was reached."""
    ladder = scene.state.ladder
    if ladder.released_utc_ns is not None:
        return words.AFTER_RELEASE, scene.local(ladder.released_utc_ns)
    if ladder.step == READY and ladder.ready_utc_ns is not None:
        return words.AFTER_READY, scene.local(ladder.ready_utc_ns)
    return words.RUNGS[ladder.step], ""


def _rung(scene: Scene, key: str) -> Rung:
    ladder, rung = scene.state.ladder, words.RUNGS[key]
    held = next((s for s in ladder.steady if s.step == key), None)
    if key == READY and ladder.ready_utc_ns is not None:
        return Rung(key, _(rung.label), scene.local(ladder.ready_utc_ns), "done")
    if held is not None:
        return Rung(key, _(rung.label), _("{time}, steady").format(time=scene.local(held.utc_ns)), "done")
    return (
        Rung(key, _(rung.label), _("now"), "now")
        if key == ladder.step
        else Rung(key, _(rung.label), rung.stairs, "next")
    )


def _on_rung(step: str) -> tuple[Button, ...]:
    steady = c.AnswerStand(step, "steady")  # pyright: ignore[reportArgumentType]
    dizzy = c.AnswerStand(step, "dizzy")  # pyright: ignore[reportArgumentType]
    back = c.AnswerStand(step, "back to bed")  # pyright: ignore[reportArgumentType]
    return (
        Button(_("Steady"), "Enter", "primary", steady, icon="check"),
        Button(_(words.DIZZY[step]), "D", "plain", dizzy),
        Button(_("Back to bed"), "X", "plain", back),
    )


def _at_the_top(scene: Scene) -> tuple[Button, ...]:
    """Ready, then released, then the end: three presses, three times."""
    ladder = scene.state.ladder
    back = Button(_("Back to bed"), "X", "plain", c.AnswerStand("walk", "back to bed"))
    if ladder.ready_utc_ns is None:
        return (Button(_("Ready now"), "Enter", "primary", c.MarkReady(), icon="check"), back)
    if ladder.released_utc_ns is None:
        return (Button(_("Release"), "Enter", "primary", c.Release(), icon="check"), back)
    return (Button(_("End the session"), "Q", "primary", c.EndSession("released")),)


def _why(scene: Scene, found: tuple[Criterion, ...]) -> tuple[tuple[bool, str, str], ...]:
    by_key = {k.key: k for k in found}
    until_s, said = minimum_s(scene.state, scene.bedside), scene.state.response
    minutes = scene.plan.release.minimum_min or 0
    near = [k for k in found if k.key in _LABELS]
    percent = _("Within {p:g} % of before").format(p=scene.plan.release.within_percent)
    answers = by_key["answers"].ok is True
    return (
        (
            by_key["minimum"].ok is True,
            _("{time} since the dose").format(time=duration(minutes * 60)),
            "" if until_s is None else scene.local_at(until_s),
        ),
        (
            answers,
            _("Answers to a normal voice") if answers else _("Check the response"),
            scene.local(said.utc_ns) if said else "",
        ),
        (all(k.ok is not False for k in near), percent, ""),
        (by_key["alarms"].ok is True, _("No alarm stands"), ""),
    )


_LABELS = {"spo2": "SpO2 %", "pulse": "Pulse", "pressure": "Blood pressure"}


def _compared(k: Criterion) -> Compared:
    return Compared(_(_LABELS[k.key]), k.now, k.before, k.ok)
