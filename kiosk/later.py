"""Adds to a session that is over: what follows it stands behind its end, in the same chain, and is signed again.

Used by the room (an answer to a follow-up before the next session) and by commands. Nothing before is changed: an
export made afterwards is a longer copy of the one before, by which `kiosk import` extends what a library has.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from devices.reading import Stamp
from kiosk import datadir
from kiosk.clock import Clock, boot_id, utc_offset_min
from kiosk.failure import Reason, Refusal
from kiosk.record.fault import RecordError
from kiosk.record.head import Head
from kiosk.record.reader import Reader
from kiosk.record.recorder import Recorder, Seals, Ticket
from kiosk.session import events as e
from kiosk.text import Names, sentence


class Later:
    """One session that is over, and the run that adds to it.

    ended: `Recorder.ended` in the run that ended it, else what `Reader.ended` found (it waits for the disk: read it in
    a thread). anchor: of this run; None where it is the one that ended the session, which is anchored already.
    """

    def __init__(self, recorder: Recorder, ended: Head, names: Names, anchor: e.RunAnchored | None) -> None:
        self._recorder, self._ended, self._names, self._anchor = recorder, ended, names, anchor

    def note(self, event: e.AnyEvent, stamp: Stamp) -> Ticket:
        """Accept an event, anchored and worded; never waits for a disk. Raises RecordError as `append_event`."""
        anchor, self._anchor = self._anchor, None
        if anchor:
            self._recorder.append_later(self._ended, anchor, stamp, sentence(anchor, self._names))
        return self._recorder.append_later(self._ended, event, stamp, sentence(event, self._names))

    def seal(self, signer: Seals, stamp: Stamp) -> Ticket:
        """Sign all of it again. As `note`."""
        return self._recorder.seal(signer, stamp, lambda seal: sentence(seal, self._names), self._ended)


def add_later(folder: Path, session_id: str, events: Sequence[e.AnyEvent]) -> None:
    """Add events to a session of a data folder, sign them, and wait until they are on the disk: for a command.

    Raises Refusal: a room runs on this folder, the session is unknown or goes on, or the disk does not take them.
    """
    from kiosk.launch import record_sentence
    from kiosk.record.seal import load_signer

    try:
        with datadir.hold_lock(folder):
            record = folder / datadir.RECORD
            with Reader(record) as reader:
                ended, names = reader.ended(session_id), _names(reader, session_id)
            anchor = e.RunAnchored(boot_id(), utc_offset_min(), os.getpid())
            clock = Clock()
            recorder = _recorder(record, clock)
            try:
                later = Later(recorder, ended, names, anchor)
                for event in events:
                    later.note(event, clock.now())
                try:
                    later.seal(load_signer(folder), clock.now())
                except RecordError as error:
                    later.note(e.SealingFailed(error.detail), clock.now())
            finally:
                recorder.close()
    except datadir.DataDirError as error:
        raise Refusal(Reason.IN_USE, str(error)) from error
    except RecordError as error:
        raise Refusal(Reason.RECORD, record_sentence(error)) from error


def _names(reader: Reader, session_id: str) -> Names:
    opened = next(reader.rows(session_id)).what
    assert isinstance(opened, e.SessionOpened)
    return Names(opened.patient_label, opened.sitter_label, opened.utc_offset_min)


def _recorder(record: Path, clock: Clock) -> Recorder:
    """With nobody to be told: `close` says what the disk did not take."""

    def unheard(_: object) -> None:
        pass

    return Recorder(record, clock.now, lambda told: told(), unheard, unheard, unheard)
