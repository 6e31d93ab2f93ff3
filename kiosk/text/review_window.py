"""The labels of the provider's window and its crosshair. What is known of a session is in `text.review`."""

from __future__ import annotations

from typing import Literal

from kiosk.text.catalogue import _
from kiosk.text.measure import clock_time
from kiosk.text.review import exactly, sessions


def lane_titles() -> tuple[str, str, str, str]:
    """The rows above the plots."""
    return _("planned"), _("marked"), _("Marks"), _("Notes")


def zero(has_dose: bool) -> str:
    """What minute 0 is."""
    return _("dose") if has_dose else _("start")


def instant(origin_utc_ms: int, offset_min: int, t_s: float, since_s: float) -> str:
    """ "21:56:20 · 54 min 20 s": local time, and how long since the dose or the start."""
    clock = clock_time(origin_utc_ms * 1_000_000 + round(t_s * 1e9), offset_min, with_seconds=True)
    return f"{clock} · {exactly(since_s)}"


def reading(spo2: tuple[float | None, bool] | None, pulse: tuple[float | None, bool] | None) -> str:
    """A recorded reading: each value and whether it is doubtful; None: nothing was recorded there."""
    if spo2 is None and pulse is None:
        return _("no reading")
    parts = [_value(_("SpO2"), spo2), _value(_("pulse"), pulse)]
    return " · ".join(part for part in parts if part)


def _value(name: str, value: tuple[float | None, bool] | None) -> str:
    if value is None:
        return ""
    figure, is_doubtful = value
    if figure is None:
        return _("{name} not valid").format(name=name)
    return f"{name} {figure:g}" + (_(" questionable") if is_doubtful else "")


def pressure_at(label: str, typed: bool) -> str:
    """A blood pressure near the crosshair."""
    return _("Pressure {v}, typed").format(v=label) if typed else _("Pressure {v}").format(v=label)


def wave_title() -> str:
    """The row of the waveform."""
    return _("Wave")


def wave_zoom(seconds: int) -> str:
    """Why it is not drawn."""
    return _("Zoom in to {n} s or less to see the pulse wave").format(n=seconds)


Zero = Literal["dose", "started"]


def pressure() -> str:
    """Name of the plot."""
    return _("Pressure")


def pulse() -> str:
    """Name of the plot."""
    return _("Pulse")


def per_minute() -> str:
    """Unit of the pulse."""
    return _("/min")


def overlay_name() -> str:
    """The chart of a series, read out."""
    return _("Sessions of the series over each other, minute by minute")


def minute(number: int, has_dose: bool) -> str:
    """Which minute the crosshair stands in."""
    words = _("minute {n} after the dose") if has_dose else _("minute {n} after the start")
    return words.format(n=number)


def series_minute(number: int, spo2_low: float | None, pulse_middle: float | None) -> str:
    """One session's minute under the crosshair."""
    if spo2_low is None and pulse_middle is None:
        return _("{n}: no valid value").format(n=number)
    low = "–" if spo2_low is None else f"{spo2_low:g}"
    return f"{number}: {low} · {'–' if pulse_middle is None else f'{pulse_middle:g}'}"


def series_title(count: int) -> str:
    """Heading of the series."""
    return _("One session") if count == 1 else _("All {n}, minute by minute").format(n=count)


def series_how() -> str:
    """What stands for a minute."""
    return _("lowest valid SpO2 and middle pulse of each minute; pressures in session order")


def align(zero: Zero) -> str:
    """From where minutes are counted now."""
    return _("From the dose") if zero == "dose" else _("From the start")


def alone(is_alone: bool) -> str:
    """Switch of the other sessions."""
    return _("All sessions") if is_alone else _("Chosen only")


def by_session() -> str:
    """Heading of the table."""
    return _("By session")


def table_head() -> tuple[str, ...]:
    """Columns of the table by session."""
    return "", _("mg"), _("min SpO2"), _("max BP"), _("ready"), _("alarms"), _("valid")


def scores() -> str:
    """Heading of what the patient answered, by session."""
    return _("Answers, by session")


def totals() -> str:
    """Heading of what the series comes to."""
    return _("Alarms and gaps")


def trial_title() -> str:
    """Heading of the limits that can be tried."""
    return _("With other limits this series would have alarmed")


def judge() -> str:
    """Begin to judge."""
    return _("Try")


def judging() -> str:
    """It is under way."""
    return _("The series is being judged by these limits…")


def as_typed() -> str:
    """The row of the limits in the fields."""
    return _("trial: as typed above")


def would_have(sessions: int, high: int, medium: int, low: int) -> str:
    """What the limits in the fields come to."""
    return _(
        "With these limits this series of {n} would have alarmed {all} times: high {high}, medium {medium}, low {low}. "
        "Only readings and their absence are judged again."
    ).format(n=sessions, all=high + medium + low, high=high, medium=medium, low=low)


def limit_field(label: str, unit: str) -> str:
    """Accessible name of a limit's field."""
    return f"{label}, {unit}"


def delay_field(label: str) -> str:
    """Accessible name of the field of its delay."""
    return _("{label}, for how many seconds").format(label=label)


def for_seconds() -> str:
    """Between a limit and its delay."""
    return _("for")


def search_hint() -> str:
    """What can be searched for."""
    return _("Date, dose, alarm, word")


def flag_title() -> str:
    """By what the list is narrowed."""
    return _("Show only sessions with")


_FLAGS = {
    "": "All sessions",
    "high": "High alarms",
    "medium": "Medium alarms",
    "low": "Low alarms",
    "gaps": "Gaps",
    "override": "Overrides",
    "unconfirmed": "Limits not confirmed",
    "signer": "Signer unknown or changed",
    "simulated": "Simulated",
}


def flag(name: str) -> str:
    """One way to narrow the list."""
    return _(_FLAGS[name])


def list_title() -> str:
    """The list, read out."""
    return _("Sessions")


def shown_of(shown: int, whole: int) -> str:
    """How many of the list are shown."""
    return sessions(whole) if shown == whole else _("{k} of {n} sessions").format(k=shown, n=whole)


def legend() -> tuple[tuple[tuple[str, str, str], ...], ...]:
    """What the marks mean, two a line: shape, severity, words."""
    return (
        (("low", "high", _("too low")), ("high", "medium", _("too high"))),
        (("technical", "medium", _("signal, device")), ("call", "none", _("patient called"))),
        (("note", "none", _("note")), ("dose", "none", _("dose"))),
        (("technical", "high", _("high")), ("technical", "low", _("low"))),
    )


def lines_title(name: str) -> str:
    """One view of what happened."""
    return {"alarms": _("Alarms, calls"), "notes": _("Notes"), "all": _("All")}[name]


def position() -> str:
    """The replay's slider."""
    return _("Position in the session")


def play() -> str:
    """Let the crosshair go on."""
    return _("Replay")


def pause() -> str:
    """Let it stand."""
    return _("Pause")


def speed() -> str:
    """How fast."""
    return _("Speed of the replay")


def summary() -> str:
    """Heading of the facts."""
    return _("Summary")


def axis(is_clock: bool) -> str:
    """What stands below the plots now."""
    return _("Time of day") if is_clock else _("Minutes since the dose")


def note_button() -> str:
    """Add a provider's note."""
    return _("Note as provider")


def report() -> str:
    """The PDF."""
    return _("Report")


_TOOLS = {
    "earlier": "Earlier (Ctrl+Left)",
    "later": "Later (Ctrl+Right)",
    "zoomOut": "Show more time (−)",
    "zoomIn": "Show less time (+)",
    "zoomWhole": "The whole session (0)",
}


def tool(name: str) -> str:
    """A button over the chart."""
    return _(_TOOLS[name])


def view(name: str) -> str:
    """A view of the window."""
    return {"session": _("Session"), "series": _("Series")}[name]


def print_button() -> str:
    """Print what is shown."""
    return _("Print")


def export_button() -> str:
    """Write a session to a file."""
    return _("Export")


def window_title() -> str:
    """No name of a person stands there: the desktop keeps lists of titles."""
    return _("Session room: review")


def looked_at(source: str) -> str:
    """What is looked at."""
    return _("Looking at: {source}.").format(source=source)


def pin_why() -> str:
    """Why a PIN is asked for."""
    return _("This record belongs to a room. Its sessions are shown to whoever knows the PIN.")


def pin_open() -> str:
    """Open the review."""
    return _("Open")
