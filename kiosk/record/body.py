"""What one row of the record is: the exact bytes that are hashed, and the chain through them.

Pure. The body is the truth, everything else (views, tables of an export) is made from it; so its form is added to
and never changed. Canonical: fields in the order given here, keys of mappings sorted, no spaces, UTF-8.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from typing import cast

import msgspec

from devices.reading import Reading, Stamp, Waveform
from kiosk.record.fault import Reason, RecordError
from kiosk.session.events import AnyEvent

READING, WAVEFORM = "reading", "waveform"

_encoder = msgspec.json.Encoder(order="deterministic")


class Body(msgspec.Struct, frozen=True, gc=False):
    """One row. t_s: session seconds. kind: the event's tag, "reading" or "waveform". text: the sentence as shown."""

    seq: int
    utc_ns: int
    boot_ns: int
    t_s: float
    kind: str
    text: str
    data: AnyEvent | Reading | Waveform

    @property
    def stamp(self) -> Stamp:
        """When it happened, by both clocks."""
        return Stamp(utc_ns=self.utc_ns, boot_ns=self.boot_ns)


_decoder = msgspec.json.Decoder(Body)
_NO_ROW = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)  # the last: brackets within brackets without end


def kind_of(what: AnyEvent | Reading | Waveform) -> str:
    """The tag under which it is filed."""
    return _tag_of(type(what))


@cache
def _tag_of(kind: type[AnyEvent | Reading | Waveform]) -> str:
    return cast(str, kind.__struct_config__.tag)


def table_of(kind: str) -> str:
    """Where rows of this kind lie."""
    return kind if kind in (READING, WAVEFORM) else "event"


def encode(body: Body) -> str:
    """The text that is stored; its UTF-8 bytes are what is hashed."""
    try:
        return _encoder.encode(body).decode()
    except (UnicodeEncodeError, msgspec.MsgspecError) as error:
        raise RecordError(Reason.NOT_WRITABLE_AS_TEXT, f"{body.kind}: {error}") from error


def decode(text: str) -> Body:
    """A stored body, typed again."""
    try:
        return _decoder.decode(text)
    except (*_NO_ROW, UnicodeEncodeError) as error:
        raise RecordError(Reason.UNREADABLE_ROW, str(error)) from error


def decode_line(line: bytes) -> Body:
    """The same of the bytes that it is stored as; what is no UTF-8 is refused also where nobody reads it."""
    if rows := decode_lines((line,)):
        return rows[0]
    raise RecordError(Reason.UNREADABLE_ROW, "it is no row of this program")


def decode_lines(lines: Sequence[bytes]) -> list[Body]:
    """Many of them, up to the first that cannot be read."""
    rows: list[Body] = []
    try:
        rows.extend(map(_decoder.decode, lines))
    except _NO_ROW:
        pass  # the rest is not looked at
    for place, line in enumerate(lines[: len(rows)]):
        if not line.isascii() and not _is_text(line):
            return rows[:place]
    return rows


def _is_text(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def first_hash(session_id: str) -> bytes:
    """What stands in for the hash before the first row."""
    return hashlib.sha256(session_id.encode()).digest()


def next_hash(previous: bytes, text: str) -> bytes:
    """SHA-256 over the hash before and this body."""
    return hash_after(previous, text.encode())


def hash_after(previous: bytes, line: bytes) -> bytes:
    """The same of a body as the bytes that it is stored as."""
    return hashlib.sha256(previous + line).digest()
