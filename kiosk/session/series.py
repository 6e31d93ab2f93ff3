"""The plan's word on the sessions together: how many, how often, how far apart, until when the doses last.

Pure, a part of the plan (`kiosk.session.plan`). What became of it is worked out in `kiosk.session.course`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, time

import msgspec

WEEK_H = 7 * 24


class Series(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The sessions together. Dates are local calendar days.

    min_gap_hours: from the end of one to the opening of the next, None: no rule. starts_on, per_week, weeks: so many
    a week for so many weeks from that day on. then_every_weeks: afterwards one every so many weeks, None: none.
    at: usual time of day ("19:00"), for calendars only. renewal_every: sessions that one confirmation of the plan
    lasts for. doses, doses_on: how many doses there were at the beginning of that day.
    """

    min_gap_hours: float | None = None
    starts_on: date | None = None
    per_week: int | None = None
    weeks: int | None = None
    then_every_weeks: int | None = None
    at: str = ""
    renewal_every: int | None = None
    doses: int | None = None
    doses_on: date | None = None

    @property
    def at_time(self) -> time | None:
        """The usual time of day."""
        return time_of(self.at)


def time_of(text: str) -> time | None:
    """ "19:00" as a time of day, None where it is none."""
    found = re.fullmatch(r"(\d{1,2}):(\d{2})", text)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        return None
    return time(int(found[1]), int(found[2]))


def series_problems(series: Series) -> Iterator[tuple[tuple[str, ...], str]]:
    """(path in the plan, what is wrong)."""
    bounds = {
        "min_gap_hours": (series.min_gap_hours, 0, 24 * 365),
        "per_week": (series.per_week, 1, 7),
        "weeks": (series.weeks, 1, 104),
        "then_every_weeks": (series.then_every_weeks, 1, 52),
        "renewal_every": (series.renewal_every, 1, 100),
        "doses": (series.doses, 0, 1000),
    }
    for name, (value, least, most) in bounds.items():
        if value is not None and not least <= value <= most:
            yield ("series", name), f"{value:g} must be from {least:g} to {most:g}"
    if series.at and series.at_time is None:
        yield ("series", "at"), f"{series.at!r} is no time of day like 19:00"
    yield from _unfinished(series)


def _unfinished(series: Series) -> Iterator[tuple[tuple[str, ...], str]]:
    """Words that mean something only together."""
    pattern = {"starts_on": series.starts_on, "per_week": series.per_week, "weeks": series.weeks}
    given = [name for name, value in pattern.items() if value is not None]
    if given and len(given) < len(pattern):
        missing = ", ".join(name for name in pattern if name not in given)
        yield ("series", given[0]), f"needs {missing} beside it"
    if series.then_every_weeks is not None and not given:
        yield ("series", "then_every_weeks"), "needs starts_on, per_week, weeks beside it"
    if (series.doses is None) != (series.doses_on is None):
        given_name, other = ("doses", "doses_on") if series.doses_on is None else ("doses_on", "doses")
        yield ("series", given_name), f"needs {other} beside it"
    gap_h, per_week = series.min_gap_hours, series.per_week
    if gap_h is not None and per_week is not None and gap_h * (per_week - 1) >= WEEK_H:
        yield ("series", "per_week"), f"{per_week} a week do not fit with min_gap_hours {gap_h:g}"
