"""Puts the bundle together: every resource once, every reference within it, the same bytes for the same rows.

It is written entry by entry. What the trends are is known only behind the last reading, and they stand before the
readings: so the readings wait beside, in a file, and memory holds two numbers a second.
"""

from __future__ import annotations

import shutil
from typing import IO

import msgspec

from kiosk.exchange.fhir import alarm, observation, people
from kiosk.exchange.fhir.case import Case, of
from kiosk.exchange.fhir.code import HL7, LOINC_NOTICE, Json, coding, concept
from kiosk.exchange.fhir.trend import Trends
from kiosk.exchange.source import Source
from kiosk.record.reader import Row

_encoder = msgspec.json.Encoder(decimal_format="number")


class Bundle:
    """One in the making: rows go in, JSON in UTF-8 comes out. beside: an empty file to write and read, its caller's."""

    def __init__(self, case: Case, out: IO[bytes], beside: IO[bytes]) -> None:
        self._case, self._out, self._beside = case, out, beside
        self._trends = Trends()
        self._measured = observation.Measured(case, self._trends)
        self._ids: list[str] = []
        self._measured_ids: list[str] = []

    def take(self, row: Row) -> None:
        """The next row of the session that `case` knows as a whole."""
        for found in self._measured.observations(row):
            self._measured_ids.append(found["id"])
            self._beside.write(b"," + _entry(found))

    def end(self) -> None:
        """Behind the last row: write all of it."""
        case = self._case
        self._out.write(_head(case))
        for found in (*people.people(case), *self._trends.observations(case)):
            self._write(found)
        self._ids += self._measured_ids
        self._beside.seek(0)
        shutil.copyfileobj(self._beside, self._out)
        for made in (observation.seen(case), alarm.alarms(case, self._trends.names())):
            for found in made:
                self._write(found)
        self._write(_provenance(case, self._ids))
        self._out.write(b"]}\n")

    def _write(self, found: Json) -> None:
        self._out.write((b"," if self._ids else b"") + _entry(found))
        self._ids.append(found["id"])


def write(source: Source, out: IO[bytes], beside: IO[bytes]) -> None:
    """The session as JSON, UTF-8. Raises ExchangeError NO_SESSION."""
    made = Bundle(of(source), out, beside)
    for row in source.rows():
        made.take(row)
    made.end()


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
