"""The ladder of standing up: its rungs, and what was compared at each."""

from __future__ import annotations

from typing import Literal

import msgspec

from kiosk.line.pane import Button


class Rung(msgspec.Struct, frozen=True):
    """One step of the stairs: sit, stand, walk, ready."""

    key: str
    label: str
    detail: str
    state: Literal["done", "now", "next"]


class Compared(msgspec.Struct, frozen=True):
    """One row "now / before": ok is None when there is nothing to compare."""

    label: str
    now: str
    before: str
    ok: bool | None = None


class Stand(msgspec.Struct, frozen=True):
    """Standing up. wait_s: seconds until "Steady" can be pressed, of `wait_of_s`. why: (ok, text, time)."""

    rungs: tuple[Rung, ...]
    say: str
    detail: str
    buttons: tuple[Button, ...]
    why: tuple[tuple[bool, str, str], ...]
    compared: tuple[Compared, ...]
    rules: str
    notes: tuple[tuple[str, str], ...] = ()
    wait_s: float = 0
    wait_of_s: float = 0
