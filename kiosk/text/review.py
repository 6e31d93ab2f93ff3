"""The words of the provider's window: dates, what a session is, what is known of its signer, what an export did.

A statistic is never said without what it is of; "no alarm" is a fact, "all is well" is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from kiosk.text.catalogue import _
from kiosk.text.measure import duration

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(utc_ns: int, offset_min: int) -> str:
    """The local day of an instant: "Sat 14 Nov 2026"."""
    local = datetime.fromtimestamp(utc_ns // 10**9, UTC) + timedelta(minutes=offset_min)
    return f"{_(_DAYS[local.weekday()])} {local.day} {_(_MONTHS[local.month - 1])} {local.year}"


def since(seconds: float, has_dose: bool) -> str:
    """From the dose, or the start: "0:54", "−0:12"; hours and minutes."""
    minutes = int(abs(seconds) // 60)
    return f"{'−' if seconds < 0 and minutes else ''}{minutes // 60}:{minutes % 60:02d}"


def exactly(seconds: float) -> str:
    """ "54 min 20 s", "−12 min 5 s"."""
    return ("−" if seconds <= -1 else "") + duration(abs(seconds))


def session_title(number: int) -> str:
    """A session by its place in the series."""
    return _("Session {n}").format(n=number)


def span(first: str, last: str, is_over: bool) -> str:
    """From when to when."""
    return _("{a} to {b}").format(a=first, b=last) if is_over else _("{a}, not ended").format(a=first)


def dose(dose_mg: float | None) -> str:
    """The dose of the plan."""
    return _("no dose in the plan") if dose_mg is None else _("{mg:g} mg").format(mg=dose_mg)


def overrides(count: int) -> str:
    """How many checks were overridden, "" for none."""
    return "" if not count else _("1 override") if count == 1 else _("{n} overrides").format(n=count)


def gaps(lengths_s: Sequence[float]) -> str:
    """How many stretches without a reading, and how long; the longest ones by name."""
    if not lengths_s:
        return _("No gap without a usable SpO2.")
    longest = ", ".join(duration(s) for s in sorted(lengths_s, reverse=True)[:3])
    if len(lengths_s) == 1:
        return _("One gap without a usable SpO2: {longest}.").format(longest=longest)
    more = _("{n} gaps without a usable SpO2, {whole} in all; the longest: {longest}.")
    return more.format(n=len(lengths_s), whole=duration(sum(lengths_s)), longest=longest)


def share(part: float | None) -> str:
    """The share of a session that a valid SpO2 covers."""
    return _("not started") if part is None else _("{p:.1f} % of session").format(p=100 * part)


def gap_flag(count: int, seconds: float) -> str:
    """The words of a session's gaps in the list."""
    return _("gaps: {n}, {t} in all").format(n=count, t=duration(seconds))


def in_all(count: int, seconds: float) -> str:
    """How many gaps, and how long together."""
    return _("{n}, {t} in all").format(n=count, t=duration(seconds))


def alarm_counts(high: int, medium: int, low: int) -> str:
    """ "1 high, 2 medium"; "none"."""
    pairs = ((high, _("high")), (medium, _("medium")), (low, _("low")))
    return ", ".join(f"{n} {word}" for n, word in pairs if n) or _("none")


def answered(seconds: float | None) -> str:
    """How soon a person was on an alarm or a call."""
    return _("not answered") if seconds is None else _("answered in {t}").format(t=duration(seconds))


def lasted(seconds: float | None) -> str:
    """How long an alarm stood."""
    return _("stood to the end") if seconds is None else _("for {t}").format(t=duration(seconds))


def worst(alarm: str, value: str) -> str:
    """The worst valid value while an alarm stood."""
    return (_("lowest {v}") if "low" in alarm or "area" in alarm else _("highest {v}")).format(v=value)


def overridden(check: str) -> str:
    """A check that was overridden."""
    return _("Overridden: {check}").format(check=check)


def remark(author: str, on: str, problem: str) -> str:
    """Who wrote a provider's note and when; problem: why it is not to be relied on."""
    words = _("{author}, {on}").format(author=author, on=on)
    return _("{words}. NOT AS IT WAS SIGNED: {problem}").format(words=words, problem=problem) if problem else words


def beyond(first: str, seconds: float) -> str:
    """When a value was first beyond its limit, and how long in all."""
    return _("{first}, for {t}").format(first=first, t=duration(seconds)) if seconds else _("never")


def checking() -> str:
    """The chain is being looked at."""
    return _("Being checked…")


def whole() -> str:
    """Nothing was changed."""
    return _("Complete and unaltered")


def unknown_signer() -> str:
    """Nothing was changed since it was signed, by a key that nobody here trusts yet."""
    return _("Unaltered, signer not known here")


def changed_signer() -> str:
    """Signed by another key than this patient's earlier sessions."""
    return _("Signed with ANOTHER key than before")


def unsigned() -> str:
    """No seal in the chain."""
    return _("Unaltered, but signed by nobody")


def altered(reason: str) -> str:
    """The chain is not what was recorded."""
    return _("ALTERED: {reason}").format(reason=reason)


def row(seq: int, what: str) -> str:
    """One place where a chain is not what was written."""
    return _("row {n}: {what}").format(n=seq, what=what) if seq else what


def signed(fingerprint: str) -> str:
    """By whom."""
    return _("signed {key}").format(key=fingerprint) if fingerprint else ""


def simulated() -> str:
    """Nobody's values."""
    return _("Simulated")


def not_confirmed() -> str:
    """Nobody confirmed the plan's limits."""
    return _("Limits not confirmed by a provider")


def sped(speed: float) -> str:
    """The session's clock ran faster."""
    return _("{x:g} × speed").format(x=speed)


def sessions(count: int) -> str:
    """How many."""
    return _("1 session") if count == 1 else _("{n} sessions").format(n=count)


def source_record(count: int) -> str:
    """What is looked at."""
    return _("record of this room, {n}").format(n=sessions(count))


def source_library(count: int) -> str:
    """What is looked at."""
    return _("library, {n}").format(n=sessions(count))


def source_file() -> str:
    """What is looked at."""
    return _("one session file, verified")


def closed_file() -> str:
    """An encrypted session file: no key is asked for here."""
    return _(
        "It is encrypted for certain readers. Take it with `kiosk import FILE --identity KEY`, then open the library."
    )


def series_words(count: int, author: str) -> str:
    """Beside the patient's label."""
    counted_ones = sessions(count)
    return _("{sessions}, plan by {author}").format(sessions=counted_ones, author=author) if author else counted_ones


def notes_only_in_library() -> str:
    """Why no note can be added."""
    return _("Notes of the provider are kept in a library. Import the session file first: kiosk import FILE.")


def as_planned(name: str) -> str:
    """The row of the plan's own limits."""
    return _("as planned: {limits}").format(limits=name) if name else _("as planned: no limit")


def ended(how: str | None) -> str:
    """How a session ended, where that is not by leaving."""
    if how is None:
        return _("not ended")
    return "" if how == "released" else _("ended: {how}").format(how=_(how))


def signer_changed() -> str:
    """In the list: another key than this patient's earlier sessions."""
    return _("ANOTHER signer")


def signer_unknown() -> str:
    """In the list: nobody here trusts the key yet."""
    return _("signer not known")


def unconfirmed() -> str:
    """In the list: nobody confirmed the limits."""
    return _("limits not confirmed")


def counted(name: str, count: int, severity: str) -> str:
    """An alarm of a session in the list."""
    times = "" if count == 1 else _(", {n} times").format(n=count)
    return f"{name}{times}, {_(severity)}"


def plan_not_read() -> str:
    """The session's plan is of another program: no limit can be drawn."""
    return _("Its plan cannot be read by this program: no limits are drawn")


def planned_limits(low: str, hard: str) -> str:
    """The plan's limits of SpO2, short."""
    return ", ".join(
        x for x in (_("below {v}").format(v=low) if low else "", _("at once {v}").format(v=hard) if hard else "") if x
    )


def share_range(least: float, most: float) -> str:
    """Share of valid SpO2 over the sessions of a series."""
    return (
        _("{a:.0f} % of each").format(a=least)
        if round(least) == round(most)
        else _("{a:.0f} to {b:.0f} %").format(a=least, b=most)
    )


def left_out(count: int) -> str:
    """Sessions that are not of the series."""
    return _("{n} simulated or trial").format(n=count)


def times(name: str, count: int) -> str:
    """An alarm and how often."""
    return name if count == 1 else f"{name} ×{count}"


def no_alarm() -> str:
    """A fact, no praise."""
    return _("no alarm")
