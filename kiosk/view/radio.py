"""Why no number comes by itself: Bluetooth that is off or missing, or a device that nobody chose.

Composes; decides nothing. While it is so the tiles and the preparation say it, and offer to type what a device shows.
"""

from __future__ import annotations

from kiosk.line.prepare import DeviceTrouble
from kiosk.text.radio import trouble_words
from kiosk.view.scene import Scene


def trouble(scene: Scene, device: str) -> str:
    """What keeps "oximeter" or "cuff" from being read, a key of `kiosk.text.radio.TROUBLES`; "" for nothing known."""
    if scene.state.adapter in ("off", "missing"):
        return scene.state.adapter
    chosen = {"oximeter": scene.facts.has_oximeter, "cuff": scene.facts.has_cuff}
    return f"no {device}" if not chosen.get(device, True) else ""


def short(scene: Scene, device: str) -> str:
    """The same for a tile, "" for nothing."""
    found = trouble(scene, device)
    return trouble_words(found).short if found else ""


def told(scene: Scene, device: str) -> DeviceTrouble | None:
    """The same as a page of the preparation."""
    found = trouble(scene, device)
    if not found:
        return None
    words = trouble_words(found)
    return DeviceTrouble(found, words.title, words.lack, words.tries)
