"""Puts the bundle together: every resource once, every reference within it, the same bytes for the same rows.

It is written entry by entry behind the last reading: until then memory holds two numbers a second, and one reading a
minute.
"""

from __future__ import annotations

from itertools import chain
from typing import IO

import msgspec

from devices.reading import Reading
from kiosk.exchange.fhir import alarm, observation, people
from kiosk.exchange.fhir.case import Case, of
from kiosk.exchange.fhir.code import HL7, LOINC_NOTICE, Json, coding, concept
from kiosk.exchange.fhir.trend import Trends
from kiosk.exchange.source import Source
from kiosk.record.reader import Row

_encoder = msgspec.json.Encoder(decimal_format="number")


class Bundle:
    """One in the making: rows go in, then JSON in UTF-8 comes out. withdrawn: rows of readings that were taken back."""

    def __init__(self, withdrawn: frozenset[int] = frozenset()) -> None:
        self._trends = Trends()
        self._measured = observation.Measured(self._trends, withdrawn)

    def take(self, row: Row) -> None:
        """The next row."""
        if isinstance(row.what, Reading):
            self._measured.take(row, row.what)

    def write(self, case: Case, out: IO[bytes]) -> None:
        """Behind the last row: all of it. case: of the same rows, as a whole."""
        out.write(_head(case))
        ids: list[str] = []
        parts = (
            people.people(case),
            self._trends.observations(case),
            self._measured.observations(case),
            observation.seen(case),
            alarm.alarms(case, self._trends.names()),
        )
        for found in chain.from_iterable(parts):
            out.write((b"," if ids else b"") + _entry(found))
            ids.append(found["id"])
        out.write(b"," + _entry(_provenance(case, ids)) + b"]}\n")


def write(source: Source, out: IO[bytes]) -> None:
    """The session as JSON, UTF-8. Raises ExchangeError NO_SESSION."""
    case = of(source)
    made = Bundle(case.whole.withdrawn)
    for row in source.rows():
        made.take(row)
    made.write(case, out)


def _head(case: Case) -> bytes:
    """All that stands before the first entry."""
    made = case.resource(
        "Bundle",
        "bundle",
        identifier={"system": "urn:session-room:session", "value": case.opened.session_id},
        type_="collection",
        timestamp=case.time(case.whole.last_ns),
    )
    return _encoder.encode(made)[:-1] + b',"entry":['


def _entry(resource: Json) -> bytes:
    return _encoder.encode({"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource})


def _provenance(case: Case, ids: list[str]) -> Json:
    """That this program made all of it from its record; with the notice that LOINC asks for."""
    return case.resource(
        "Provenance",
        "provenance",
        text={"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{LOINC_NOTICE}</div>'},
        target=[{"reference": f"urn:uuid:{one}"} for one in ids],
        recorded=case.time(case.whole.last_ns),
        activity=concept("Assembled from the record of the session"),
        agent=[
            {
                "type": concept("Assembler", coding(f"{HL7}/provenance-participant-type", "assembler", "Assembler")),
                "who": case.ref("gateway"),
            }
        ],
    )
