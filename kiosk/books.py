"""The record of one run: opened, sealed, closed, and said at once when rows stop reaching the disk.

Owned by the monitor. Nothing here waits for a disk or a key; what waits for one of them is kept in memory in order.
"""

from __future__ import annotations

import asyncio
from threading import Thread
from typing import TYPE_CHECKING

from devices.reading import Stamp
from kiosk.failure import Reason, Refusal
from kiosk.launch import record_sentence
from kiosk.line.monitor import KeyKnown
from kiosk.record.fault import RecordError
from kiosk.record.opener import is_locked
from kiosk.record.recorder import Recorder
from kiosk.sealing import Sealing
from kiosk.session import events as e
from kiosk.text import vault as vault_text
from kiosk.vault import known, place
from kiosk.vault.fault import VaultError
from kiosk.vault.key import Key

if TYPE_CHECKING:
    from kiosk.monitor import Monitor

CLOSE_WITHIN_S = 5.0


class Books:
    """was_locked: whether the record's key was missing when the run began; its rows wait in memory from the first."""

    def __init__(self, owner: Monitor, *, was_locked: bool) -> None:
        self._owner = owner
        self._was_locked = was_locked
        self._recorder: Recorder | None = None
        self._sealing: Sealing | None = None
        self._trouble = ""
        self._waits_for_key = self._seals_at_end = False

    @property
    def recorder(self) -> Recorder:
        """The record's one writer."""
        assert self._recorder is not None
        return self._recorder

    @property
    def trouble(self) -> str:
        """Why rows do not reach the disk, "" while they do."""
        return self._trouble

    @property
    def waits_for_key(self) -> bool:
        """Whether a person can mend that by typing the record's passphrase or recovery code."""
        return self._waits_for_key

    @property
    def seals_at_end(self) -> bool:
        """Whether rows that still wait for it when the room ends are left sealed; else they are lost."""
        return self._seals_at_end

    @property
    def fingerprint(self) -> str:
        """Of the key that seals, "" while there is none."""
        signer = self._sealing.signer if self._sealing else None
        return signer.fingerprint if signer else ""

    # --- begin and end ------------------------------------------------------------------------------------------

    def open(self, resume: str | None) -> None:
        """A new session is refused where it cannot be recorded; an open one is tried again, by the supervisor.

        Raises Refusal, or RecordError for a session that is taken up again.
        """
        owner = self._owner
        try:
            self._recorder = Recorder(
                owner.record,
                owner.now,
                asyncio.get_running_loop().call_soon_threadsafe,
                owner.stored,
                self.not_recording,
                self._recording_again,
                resume=resume,
                waits_for_key=self._was_locked,
            )
        except RecordError as error:
            if resume is not None or owner.options.because:
                raise
            raise Refusal(Reason.RECORD, record_sentence(error)) from error

    def opened(self) -> None:
        """The session's first rows are noted: from here on it can be sealed, and a successor finds its key."""
        self._sealing = Sealing(self.recorder, self._owner.note, self.not_recording, self._owner.desk.names)
        self._tell_key()

    def load_signer(self) -> None:
        """Read or make the signing key in the background."""
        assert self._sealing is not None
        self._sealing.load(self._owner.folder, asyncio.get_running_loop().call_soon_threadsafe)

    def tick(self, now: Stamp, now_s: float) -> None:
        """Seal when it is time."""
        if self._sealing and self.recorder.session_id:
            self._sealing.tick(now, now_s)

    def seal(self) -> None:
        """Seal all rows so far."""
        if self._sealing:
            self._sealing.seal(self._owner.now())

    def close(self) -> None:
        """The last rows to the disk, bounded; what it does not take is said."""
        try:
            self.recorder.close(CLOSE_WITHIN_S)
        except RecordError as error:
            self._leave_sealed(error)

    def _leave_sealed(self, refused: RecordError) -> None:
        """What waited for a locked key is left for who has it; what else the disk did not take is lost, and said."""
        from kiosk.record.leftover import leave

        owner = self._owner
        rows = self.recorder.unsaved() if is_locked(owner.record) else []
        try:
            if not rows:
                raise refused
            owner.say(vault_text.left_sealed(len(rows), str(leave(owner.record, rows, owner.now().utc_ns))), error=True)
        except RecordError as error:
            owner.say(vault_text.lost(error.count, str(error)), error=True)
            owner.code = owner.code or 1

    # --- trouble and key ----------------------------------------------------------------------------------------

    def not_recording(self, reason: str) -> None:
        """Rows do not reach the disk: noted and alarmed once, until they do again."""
        if self._trouble:
            return
        owner = self._owner
        self._trouble = reason or "unknown"
        self._waits_for_key = is_locked(owner.record)
        self._seals_at_end = self._waits_for_key and place.has_letterbox(owner.folder)
        owner.note(e.RecordingFailed(reason))
        owner.note_all(owner.desk.alarms.condition("not_recording", True, owner.t_s(), {"reason": reason}))

    def _recording_again(self, waited: int) -> None:
        self._tell_key()  # a keyring may have answered late
        self._trouble, self._waits_for_key = "", False
        owner = self._owner
        owner.note(e.RecordingRestored(waited))
        owner.note_all(owner.desk.alarms.condition("not_recording", False, owner.t_s()))

    def take_key(self, key: Key) -> bool:
        """The folder's key, from a person: what waits is written at the next try. False: it is another folder's."""
        folder = self._owner.folder
        try:
            known.give(folder, key)
        except VaultError:
            return False
        Thread(target=known.remember_letterbox, args=(folder,), name="letterbox", daemon=True).start()
        self._tell_key()
        return True

    def _tell_key(self) -> None:
        """The supervisor keeps it, so that a restart in mid-session finds its record again without a person."""
        key = known.given(self._owner.folder)
        if key and self._owner.line:
            self._owner.line.send(KeyKnown(key.secret.hex()))
