"""Puts the bundle together: every resource once, every reference within it, the same bytes for the same rows."""

from __future__ import annotations

import msgspec

from kiosk.exchange.fhir import alarm, observation, people
from kiosk.exchange.fhir.case import Case, of
from kiosk.exchange.fhir.code import HL7, LOINC_NOTICE, Json, coding, concept
from kiosk.exchange.fhir.trend import Trends
from kiosk.exchange.source import Source

_encoder = msgspec.json.Encoder(decimal_format="number")


def bundle(source: Source) -> bytes:
    """The session as JSON, UTF-8. Raises ExchangeError NO_SESSION."""
    case = of(source)
    trends = Trends()
    found = list(people.people(case))
    readings = list(observation.measured(case, source.rows(), trends))
    found += [*trends.observations(case), *readings, *observation.seen(case)]
    found += alarm.alarms(case, trends.names())
    found.append(_provenance(case, found))
    made = case.resource(
        "Bundle",
        "bundle",
        identifier={"system": "urn:session-room:session", "value": case.opened.session_id},
        type_="collection",
        timestamp=case.time(case.whole.last_ns),
        entry=[{"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource} for resource in found],
    )
    return _encoder.encode(made) + b"\n"


def _provenance(case: Case, found: list[Json]) -> Json:
    """That this program made all of it from its record; with the notice that LOINC asks for."""
    return case.resource(
        "Provenance",
        "provenance",
        text={"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{LOINC_NOTICE}</div>'},
        target=[{"reference": f"urn:uuid:{resource['id']}"} for resource in found],
        recorded=case.time(case.whole.last_ns),
        activity=concept("Assembled from the record of the session"),
        agent=[
            {
                "type": concept("Assembler", coding(f"{HL7}/provenance-participant-type", "assembler", "Assembler")),
                "who": case.ref("gateway"),
            }
        ],
    )
