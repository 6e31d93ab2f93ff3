"""Tables of another form must not be held against ours: what changes them has to raise `TABLES_FORM`."""

from __future__ import annotations

import hashlib
from typing import get_args

import msgspec

from kiosk.exchange.columns import ALARMS, BLOOD_PRESSURE, EVENTS, VITALS
from kiosk.exchange.manifest import TABLES_FORM
from kiosk.session.events import AnyEvent

KNOWN = {2: "efacc8a9d1c5cdf2"}
"""Form to the digest of its events' fields and tables' columns. A form that was handed out is never changed."""


def described() -> str:
    """Every event with its fields, every table with its columns."""
    events = sorted(f"{kind.__struct_config__.tag}: {', '.join(kind.__struct_fields__)}" for kind in get_args(AnyEvent))
    tables = [
        f"{table.name}: {', '.join(column.name for column in table.columns)}"
        for table in (VITALS, BLOOD_PRESSURE, EVENTS, ALARMS)
    ]
    return "\n".join([*events, *tables])


def test_events_and_tables_are_those_of_the_form_that_they_say() -> None:
    assert all(issubclass(kind, msgspec.Struct) for kind in get_args(AnyEvent))
    digest = hashlib.sha256(described().encode()).hexdigest()[:16]
    assert KNOWN.get(TABLES_FORM) == digest, "raise TABLES_FORM and add the new form here"
