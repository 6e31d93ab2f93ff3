"""The record itself: writing and seals."""

from __future__ import annotations

from kiosk.session.events.event import Event


class RecordingFailed(Event, frozen=True, tag="recording_failed"):
    """A write failed; rows wait in memory. reason as the system says it."""

    reason: str


class RecordingRestored(Event, frozen=True, tag="recording_restored"):
    """Writing works again; waited: rows that waited and are now stored."""

    waited: int


class ChainSealed(Event, frozen=True, tag="chain_sealed"):
    """All rows so far were signed. length: their number; head: the last one's hash; key: the signer's fingerprint.

    public_key, head and signature (Ed25519) are in hex; `kiosk.record.seal` says over which bytes.
    """

    length: int
    head: str
    key: str
    public_key: str
    signature: str


class SealingFailed(Event, frozen=True, tag="sealing_failed"):
    """The signing key cannot be used: recording goes on without seals. reason as `kiosk.record.seal` says it."""

    reason: str


class RecordInspected(Event, frozen=True, tag="record_inspected"):
    """Earlier sessions of this record were looked through in the background. sessions: how many.

    broken: those with a row that is not what was written. damage: what is wrong with the file, "" for nothing.
    """

    sessions: int
    broken: tuple[str, ...] = ()
    damage: str = ""


RecordEvent = RecordingFailed | RecordingRestored | ChainSealed | SealingFailed | RecordInspected
