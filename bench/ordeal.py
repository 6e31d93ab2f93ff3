"""What goes wrong in a soak run, and when: every fault for every device, by turns, as orders to the air. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

WINDOW_S = 30
FAULT_FOR_S = 13  # longer than the silence after which a link is made anew
QUIET_END_S = 30
MEASURE_EVERY_S = 60
FAULTS: tuple[dict[str, Any], ...] = (
    {},
    {"fragment": 1},
    {"at_every_boundary": True},
    {"merge": 3},
    {"flips": 5},
    {"finger_out": True},
    {"silent": True},
    {"break_off": True},
    {"drop": True},
)
READ_BY = {
    "oximeter": "plx", "cuff": "bls", "contec": "eb", "emay": "eb", "sp20": "aa55", "pc60fw": "aa55",
    "oxysmart": "aa55", "o2ring": "viatom", "oxyii": "oxyii", "bp2": "bp2", "berrymed": "bci", "nonin": "nonin",
    "mightysat": "masimo", "jumper": "jumper", "strap": "strap", "beurer": "bls", "silvercrest": "bls",
    "nipro": "nipro", "omron": "omron", "aand": "and", "qardio": "qardio",
}  # fmt: skip
"""The driver of each simulated device, as somebody would have chosen it."""
PRESSED = ("bp2", "qardio")
"""Cuffs that measure only when somebody presses their button."""
MUST_PAIR = ("aand",)
"""Cuffs that pair only while their button is held."""


class Due(NamedTuple):
    """An order, and the script second at which it is due."""

    second: float
    order: dict[str, Any]


def ordeal(names: Sequence[str], length_s: int) -> Iterator[Due]:
    """All orders of a run of so many script seconds, in order of time."""
    yield from sorted([*_faults(names, length_s), *_presses(names, length_s)], key=lambda due: due.second)


def _faults(names: Sequence[str], length_s: int) -> Iterator[Due]:
    """In each window each device has the next fault; the devices of a window have different ones."""
    for window in range((length_s - QUIET_END_S) // WINDOW_S):
        begin_s = window * WINDOW_S + 5
        for place, name in enumerate(names):
            fault = FAULTS[(window + place) % len(FAULTS)]
            at_s = begin_s + place / len(names)
            if fault.get("drop"):
                yield Due(at_s, {"do": "drop", "device": name})
            elif fault:
                yield Due(at_s, {"do": "fault", "device": name, **fault})
                yield Due(at_s + FAULT_FOR_S, {"do": "mend", "device": name})


def _presses(names: Sequence[str], length_s: int) -> Iterator[Due]:
    for name in names:
        if name in MUST_PAIR:
            yield Due(0, {"do": "pair", "device": name})
        if name in PRESSED:
            for second in range(10, length_s - QUIET_END_S, MEASURE_EVERY_S):
                yield Due(second, {"do": "measure", "device": name, "inflate_s": 12})
