"""How bright the built-in panel is to be at an instant: by whose display it is, by phase, by what must be seen.

Pure; used by the monitor, carried out by the supervisor (`kiosk.light`). It never asks for more than the person's own
level, and never dims what the sitter needs: preparation, standing up and the time after are lit as the person has it.
"""

from __future__ import annotations

import msgspec

from kiosk.line.monitor import LightWanted
from kiosk.line.screen import View

BUILT_IN = ("eDP", "LVDS", "DSI")
OWN = 100.0
DOWN_S, UP_S = 4.0, 2.0


class Levels(msgspec.Struct, frozen=True):
    """Percent of the person's own level, as the eye sees it. phases: of the rest screen, by the phase's key.

    wake: as far as an alarm, a call or the opened pane may brighten a panel that the patient sees. pane: the sitter's
    own display while nothing is signalled.
    """

    rest: float = 40
    wake: float = 70
    pane: float = 100
    phases: dict[str, float] = {}


class Places(msgspec.Struct, frozen=True):
    """Names of the displays, "" where there is none; single: rest screen and pane share one."""

    patient: str = ""
    sitter: str = ""
    single: bool = True


def wanted(view: View, places: Places, levels: Levels) -> LightWanted:
    """The level for this view on these displays."""
    percent = _percent(view, places, levels)
    return LightWanted(percent, UP_S if percent >= levels.wake else DOWN_S, places.single)


def _percent(view: View, places: Places, levels: Levels) -> float:
    if not view.started or view.stage == "ended" or view.stand is not None:
        return OWN
    if places.patient.startswith(BUILT_IN):
        return _patients(view, places, levels)
    if places.sitter.startswith(BUILT_IN):
        return OWN if view.alarm_over_rest else levels.pane
    return OWN


def _patients(view: View, places: Places, levels: Levels) -> float:
    """The panel that the patient sees. An alarm lights it only where it is the sitter's, too, or nobody answered."""
    needed = view.escalation > 0 or (places.single and (view.pane_open or view.alarm_over_rest))
    phase = next((p.key for p in view.phases if p.current and p.marked), "")
    rest = min(levels.phases.get(phase, levels.rest), OWN)
    return max(rest, levels.wake) if needed or view.rest.state != "rest" else rest
