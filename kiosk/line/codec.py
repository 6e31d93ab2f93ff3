"""One message a line: newline-delimited JSON, utf-8, at most 256 KiB, typed and validated at both ends.

Why: what a child writes is untrusted until it was checked here. Used by every process at both ends of a pipe.
Must never let a broken, cut or foreign line through, and never lose step with the lines that follow it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec

MAX_LINE_BYTES = 256 * 1024


class Fault(StrEnum):
    """Why a line was refused."""

    TOO_LONG = "too long"
    NOT_JSON = "not JSON"
    NOT_ALLOWED = "not allowed here"
    CUT_OFF = "cut off"  # the pipe ended in the middle of a line


class LineError(Exception):
    """A line that cannot be sent or must not be used. detail is short, printable and never the line itself."""

    def __init__(self, reason: Fault, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason = reason
        self.detail = detail


class Beat(msgspec.Struct, frozen=True, tag="beat"):
    """I am alive: sent from the sender's own main loop each 0.5 s, in both directions."""


BEAT_EVERY_S = 0.5
SILENT_AFTER_S = 1.5  # three heartbeats missed

_encoder = msgspec.json.Encoder()


def encode(message: msgspec.Struct) -> bytes:
    """The line with its newline. Raises LineError(TOO_LONG): send such things in pages."""
    line = _encoder.encode(message)
    if len(line) >= MAX_LINE_BYTES:
        raise LineError(Fault.TOO_LONG, f"{type(message).__name__} of {len(line)} bytes")
    return line + b"\n"


class Decoder:
    """Turns raw lines into the messages of one union, and nothing else. `Beat` is always allowed."""

    def __init__(self, accepts: Any) -> None:
        self._decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(accepts | Beat)

    def decode(self, raw_line: bytes) -> Any:
        """One message. Raises LineError."""
        if len(raw_line) > MAX_LINE_BYTES:
            raise LineError(Fault.TOO_LONG, f"{len(raw_line)} bytes")
        try:
            return self._decoder.decode(raw_line)
        except msgspec.ValidationError as error:
            raise LineError(Fault.NOT_ALLOWED, _short(error)) from None
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise LineError(Fault.NOT_JSON, _short(error)) from None
        except RecursionError:
            raise LineError(Fault.NOT_JSON, "nested too deep") from None


class Splitter:
    """Cuts what a pipe gives into lines: a read is not a line. Over-long lines are thrown away up to their end."""

    def __init__(self, max_bytes: int = MAX_LINE_BYTES) -> None:
        self._max = max_bytes
        self._rest = bytearray()
        self._skipping = False

    def feed(self, chunk: bytes) -> list[bytes | LineError]:
        """Whole lines, without their newline, in order; a LineError stands where a line was thrown away."""
        found: list[bytes | LineError] = []
        *whole, rest = chunk.split(b"\n")
        for part in whole:
            self._extend(part, found)
            if self._rest and not self._skipping:
                found.append(bytes(self._rest.rstrip(b"\r")))
            self._rest.clear()
            self._skipping = False
        self._extend(rest, found)
        return [line for line in found if line != b""]

    def end(self) -> LineError | None:
        """The pipe has ended: was a line cut off? Its beginning is not given out."""
        if self._skipping or not self._rest:
            return None
        return LineError(Fault.CUT_OFF, f"after {len(self._rest)} bytes")

    def _extend(self, part: bytes, found: list[bytes | LineError]) -> None:
        if self._skipping:
            return
        self._rest += part
        if len(self._rest) > self._max:
            found.append(LineError(Fault.TOO_LONG, f"over {self._max} bytes"))
            self._rest.clear()
            self._skipping = True


def _short(error: Exception) -> str:
    text = "".join(c if c.isprintable() else "?" for c in str(error))
    return text[:100]
