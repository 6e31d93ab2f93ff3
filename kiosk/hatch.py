"""A way into a running room for its key: a Unix socket in the data folder, for the same user only.

Owned by the monitor; `kiosk key unlock` knocks. One line, one answer; the key is never written anywhere on the way.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import struct
import sys
from collections.abc import Callable, Generator
from pathlib import Path

import msgspec

from kiosk.vault.fault import VaultError
from kiosk.vault.key import Key

SOCKET = "room.sock"
WITHIN_S = 5.0
_LONGEST_ADDRESS = 100  # the system's limit is 108 bytes (Linux), 104 (BSD)


class Offered(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The key, in hex."""

    key: str


class Answer(msgspec.Struct, frozen=True):
    """Whether it was taken."""

    taken: bool


class HatchError(Exception):
    """Nobody answers; str() is what the system said."""


@contextlib.contextmanager
def _address(folder: Path) -> Generator[str]:
    """A path that is short enough for a socket, however deep the folder lies."""
    path = str(folder / SOCKET)
    if len(os.fsencode(path)) < _LONGEST_ADDRESS or not sys.platform.startswith("linux"):
        yield path
        return
    descriptor = os.open(folder, os.O_PATH)
    try:
        yield f"/proc/self/fd/{descriptor}/{SOCKET}"
    finally:
        os.close(descriptor)


class Hatch:
    """take: is given a key, says whether it is taken; called on the owner's loop."""

    def __init__(self, folder: Path, take: Callable[[Key], bool]) -> None:
        self._folder, self._take = folder, take
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Listen. Where the system has no such sockets, or the disk refuses, there is no hatch and all else goes on."""
        if sys.platform == "win32":
            return
        with contextlib.suppress(OSError), _address(self._folder) as address:
            (self._folder / SOCKET).unlink(missing_ok=True)  # of a room that was killed: this one holds the lock
            self._server = await asyncio.start_unix_server(self._serve, address, limit=4096)
            (self._folder / SOCKET).chmod(0o600)

    async def close(self) -> None:
        """Listen no more."""
        if self._server:
            self._server.close()
            await self._server.wait_closed()
            with contextlib.suppress(OSError):
                (self._folder / SOCKET).unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if _is_mine(writer.get_extra_info("socket")):
                line = await asyncio.wait_for(reader.readline(), WITHIN_S)
                offered = msgspec.json.decode(line, type=Offered)
                answer = Answer(self._take(Key(bytes.fromhex(offered.key))))
                writer.write(msgspec.json.encode(answer) + b"\n")
                await writer.drain()
        except (OSError, ValueError, TimeoutError, msgspec.MsgspecError, VaultError):
            pass  # who says nothing of use is told nothing
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


def _is_mine(peer: socket.socket) -> bool:
    """The same user knocks; the folder is closed to others anyway."""
    if not sys.platform.startswith("linux"):
        return True
    form = struct.Struct("3i")  # pid, uid, gid
    _, uid, _ = form.unpack(peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, form.size))
    return uid == os.geteuid()


def hand_over(folder: Path, key: Key) -> bool:
    """Give a running room this key; whether it was taken. Raises HatchError where none listens."""
    if sys.platform == "win32":
        raise HatchError("not on this system")
    try:
        with _address(folder) as address, socket.socket(socket.AF_UNIX) as peer:
            peer.settimeout(WITHIN_S)
            peer.connect(address)
            peer.sendall(msgspec.json.encode(Offered(key.secret.hex())) + b"\n")
            with peer.makefile("rb") as file:
                return msgspec.json.decode(file.readline(4096), type=Answer).taken
    except (OSError, msgspec.MsgspecError) as error:
        raise HatchError(getattr(error, "strerror", "") or "no answer") from error
