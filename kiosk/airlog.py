"""What the air says it sent: its log, by device, as far as a record can be held against it.

Used by `compare`. The air writes it (`devices.virtual.sent`, `devices.virtual.ledger` say what each line means); the
monitor never reads it.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import msgspec


class AirLog(msgspec.Struct):
    """The air's log, by device. optional: values that the record may have or not: what a dying link swallowed, and
    what only repeats. broken: bytes of a stream that are no frame; forgotten: how many of them may not even be refused.
    """

    values: dict[str, list[str]] = {}
    optional: dict[str, Counter[str]] = {}
    streams: set[str] = set()
    broken: dict[str, bytearray] = {}
    forgotten: Counter[str] = msgspec.field(default_factory=Counter[str])

    @classmethod
    def read(cls, air_log: Path) -> AirLog:
        """Every line of the file."""
        log = cls()
        for line in air_log.read_text().splitlines():
            row = json.loads(line)
            if "hex" in row:
                log._add(row["device"].lower(), row)
        return log

    def of(self, device: str) -> AirLog:
        """One device's part."""
        return AirLog(
            {device: self.values.get(device, [])},
            {device: self.optional.get(device, Counter())},
            self.streams & {device},
            {device: self.broken.get(device, bytearray())},
            Counter({device: self.forgotten[device]}),
        )

    def _add(self, device: str, row: dict[str, str]) -> None:
        delivered, owed = row.get("delivered", True), row.get("owed")
        value = f"{row['characteristic'].lower()} {row['hex'].lower()}"
        if row.get("kind") == "frame":
            self.streams.add(device)
        if owed in ("broken", "cut"):
            self.broken.setdefault(device, bytearray()).extend(bytes.fromhex(row["hex"]))
            self.forgotten[device] += 0 if delivered and owed == "broken" else len(row["hex"]) // 2
        elif owed in ("value", "repeat") or (owed is None and delivered):
            self.values.setdefault(device, []).append(value)
            if not delivered or owed == "repeat":
                self.optional.setdefault(device, Counter())[value] += 1
