"""The door to the record for the monitor: rows go in here, in order, and nobody waits for a disk.

Why: an alarm must never stand behind an fsync. Appending gives a row its place in the chain and its session seconds
at once; `writer.Writer` brings it to the disk. Rows that cannot be written wait in memory, bounded and counted.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from devices.reading import Reading, Stamp, Waveform
from kiosk.record import body, schema
from kiosk.record.driver import Connection
from kiosk.record.fault import LOCKED, Reason, RecordError
from kiosk.record.head import Head, load_head
from kiosk.record.timeline import Timeline
from kiosk.record.waiting import Row, Ticket
from kiosk.record.writer import Heard, Writer
from kiosk.session.events import AnyEvent, ChainSealed, RunAnchored, SessionEnded, SessionOpened

__all__ = ["Recorder", "Ticket"]

# About half a day at one reading a second; some 50 MB.
ROWS_WAITING_AT_MOST = 50_000
RETRY_S = 0.5


class Seals(Protocol):
    """Who signs: `seal.Signer`, which is imported only by who has a key."""

    def seal(self, length: int, head: bytes) -> ChainSealed:
        """The seal over so many rows, whose last hash is `head`; not yet signed."""
        ...

    def signed(self, session_id: str, line: str) -> str:
        """A seal's body with its signature."""
        ...


class Recorder:
    """Writes sessions to the file at `path`; made, used and closed by one thread.

    now: the clock, for `stored`. call: runs a function in the owner's thread (an event loop's `call_soon_threadsafe`);
    the callbacks reach the owner through it. on_stored(tickets), on_failed(reason as the system says it, once a
    failure), on_restored(rows that had waited). resume: the id of an open session to go on with. waits_for_key: a key
    that is locked or missing is a failure like a full disk: rows wait until the process knows it.

    Raises RecordError where the file is refused, or the session to resume is unknown or ended.
    """

    def __init__(
        self,
        path: Path,
        now: Callable[[], Stamp],
        call: Callable[[Callable[[], None]], object],
        on_stored: Callable[[list[Ticket]], None],
        on_failed: Callable[[str], None],
        on_restored: Callable[[int], None],
        *,
        resume: str | None = None,
        waits_for_key: bool = False,
        limit: int = ROWS_WAITING_AT_MOST,
        retry_s: float = RETRY_S,
    ) -> None:
        self.path = path
        self.lost = 0  # rows refused because too many waited
        self._limit = limit
        self._accepted = 0
        connection = _open(path, waits_for_key and not resume)
        try:
            self._head: Head | None = load_head(connection, resume) if resume and connection else None
        except BaseException:
            if connection:
                connection.close()
            raise
        self._last = self._head  # the session that is sealed: the open one, and once more after its end
        heard = Heard(call, on_stored, on_failed, on_restored)
        self._writer = Writer(path, connection, now, heard, retry_s)
        self._writer.start()

    @property
    def waiting(self) -> int:
        """Rows accepted and not yet on the disk."""
        return self._accepted - self._writer.stored

    @property
    def session_id(self) -> str | None:
        """The session that rows go to now; None before one is opened and after it ended."""
        return self._head.session_id if self._head else None

    @property
    def ended(self) -> Head | None:
        """The session that ended in this run, for `append_later`; None while one is open."""
        return None if self._head else self._last

    @property
    def timeline(self) -> Timeline:
        """The open session's clock rule: `timeline.t_s(stamp)` for whatever is shown."""
        return self._open_head().timeline

    def append_event(self, event: AnyEvent, stamp: Stamp, text: str = "") -> Ticket:
        """Accept an event at its place in the chain; never waits. text: the sentence as it was shown.

        `SessionOpened` opens the session it names, `SessionEnded` is its last row but for a seal. Raises RecordError:
        no session is open, one is open already, too many rows wait, or the event cannot be written as text.
        """
        if isinstance(event, SessionOpened):
            return self._open(event, stamp, text)
        if isinstance(event, RunAnchored):
            self.timeline.anchor(event.boot_id, stamp)
        ticket = self._append(self._open_head(), event, stamp, text)
        if isinstance(event, SessionEnded):
            self._head = None
        return ticket

    def append_later(self, ended: Head, event: AnyEvent, stamp: Stamp, text: str = "") -> Ticket:
        """Accept an event behind the end of a session that is over: what follows it stands in the same chain.

        ended: `ended`, or what `Reader.ended` found; the caller keeps it for the next row. Where another run than the
        session's last one adds, `RunAnchored` is its first row: session seconds hang on it. As `append_event`.
        """
        if isinstance(event, RunAnchored):
            ended.timeline.anchor(event.boot_id, stamp)
        return self._append(ended, event, stamp, text)

    def append_reading(self, reading: Reading) -> Ticket:
        """Accept a reading at its place in the chain, under its own stamp. As `append_event`."""
        return self._append(self._open_head(), reading, reading.stamp, "")

    def seal(
        self, signer: Seals, stamp: Stamp, text: Callable[[ChainSealed], str], ended: Head | None = None
    ) -> Ticket:
        """Accept a signature over every row so far as the next row: of the open session, or of the one that just ended.

        ended: of that session instead, as for `append_later`. As `append_event`.
        """
        head = ended or self._last
        if head is None:
            raise RecordError(Reason.NO_SESSION)
        event = signer.seal(head.seq, head.hash)
        return self._append(head, event, stamp, text(event), signed=lambda line: signer.signed(head.session_id, line))

    def append_waveform(self, block: Waveform) -> Ticket | None:
        """Accept a block of waveform under the stamp of its first sample. As `append_reading`.

        None: refused and counted in `lost`, because half of the waiting room is full; the rest is for readings.
        """
        if self.waiting >= self._limit // 2:
            self.lost += 1
            return None
        return self._append(self._open_head(), block, block.stamp, "")

    def settle(self, timeout: float) -> bool:
        """Wait until every accepted row is on the disk; False after `timeout` seconds, at once where the disk refuses.

        The one place where somebody waits for a disk: before a device is told that its value was taken.
        """
        return self._writer.settle(self._accepted, timeout)

    def close(self, timeout: float = 5.0) -> None:
        """Write what waits, fold the log into the file, end the thread. Twice is once.

        Raises RecordError NOT_SAVED with the count of rows that the disk did not take within the time.
        """
        if not self._writer.closing.is_set():
            self._writer.closing.set()
            self._writer.rows.put(None)
        self._writer.join(timeout)
        if self.waiting or self._writer.is_alive():
            raise RecordError(Reason.NOT_SAVED, str(self.path), count=self.waiting)

    def unsaved(self) -> list[Row]:
        """The rows that `close` did not bring to the disk, in order; none while the disk may still take them."""
        return [] if self._writer.is_alive() else self._writer.unsaved()

    def _open(self, event: SessionOpened, stamp: Stamp, text: str) -> Ticket:
        if self._head:
            raise RecordError(Reason.SESSION_OPEN, self._head.session_id)
        head = Head(event.session_id, 0, body.first_hash(event.session_id), Timeline(stamp))
        ticket = self._append(head, event, stamp, text, opened_utc_ns=stamp.utc_ns)
        self._head = self._last = head
        return ticket

    def _open_head(self) -> Head:
        if self._head is None:
            raise RecordError(Reason.NO_SESSION)
        return self._head

    def _append(
        self,
        head: Head,
        what: AnyEvent | Reading | Waveform,
        stamp: Stamp,
        text: str,
        opened_utc_ns: int | None = None,
        signed: Callable[[str], str] | None = None,
    ) -> Ticket:
        writer = self._writer
        if self._accepted - writer.stored >= self._limit:
            self.lost += 1
            raise RecordError(Reason.MEMORY_FULL, count=self.lost)
        ticket = Ticket(head.seq + 1, head.timeline.t_s(stamp))
        kind = body.kind_of(what)
        text = body.encode(body.Body(ticket.seq, stamp.utc_ns, stamp.boot_ns, ticket.t_s, kind, text, what))
        text = signed(text) if signed else text
        previous, head.hash = head.hash, body.next_hash(head.hash, text)
        head.seq = ticket.seq
        head.timeline.pass_to(ticket.t_s)
        self._accepted += 1
        table = body.table_of(kind)
        writer.rows.put(Row(head.session_id, table, kind, text, ticket, previous, head.hash, opened_utc_ns))
        return ticket


def _open(path: Path, waits_for_key: bool) -> Connection | None:
    try:
        return schema.open_for_writing(path)
    except RecordError as error:
        if waits_for_key and error.reason in LOCKED:
            return None
        raise
