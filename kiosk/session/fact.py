"""The single things that a session's state is made of: a note, a phase, the dose, an answer, a device. Values only.

Pure; folded from events by `kiosk.session.state`. Times are session seconds (`t_s`) unless named otherwise.
"""

from __future__ import annotations

import msgspec

from kiosk.session.events import DeviceDoubted


class Note(msgspec.Struct, frozen=True):
    """A note; withdrawn ones stay in the record."""

    seq: int
    t_s: float
    text: str
    preset: str = ""
    withdrawn: bool = False


class PhaseMark(msgspec.Struct, frozen=True):
    """A phase that began; planned: the plan's clock moved it."""

    key: str
    name: str
    t_s: float
    planned: bool


class Dose(msgspec.Struct, frozen=True):
    """When the dose was taken, on both scales."""

    at_utc_ns: int
    t_s: float
    seq: int


class Answer(msgspec.Struct, frozen=True):
    """An answer in the action panel, of the alarm's present occurrence."""

    alarm: str
    step: str
    answer: str
    t_s: float


class Said(msgspec.Struct, frozen=True):
    """The newest response check or breath count: what and when."""

    text: str
    t_s: float
    utc_ns: int


class Link(msgspec.Struct, frozen=True):
    """A chosen device and what is known of it. pairing: why it is not paired, "" where nothing is known against it.

    doubt: what a person has to look at before it counts as the chosen one; None where nothing is in doubt.
    """

    device: str
    role: str
    name: str
    driver: str
    state: str = "searching"
    detail: str = ""
    battery_percent: int | None = None
    pairing: str = ""
    doubt: DeviceDoubted | None = None
    known_by: str = ""  # how its driver is known
