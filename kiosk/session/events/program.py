"""The program itself: its processes, its messages, its own faults."""

from __future__ import annotations

from kiosk.session.events.event import Event


class ChildStarted(Event, frozen=True, tag="child_started"):
    """A child process began: screen, sound or tone."""

    child: str
    pid: int


class ChildEnded(Event, frozen=True, tag="child_ended"):
    """How a child ended, exactly: "exit 0", "signal 11 (SIGSEGV)", "never started", "silent 1.5 s, killed"."""

    child: str
    how: str


class MessageRefused(Event, frozen=True, tag="message_refused"):
    """A child sent a message that its kind may not send, or that cannot be read."""

    child: str
    reason: str


class ProtectionLost(Event, frozen=True, tag="protection_lost"):
    """The supervisor is gone: nobody restarts the monitor now."""


class FaultHappened(Event, frozen=True, tag="fault_happened"):
    """One of our own bugs; a crash file was left. where: module.function."""

    where: str
    what: str


ProgramEvent = ChildStarted | ChildEnded | MessageRefused | ProtectionLost | FaultHappened
