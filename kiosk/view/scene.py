"""All that a view is composed from, gathered by the monitor at one instant. Values only; composing decides nothing."""

from __future__ import annotations

from typing import Literal

import msgspec

from kiosk.latest import Latest
from kiosk.line.monitor import Held
from kiosk.pairing import Open
from kiosk.session import schedule
from kiosk.session.alarms import Signal
from kiosk.session.bedside import Bedside
from kiosk.session.plan import Plan
from kiosk.session.state import State
from kiosk.story import Story
from kiosk.text import Names, clock_time


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What the program knows of itself.

    recording_trouble: "" while rows reach the disk, else the reason; waits_for_key: it is the record's key.
    seals_at_end: what waits for it then is left sealed when the room ends; else it is lost.
    output: the sitter's output in words, "" if unknown.
    sound_trouble: why tones are not heard, "" if they are. battery_percent: the computer's own.
    held: what keeps the computer awake and how the panel is lit; None where nobody holds it.
    pairing: the question about a device that is being paired, or why it was not; None where nothing is to be looked at.
    glimpse: what an oximeter that is in doubt shows now, in words; "" where nothing comes.
    fingerprint: of the key that seals the session, "" while there is none.
    """

    recording_trouble: str = ""
    waits_for_key: bool = False
    seals_at_end: bool = False
    rows_waiting: int = 0
    output: str = ""
    sound_trouble: str = ""
    battery_percent: int | None = None
    on_battery: bool = False
    simulated: bool = False
    speed: float = 1.0
    has_oximeter: bool = True
    has_cuff: bool = True
    has_sound: bool = True
    pane_open: bool = True
    single_screen: bool = False
    call_unconfirmed: bool = False
    undo_seq: int = 0
    music_left_s: float | None = None
    music_volume: int = 70
    music_steer: Literal["", "hold", "safe"] = ""
    music_previewing: bool = False
    music_looking: tuple[int, int] | None = None  # pieces looked into so far, of how many
    calm_hint_until_s: float = 60.0
    protection_lost: bool = False
    held: Held | None = None
    pairing: Open | None = None
    glimpse: str = ""
    fingerprint: str = ""


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    """One instant: plan, folded state, signal, newest values, story, and the program's own facts."""

    plan: Plan
    state: State
    signal: Signal
    latest: Latest
    story: Story
    facts: Facts
    now_utc_ns: int
    t_s: float
    offset_min: int

    @property
    def names(self) -> Names:
        """The two people as the plan calls them."""
        return Names(self.plan.patient.label, self.state.sitter_name or self.plan.sitter.label, self.offset_min)

    @property
    def bedside(self) -> Bedside:
        """What decisions count on at this instant."""
        return self.latest.bedside(self.plan, self.t_s, self.facts.has_sound)

    @property
    def started(self) -> bool:
        """Whether the sitter started the session (it may have ended since)."""
        return self.state.started_s is not None

    @property
    def dose_utc_ns(self) -> int:
        """When the dose was taken, 0 when it was not."""
        return self.state.dose.at_utc_ns if self.state.dose else 0

    @property
    def next_pressure(self) -> schedule.Window | None:
        """The blood pressure that is due, late or next by the plan."""
        return schedule.next_window(self.plan, self.state, self.latest.taken, self.t_s)

    def local(self, utc_ns: int) -> str:
        """Local wall-clock time of an instant of this session."""
        return clock_time(utc_ns, self.offset_min)

    def local_at(self, t_s: float) -> str:
        """Local wall-clock time of a session second, by the clock as it runs now."""
        return self.local(self.now_utc_ns + round((t_s - self.t_s) * 1e9))
