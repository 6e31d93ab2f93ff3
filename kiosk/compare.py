"""The record against the air's log of every value that it sent: both ways, in order, byte for byte.

Used by `kiosk demo` and the end-to-end tests. What the air says it delivered must stand in the record once and in
the same order; what stands in the record must have been sent.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import msgspec

from devices.reading import Reading, Source
from kiosk.record.reader import Reader
from kiosk.session.events import PayloadRefused


class Comparison(msgspec.Struct, frozen=True):
    """missing: sent and not recorded; extra: recorded and not sent; in_order: the common rows are in one order."""

    sent: int
    recorded: int
    missing: tuple[str, ...]
    extra: tuple[str, ...]
    in_order: bool

    @property
    def same(self) -> bool:
        """Nothing missing, extra, doubled or out of order."""
        return not self.missing and not self.extra and self.in_order

    @property
    def sentence(self) -> str:
        """The outcome in words."""
        if self.same:
            return f"{self.sent} values sent, {self.recorded} recorded: the same, in the same order."
        order = "" if self.in_order else ", out of order"
        counts = f"{len(self.missing)} missing, {len(self.extra)} extra{order}"
        return f"{self.sent} values sent, {self.recorded} recorded: {counts}."


def compare_with_air(record: Path, air_log: Path) -> Comparison:
    """Compare every session of `record` with the log. A value is device, characteristic and bytes."""
    return compare_values(sent_values(air_log), recorded_values(record))


def compare_values(sent: dict[str, list[str]], recorded: dict[str, list[str]]) -> Comparison:
    """Compare by device: order is each device's own, because two devices have no common one."""
    missing: list[str] = []
    extra: list[str] = []
    in_order = True
    for device in sorted(sent.keys() | recorded.keys()):
        a, b = sent.get(device, []), recorded.get(device, [])
        missing += (Counter(a) - Counter(b)).elements()
        extra += (Counter(b) - Counter(a)).elements()
        if len(a) == len(b):
            in_order = in_order and a == b
        else:
            common = Counter(a) & Counter(b)
            in_order = in_order and _only(a, common) == _only(b, common)
    return Comparison(
        sum(map(len, sent.values())), sum(map(len, recorded.values())), tuple(missing), tuple(extra), in_order
    )


def _only(values: list[str], common: Counter[str]) -> list[str]:
    left = Counter(common)
    kept: list[str] = []
    for value in values:
        if left[value] > 0:
            left[value] -= 1
            kept.append(value)
    return kept


def sent_values(air_log: Path) -> dict[str, list[str]]:
    """device -> "characteristic hex" of every delivered value, in the order of sending."""
    values: dict[str, list[str]] = {}
    for line in air_log.read_text().splitlines():
        row = json.loads(line)
        if "hex" in row and row.get("delivered", True):
            values.setdefault(row["device"].lower(), []).append(f"{row['characteristic'].lower()} {row['hex'].lower()}")
    return values


def recorded_values(record: Path) -> dict[str, list[str]]:
    """The same of the record: readings from devices, and payloads that a driver refused."""
    values: dict[str, list[str]] = {}
    with Reader(record) as reader:
        for session in reader.sessions():
            for row in reader.rows(session.session_id):
                match row.what:
                    case Reading(source=Source.TYPED):
                        pass
                    case Reading(device=device, characteristic=characteristic, raw=raw):
                        values.setdefault(device.lower(), []).append(f"{characteristic.lower()} {raw.hex()}")
                    case PayloadRefused(device=device, characteristic=characteristic, raw_hex=raw_hex):
                        values.setdefault(device.lower(), []).append(f"{characteristic.lower()} {raw_hex.lower()}")
                    case _:
                        pass
    return values
