"""Which display is whose: by maker, model and serial number where the display says them, else by its connector's name.

Belongs to the screen process; rules only. Displays are never known by their order, which differs from start to start.
A display that nobody knows is given to nobody while a session runs: it may stand in another room.
"""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtGui import QScreen

BUILT_IN = ("eDP", "LVDS", "DSI")
AT = " @ "  # between a display's identity and its connector, in a key


class Display(NamedTuple):
    """A display: the connector's name, and maker/model/serial number as far as they are known."""

    name: str
    identity: str = ""

    @property
    def key(self) -> str:
        """What is remembered of it."""
        return f"{self.identity}{AT}{self.name}" if self.identity else self.name


class Places(NamedTuple):
    """Names (or keys) of displays. sitter "": one display, the pane lies behind the PIN; patient "": theirs is gone."""

    patient: str
    sitter: str

    @property
    def one_display(self) -> bool:
        """Whether rest screen and pane share a display."""
        return not self.sitter


def name_of(screen: QScreen) -> str:
    """The connector's name; where a platform gives none, its place."""
    return screen.name() or f"display at {screen.geometry().x()},{screen.geometry().y()}"


def describe(screen: QScreen) -> Display:
    """The display behind a Qt screen."""
    identity = "/".join((screen.manufacturer(), screen.model(), screen.serialNumber())).strip("/")
    return Display(name_of(screen), identity)


def find(key: str, displays: list[Display]) -> str:
    """Name of the display that a key means, "" where it is not there.

    A known display is known at any connector; of two alike without serial numbers the connector decides. A connector's
    name alone (from the settings) is that connector, whatever hangs there. A key with identity never means another
    display at the same connector.
    """
    identity, _, name = key.rpartition(AT)
    alike = [display for display in displays if display.identity == identity] if identity else displays
    if identity and len(alike) == 1:
        return alike[0].name
    return next((display.name for display in alike if display.name == name), "")


def choose(displays: list[Display], primary: str, want_sitter: str = "", want_patient: str = "") -> Places:
    """First choice, as names. What was chosen before wins; else the sitter has the built-in display, or the primary."""
    names = [display.name for display in displays]
    if len(names) < 2:
        return Places(names[0] if names else "", "")
    patient, wanted = find(want_patient, displays), find(want_sitter, displays)
    sitter = next(name for name in (wanted, built_in(displays), primary, *names) if name in names and name != patient)
    return Places(patient or next(name for name in names if name != sitter), sitter)


def is_known(displays: list[Display], want_sitter: str, want_patient: str) -> bool:
    """Whether nobody needs to be asked: both are known, or there are two and one of them is."""
    found = [bool(find(key, displays)) for key in (want_sitter, want_patient)]
    return all(found) or (len(displays) == 2 and any(found)) or len(displays) < 2


def built_in(displays: list[Display]) -> str:
    """Name of the display that cannot be unplugged, "" without one."""
    return next((display.name for display in displays if display.name.startswith(BUILT_IN)), "")


def keep(home: Places, displays: list[Display]) -> Places:
    """After a display went or came: each keeps their own. home: keys. Only the sitter's is gone: one display."""
    names = [display.name for display in displays]
    patient, sitter = find(home.patient, displays), find(home.sitter, displays)
    if not patient and not sitter:
        return Places(names[0] if names else "", "")
    return Places(patient, sitter)
