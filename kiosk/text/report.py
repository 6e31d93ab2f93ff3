"""The words of the report. Pure; numbers and times come ready, and what nobody recorded is said to be so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from kiosk.text import alarm, happening
from kiosk.text.catalogue import _
from kiosk.text.measure import duration

DASH = "–"
_LONGEST = 40  # letters of a name on top of each page; it stands in full in the form


def not_recorded() -> str:
    """In place of what nobody recorded."""
    return _("not recorded")


def title(kind: str) -> str:
    """What this is."""
    names = {"patient": _("Session report"), "trial": _("Trial report"), "demo": _("Report of a demonstration")}
    return names.get(kind, _("Session report"))


def head(patient: str, patient_id: str, day: str) -> str:
    """On top of every page, so that a single sheet is never nobody's."""
    called = patient if len(patient) <= _LONGEST else f"{patient[:_LONGEST]}…"
    return _("{patient} ({id}), {day}").format(
        patient=called or _("no name"), id=patient_id[:_LONGEST] or DASH, day=day
    )


def day(begun: date, start: str, end: str, offset_min: int) -> str:
    """ "24 Nov 2026, 20:38 to 23:21, UTC+01:00"."""
    sign, minutes = ("−" if offset_min < 0 else "+"), abs(offset_min)
    zone = f"UTC{sign}{minutes // 60:02d}:{minutes % 60:02d}"
    return _("{date}, {start} to {end}, {zone}").format(date=begun.isoformat(), start=start, end=end, zone=zone)


def foot(session_id: str, page: int, pages: int) -> str:
    """At the foot of every page."""
    return _("Session {id}, page {page} of {pages}").format(id=session_id, page=page, pages=pages)


def made_by(version: str) -> str:
    """At the foot of every page."""
    return _("session-room {version}. Educational, not a medical device.").format(version=version)


def banners(simulated: bool, speed: float, confirmed: bool, ended: bool, doubt: str) -> list[str]:
    """On top of every page, in white on black. speed: of the session's clock, 1 for a real one."""
    faster = _(" The clock ran {x:g} times faster.").format(x=speed) if speed != 1 else ""
    return [
        *([_("SIMULATED DEVICES. The values mean nobody.") + faster] if simulated else []),
        *([] if confirmed else [_("LIMITS NOT CONFIRMED BY A PROVIDER.")]),
        *([] if ended else [_("The session had not ended when this was made.")]),
        *([_("NOT AS RECORDED: {doubt}").format(doubt=doubt)] if doubt else []),
    ]


# --- times ------------------------------------------------------------------------------------------------------------


def moment(clock: str, minute: float | None) -> str:
    """ "21:56, 54 min after the dose"."""
    if minute is None:
        return clock
    if abs(minute) < 1:
        words = (
            _("{clock}, less than 1 min after the dose")
            if minute >= 0
            else _("{clock}, less than 1 min before the dose")
        )
        return words.format(clock=clock)
    whole = abs(round(minute))
    words = _("{clock}, {m} min after the dose") if minute >= 0 else _("{clock}, {m} min before the dose")
    return words.format(clock=clock, m=whole)


def signed(minute: float | None) -> str:
    """Minutes after the dose for a column: "54", "−12"; a dash without a dose."""
    if minute is None:
        return DASH
    whole = round(minute)
    return f"−{-whole}" if whole < 0 else str(whole)


def span_min(minutes: float) -> str:
    """ "138 min"."""
    return _("{m} min").format(m=round(minutes))


# --- the form ---------------------------------------------------------------------------------------------------------


def first_title() -> str:
    """Over what stands before the form."""
    return _("Read this first")


def earlier(n: int) -> str:
    """How many sessions with a dose came before."""
    return _("{n} with a dose in this record").format(n=n)


def dose(dose_mg: str, route: str) -> str:
    """The planned dose; the record knows no other."""
    amount = _("{mg} mg").format(mg=dose_mg) if dose_mg else _("amount not recorded")
    return _("{amount}, {route}").format(amount=amount, route=route)


def dose_note() -> str:
    """What is known of the dose."""
    return _("Amount, route and lot are the plan's; the sitter marked the time.")


def before_dose(passed: dict[str, bool | None], overridden: Sequence[str]) -> str:
    """Whether values were acceptable before the dose: the two checks of the preparation that judge numbers."""
    words = {True: _("passed"), False: _("not passed"), None: not_recorded()}
    names = {"baseline": _("SpO2 and pulse"), "pressures": _("blood pressure")}
    parts = [
        f"{names[key]} {words[ok]}" + (_(", overridden") if key in overridden else "") for key, ok in passed.items()
    ]
    return "; ".join(parts)


def rules_met(clock: str) -> str:
    """Whether values were acceptable before the end of observation."""
    return _("“ready” at {clock}: the plan's rules that could be compared were met").format(clock=clock)


def pressure(numbers: str, mean: str, pulse: str, remarks: str) -> str:
    """ "126/80 mmHg, mean 95, pulse 70, typed by the sitter"."""
    parts = [
        _("{numbers} mmHg").format(numbers=numbers),
        _("mean {mean}").format(mean=mean) if mean else "",
        _("pulse {pulse}").format(pulse=pulse) if pulse else "",
        remarks,
    ]
    return ", ".join(part for part in parts if part)


def beyond() -> str:
    """Behind a pressure."""
    return _("AT OR ABOVE THE LIMIT")


def pressure_remarks(typed: bool, doubted: bool) -> str:
    """Where a pressure is from, and what is against it; "" for a measured one that nobody doubts."""
    parts = [_("typed by the sitter") if typed else "", _("doubted by the device") if doubted else ""]
    return ", ".join(part for part in parts if part)


def share(valid: float, usable: float, start: str, end: str, stale_s: float) -> str:
    """Behind the share of the session with a valid SpO2: of what."""
    doubted = max(0.0, usable - valid)
    more = _(" Another {p} had only questionable values.").format(p=percent(doubted)) if doubted >= 0.0005 else ""
    return (
        _(
            "of the time from the start of the session ({start}) to release or end ({end}). A stretch of more than "
            "{s:g} s without a valid value counts as without, from its first second."
        ).format(start=start, end=end, s=stale_s)
        + more
    )


def percent(share: float) -> str:
    """A share, cut off to a tenth and never rounded up to all."""
    return _("{p:.1f} %").format(p=int(share * 1000) / 10)


def baseline(spo2: str, pulse: str) -> str:
    """As taken in the preparation."""
    parts = [_("SpO2 {v} %").format(v=spo2) if spo2 else "", _("pulse {v}").format(v=pulse) if pulse else ""]
    return ", ".join(part for part in parts if part)


def lowest(value: str, when: str) -> str:
    """ "84 % at 21:56"."""
    return _("{value} % at {when}").format(value=value, when=when)


def effects_heads() -> tuple[str, ...]:
    """Of the table of effects."""
    return (_("Effect"), _("Occurred"), _("Onset"), _("Resolved"), _("What the record holds"))


def occurred(value: bool | None) -> str:
    """Yes, no, or not recorded."""
    return not_recorded() if value is None else _("yes") if value else _("no")


def signs(value: bool | None) -> str:
    """Of what a provider has to judge: whether there was any sign."""
    return not_recorded() if value is None else _("signs, see right") if value else _("no sign")


_DEEPEST = {
    "loud voice": "answered only to a loud voice",
    "touch": "woke only when touched",
    "not at all": "did not wake",
}


def sedation(seen: Sequence[str], checks: int) -> str:
    """What the response checks found."""
    if not checks:
        return _("No response check after the dose.")
    made = _("1 response check") if checks == 1 else _("{n} response checks").format(n=checks)
    if not seen:
        return _("{made}, each answered in a normal voice.").format(made=made)
    return _("{made}; deepest: {deepest}.").format(made=made, deepest=_(_DEEPEST.get(seen[0], seen[0])))


def dissociation() -> str:
    """The record has no field for it."""
    return _("The sitter is not asked for it. What was noted is under Notes.")


def breathing(seen: Sequence[str], counts: int) -> str:
    """The signs; whether they were a depression is for the provider to judge."""
    made = {0: _("no breath count"), 1: _("1 breath count")}.get(counts, _("{n} breath counts").format(n=counts))
    if not seen:
        return _("No sign recorded by limits or sitter; {made}.").format(made=made)
    names = [happening.label(name) if name in happening.WORDS else alarm.short(name) for name in seen]
    return _("For the provider to judge: {signs}; {made}.").format(signs=", ".join(names), made=made)


def effects() -> tuple[str, str, str]:
    """The three rows."""
    return _("Sedation"), _("Dissociation"), _("Respiratory depression")


def no_adverse() -> str:
    """Nothing was tapped."""
    return _("None recorded by the sitter.")


def serious() -> str:
    """What the form asks and the record cannot know."""
    return _("Serious adverse event, category and narrative: for the provider to judge; not recorded here.")


def override(by: str, check: str, reason: str) -> str:
    """Who went on although a check failed, and why."""
    return _("{check}: “{reason}”, by {by}").format(by=by or not_recorded(), check=check, reason=reason)


def none_recorded() -> str:
    """Of a list that is empty."""
    return _("None.")


def pen() -> tuple[str, str, str]:
    """For a pen at the end of the form."""
    return _("Reviewed by"), _("Signature"), _("Date")


# --- what cannot be drawn, what was shortened -------------------------------------------------------------------------


def letters(replaced: int, shortened: int) -> list[str]:
    """Said at the end where it happened."""
    return [
        *(
            [
                _(
                    "{n} letters or pictures cannot be drawn with this report's fonts; words in ‹ › stand in their "
                    "place. The session file holds them as they were written."
                ).format(n=replaced)
            ]
            if replaced
            else []
        ),
        *(
            [
                _("{n} letters of very long texts are left out after “…”. The session file holds them.").format(
                    n=shortened
                )
            ]
            if shortened
            else []
        ),
    ]


def gap_length(seconds: float) -> str:
    """How long nothing was known."""
    return duration(seconds)
