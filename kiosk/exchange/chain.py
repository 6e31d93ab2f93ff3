"""`chain.jsonl`: the bodies of a session's rows, a line each, from which every table can be made again.

Read in place (a mapped file), as often as a format asks for the rows: nothing is held in memory.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import count
from typing import NamedTuple

import msgspec

from devices.reading import Oximetry, Reading, Waveform
from kiosk.exchange.container import Packed, slices
from kiosk.exchange.source import Source
from kiosk.record import body
from kiosk.record.reader import Row, WaveformRow
from kiosk.record.seal import is_sealed
from kiosk.session import events as e

GAP_S = 15.0
"""Longer than this without an oximeter's reading is a gap: the age at which the pane says "no signal"."""
KEPT_ROWS = 20_000
"""Lines of some five hours, 10 MB without waveform: a longer session is read again instead."""
_ID = re.compile(r"[A-Za-z0-9-]{1,80}")
_AT_ONCE = 1 << 17
_WAVEFORM = body.WAVEFORM.encode()
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
    """The lines at [start, stop) of a mapped file. kinds, hashes: of each row that `look` came by."""

    def __init__(self, mapped: Packed, start: int, stop: int) -> None:
        self._mapped, self._start, self._stop = mapped, start, stop
        self.kinds: list[str] = []
        self.hashes: list[bytes] = []
        self._kept: list[bytes] | None = None

    def lines(self) -> Iterator[bytes]:
        """Each without its line end; the last one as it is, if it has none."""
        if self._kept is not None:
            yield from self._kept
            return
        for some in self._stretches():
            yield from some

    def _stretches(self) -> Iterator[list[bytes]]:
        """The same lines, so many at once as stay near the processor while they are looked at in several ways."""
        begun: list[bytes] = []
        for piece in slices(self._mapped, self._start, self._stop, _AT_ONCE):
            first, *rest = piece.split(b"\n")
            begun.append(first)
            if rest:
                yield [b"".join(begun), *rest[:-1]]
                begun = rest[-1:]
        if any(begun):
            yield [b"".join(begun)]

    def source(self) -> Source:
        """The rows, typed, for the formats. Raises RecordError UNREADABLE_ROW while they are read."""
        return Source(self._rows, self._waveforms)

    def _rows(self) -> Iterator[Row]:
        for line in self.lines():
            if _kind(line) != _WAVEFORM:
                v = body.decode_line(line)
                if not isinstance(v.data, Waveform):
                    yield Row(v.seq, v.stamp, v.t_s, v.kind, v.data, v.text, 0)

    def _waveforms(self) -> Iterator[WaveformRow]:
        for line in self.lines():
            if _kind(line) == _WAVEFORM:
                v = body.decode_line(line)
                if isinstance(v.data, Waveform):
                    yield WaveformRow(v.seq, v.t_s, v.data, 0)

    def look(self, *heard: Callable[[Row], None], vouched: str = "") -> Looked:
        """Every row once: place, kind, hash and seals. What is wrong is in `problems`, a sentence each.

        heard: get each event and reading on the way, so that a night is not read once more for what they come to. The
        lines of a session of some hours are kept, to be handed on. vouched: see `is_sealed`.
        """
        looked, tally, seals = Looked(), _Tally(), _Seals(vouched)
        kept: list[bytes] | None = []
        self._kept, self.kinds, self.hashes = None, [], []
        for lines in self._stretches():
            place, rows = len(self.kinds) + 1, body.decode_lines(lines)
            if place == 1 and rows:
                _begin(looked, rows[0])
            looked.problems += _misplaced(place, lines, rows)
            self._follow(looked, lines, rows, seals)
            if len(rows) < len(lines):
                looked.problems.append(f"Row {place + len(rows)} of the chain cannot be read.")
                seals.end(looked)
                return looked
            tally.take(rows)
            self.kinds += [row.kind for row in rows]
            made = [_row(row, row.data) for row in rows if not isinstance(row.data, Waveform)]
            for hear in heard:
                for one in made:
                    hear(one)
            kept = _more(kept, lines)
        self._kept = kept
        seals.end(looked)
        looked.counts, looked.head = tally.counts(), self.hashes[-1].hex() if self.hashes else ""
        if self._stop == self._start or self._mapped[self._stop - 1 : self._stop] != b"\n":
            looked.problems.append("The chain does not end with a whole row.")
        return looked

    def _follow(self, looked: Looked, lines: list[bytes], rows: list[body.Body], seals: _Seals) -> None:
        """The hashes of these rows, with what their events say of the chain."""
        digest = self.hashes[-1] if self.hashes else body.first_hash(looked.session_id)
        for line, row in zip(lines, rows, strict=False):
            if not isinstance(row.data, (Reading, Waveform)):
                _event(looked, row.data, line, len(self.hashes) + 1, digest, seals)
            digest = body.hash_after(digest, line)
            self.hashes.append(digest)


def _more(kept: list[bytes] | None, more: list[bytes]) -> list[bytes] | None:
    """These as well; None from where they are too many."""
    if kept is None or len(kept) + len(more) > KEPT_ROWS:
        return None
    kept += more
    return kept


def _row(row: body.Body, what: e.AnyEvent | Reading) -> Row:
    return Row(row.seq, row.stamp, row.t_s, row.kind, what, row.text, 0)


def _kind(line: bytes) -> bytes:
    """What a row is, without reading all of it; empty where it is not written as the program writes."""
    found = _KIND.match(line)
    return found[1] if found else b""


def _misplaced(place: int, lines: list[bytes], rows: list[body.Body]) -> Iterator[str]:
    """What rows say wrongly of themselves. place: of the first."""
    for here, line, row in zip(count(place), lines, rows, strict=False):
        if _kind(line) != row.kind.encode():
            yield f"Row {here} of the chain is not written as the program writes."
        if row.seq != here or row.kind != body.kind_of(row.data):
            yield f"Row {here} of the chain calls itself row {row.seq}, {row.kind}."


def _event(looked: Looked, event: e.AnyEvent, line: bytes, place: int, digest: bytes, seals: _Seals) -> None:
    """What one event says of the chain. digest: the hash before it."""
    if isinstance(event, e.ChainSealed):
        seals.take(_Seal(event, line.decode(), looked.session_id, place, digest))
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


class _Seal(NamedTuple):
    """A seal at its place in the chain. digest: the hash before it."""

    event: e.ChainSealed
    line: str
    session_id: str
    place: int
    digest: bytes

    def holds(self, vouched: str) -> bool:
        """vouched: see `is_sealed`."""
        return is_sealed(self.event, self.line, self.session_id, self.place - 1, self.digest, vouched)


class _Seals:
    """The seals of a chain. Each is held against its place; a key's signatures only from the newest seal on backwards,
    until one holds: it is over all rows before it, the earlier seals with them. A night has 720, 0.09 ms each."""

    def __init__(self, vouched: str) -> None:
        self._vouched = vouched
        self._of: dict[str, list[_Seal]] = {}
        self._bad: list[int] = []

    def take(self, seal: _Seal) -> None:
        """The next one."""
        if seal.holds(seal.event.key):
            self._of.setdefault(seal.event.key, []).append(seal)
        else:
            self._bad.append(seal.place)

    def end(self, looked: Looked) -> None:
        """Behind the last row."""
        for key, seals in self._of.items():
            while seals and not seals[-1].holds(self._vouched):
                self._bad.append(seals.pop().place)
            if seals:
                looked.signers = (*looked.signers, key)
                looked.sealed = max(looked.sealed, seals[-1].place)
        for place in sorted(self._bad):
            looked.problems.append(f"The seal in row {place} does not hold for the rows before it.")


class _Tally:
    """Counts the rows."""

    def __init__(self) -> None:
        self._events = self._readings = self._waveforms = self._gaps = 0
        self._last_s: float | None = None
        self._end_s = 0.0
        self._is_over = False

    def take(self, rows: list[body.Body]) -> None:
        """The next rows."""
        for row in rows:
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
