"""What stands first in a report, before the form: what a provider must not find on page three. Built from events.

A kind of event that has to stand here gets a line in `_STANDS`; its sentence is the one that was shown then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from kiosk.exchange.report.case import Case
from kiosk.session import events as e

_DARK = "dark thoughts"


class Urgent(msgspec.Struct, frozen=True):
    """One of them. text: the sentence as it was shown."""

    utc_ns: int
    text: str


def first(case: Case) -> Iterator[Urgent]:
    """What stands first, in the order of the record, at its corrected time; nothing that was taken back."""
    acts = {act.seq: act for act in case.state.acts}
    for row in case.events:
        stands, act = _STANDS.get(type(row.what)), acts.get(row.seq)
        if stands is not None and stands(row.what) and not (act is not None and act.withdrawn):
            yield Urgent(row.stamp.utc_ns if act is None else act.utc_ns, row.text)


_STANDS: dict[type, Callable[[Any], bool]] = {
    e.HappeningTapped: lambda v: v.kind == _DARK,
    e.EmergencyCalled: lambda v: True,
    e.ThoughtsReported: lambda v: True,
}
