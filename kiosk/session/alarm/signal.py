"""Signal: what must sound and be shown now, as a function of what stands and the time.

Pure; read by the monitor at every tick for the tone child, the screen and the emergency card. It has no memory, so
it cannot disagree with the record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from kiosk.session.alarm.occurrence import COVERED_BY, Occurrence, Standing
from kiosk.session.events import Severity

LOUDER_AFTER_S = 30.0  # unanswered high: rising level, every output, both displays
CARD_AFTER_S = 60.0  # unanswered high: the emergency card itself

Facts = Callable[[str], Mapping[str, str]]

_RANK = {
    name: rank
    for rank, name in enumerate(
        (
            "spo2_very_low",
            "spo2_low",
            "no_signal",
            "device_lost",
            "adapter_off",
            "finger_off",
            "pulse_low",
            "pulse_high",
            "pressure_high",
            "no_pulse_signal",
            "frozen",
            "no_sound",
            "not_recording",
            "questionable",
            "display_gone",
            "protection_lost",
            "battery_low",
            "monitoring_restarted",
        )
    )
}


class Listed(msgspec.Struct, frozen=True):
    """One occurrence as shown. data: the facts of its sentence now, as text (value, limit, for_s, last, ...).

    answered: acknowledged and still silent for it. latched: the condition is gone, waits for "Seen".
    covered_by: the worse alarm of the same cause that speaks for this one, "" if none.
    """

    name: str
    severity: Severity
    raised_s: float
    acknowledged_s: float | None = None
    acknowledged_until_s: float | None = None
    answered: bool = False
    latched: bool = False
    cleared_s: float | None = None
    data: dict[str, str] = {}
    limit_text: str = ""
    covered_by: str = ""


class Signal(msgspec.Struct, frozen=True):
    """severity: to sound now (NONE when nothing stands, all is answered, or the pause runs).

    shown: of the banner, the highest that stands, silent or not. call: the patient's call sounds now; a pause does
    not silence it. escalation: 0, 1 (rising level, every output, both displays) or 2 (the emergency card, too).
    occurrences: most urgent first, latched ones last.
    """

    severity: Severity = Severity.NONE
    shown: Severity = Severity.NONE
    call: bool = False
    call_state: str = ""  # "", "calling", "coming"
    call_s: float = 0.0
    occurrences: tuple[Listed, ...] = ()
    pause_until_s: float | None = None
    escalation: int = 0


def _no_facts(name: str) -> Mapping[str, str]:
    return {}


def signal(standing: Standing, now_s: float, facts: Facts = _no_facts) -> Signal:
    """The signal at `now_s`. facts: newer numbers for an occurrence's sentence; never its severity or silence."""
    active = [o for o in standing.occurrences.values() if o.is_active]
    sounding = [o for o in active if not o.is_acknowledged(now_s)]
    paused = standing.is_paused(now_s)
    return Signal(
        severity=Severity.NONE if paused else _highest(sounding),
        shown=_highest(active),
        call=standing.call == "calling",
        call_state=standing.call,
        call_s=standing.call_s,
        occurrences=tuple(_listed(o, standing, now_s, facts) for o in _ordered(standing, now_s)),
        pause_until_s=standing.pause_until_s if paused else None,
        escalation=0 if paused else _escalation(standing, sounding, now_s),
    )


def _highest(occurrences: list[Occurrence]) -> Severity:
    return max((o.severity for o in occurrences), default=Severity.NONE)


def _escalation(standing: Standing, sounding: list[Occurrence], now_s: float) -> int:
    paused_till_s = max(standing.pause_ended_s, standing.pause_until_s or 0.0)
    owed = [now_s - max(o.unanswered_since_s, paused_till_s) for o in sounding if o.severity is Severity.HIGH]
    longest_s = max(owed, default=0.0)
    return 2 if longest_s >= CARD_AFTER_S else 1 if longest_s >= LOUDER_AFTER_S else 0


def _ordered(standing: Standing, now_s: float) -> list[Occurrence]:
    return sorted(
        standing.occurrences.values(),
        key=lambda o: (not o.is_active, -o.severity, o.is_acknowledged(now_s), _RANK.get(o.name, 99), -o.raised_s),
    )


def _listed(o: Occurrence, standing: Standing, now_s: float, facts: Facts) -> Listed:
    answered = o.is_acknowledged(now_s)
    worse = COVERED_BY.get(o.name, "")
    return Listed(
        name=o.name,
        severity=o.severity,
        raised_s=o.raised_s,
        acknowledged_s=o.acknowledged_s if answered else None,
        acknowledged_until_s=o.acknowledged_until_s if answered else None,
        answered=answered,
        latched=not o.is_active,
        cleared_s=o.cleared_s,
        data={**o.data, **facts(o.name)} if o.is_active else o.data,
        limit_text=o.limit_text,
        covered_by=worse if worse and standing.active(worse) else "",
    )
