"""The record against the air's log of every value that it sent: both ways, in order, byte for byte.

Used by `kiosk demo`, the end-to-end tests and the soak run. What the air says it delivered must stand in the record
once and in the same order; what stands in the record must have been sent. Of a device that streams, the values are
whole frames, however they were cut or merged; bytes that belong to no frame must be refused, and no others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from devices.reading import Reading, Source
from kiosk.airlog import AirLog
from kiosk.record.reader import Reader
from kiosk.session.events import PayloadRefused

Values = Mapping[str, list[str]]
"""device -> "characteristic hex" of each value, in order."""


class Comparison(msgspec.Struct, frozen=True):
    """missing: sent and not recorded; extra: recorded and not sent; in_order: the common rows are in one order.

    refused: bytes of streams that were sent broken and refused.
    """

    sent: int
    recorded: int
    missing: tuple[str, ...]
    extra: tuple[str, ...]
    in_order: bool
    refused: int = 0

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


class Taken(NamedTuple):
    """One row of the record: a reading, or bytes that a driver refused."""

    device: str
    characteristic: str
    hex: str
    is_reading: bool

    @property
    def value(self) -> str:
        """As in the air's log."""
        return f"{self.characteristic.lower()} {self.hex.lower()}"


def compare_with_air(record: Path, air_log: Path) -> Comparison:
    """Compare every session of `record` with the log. A value is device, characteristic and bytes."""
    return compare_taken(AirLog.read(air_log), rows_of(record))


def compare_taken(log: AirLog, rows: Iterable[Taken]) -> Comparison:
    """Compare rows, in their order, with the log."""
    values: dict[str, list[str]] = {}
    refused: dict[str, bytearray] = {}
    for row in rows:
        if row.is_reading or row.device not in log.streams:
            values.setdefault(row.device, []).append(row.value)
        else:
            refused.setdefault(row.device, bytearray()).extend(bytes.fromhex(row.hex))
    result = compare_values(log.values, values, log.optional)
    missing, extra = list(result.missing), list(result.extra)
    for device in sorted(log.broken.keys() | refused.keys()):
        sent, got = log.broken.get(device, bytearray()), refused.get(device, bytearray())
        if not is_part_in_order(got, sent):
            extra.append(f"{device} refused bytes that were not sent broken")
        if len(got) < len(sent) - log.forgotten[device]:
            missing.append(f"{device} refused {len(got)} bytes of {len(sent)}")
    count = sum(map(len, refused.values()))
    return msgspec.structs.replace(result, missing=tuple(missing), extra=tuple(extra), refused=count)


def compare_values(sent: Values, recorded: Values, optional: Mapping[str, Counter[str]] | None = None) -> Comparison:
    """Compare by device: order is each device's own, because two devices have no common one.

    optional: of the values sent, those that the record may have or not; they count as sent where it has them.
    """
    missing: list[str] = []
    extra: list[str] = []
    in_order, count = True, 0
    for device in sorted(sent.keys() | recorded.keys()):
        a, b = Counter(sent.get(device, [])), Counter(recorded.get(device, []))
        must = a - (optional or {}).get(device, Counter())
        missing += (must - b).elements()
        extra += (b - a).elements()
        in_order = in_order and is_part_in_order(_only(recorded.get(device, []), a & b), sent.get(device, []))
        count += (must | (a & b)).total()
    return Comparison(count, sum(map(len, recorded.values())), tuple(missing), tuple(extra), in_order)


def is_part_in_order(part: Iterable[object], whole: Iterable[object]) -> bool:
    """Whether `part` is `whole` with some left out."""
    rest = iter(whole)
    return all(any(one == other for other in rest) for one in part)


def _only(values: list[str], common: Counter[str]) -> list[str]:
    left = Counter(common)
    kept: list[str] = []
    for value in values:
        if left[value] > 0:
            left[value] -= 1
            kept.append(value)
    return kept


def rows_of(record: Path) -> Iterator[Taken]:
    """Every row of every session that came from a device: readings, and payloads that a driver refused."""
    with Reader(record) as reader:
        for session in reader.sessions():
            for row in reader.rows(session.session_id):
                match row.what:
                    case Reading(source=Source.TYPED):
                        pass
                    case Reading(device=device, characteristic=characteristic, raw=raw):
                        yield Taken(device.lower(), characteristic, raw.hex(), is_reading=True)
                    case PayloadRefused(device=device, characteristic=characteristic, raw_hex=raw_hex):
                        yield Taken(device.lower(), characteristic, raw_hex, is_reading=False)
                    case _:
                        pass


def recorded_values(record: Path) -> dict[str, list[str]]:
    """The rows of the record by device, each as "characteristic hex", in order."""
    values: dict[str, list[str]] = {}
    for row in rows_of(record):
        values.setdefault(row.device, []).append(row.value)
    return values
