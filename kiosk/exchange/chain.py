"""`chain.jsonl`: the bodies of a session's rows, a line each, from which every table can be made again.

Read in place (a mapped file), as often as a format asks for the rows: nothing is held in memory.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Callable, Iterator

import msgspec

from devices.reading import Oximetry, Reading, Waveform
from kiosk.exchange.container import slices
from kiosk.exchange.source import Source
from kiosk.record import body
from kiosk.record.fault import RecordError
from kiosk.record.reader import Row, WaveformRow
from kiosk.record.seal import is_sealed
from kiosk.session import events as e

GAP_S = 15.0
"""Longer than this without an oximeter's reading is a gap: the age at which the pane says "no signal"."""
KEPT_ROWS = 20_000
"""Rows of some five hours, 25 MB: a longer session is read again instead."""
_ID = re.compile(r"[A-Za-z0-9-]{1,80}")
_KIND = re.compile(rb'\{"seq":\d+,"utc_ns":-?\d+,"boot_ns":-?\d+,"t_s":[-+.eE\d]+,"kind":"([a-z_]+)",')


class Counts(msgspec.Struct, frozen=True):
    """What a chain holds. gaps: stretches longer than `GAP_S` without an oximeter's reading, between its first and
    the session's end; what was added later is no gap."""

    rows: int
    events: int
    readings: int
    waveforms: int
    gaps: int


class Looked(msgspec.Struct):
    """What looking at each row once found. head: the last hash in hex. sealed: rows under the last good seal."""

    session_id: str = ""
    opened: e.SessionOpened | None = None
    ended: bool = False
    counts: Counts = Counts(0, 0, 0, 0, 0)
    head: str = ""
    sealed: int = 0
    sealing_failed: bool = False
    signers: tuple[str, ...] = ()  # fingerprints of the seals' keys, in the order of their first seal
    problems: list[str] = []


class Chain:
    """The lines at [start, stop) of a mapped file. kinds: of each row that `look` came by."""

    def __init__(self, mapped: mmap.mmap, start: int, stop: int) -> None:
        self._mapped, self._start, self._stop = mapped, start, stop
        self.kinds: list[str] = []
        self._kept: list[Row] | None = None

    def lines(self) -> Iterator[bytes]:
        """Each without its line end; the last one as it is, if it has none."""
        begun: list[bytes] = []
        for piece in slices(self._mapped, self._start, self._stop):
            first, *rest = piece.split(b"\n")
            begun.append(first)
            if rest:
                yield b"".join(begun)
                yield from rest[:-1]
                begun = rest[-1:]
        if any(begun):
            yield b"".join(begun)

    def content(self) -> bytes:
        """All of it."""
        return self._mapped[self._start : self._stop]

    def kind(self, line: bytes) -> str:
        """What a row is, without reading all of it; "" where it is not written as the program writes."""
        found = _KIND.match(line)
        return found[1].decode() if found else ""

    def source(self) -> Source:
        """The rows, typed, for the formats. Raises RecordError UNREADABLE_ROW while they are read."""
        return Source(self._rows, self._waveforms)

    def _rows(self) -> Iterator[Row]:
        if self._kept is not None:
            yield from self._kept
            return
        for line in self.lines():
            if self.kind(line) != body.WAVEFORM:
                v = body.decode(line.decode())
                if not isinstance(v.data, Waveform):
                    yield Row(v.seq, v.stamp, v.t_s, v.kind, v.data, v.text, 0)

    def _waveforms(self) -> Iterator[WaveformRow]:
        for line in self.lines():
            if self.kind(line) == body.WAVEFORM:
                v = body.decode(line.decode())
                if isinstance(v.data, Waveform):
                    yield WaveformRow(v.seq, v.t_s, v.data, 0)

    def look(self, heard: Callable[[Row], None] = lambda _: None, vouched: str = "") -> Looked:
        """Every row once: place, kind, hash and seals. What is wrong is in `problems`, a sentence each.

        heard: gets each event and reading on the way, so that a night is not read once more for what they come to. The
        rows of a session of some hours are kept, so that none of them is read twice. vouched: see `is_sealed`.
        """
        looked, digest, tally = Looked(), b"", _Tally()
        kept: list[Row] | None = []
        self._kept, self.kinds = None, []
        for place, line in enumerate(self.lines(), 1):
            try:
                text = line.decode()
                row = body.decode(text)
            except (UnicodeDecodeError, RecordError):
                looked.problems.append(f"Row {place} of the chain cannot be read.")
                return looked
            if place == 1:
                _begin(looked, row)
                digest = body.first_hash(looked.session_id)
            data = row.data
            if self.kind(line) != row.kind:
                looked.problems.append(f"Row {place} of the chain is not written as the program writes.")
            if row.seq != place or row.kind != body.kind_of(data):
                looked.problems.append(f"Row {place} of the chain calls itself row {row.seq}, {row.kind}.")
            if not isinstance(data, (Reading, Waveform)):
                _event(looked, data, text, place, digest, vouched)
            digest = body.hash_after(digest, line)
            self.kinds.append(row.kind)
            tally.take(row)
            if not isinstance(data, Waveform):
                made = Row(row.seq, row.stamp, row.t_s, row.kind, data, row.text, 0)
                heard(made)
                if kept is not None:
                    kept.append(made)
                    kept = kept if len(kept) <= KEPT_ROWS else None
        self._kept = kept
        looked.counts, looked.head = tally.counts(), digest.hex()
        if self._stop == self._start or self._mapped[self._stop - 1 : self._stop] != b"\n":
            looked.problems.append("The chain does not end with a whole row.")
        return looked


def _event(looked: Looked, event: e.AnyEvent, line: str, place: int, digest: bytes, vouched: str) -> None:
    """What one event says of the chain. digest: the hash before it."""
    if isinstance(event, e.ChainSealed):
        _seal(looked, event, line, place, digest, vouched)
    elif isinstance(event, e.SessionOpened) and place > 1:
        looked.problems.append(f"Row {place} of the chain opens another session.")
    looked.ended |= isinstance(event, e.SessionEnded)
    looked.sealing_failed |= isinstance(event, e.SealingFailed)


def _begin(looked: Looked, row: body.Body) -> None:
    if isinstance(row.data, e.SessionOpened):
        looked.opened, looked.session_id = row.data, row.data.session_id
        if not _ID.fullmatch(looked.session_id):
            looked.problems.append("The chain's session has a name that the program never gives.")
    else:
        looked.problems.append("The chain does not begin with the opening of a session.")


def _seal(looked: Looked, seal: e.ChainSealed, line: str, place: int, digest: bytes, vouched: str) -> None:
    if not is_sealed(seal, line, looked.session_id, place - 1, digest, vouched):
        looked.problems.append(f"The seal in row {place} does not hold for the rows before it.")
        return
    looked.sealed = place
    if seal.key not in looked.signers:
        looked.signers = (*looked.signers, seal.key)


class _Tally:
    """Counts the rows."""

    def __init__(self) -> None:
        self._events = self._readings = self._waveforms = self._gaps = 0
        self._last_s: float | None = None
        self._end_s = 0.0
        self._is_over = False

    def take(self, row: body.Body) -> None:
        """One row."""
        t_s, data = row.t_s, row.data
        if t_s > self._end_s and not self._is_over:
            self._end_s = t_s
        if isinstance(data, Reading):
            self._readings += 1
            if isinstance(data.measurement, Oximetry):
                if self._last_s is not None and t_s - self._last_s > GAP_S:
                    self._gaps += 1
                self._last_s = t_s
        elif isinstance(data, Waveform):
            self._waveforms += 1
        else:
            self._events += 1
            self._is_over |= isinstance(data, e.SessionEnded)

    def counts(self) -> Counts:
        """Of all rows."""
        open_end = self._last_s is not None and self._end_s - self._last_s > GAP_S
        rows = self._events + self._readings + self._waveforms
        return Counts(rows, self._events, self._readings, self._waveforms, self._gaps + open_end)
