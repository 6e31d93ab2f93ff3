"""Begin and end of a session and of each run of the monitor that records it."""

from __future__ import annotations

from decimal import Decimal

from kiosk.session.events.event import Event


class SessionOpened(Event, frozen=True, tag="session_opened"):
    """First event of a session record. kind: patient, trial or demo. Times are in the row's own stamp."""

    session_id: str
    kind: str
    simulated: bool
    speed: float
    patient_id: str
    patient_label: str
    sitter_label: str
    program_version: str
    utc_offset_min: int
    plan: str  # file name of the plan
    plan_toml: str  # its whole text
    plan_author: str
    plan_confirmed: str  # "by, on, role" or "" when not confirmed by a provider
    medication: str
    route: str
    dose_mg: Decimal | None
    limits: tuple[str, ...]  # one sentence each, with who set it and when
    settings: dict[str, str] = {}
    versions: dict[str, str] = {}
    last_session_end_utc_ns: int = 0  # of the same patient_id; 0: none is known here
    record_locked: bool = False  # the record could not be read then: nothing is known of earlier sessions


class PlanSignatureRead(Event, frozen=True, tag="plan_signature_read"):
    """Whose plan it is. key: fingerprint of the provider's key that signed it, "" where nobody did.

    known: whether a person here trusts this key; name: what they call its owner.
    """

    key: str
    known: bool = False
    name: str = ""


class RunAnchored(Event, frozen=True, tag="run_anchored"):
    """Each run of the monitor: boot id and both clocks (in the row's stamp), zone, process id."""

    boot_id: str
    utc_offset_min: int
    pid: int
    plain: bool = False  # started plain after repeated failures


class RunResumed(Event, frozen=True, tag="run_resumed"):
    """The session was open and is taken up again. gap_s: seconds since the last recorded row."""

    gap_s: float
    bridged: bool  # across a boot, so by UTC


class ClockJumped(Event, frozen=True, tag="clock_jumped"):
    """More than 3 s passed between two ticks (suspend, freeze): every value became stale at once."""

    jump_s: float


class SessionStarted(Event, frozen=True, tag="session_started"):
    """The sitter started the session: value alarms are armed."""


class PhaseMarked(Event, frozen=True, tag="phase_marked"):
    """The actual start of a phase; planned is True when the plan's clock moved it, False when the sitter did."""

    phase: str
    name: str
    planned: bool = False


class SessionEnded(Event, frozen=True, tag="session_ended"):
    """The end. how: "released", "stopped", "demo over", "interrupted"."""

    how: str


SessionEvent = (
    SessionOpened
    | PlanSignatureRead
    | RunAnchored
    | RunResumed
    | ClockJumped
    | SessionStarted
    | PhaseMarked
    | SessionEnded
)
