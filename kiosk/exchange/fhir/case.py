"""What every resource of one session's bundle needs: stable ids, references, times with their offset, the test mark.

Ids are made from the session's id and a name within it, so that the same record gives the same bundle, byte for byte.
"""

from __future__ import annotations

import uuid
from bisect import bisect_right
from functools import lru_cache
from typing import Any, TypeVar

import msgspec

from devices.reading import Reading
from kiosk.clock import iso
from kiosk.exchange import source as whole
from kiosk.exchange.fhir.code import GATEWAY, TEST_DATA, Json
from kiosk.exchange.source import Source, Whole
from kiosk.record.reader import Row
from kiosk.session import events as e
from kiosk.session.plan import Plan, PlanError
from kiosk.session.state import State
from kiosk.text import Names

T = TypeVar("T")
_SPACE = uuid.UUID("2d9f7c8e-6a1b-5c3d-9e4f-7a0b1c2d3e4f")


class Case(msgspec.Struct, frozen=True):
    """One session. state: the fold of its events. plan: None where this program cannot read its plan any more.

    events: every row that is no reading. offsets: (utc_ns, minutes) from which each local offset held; sitters: the
    same for who sat.
    """

    whole: Whole
    state: State
    plan: Plan | None
    events: tuple[Row, ...]
    offsets: tuple[tuple[int, int], ...]
    sitters: tuple[tuple[int, str], ...]

    @property
    def opened(self) -> e.SessionOpened:
        """The session's first event."""
        return self.whole.opened

    @property
    def names(self) -> Names:
        """What the two people are called, for sentences."""
        return Names(self.opened.patient_label, self.state.sitter_name or self.opened.sitter_label, self.offsets[0][1])

    @property
    def sitter_names(self) -> tuple[str, ...]:
        """Everybody who sat, in their order."""
        return tuple(dict.fromkeys(name for _, name in self.sitters))

    def time(self, utc_ns: int) -> str:
        """ISO 8601 with the local offset that held then."""
        return iso(utc_ns, self.offset_min(utc_ns))

    def offset_min(self, utc_ns: int) -> int:
        """Minutes by which local time was ahead of UTC then."""
        return _held(self.offsets, utc_ns)

    def sitter_at(self, utc_ns: int) -> str:
        """The name, within the session, of the resource of whoever sat then."""
        return f"sitter {_held(self.sitters, utc_ns)}"

    def id(self, name: str) -> str:
        """The id of the resource that is called so within this session."""
        return _uuid(f"{self.opened.session_id}/{name}")

    def ref(self, name: str) -> Json:
        """A reference to it."""
        return {"reference": f"urn:uuid:{self.id(name)}"}

    def resource(self, kind: str, called: str, /, **fields: Any) -> Json:
        """A resource; marked as test data where the devices were simulated. Empty fields are left out."""
        meta = {"meta": {"security": [TEST_DATA]}} if self.opened.simulated else {}
        kept = {key.rstrip("_"): value for key, value in fields.items() if value not in (None, "", [], {})}
        return {"resourceType": kind, "id": self.id(called), **meta, **kept}

    def observation(self, called: str, code: Json, category: list[Json], utc_ns: int | None, **fields: Any) -> Json:
        """A final observation of the patient in this session, passed on by this program."""
        return self.resource(
            "Observation",
            called,
            extension=[{"url": GATEWAY, "valueReference": self.ref("gateway")}],
            status="final",
            category=category,
            code=code,
            subject=self.ref("patient"),
            encounter=self.ref("session"),
            effectiveDateTime=None if utc_ns is None else self.time(utc_ns),
            **fields,
        )


@lru_cache(maxsize=64)
def _uuid(name: str) -> str:
    """Each resource refers to the same few: patient, session, device, gateway."""
    return str(uuid.uuid5(_SPACE, name))


def _held(since: tuple[tuple[int, T], ...], utc_ns: int) -> T:
    """What held at an instant; the first for what is before it."""
    return since[max(0, bisect_right(since, utc_ns, key=lambda pair: pair[0]) - 1)][1]


def of(source: Source) -> Case:
    """Looks at every row once. Raises ExchangeError NO_SESSION."""
    found = Gathering()
    for row in source.rows():
        found.take(row)
    return found.case()


class Gathering:
    """Becomes a `Case`, row by row."""

    def __init__(self) -> None:
        self._whole, self._state = whole.Gathering(), State()
        self._events: list[Row] = []
        self._anchors: list[tuple[int, int]] = []

    def take(self, row: Row) -> None:
        """The next row."""
        self._whole.take(row)
        if isinstance(row.what, Reading):
            return
        self._events.append(row)
        self._state = self._state.apply(row.what, row.seq, row.stamp, row.t_s)
        if isinstance(row.what, e.RunAnchored):
            self._anchors.append((row.stamp.utc_ns, row.what.utc_offset_min))

    def case(self) -> Case:
        """After the last row. Raises ExchangeError NO_SESSION."""
        known = self._whole.whole()
        offsets = sorted([(known.opened_ns, known.opened.utc_offset_min), *self._anchors])
        sitters = _sitters(known, self._events)
        return Case(known, self._state, _plan(known.opened.plan_toml), tuple(self._events), tuple(offsets), sitters)


def _sitters(known: Whole, events: list[Row]) -> tuple[tuple[int, str], ...]:
    """The first is called as they wrote themselves in the preparation, else as the plan calls them."""
    first, later = known.opened.sitter_label, list[tuple[int, str]]()
    for row in events:
        if isinstance(row.what, e.CheckAnswered) and row.what.check == "sitter" and row.what.passed and not later:
            first = row.what.data.get("name", first)
        elif isinstance(row.what, e.SitterChanged):
            later.append((row.stamp.utc_ns, row.what.name))
    return ((known.opened_ns, first), *sorted(later))


def _plan(text: str) -> Plan | None:
    try:
        return Plan.from_toml(text)
    except PlanError:
        return None  # of an older program; the sentences of its limits are in the record all the same
