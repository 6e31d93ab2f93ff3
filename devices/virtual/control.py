"""What a test or a demonstration may ask of the air while it runs: one JSON object a line on its stdin.

Every line is answered by one line on stdout: {"did": ...} or {"refused": ..., "because": ...}.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from devices.virtual.guard import LARGEST_PASSKEY, Way
from devices.virtual.ledger import Owed

Natural = Annotated[int, msgspec.Meta(ge=0, le=4096)]


class Measure(msgspec.Struct, frozen=True, tag_field="do", tag="measure"):
    """Start a cuff. Without numbers: the story's next measurement. hex: exact bytes to indicate at its end."""

    device: str = "cuff"
    systolic: int | None = None
    diastolic: int | None = None
    mean: int | None = None
    pulse: int | None = None
    status: int | None = None
    inflate_s: int | None = None
    hex: str | None = None


class Drop(msgspec.Struct, frozen=True, tag_field="do", tag="drop"):
    """Lose a device's link as a radio loses it; the device can be found again at once."""

    device: str


class Send(msgspec.Struct, frozen=True, tag_field="do", tag="send"):
    """Send exact bytes. characteristic: its 16-bit UUID, by default the device's main measurement.

    owed: of a device that streams frames, what a correct receiver makes of them.
    """

    device: str
    hex: str
    characteristic: str = ""
    owed: Owed = Owed.VALUE


class Fault(msgspec.Struct, frozen=True, tag_field="do", tag="fault"):
    """Let a streaming device do something wrong from now on (see `faults`); what is not given stays as it is."""

    device: str
    fragment: Natural | None = None
    at_every_boundary: bool | None = None
    merge: Annotated[int, msgspec.Meta(ge=1, le=16)] | None = None
    flips: Natural | None = None
    finger_out: bool | None = None
    silent: bool | None = None
    break_off: bool | None = None


class Mend(msgspec.Struct, frozen=True, tag_field="do", tag="mend"):
    """Let a streaming device do nothing wrong any more."""

    device: str


class Store(msgspec.Struct, frozen=True, tag_field="do", tag="store"):
    """Put readings into the memory of a cuff that has one: exact bytes, oldest first."""

    device: str
    hex: tuple[str, ...]


class Offer(msgspec.Struct, frozen=True, tag_field="do", tag="offer"):
    """Let a cuff with a memory be found, and hand over what it has."""

    device: str


class SetClock(msgspec.Struct, frozen=True, tag_field="do", tag="clock"):
    """Let a cuff's own clock run ahead by so many seconds (negative: behind); without a number it was never set."""

    device: str
    ahead_s: float | None = None


class HoldButton(msgspec.Struct, frozen=True, tag_field="do", tag="pair"):
    """Hold the button of a cuff that pairs only then."""

    device: str


class Guard(msgspec.Struct, frozen=True, tag_field="do", tag="guard"):
    """Let a device say nothing before it is paired. same: what its holder says when two numbers are compared."""

    device: str
    way: Way = "just works"
    same: bool = True


class TypePasskey(msgspec.Struct, frozen=True, tag_field="do", tag="type_passkey"):
    """Type a number on a device that has keys."""

    device: str
    number: Annotated[int, msgspec.Meta(ge=0, le=LARGEST_PASSKEY)]


class Forget(msgspec.Struct, frozen=True, tag_field="do", tag="forget"):
    """Let a device lose its keys; its link is dropped."""

    device: str


class Identify(msgspec.Struct, frozen=True, tag_field="do", tag="identify"):
    """Let a device say another serial number from now on."""

    device: str
    serial: str


class Spot(msgspec.Struct, frozen=True, tag_field="do", tag="spot"):
    """Indicate a spot check with the device's time."""


class Advertise(msgspec.Struct, frozen=True, tag_field="do", tag="advertise"):
    """Make a device findable, or not (a link that exists stays)."""

    device: str
    wanted: bool = True


class Hold(msgspec.Struct, frozen=True, tag_field="do", tag="hold"):
    """Stop the scripted values."""


class Resume(msgspec.Struct, frozen=True, tag_field="do", tag="resume"):
    """Go on with the scripted values."""


class Play(msgspec.Struct, frozen=True, tag_field="do", tag="scenario"):
    """Begin another scenario at its first second. length: script seconds, 0 for the same as before."""

    name: str
    length: int = 0


class Quit(msgspec.Struct, frozen=True, tag_field="do", tag="quit"):
    """End the air."""


Order = (
    Identify
    | Measure
    | Drop
    | Send
    | Fault
    | Mend
    | Store
    | Offer
    | SetClock
    | HoldButton
    | Guard
    | TypePasskey
    | Forget
    | Spot
    | Advertise
    | Hold
    | Resume
    | Play
    | Quit
)


class Refused(Exception):  # noqa: N818 - reads as what it says
    """The air does not do it. because: why, in words."""

    def __init__(self, because: str) -> None:
        super().__init__(because)
        self.because = because


def read_order(line: bytes) -> Order:
    """One line as an order. Raises Refused for anything else."""
    try:
        return msgspec.json.decode(line, type=Order)
    except msgspec.MsgspecError as error:
        raise Refused(str(error)) from error
