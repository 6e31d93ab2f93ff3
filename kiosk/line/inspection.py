"""What the monitor and the child that looks through the record say to each other: one record, one answer."""

from __future__ import annotations

import msgspec


class Inspect(msgspec.Struct, frozen=True, tag="inspect"):
    """The record to be looked through, and its key in hex, "" for none. leave_out: the session that goes on."""

    record: str
    key: str
    leave_out: str

    def __repr__(self) -> str:
        return f"Inspect({self.record!r}, leave_out={self.leave_out!r})"


class Inspected(msgspec.Struct, frozen=True, tag="inspected"):
    """sessions: how many were looked through. broken: those with a row that is not what was written.

    damage: what SQLite or the encryption finds wrong with the file, "" for nothing.
    """

    sessions: int
    broken: tuple[str, ...] = ()
    damage: str = ""


FromInspection = Inspected
