"""The hours after as the screen draws them: ready and released, six things, when to call, the page for the patient.

Composes; what the page says is `kiosk.text.aftercare`, whether it may be given `kiosk.session.aftercare`.
"""

from __future__ import annotations

from kiosk.line.aftercare import After
from kiosk.session.aftercare import next_day
from kiosk.session.state import Stage
from kiosk.text import aftercare, elapsed
from kiosk.text.catalogue import _
from kiosk.view.calendar import following
from kiosk.view.scene import Scene


def after(scene: Scene) -> After | None:
    """None before the release, and where the patient went back to bed since."""
    ladder = scene.state.ladder
    if ladder.released_utc_ns is None or not ladder.is_open or scene.state.stage is not Stage.STARTED:
        return None
    given = scene.state.page_given_utc_ns
    return After(
        say=_("{patient} is up.").format(patient=scene.names.patient),
        times=_times(scene, ladder.ready_utc_ns, ladder.released_utc_ns),
        page=aftercare.page(scene.plan, next_day(_dosed(scene), scene.offset_min)),
        given=_("Given {time}").format(time=scene.local(given)) if given is not None else "",
        fingerprint=scene.facts.fingerprint,
        next=following(scene),
    )


def _dosed(scene: Scene) -> int:
    """When the dose was, else when the session was opened: the day of the evening."""
    return scene.dose_utc_ns or scene.state.opened_utc_ns


def _times(scene: Scene, ready_utc_ns: int | None, released_utc_ns: int) -> tuple[tuple[str, str], ...]:
    by = scene.state.ladder.released_by or scene.names.sitter
    released = (
        _("Released {time}").format(time=scene.local(released_utc_ns)),
        _("by {who}").format(who=by),
    )
    if ready_utc_ns is None:
        return (released,)
    since = ""
    if scene.dose_utc_ns:
        since = _("{time} after the dose").format(time=elapsed(max(ready_utc_ns - scene.dose_utc_ns, 0) / 1e9))
    return ((_("Ready {time}").format(time=scene.local(ready_utc_ns)), since), released)
