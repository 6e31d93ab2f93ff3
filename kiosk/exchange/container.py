"""The container of a session file: a zip of stored members whose every byte follows from their names and contents.

So whoever has the members can pack them again and compare; there is no byte in which something could hide. Reading
never unpacks anything: a compressed member is refused. Form: APPNOTE 6.3.10, without zip64.
"""

from __future__ import annotations

import mmap
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, NamedTuple

MOST_BYTES = 2**31  # a night with waveform is some 100 MB
_AT_ONCE = 1 << 20
_LOCAL, _CENTRAL, _END = struct.Struct("<IHHHHHIIIHH"), struct.Struct("<IHHHHHHIIIHHHHHII"), struct.Struct("<IHHHHIIH")
_STORED, _VERSION, _UNIX = 0, 20, 3 << 8
_DATE = 1 << 5 | 1  # 1980-01-01, the first day of this format
_ATTRIBUTES = 0o100600 << 16


Packed = mmap.mmap | bytes
"""A container: mapped, or read as a whole where it is small."""


class NotAsPackedError(Exception):
    """The bytes are not what packing makes. at: the first place where they differ."""

    def __init__(self, at: int) -> None:
        super().__init__(at)
        self.at = at


class Member(NamedTuple):
    """One member. start: where its content begins. crc: CRC-32 of the content."""

    name: str
    start: int
    size: int
    crc: int


def write(out: IO[bytes], contents: Iterable[tuple[str, IO[bytes]]]) -> None:
    """Pack the members in this order. As `packed`."""
    out.writelines(packed(contents))


def packed(contents: Iterable[tuple[str, IO[bytes]]]) -> Iterator[bytes]:
    """The members in this order, packed, piece by piece. Each content is read twice, from its beginning.

    Raises OSError where it would be larger than can be.
    """
    members: list[Member] = []
    at = 0
    for name, content in contents:
        size = crc = 0
        for piece in pieces(content):
            size, crc = size + len(piece), zlib.crc32(piece, crc)
        header = _local(name, size, crc)
        members.append(Member(name, at + len(header), size, crc))
        at += len(header) + size
        if at > MOST_BYTES:
            raise OSError(0, "larger than 2 GiB")
        yield header
        yield from pieces(content)
    yield directory(members)


def read(packed: Packed) -> tuple[Member, ...]:
    """The members, if the container is byte for byte what `packed` makes of them. Raises NotAsPackedError."""
    members: list[Member] = []
    at = 0
    while packed[at : at + 4] == b"PK\3\4":
        member = _member(packed, at)
        members.append(member)
        at = member.start + member.size
    expected = directory(members)
    found = packed[at : at + len(expected) + 1]
    if found != expected:
        raise NotAsPackedError(
            at + next((i for i, b in enumerate(found) if expected[i : i + 1] != bytes([b])), len(found))
        )
    return tuple(members)


def directory(members: Sequence[Member]) -> bytes:
    """What stands behind the last member."""
    entries = b"".join(_central(member) for member in members)
    start = members[-1].start + members[-1].size if members else 0
    return entries + _END.pack(0x06054B50, 0, 0, len(members), len(members), len(entries), start, 0)


def _member(packed: Packed, at: int) -> Member:
    fixed = packed[at : at + _LOCAL.size]
    if len(fixed) < _LOCAL.size:
        raise NotAsPackedError(len(packed))
    _, _, _, _, _, _, crc, size, _, name_size, _ = _LOCAL.unpack(fixed)
    start = at + _LOCAL.size + name_size
    try:
        name = packed[at + _LOCAL.size : start].decode("ascii")
    except UnicodeDecodeError as error:
        raise NotAsPackedError(at + _LOCAL.size + error.start) from error
    expected = _local(name, size, crc)
    found = packed[at:start]
    if found != expected:
        raise NotAsPackedError(at + next((i for i, b in enumerate(expected) if found[i : i + 1] != bytes([b])), 0))
    if start + size > len(packed):
        raise NotAsPackedError(len(packed))
    if _crc(packed, start, size) != crc:
        raise NotAsPackedError(start)
    return Member(name, start, size, crc)


def _crc(packed: Packed, start: int, size: int) -> int:
    crc = 0
    for piece in slices(packed, start, start + size):
        crc = zlib.crc32(piece, crc)
    return crc


def slices(packed: Packed, start: int, stop: int, at_once: int = _AT_ONCE) -> Iterator[bytes]:
    """The bytes of [start, stop), so many at a time; memory does not grow with what was read of a mapped file."""
    for at in range(start, stop, at_once):
        yield packed[at : min(at + at_once, stop)]
        let_go(packed, at, min(at + at_once, stop))


def let_go(packed: Packed, start: int, stop: int) -> None:
    """What was read of a mapped file need not stay in memory; the system reads it again where it is asked for."""
    if isinstance(packed, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        begun = start - start % mmap.PAGESIZE
        packed.madvise(mmap.MADV_DONTNEED, begun, stop - begun)


def pieces(content: IO[bytes]) -> Iterator[bytes]:
    """All of a content, from its beginning."""
    content.seek(0)
    while piece := content.read(_AT_ONCE):
        yield piece


def _local(name: str, size: int, crc: int) -> bytes:
    raw = name.encode("ascii")
    return _LOCAL.pack(0x04034B50, _VERSION, 0, _STORED, 0, _DATE, crc, size, size, len(raw), 0) + raw


def _central(m: Member) -> bytes:
    raw = m.name.encode("ascii")
    offset = m.start - _LOCAL.size - len(raw)
    fixed = _CENTRAL.pack(
        0x02014B50,
        _UNIX | _VERSION,
        _VERSION,
        0,
        _STORED,
        0,
        _DATE,
        m.crc,
        m.size,
        m.size,
        len(raw),
        0,
        0,
        0,
        0,
        _ATTRIBUTES,
        offset,
    )
    return fixed + raw
