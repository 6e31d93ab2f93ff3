"""The plan's word on light: how dark the patient's panel may be, and how bright an alarm may make it.

Pure, a part of the plan (`kiosk.session.plan`). It only bounds; how a panel is dimmed is nothing that a plan knows.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

LEAST_WAKE_PERCENT = 30  # an alarm must be readable


class Light(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Brightness of a built-in panel that the patient sees, percent of the person's own level as the eye sees it.

    rest_percent: of the rest screen, None: as the computer is set. phases: other levels of it, by the phase's key.
    wake_percent: as far as an alarm, a call or the opened pane may brighten it.
    """

    rest_percent: float | None = None
    wake_percent: float | None = None
    phases: dict[str, float] = {}


def light_problems(light: Light, known: set[str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """(path in the plan, what is wrong). known: the keys of the plan's phases."""
    for key in light.phases:
        if key not in known:
            yield ("light", "phases", key), "is not the key of a phase"
    levels = {("rest_percent",): light.rest_percent, ("wake_percent",): light.wake_percent}
    levels |= {("phases", key): percent for key, percent in light.phases.items()}
    for path, percent in levels.items():
        least = LEAST_WAKE_PERCENT if path == ("wake_percent",) else 1
        if percent is not None and not least <= percent <= 100:
            yield ("light", *path), f"{percent:g} must be from {least} to 100"
