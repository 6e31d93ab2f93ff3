"""Rules of our own for a session's bundle, where schema and validators are silent: units, code pairs, offsets, closure.

Written from the FHIR R4 specification and the vital-signs profiles, not from the code that makes the bundle.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

Json = dict[str, Any]
LOINC, MDC, UCUM = "http://loinc.org", "urn:iso:std:iso:11073:10101", "http://unitsofmeasure.org"
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
UNITS = {
    ("2708-6", "59408-5", "150456"): "%",
    ("150456",): "%",
    ("8867-4", "149530"): "/min",
    ("8867-4", "149546"): "/min",
    ("8867-4", "147842"): "/min",
    ("149530",): "/min",
    ("8480-6", "150021"): "mm[Hg]",
    ("8462-4", "150022"): "mm[Hg]",
    ("8478-0", "150023"): "mm[Hg]",
    ("9279-1",): "/min",
}
"""Which codes stand together, and the one unit that their values may have."""
TIMES = {"effectiveDateTime", "timestamp", "recorded", "sent", "received", "start", "end", "date"}


def problems(bundle: Json) -> list[str]:
    """Every broken rule in words; empty for a good bundle."""
    return [*_closure(bundle), *_times(bundle), *_test_mark(bundle), *_observations(bundle), *_order(bundle)]


def walk(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every element below, with its path."""
    yield path, value
    if isinstance(value, dict):
        for key, part in value.items():
            yield from walk(part, f"{path}.{key}")
    elif isinstance(value, list):
        for i, part in enumerate(value):
            yield from walk(part, f"{path}[{i}]")


def _resources(bundle: Json) -> list[Json]:
    return [entry["resource"] for entry in bundle["entry"]]


def _closure(bundle: Json) -> Iterator[str]:
    """Every reference is to an entry, every entry is there once and is called by its id."""
    urls = [entry["fullUrl"] for entry in bundle["entry"]]
    yield from (f"{url} is there {n} times" for url, n in Counter(urls).items() if n > 1)
    for entry in bundle["entry"]:
        if entry["fullUrl"] != f"urn:uuid:{entry['resource']['id']}":
            yield f"{entry['fullUrl']} is not the id of its resource"
    for path, value in walk(bundle):
        if path.endswith(".reference") and value not in urls:
            yield f"{path} leads nowhere: {value}"


def _times(bundle: Json) -> Iterator[str]:
    for path, value in walk(bundle):
        if path.rsplit(".", 1)[-1] in TIMES and isinstance(value, str) and not INSTANT.fullmatch(value):
            yield f"{path} has no offset: {value}"
        if path.endswith((".period", ".effectivePeriod", ".identifiedPeriod")) and isinstance(value, dict):
            ends = [datetime.fromisoformat(value[key]) for key in ("start", "end") if key in value]
            if ends != sorted(ends):
                yield f"{path} ends before it begins"


def _test_mark(bundle: Json) -> Iterator[str]:
    """All or nothing: a bundle of test data has the mark in every resource."""
    marks = ["HTEST" in str(r.get("meta", {}).get("security", "")) for r in (bundle, *_resources(bundle))]
    if any(marks) and not all(marks):
        yield "HTEST is missing in some resources"


def _observations(bundle: Json) -> Iterator[str]:
    for r in _resources(bundle):
        if r["resourceType"] != "Observation":
            continue
        values = [key for key in r if key.startswith("value")]
        if len(values) > 1:
            yield f"{r['id']} has {len(values)} values"
        if values and "dataAbsentReason" in r:
            yield f"{r['id']} has a value and a reason for having none (obs-6)"
        if not values and "dataAbsentReason" not in r and "component" not in r:
            yield f"{r['id']} has neither value nor reason"
        is_vital = any(c["code"] == "vital-signs" for k in r["category"] for c in k.get("coding", []))
        if is_vital and not ("effectiveDateTime" in r or "effectivePeriod" in r):
            yield f"{r['id']} has no time"
        for part in (r, *r.get("component", [])) if is_vital else ():
            yield from _unit(r["id"], part)


def _unit(where: str, part: Json) -> Iterator[str]:
    codes = tuple(c["code"] for c in part["code"].get("coding", []))
    if codes == ("85354-9", "150020"):
        return
    systems = {LOINC if "-" in c["code"] else MDC for c in part["code"]["coding"]}
    if systems != {c["system"] for c in part["code"]["coding"]}:
        yield f"{where}: {codes} have other systems"
    unit = UNITS.get(codes)
    if unit is None:
        yield f"{where}: codes {codes} do not stand together"
    for quantity in (part.get("valueQuantity"), part.get("valueSampledData", {}).get("origin")):
        if quantity and (quantity.get("system"), quantity.get("code")) != (UCUM, unit):
            yield f"{where}: unit {quantity.get('code')} is not {unit}"
    for sample in part.get("valueSampledData", {}).get("data", "").split(" "):
        if sample and not re.fullmatch(r"E|U|L|-?\d+(\.\d+)?", sample):
            yield f"{where}: sample {sample!r}"


def _order(bundle: Json) -> Iterator[str]:
    """Nothing in a session is observed before it began or after its last row."""
    session = next(r for r in _resources(bundle) if r["resourceType"] == "Encounter")
    begun, last = datetime.fromisoformat(session["period"]["start"]), datetime.fromisoformat(bundle["timestamp"])
    for r in _resources(bundle):
        at = r.get("effectiveDateTime", "")
        if (
            r["resourceType"] == "Observation"
            and INSTANT.fullmatch(at)
            and not begun <= datetime.fromisoformat(at) <= last
        ):
            yield f"{r['id']} is outside of its session"
