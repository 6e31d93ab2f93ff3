"""What the monitor and its supervisor say to each other. The monitor's heartbeat is the line's own `Beat`.

The supervisor learns which children exist (they outlive a monitor that dies), whether a session is open, and how
the run ended and how bright the panel may be; it tells what it holds. No name and no value of the person crosses; the
record's key does, on the pipe only.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from kiosk.options import MonitorOptions


class Born(msgspec.Struct, frozen=True, tag="born"):
    """The monitor started a child. child: screen, sound or tone; pid is also its process group."""

    child: str
    pid: int


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """The child's own main loop beat for the first time: a left-over child of the same kind may go now."""

    child: str
    pid: int


class Ended(msgspec.Struct, frozen=True, tag="ended"):
    """A child of this monitor has ended."""

    child: str
    pid: int


class ScreenShown(msgspec.Struct, frozen=True, tag="screen_shown"):
    """The new screen's windows are on their displays: every left-over child may go now."""

    pid: int


class SessionState(msgspec.Struct, frozen=True, tag="session_state"):
    """A session is open (then the monitor is restarted for ever), or its end is on the disk."""

    open: bool
    session_id: str = ""


class Said(msgspec.Struct, frozen=True, tag="said"):
    """A line for the person at the terminal, shown and not stored. error: on stderr."""

    text: str
    error: bool = False


class Finished(msgspec.Struct, frozen=True, tag="finished"):
    """The run is over and stored; the process ends with this code (0 done, 1 failed, 2 wrong usage)."""

    code: int


class LightWanted(msgspec.Struct, frozen=True, tag="light_wanted"):
    """How bright the built-in panel is to be. percent: of the person's own level, as the eye sees it; 100: theirs.

    seconds: of the ramp. single: one display, which must be lit again at once when monitoring stops.
    """

    percent: float
    seconds: float = 4.0
    single: bool = True


class KeyKnown(msgspec.Struct, frozen=True, tag="key_known"):
    """The record's key, which a person typed or a keyring gave: kept in memory for the next monitor, never told on."""

    key: str

    def __repr__(self) -> str:
        return "KeyKnown()"


FromMonitor = Born | Ready | Ended | ScreenShown | SessionState | Said | Finished | LightWanted | KeyKnown


class EndRun(msgspec.Struct, frozen=True, tag="end_run"):
    """End cleanly: store, end the children, say `Finished`. why: "SIGTERM", "SIGINT", ..."""

    why: str


class LightTold(msgspec.Struct, frozen=True):
    """The panel's light, as read back.

    state: none (no backlight can be set), own (as the person has it), dimmed, left (the person set it: left alone),
    stuck (it does not follow). percent: of the person's own level as the eye sees it. why: the system's words.
    """

    state: Literal["none", "own", "dimmed", "left", "stuck"]
    device: str = ""
    via: str = ""
    percent: float = 100.0
    why: str = ""


class Held(msgspec.Struct, frozen=True, tag="held"):
    """What the supervisor really holds. awake: inhibitors by name; refused: what was asked for and not given."""

    awake: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    light: LightTold = LightTold("none")


class UseKey(msgspec.Struct, frozen=True, tag="use_key"):
    """The key that an earlier monitor of this run knew: the first message to one started with --key-follows."""

    key: str

    def __repr__(self) -> str:
        return "UseKey()"


class Go(msgspec.Struct, frozen=True, tag="go"):
    """What this run is: for a monitor with a head start. After `kiosk.line.first.GoAhead`, once there is a key."""

    options: MonitorOptions


ToMonitor = EndRun | Held | UseKey | Go
