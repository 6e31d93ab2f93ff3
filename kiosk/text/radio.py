"""What is wrong with Bluetooth, or that no device was chosen: the trouble, and three things to try in order.

Shipped text of 2026-11. No code of an exit, no blame; the oximeter's own alarm is named by the screen.
"""

from __future__ import annotations

import msgspec

from kiosk.text.catalogue import _


class TroubleWords(msgspec.Struct, frozen=True):
    """title: seven words. lack: what follows from it. tries: what to do, and how. short: for a tile."""

    title: str
    lack: str
    tries: tuple[tuple[str, str], ...]
    short: str


_TRIES = (
    ("Switch Bluetooth on.", "Key with the sign, or the system's settings"),
    ("Plug in a Bluetooth stick.", "Any stick for Bluetooth 4.0 or newer"),
    ("Restart the laptop.", "Your answers so far are kept"),
)
_CHOOSE = (
    ("Switch the device on.", "Close the maker's app on every phone"),
    ("Find it.", "In a terminal: kiosk devices scan"),
    ("Choose it.", "kiosk devices add, with the address that scan printed"),
)
_LACK = "Oximeter and cuff cannot reach this laptop."

TROUBLES = {
    "off": TroubleWords("Bluetooth is switched off.", _LACK, _TRIES, "Bluetooth is off"),
    "missing": TroubleWords("No Bluetooth found.", _LACK, _TRIES, "No Bluetooth"),
    "no oximeter": TroubleWords(
        "No oximeter is chosen.", "Only devices that were chosen are read.", _CHOOSE, "No oximeter is chosen"
    ),
    "no cuff": TroubleWords("No cuff is chosen.", "Only devices that were chosen are read.", _CHOOSE, "No cuff"),
}


def trouble_words(trouble: str) -> TroubleWords:
    """The words of one trouble, a key of `TROUBLES`."""
    words = TROUBLES[trouble]
    tries = tuple((_(do), _(how)) for do, how in words.tries)
    return TroubleWords(_(words.title), _(words.lack), tries, _(words.short))
