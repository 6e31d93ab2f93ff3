"""Signal: what must sound and be shown now, as a function of what stands and the time.

Pure; read by the monitor at every tick for the tone child, the screen and the emergency card. It has no memory, so
it cannot disagree with the record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from kiosk.session.alarm.occurrence import COVERED_BY, HELP_SUSPENDS, Occurrence, Standing
from kiosk.session.events import Severity

LOUDER_AFTER_S = 30.0  # unanswered high: rising level, every output, both displays
CARD_AFTER_S = 60.0  # unanswered high: the emergency card itself

Facts = Callable[[str], Mapping[str, str]]

RANK = {
    name: rank
    for rank, name in enumerate(
        (
            "spo2_very_low",
            "spo2_low",
            "spo2_area",
            "response_poor",
            "breaths_low",
            "call_unanswered",
            "no_signal",
            "device_doubted",
            "device_lost",
            "adapter_off",
            "finger_off",
            "breaths_high",
            "look_in_due",
            "pulse_low",
            "pulse_high",
            "pressure_high",
            "no_pulse_signal",
            "sources_disagree",
            "frozen",
            "no_sound",
            "not_recording",
            "laptop_battery",
            "questionable",
            "display_gone",
            "protection_lost",
            "battery_low",
            "cuff_doubted",
            "cuff_lost",
            "monitoring_restarted",
            "clock_jumped",
        )
    )
}


class Listed(msgspec.Struct, frozen=True):
    """One occurrence as shown. data: the facts of its sentence now, as text (value, limit, for_s, last, ...).

    answered: acknowledged and still silent for it. latched: the condition is gone, waits for "Seen".
    covered_by: the worse alarm of the same cause that speaks for this one, "" if none. suspended: silent because
    somebody is up with help, until then.
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
    suspended: bool = False


class Signal(msgspec.Struct, frozen=True):
    """severity: to sound now (NONE when nothing stands, all is answered, or the pause runs).

    shown: of the banner, the highest that stands, silent or not. call: the patient's call sounds now; a pause does
    not silence it. escalation: 0, 1 (rising level, every output, both displays) or 2 (the emergency card, too).
    occurrences: most urgent first, suspended ones after them, latched ones last. help_until_s: "up with help" runs.
    """

    severity: Severity = Severity.NONE
    shown: Severity = Severity.NONE
    call: bool = False
    call_state: str = ""  # "", "calling", "coming"
    call_s: float = 0.0
    occurrences: tuple[Listed, ...] = ()
    pause_until_s: float | None = None
    escalation: int = 0
    help_until_s: float | None = None


def _no_facts(name: str) -> Mapping[str, str]:
    return {}


def signal(standing: Standing, now_s: float, facts: Facts = _no_facts) -> Signal:
    """The signal at `now_s`. facts: newer numbers for an occurrence's sentence; never its severity or silence."""
    active = [o for o in standing.occurrences.values() if o.is_active]
    sounding = [o for o in active if not o.is_acknowledged(now_s) and not standing.is_suspended(o, now_s)]
    paused = standing.is_paused(now_s)
    helped = standing.help_until_s is not None and now_s < standing.help_until_s
    return Signal(
        severity=Severity.NONE if paused else _highest(sounding),
        shown=_highest(active),
        call=standing.call == "calling",
        call_state=standing.call,
        call_s=standing.call_s,
        occurrences=tuple(_listed(o, standing, now_s, facts) for o in _ordered(standing, now_s)),
        pause_until_s=standing.pause_until_s if paused else None,
        escalation=0 if paused else _escalation(standing, sounding, now_s),
        help_until_s=standing.help_until_s if helped else None,
    )


def _highest(occurrences: list[Occurrence]) -> Severity:
    return max((o.severity for o in occurrences), default=Severity.NONE)


def _escalation(standing: Standing, sounding: list[Occurrence], now_s: float) -> int:
    paused_till_s = max(standing.pause_ended_s, standing.pause_until_s or 0.0)
    owed = [now_s - max(_owed_since_s(standing, o), paused_till_s) for o in sounding if o.severity is Severity.HIGH]
    longest_s = max(owed, default=0.0)
    return 2 if longest_s >= CARD_AFTER_S else 1 if longest_s >= LOUDER_AFTER_S else 0


def _owed_since_s(standing: Standing, o: Occurrence) -> float:
    """From when an answer is owed: what help suspended counts from its end."""
    helped_till_s = standing.help_until_s if o.name in HELP_SUSPENDS and not o.keeps_words else None
    return max(o.unanswered_since_s, helped_till_s or 0.0)


def _ordered(standing: Standing, now_s: float) -> list[Occurrence]:
    return sorted(
        standing.occurrences.values(),
        key=lambda o: (
            not o.is_active,
            standing.is_suspended(o, now_s),
            -o.severity,
            o.is_acknowledged(now_s),
            RANK.get(o.name, 99),
            -o.raised_s,
        ),
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
        suspended=o.is_active and standing.is_suspended(o, now_s),
    )
