"""What a new screen is told once, and what became of the two displays.

Owned by the room.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk import settings
from kiosk.datadir import JOURNAL
from kiosk.line.screen import Begin, Shown

if TYPE_CHECKING:
    from kiosk.monitor import Monitor


class Displays:
    """Remembers which two displays there were: a screen's successor uses the same."""

    def __init__(self, owner: Monitor, asked: settings.Settings) -> None:
        self._owner, self._asked = owner, asked
        self._two = ("", "")  # keys of the patient's and the sitter's, once both were there

    def see(self, shown: Shown) -> None:
        """A display that was there and is not any more; the sitter's own choice of one display is none of these."""
        alone = shown.one_display or shown.rest_hidden
        if not alone:
            self._two = shown.keys if all(shown.keys) else (shown.patient, shown.sitter)
        gone = alone and any(self._two)
        data = {"windows": ", ".join(shown.windows)}
        owner = self._owner
        owner.note_all(owner.desk.alarms.condition("display_gone", gone, owner.t_s(), data))

    def begin(self) -> Begin:
        """First message to a new screen."""
        options, desk = self._owner.options, self._owner.desk
        remembered = settings.load_state(self._owner.folder)
        patients, sitters = self._two
        sitter_chosen, patient_chosen = settings.displays(self._asked, remembered)
        return Begin(
            single_screen=options.single_screen,
            windowed=options.windowed,
            leave_by_escape=options.leave_by_escape,
            simulated=options.simulated,
            patient=desk.names.patient,
            sitter=desk.names.sitter,
            origin_utc_ms=desk.origin.utc_ns // 1_000_000,
            offset_min=desk.offset_min,
            ageing_after_s=desk.plan.limits.stale.ageing_s,
            gone_after_s=desk.plan.limits.stale.gone_s,
            reduced_motion=self._asked.flag("room.reduced_motion"),
            breathing_guide=self._asked.flag("room.breathing_guide"),
            text_percent=self._asked.number("display.text_percent"),
            sitter_display=sitters or sitter_chosen,
            patient_display=patients or patient_chosen,
            ask_displays=not options.starts_itself,
            two_displays=bool(patients and sitters),
            journal=str(self._owner.folder / JOURNAL),
        )
