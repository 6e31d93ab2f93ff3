"""Tables and bundle of a session file made again from its chain, and held against those that are there.

Nothing is kept of them: what is made is compared byte by byte on its way.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import IO, Any

from kiosk import __version__
from kiosk.exchange import archive, container, manifest
from kiosk.exchange.chain import Chain
from kiosk.exchange.container import Member, Packed
from kiosk.exchange.fhir.case import Gathering
from kiosk.exchange.manifest import Manifest
from kiosk.record.reader import Row

_BUFFERED = 1 << 16


class Remade:
    """Members made again while the chain is looked at, and held against those that are there."""

    def __init__(self, made: Manifest, mapped: Packed, found: dict[str, Member]) -> None:
        self._by, self._mapped, self._found = made, mapped, found
        self._is_known = made.tables_form == manifest.TABLES_FORM
        self._gathered = Gathering()
        self._made = archive.Derived(self._begun())

    def _begun(self) -> Mapping[str, IO[bytes]]:
        self._again = {name: _Compared(self._mapped, self._found[name]) for name in archive.DERIVED}
        return {name: io.BufferedWriter(content, _BUFFERED) for name, content in self._again.items()}

    def take(self, row: Row) -> None:
        """The next row."""
        if self._is_known:
            self._gathered.take(row)
            self._made.take(row)

    def differing(self, chain: Chain, notes: list[str]) -> Iterator[str]:
        """Behind the last row: members that are not what the chain makes of them."""
        by = self._by
        if not self._is_known:
            notes.append(
                f"Tables and bundle have another form than this program's (packed by {by.program_version[:20]!a}, "
                f"this is {__version__}): they were not made again. Signature, checksums, chain and seals were looked "
                "at."
            )
            return
        try:
            self._end(chain)
        except archive.MADE_UP as error:
            yield no_tables(error)
            return
        for name, content in self._again.items():
            if not content.is_same:
                yield f"{name} is not what the chain makes of it."

    def _end(self, chain: Chain) -> None:
        case = self._gathered.case()
        if case.whole.withdrawn:
            self._made = archive.Derived.without(case.whole.withdrawn, chain.source(), self._begun())
        self._made.end(case)


def no_tables(error: Exception) -> str:
    """The sentence for a chain that holds, of which no tables can be made."""
    return f"No tables can be made from the chain ({type(error).__name__})."


class _Compared(io.RawIOBase):
    """A file that is only written: it compares with a member instead of keeping anything."""

    def __init__(self, mapped: Packed, member: Member) -> None:
        super().__init__()
        self._mapped, self._at, self._stop = mapped, member.start, member.start + member.size
        self._is_same = True

    @property
    def is_same(self) -> bool:
        """Whether all that was written is all of the member."""
        return self._is_same and self._at == self._stop

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, content: Any, /) -> int:
        """Hold the next bytes against the member's."""
        stop = self._at + len(content)
        self._is_same &= stop <= self._stop and self._mapped[self._at : stop] == content
        container.let_go(self._mapped, self._at, min(stop, self._stop))
        self._at = stop
        return len(content)
