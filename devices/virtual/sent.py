"""The truth that tests compare with: one line for every value that left a simulated device, and for link events.

Owned by the air's process; the monitor never reads it. A value's line says whether it was delivered, by this rule:
the monitor's host confirms each packet with the HCI command Host Number Of Completed Packets after its callback has
run (a host that does not offer this is taken to have a notification once it is handed over, an indication once it
is confirmed). Lines are written in the order of these confirmations, which is the order of the monitor's callbacks.
A value that a dying link or monitor swallowed is written with `"delivered": false`: it may or may not have been seen.

Of a device that streams frames, each notification is a line with `piece`, and each frame one with `hex` and `owed`
(see `ledger`), written when its last byte was taken. Any other value has `owed` only where it is not one reading.
"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import TextIO

import msgspec

from devices.virtual.ledger import Ended, Frame, Ledger, Owed


class SentValue(msgspec.Struct, frozen=True):
    """One value handed to a monitor's adapter. utc_ns: when it was handed over, by the machine's clock."""

    utc_ns: int
    device: str
    characteristic: str
    hex: str
    kind: str  # "notification" or "indication"


class SentLog:
    """Writes `air.jsonl`, each line flushed. A new air begins a new log: the comparison is with one run."""

    def __init__(self, path: Path | None) -> None:
        self._file: TextIO | None = path.open("w", encoding="utf-8") if path else None
        self._count = 0
        self._open = 0
        self._ledgers: dict[tuple[str, str], Ledger] = {}
        self._owed: dict[tuple[str, str], Owed] = {}
        self._once: dict[tuple[str, str], set[str]] = {}
        self._settled = asyncio.Event()
        self._settled.set()

    def began(self) -> None:
        """A value is on its way; its line follows."""
        self._open += 1
        self._settled.clear()

    def ended(self, value: SentValue, delivered: bool) -> None:
        """What became of it."""
        self._open -= 1
        if not self._open:
            self._settled.set()
        stream = (value.device, value.characteristic)
        if (ledger := self._ledgers.get(stream)) is None:
            self._count += 1
            owed = self._owed_for(stream, value.hex, delivered)
            row = msgspec.structs.asdict(value) | ({"owed": owed} if owed else {})
            self._write({"n": self._count, **row, "delivered": delivered})
            return
        row = {"piece": value.hex, "utc_ns": value.utc_ns, "device": value.device}
        self._write({**row, "characteristic": value.characteristic, "delivered": delivered})
        self._frames_ended(stream, ledger.take(len(value.hex) // 2, delivered), value.utc_ns)

    def owes(self, device: str, characteristic: str, owed: Owed) -> None:
        """What a correct receiver makes of this characteristic, where it is something else than one reading each."""
        self._owed[device, characteristic] = owed

    def once(self, device: str, characteristic: str) -> None:
        """This characteristic says out of a memory, maybe again and again: the same bytes are one reading."""
        self._once[device, characteristic] = set()

    def _owed_for(self, stream: tuple[str, str], payload: str, delivered: bool) -> Owed | None:
        said = self._once.get(stream, set())
        repeats = payload in said
        if delivered:
            said.add(payload)
        return Owed.REPEAT if repeats else self._owed.get(stream)

    def entered(self, device: str, characteristic: str, frame: Frame) -> None:
        """A frame is about to be sent over this stream, in pieces or merged with others."""
        self._ledgers.setdefault((device, characteristic), Ledger()).enter(frame)

    def linked_anew(self, device: str) -> None:
        """A new link: what the last one had not taken is lost."""
        for stream, ledger in self._ledgers.items():
            if stream[0] == device:
                self._frames_ended(stream, ledger.abandon(), time.time_ns())

    def _frames_ended(self, stream: tuple[str, str], frames: list[Ended], utc_ns: int) -> None:
        for frame, delivered in frames:
            self._count += 1
            row = {"n": self._count, "utc_ns": utc_ns, "device": stream[0], "characteristic": stream[1]}
            self._write({**row, "hex": frame.data.hex(), "kind": "frame", "owed": frame.owed, "delivered": delivered})

    def event(self, event: str, **data: object) -> None:
        """A link event ("connected", "dropped", "subscribed", ...) with what belongs to it."""
        self._write({"event": event, "utc_ns": time.time_ns(), **data})

    async def settled(self, within_s: float) -> None:
        """Wait until nothing is on its way, for at most `within_s`."""
        try:
            await asyncio.wait_for(self._settled.wait(), within_s)
        except TimeoutError:
            self.event("unsettled", values=self._open)

    def _write(self, line: dict[str, object]) -> None:
        if self._file:
            self._file.write(msgspec.json.encode(line).decode() + "\n")
            self._file.flush()

    def close(self) -> None:
        for device, _ in list(self._ledgers):
            self.linked_anew(device)
        if self._file:
            self._file.close()
            self._file = None
