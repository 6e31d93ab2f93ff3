"""What is wrong with a session file by what its container says of the members, before any of them is read.

Every trick of a container is refused by its name: paths that lead out, links, members that are compressed or twice.
"""

from __future__ import annotations

import stat
import struct
import zipfile
from typing import IO, Any

import msgspec

from kiosk.exchange import manifest

_MANIFEST_BYTES = 1 << 20
# What a container that somebody bent can make of the standard reader.
_BENT = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
    EOFError,
    struct.error,
    LookupError,
    OverflowError,
)


def strange(file: IO[bytes]) -> str:
    """One sentence, "" if nothing is. file: open for reading, at any place."""
    try:
        with zipfile.ZipFile(file) as opened:
            entries = opened.infolist()
            newer = _newer(opened, entries)
    except _BENT:
        return "The container is damaged or cut off."
    if newer:
        return newer
    names = [entry.filename for entry in entries]
    for entry in entries:
        wrong = _entry(entry)
        if wrong:
            return wrong
    doubled = next((name for name in names if names.count(name) > 1), "")
    if doubled:
        return f"{doubled} is in the container twice."
    missing = next((name for name in manifest.ORDER if name not in {*names, *manifest.OPTIONAL}), "")
    if missing:
        return f"{missing} is missing in the container."
    return "" if names == [n for n in manifest.ORDER if n in names] else "The members are not in their order."


def _newer(opened: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> str:
    """A file of a newer form is called so before anything in it is called strange."""
    first = entries[0] if entries else None
    if first is None or first.filename != manifest.MANIFEST or first.compress_type or first.file_size > _MANIFEST_BYTES:
        return ""
    try:
        version = msgspec.json.decode(opened.read(first), type=dict[str, Any]).get("version")
    except (msgspec.MsgspecError, RecursionError):
        return ""
    if isinstance(version, int) and version > manifest.VERSION:
        return (
            f"This file has form {version}, made by a newer program. This one knows form {manifest.VERSION}: update it."
        )
    return ""


def _entry(entry: zipfile.ZipInfo) -> str:
    name = entry.filename
    shown = ascii(name[:80])
    mode = entry.external_attr >> 16
    if name.startswith(("/", "\\")) or ":" in name or ".." in name.replace("\\", "/").split("/"):
        return f"The member {shown} points outside of the container."
    if stat.S_ISLNK(mode):
        return f"The member {shown} is a link."
    if entry.is_dir() or stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return f"The member {shown} is not a file."
    if entry.compress_type != zipfile.ZIP_STORED or entry.compress_size != entry.file_size:
        sizes = f"{entry.file_size} bytes from {entry.compress_size}"
        return f"The member {shown} is compressed ({sizes}). It was not unpacked."
    if entry.flag_bits & 1:
        return f"The member {shown} is encrypted."
    return "" if name in manifest.ORDER else f"The member {shown} does not belong in a session file."
