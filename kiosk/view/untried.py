"""Devices whose readings rest on a description alone: which of those that take part."""

from __future__ import annotations

from devices.reading import BY_DESCRIPTION
from kiosk.view.scene import Scene


def untried(scene: Scene) -> tuple[str, ...]:
    """Their roles, each once."""
    return tuple(dict.fromkeys(one.role for one in scene.state.links.values() if one.known_by == BY_DESCRIPTION))
