"""The first line to a process with a head start, both ends of it; before anything of the usual kind is loaded.

From the command `kiosk run` to its monitor, and from that to its screen. With msgspec and the screen's whole vocabulary
a display would be dark 30 ms later. So: the standard library's JSON, one kind of message, each field of its type, and
nothing else is taken for it.
"""

from __future__ import annotations

import json
import os
from typing import NamedTuple, cast

MOST_BYTES = 16 * 1024
_TAG = "go_ahead"


class GoAhead(NamedTuple):
    """Nothing was refused: the patient's display may be dark.

    crash_folder: where crash files go. The others: as in `kiosk.line.screen.Begin`.
    """

    crash_folder: str
    single_screen: bool
    windowed: bool
    sitter_display: str = ""
    patient_display: str = ""


_TYPES: dict[str, type] = {
    "type": str,
    "crash_folder": str,
    "single_screen": bool,
    "windowed": bool,
    "sitter_display": str,
    "patient_display": str,
}


def encode(word: GoAhead) -> bytes:
    """Its line."""
    return json.dumps({"type": _TAG, **word._asdict()}).encode() + b"\n"


def read(fd: int) -> GoAhead | None:
    """Wait for the line; None where it ends without a whole one, or says anything else."""
    line = b""
    while not line.endswith(b"\n"):
        byte = os.read(fd, 1)  # one by one: what lies behind belongs to the line's own reader
        if not byte or len(line) > MOST_BYTES:
            return None
        line += byte
    return _decoded(line)


def _decoded(line: bytes) -> GoAhead | None:
    try:
        untrusted: object = json.loads(line)
    except ValueError:
        return None
    if not isinstance(untrusted, dict):
        return None
    said = cast(dict[str, object], untrusted)
    if {name: type(value) for name, value in said.items()} != _TYPES or said["type"] != _TAG:
        return None
    return GoAhead(**{name: value for name, value in said.items() if name != "type"})  # type: ignore[arg-type]
