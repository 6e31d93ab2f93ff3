"""The words of the report's chart and of the lists behind its form."""

from __future__ import annotations

from collections.abc import Mapping

from devices.reading import BY_DESCRIPTION
from kiosk.text.catalogue import _
from kiosk.text.export import NOT_CONFIRMED


def sections() -> dict[str, str]:
    """Headings, as they stand in the outline too."""
    return {
        "form": _("Summary"),
        "effects": _("Sedation, dissociation, breathing"),
        "pressures": _("Vital signs"),
        "adverse": _("Adverse events"),
        "overrides": _("Checks that were overridden"),
        "chart": _("Chart"),
        "alarms": _("Alarms"),
        "marks": _("Events and notes"),
        "later": _("After the session"),
        "all pressures": _("All blood pressures"),
        "gaps": _("Gaps"),
        "limits": _("Limits"),
        "devices": _("Devices"),
        "versions": _("Versions"),
        "seal": _("Who recorded this, and how to check it"),
    }


def chart_title(start: str, end: str, whole: bool) -> str:
    """Over one chart."""
    words = _("Chart, {start} to {end}, the whole session") if whole else _("Chart, {start} to {end}")
    return words.format(start=start, end=end)


def reduced(stale_s: float) -> str:
    """How a long session is drawn."""
    return _(
        "Every value as received, never smoothed. Where more values fall on a tenth of a millimetre than can be "
        "drawn, its first, lowest, highest and last are drawn. Hatched: more than {s:g} s without a value. Dashed: "
        "limits. Thick, with grey: beyond a limit. Circles: questionable. Squares: typed."
    ).format(s=stale_s)


def legend() -> str:
    """Of the marks."""
    return _(
        "Marks: triangle down too low, up too high, diamond signal or device; black high, grey medium, white low "
        "priority. A: Alarms, E and N: Events and notes, listed behind the chart."
    )


def axis(has_dose: bool) -> str:
    """Name of the time axis."""
    return _("min from dose") if has_dose else _("min from start")


def clock_axis() -> str:
    """Name of the time axis's second line."""
    return _("local time")


def lanes() -> dict[str, str]:
    """Names of the rows above the curves."""
    return {
        "planned": _("planned"),
        "marked": _("marked"),
        "alarms": _("Alarms"),
        "events": _("Events"),
        "notes": _("Notes"),
    }


def plots() -> dict[str, tuple[str, str]]:
    """Name and unit of each plot."""
    return {"spo2": ("SpO2", "%"), "pulse": (_("Pulse"), _("/min")), "pressure": (_("Pressure"), "mmHg")}


def limit_names() -> dict[str, str]:
    """At the end of a limit's line."""
    return {"low": _("low {v}"), "hard": _("hard {v}"), "high": _("high {v}")}


def simulated_word() -> str:
    """Within the chart."""
    return _("SIMULATED")


# --- lists ------------------------------------------------------------------------------------------------------------


def alarm_heads() -> tuple[str, ...]:
    """Columns of the alarm table."""
    return "", _("Raised"), _("Min"), _("Acknowledged"), _("Cleared"), _("Priority"), _("Alarm and limit")


_SEVERITY = {"high": "high", "medium": "medium", "low": "low", "none": "none"}


def severity(name: str) -> str:
    """A priority."""
    return _(_SEVERITY.get(name, name))


def never() -> str:
    """It was not acknowledged."""
    return _("never")


def still() -> str:
    """It had not cleared."""
    return _("not cleared")


_ENDED = {"data stopped": "no data to judge", "session ended": "still there at the end"}


def cleared(clock: str, why: str) -> str:
    """When an alarm ended, and why, where it is not that the values recovered."""
    more = _ENDED.get(why, "" if why == "recovered" else why)
    return f"{clock}, {_(more)}" if more else clock


def mark_heads() -> tuple[str, ...]:
    """Columns of events and notes."""
    return "", _("Time"), _("Min"), _("What")


def later_heads() -> tuple[str, ...]:
    """Columns of what came afterwards."""
    return _("Time"), _("What")


def pressure_heads() -> tuple[str, ...]:
    """Columns of all blood pressures."""
    return _("Time"), _("Min"), _("mmHg"), _("Mean"), _("Pulse"), _("Remarks")


def gap_heads() -> tuple[str, ...]:
    """Columns of the gaps."""
    return _("From"), _("To"), _("Length"), _("Alarm at that time")


def gaps_note(stale_s: float) -> str:
    """What a gap is."""
    return _("More than {s:g} s without an SpO2. Nothing is drawn or counted across it.").format(s=stale_s)


def interrupted_title() -> str:
    """Over what stopped the monitoring or the record."""
    return _("Interruptions of monitoring and record")


def left_out(n: int) -> str:
    """Readings that are not the patient's of this session for sure."""
    return _(
        "{n} readings out of a device's memory or of a test mode are in the record and not in this report."
    ).format(n=n)


def limits_by(author: str, confirmed: str) -> str:
    """Who set the limits, and who confirmed them."""
    set_by = _("Set by {author}.").format(author=author) if author else _("Who set them is not recorded.")
    by = _("Confirmed by {who}.").format(who=confirmed) if confirmed else NOT_CONFIRMED.upper() + "."
    return f"{set_by} {by}"


def plan_unreadable() -> str:
    """The plan is of a program that this one does not know."""
    return _("The plan cannot be read by this program: limits stand in words only, and none is drawn.")


def device_heads() -> tuple[str, ...]:
    """Columns of the devices."""
    return _("Device"), _("Maker, model, serial, firmware"), _("How well it is known"), _("Recognised by")


def known_by(known: str, driver: str) -> str:
    """How well a device's family is known."""
    how = {
        BY_DESCRIPTION: _("by description only: its numbers must be compared with its own display"),
        "public capture": _("from captures of real devices that others published"),
    }.get(known, known or _("not recorded"))
    return _("{how} (driver {driver})").format(how=how, driver=driver) if driver else how


def recognised(by: str) -> str:
    """By what it was known as the chosen one."""
    words = {"bond": _("its pairing"), "serial": _("its serial number"), "address": _("its address only")}
    return words.get(by, by or _("not recorded"))


def versions(program: str, made_with: str, others: Mapping[str, str]) -> list[str]:
    """Of what recorded the session and of what made this report."""
    parts = ", ".join(f"{name} {version}" for name, version in sorted(others.items()))
    return [
        _("Recorded by session-room {v}").format(v=program or "?") + (f" ({parts})." if parts else "."),
        _("This report was made by session-room {v}.").format(v=made_with),
    ]


def seal(rows: int, sealed: int, when: str) -> str:
    """Under whose key the record is."""
    return _("{sealed} of {rows} rows are sealed, the last time at {when}, with the key").format(
        sealed=sealed, rows=rows, when=when
    )


def seal_missing() -> str:
    """Nobody signed it while it was recorded."""
    return _("The record was not sealed while it was recorded.")


def how_to_check() -> tuple[str, ...]:
    """How a provider can be sure of it."""
    return (
        _("Ask the sitter, by telephone, to read out the key: `kiosk key show` says it. It must be this one."),
        _("It must also be the key of the earlier sessions from this computer."),
        _("`kiosk verify FILE` with the session file says whether all rows are there and unaltered."),
        _("Paper or PDF alone proves nothing: this report was made from the record and is no signature."),
    )
