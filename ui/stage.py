"""What lies over what on each display, and when an untouched pane goes back to rest. Rules only, no widget.

Belongs to the screen process. The PIN guards the quiet pane, never help: an alarm, a call or the emergency card is
shown without it. The pane never goes back to rest while anything is signalled, silenced, due or half typed.
"""

from __future__ import annotations

from typing import NamedTuple

from kiosk.line.screen import View

RETURN_AFTER_S = 20.0


class Facts(NamedTuple):
    """What decides the layers. pane_open: the monitor allows it on one display, and nothing here forbids it."""

    one_display: bool
    lost: bool = False  # the line to the monitor
    pane_ready: bool = True
    pane_open: bool = False
    signalled: bool = False  # an alarm or a call
    pin_asked: bool = False
    card_asked: bool = False  # from somewhere that is not the pane
    escalated: bool = False  # nobody answers a high alarm: it is shown on both displays


def patient_layers(facts: Facts) -> tuple[str, ...]:
    """Names of the layers on the patient's display, the lowest first."""
    if not facts.one_display:
        everywhere = facts.signalled and facts.escalated and facts.pane_ready and not facts.lost
        return ("rest", "over") if everywhere else ("rest",)
    card = ("card",) if facts.card_asked else ()
    if facts.lost:
        return ("rest", "cover", *card)
    if facts.pane_open and facts.pane_ready:
        return ("pane", *card)
    pin = ("pin",) if facts.pin_asked else ()
    over = ("over",) if facts.signalled and facts.pane_ready else ()
    return ("rest", *pin, *over, *card)


def sitter_layers(facts: Facts) -> tuple[str, ...]:
    """Names of the layers on the sitter's display; none on one display."""
    if facts.one_display or not facts.pane_ready:
        return ()
    cover = ("cover",) if facts.lost else ()
    card = ("card",) if facts.card_asked else ()
    return ("pane", *cover, *card)


def may_return(view: View, half_typed: bool) -> bool:
    """Whether an untouched pane on one display may give way to the rest screen now."""
    running = view.stage == "live" and view.started
    signalled = view.sentence.kind != "calm" or view.alarm_over_rest or view.rest.state != "rest"
    asked = view.panel is not None or view.pressure.state in ("due", "late", "inflating")
    asked = (
        asked or view.prepare is not None or view.stand is not None or view.after is not None
    )  # somebody is on their way up or not begun
    return running and not signalled and not view.silences and not asked and not half_typed
