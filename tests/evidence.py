"""What is known of each family and how it is protected on its way, counted from the known payloads: docs/devices.md.

`.venv/bin/python -m tests.evidence` writes the page; a test holds the page against what is counted.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import NamedTuple

from devices.catalog import DRIVERS, Driver
from devices.drivers import DecodeError
from devices.drivers.framing import Framer
from devices.drivers.generic import CURRENT_TIME, DATE_TIME
from devices.drivers.payload import long_uuid
from devices.drivers.refused import REFUSED
from devices.reading import CuffPressure, HeartRate, Oximetry, Pressure, Quality, Value

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "devices.md"
PAYLOADS = ROOT / "tests" / "data" / "payloads"
MEASURES = (Oximetry, Pressure, CuffPressure, HeartRate)

CHECKSUMS = {
    "aa55": "CRC, 8 bits (Maxim)",
    "bp2": "CRC, 8 bits",
    "eb": "sum, 7 bits",
    "masimo": "CRC, 8 bits",
    "oxyii": "CRC, 8 bits",
    "viatom": "CRC, 8 bits",
}
"""Families whose frames carry one; the others rely on the link's."""


class Vector(NamedTuple):
    """A known payload."""

    driver: Driver
    characteristic: str
    data: bytes


class Fate(StrEnum):
    """What becomes of a payload with one wrong bit."""

    REFUSED = "refused"
    DOUBTED = "no valid value"
    SAME = "the same values"
    OTHER = "another value"


def vectors() -> Iterator[Vector]:
    """Every payload of tests/data/payloads."""
    for name in ("plx", "bls", "families"):
        for line in (PAYLOADS / f"{name}.jsonl").read_text().splitlines():
            row = json.loads(line)
            driver = DRIVERS[row.get("driver", name)]
            yield Vector(driver, long_uuid(row.get("characteristic", driver.main)), bytes.fromhex(row["hex"]))


def flips(data: bytes) -> Iterator[bytes]:
    """Every payload that differs in one bit."""
    for bit in range(len(data) * 8):
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        yield bytes(flipped)


def received(vector: Vector, *chunks: bytes) -> list[bytes]:
    """The whole frames in what came, through a new framer where the family has frames."""
    framing = vector.driver.framings.get(vector.driver.main)
    if framing is None:
        return list(chunks)
    framer = Framer(framing)
    return [frame for chunk in chunks for frame in framer.feed(chunk)]


def valid_values(vector: Vector, frames: list[bytes]) -> list[tuple[str, Value]] | None:
    """The values that would be shown and judged; None if no frame could be decoded."""
    decoded: list[object] = []
    for frame in frames:
        try:
            decoded.append(vector.driver.decode(vector.characteristic, frame))
        except DecodeError:
            continue
    if not decoded:
        return None
    fields = [
        (name, getattr(one, name)) for one in decoded if isinstance(one, MEASURES) for name in one.__struct_fields__
    ]
    return [(name, v) for name, v in fields if isinstance(v, Value) and v.quality is Quality.VALID]


def fate(vector: Vector, honest: list[tuple[str, Value]] | None, flipped: bytes) -> Fate:
    """What becomes of one flipped payload."""
    values = valid_values(vector, received(vector, flipped))
    if values is None:
        return Fate.REFUSED
    if not values:
        return Fate.DOUBTED
    return Fate.SAME if values == honest else Fate.OTHER


@cache
def fates(family: str) -> Counter[str]:
    """The fates of all single-bit flips of a family's payloads, and "frames": how many payloads there are."""
    counts: Counter[str] = Counter()
    for vector in (one for one in vectors() if one.driver.id == family):
        honest = valid_values(vector, received(vector, vector.data))
        counts["frames"] += 1
        counts.update(str(fate(vector, honest, flipped)) for flipped in flips(vector.data))
    return counts


def _supported() -> Iterator[str]:
    yield "| family | what | how it is known | kind | bond | its clock | note |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for driver in sorted(DRIVERS.values(), key=lambda one: (one.kind, one.id)):
        kind = f"{driver.kind}, live" if driver.live else f"{driver.kind}, hands over and hangs up"
        bond = "needed" if driver.needs_bond else "where asked for"
        clock = "set" if {DATE_TIME, CURRENT_TIME}.intersection(driver.allowed_writes) else "left alone"
        yield f"| `{driver.id}` | {driver.title} | {driver.tested_by} | {kind} | {bond} | {clock} | {driver.note} |"


def _flipped() -> Iterator[str]:
    fate_names = " | ".join(Fate)
    yield f"| family | checksum of its own | payloads | flips | {fate_names} |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for family in sorted({vector.driver.id for vector in vectors()}):
        counts = fates(family)
        flipped = sum(counts[fate] for fate in Fate)
        numbers = " | ".join(str(counts[fate]) for fate in Fate)
        checksum = CHECKSUMS.get(family, "none: the link's")
        yield f"| `{family}` | {checksum} | {counts['frames']} | {flipped} | {numbers} |"


PAGE_TEXT = """\
# Devices

Made by `python -m tests.evidence`; a test holds it against the program. None of it was tried with a real device by the
authors. "Public capture": held against bytes that real devices sent, published by others. "Built from description
only": nobody published such bytes; compare each number with the device's display.

## What can be read
{supported}

## What cannot, and why
| device | reason |
| --- | --- |
{refused}

## Readings out of a memory
Most cuffs hand over what they stored and hang up; some repeat all of it each time, some delete what was confirmed.
A reading is heard once, by its bytes. It is current only if its time is within ten minutes of now, by the device's own
clock where that can be read; without a date it is doubted; everything else is stored: shown as old, never judged, never
a baseline. It is on the disk before it is confirmed to the device. BlueZ confirms by itself before the program hears of
a value, so there a computer that dies within some milliseconds can still lose one; the simulated radio shows the rest.

## One wrong bit
Every known payload with every single bit flipped. A family with a checksum of its own yields no value from any of
them. The others rely on the Bluetooth link: it checks each packet with a CRC of 24 bits, which finds every single
wrong bit, and the packet is sent again. The last column is what would pass as plausible without that check.

{flipped}
"""


def page() -> str:
    """docs/devices.md."""
    refused = "\n".join(f"| {one.title} | {one.why} {one.instead} |" for one in REFUSED)
    return PAGE_TEXT.format(supported="\n".join(_supported()), refused=refused, flipped="\n".join(_flipped()))


if __name__ == "__main__":
    PAGE.write_text(page())
