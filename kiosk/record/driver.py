"""The SQLite driver of the record, by its few typed parts: the one place that imports it.

sqlcipher3 brings its own SQLite, new enough not to corrupt a WAL file, on every platform. Its errors are its own:
`sqlite3.Error` would miss a full disk.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Protocol, cast

from sqlcipher3 import dbapi2 as _dbapi2  # pyright: ignore[reportMissingTypeStubs]

_module: Any = _dbapi2
Error = cast(type[Exception], _module.Error)
# What a damaged file can raise: the driver decodes its own message, which may hold bytes of the file.
DAMAGE = (Error, UnicodeDecodeError)
CORRUPT = 11  # SQLITE_CORRUPT
NOT_A_DATABASE = 26  # SQLITE_NOTADB: also what a wrong key comes to
HEADER = b"SQLite format 3\0"  # an encrypted file begins with random bytes instead
VERSION = cast(tuple[int, int, int], _module.sqlite_version_info)
BUSY_S = 5.0
# Of each `bytes` the driver would ask for an adapter and two attributes first: 1.4 us, a quarter of a row.
_module.register_adapter(bytes, bytearray)


class Cursor(Protocol):
    """A result: tuples."""

    description: Any

    def fetchone(self) -> Any:
        """The next line or None."""
        ...

    def fetchall(self) -> list[Any]:
        """The rest."""
        ...

    def __iter__(self) -> Iterator[Any]: ...


class Connection(Protocol):
    """An open file. Nothing begins a transaction by itself."""

    in_transaction: bool

    def execute(self, sql: str, parameters: Any = (), /) -> Cursor:
        """One statement."""
        ...

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> Cursor:
        """One statement for each of these."""
        ...

    def close(self) -> None:
        """Give the file back."""
        ...


def connect(path: Path, *, read_only: bool, key: bytes | None = None) -> Connection:
    """Open an existing file; may be handed to another thread. key: 32 bytes, None for a plain file. Raises `Error`.

    A wrong key is told by the first statement that reads (NOT_A_DATABASE).
    """
    mode = "ro" if read_only else "rw"
    uri = f"{path.resolve().as_uri()}?mode={mode}"
    opened = _module.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=BUSY_S)
    opened.execute("PRAGMA cipher_log_level = NONE")  # it would write its own lines to stderr
    if key is not None:
        opened.execute(f"PRAGMA key = {_raw(key)}")
    return cast(Connection, opened)


def attach(connection: Connection, path: Path, name: str, key: bytes | None, *, read_only: bool) -> None:
    """Attach a second, existing file with its key, None for a plain one. Raises `Error`."""
    uri = f"{path.resolve().as_uri()}?mode={'ro' if read_only else 'rw'}"
    with_key = _raw(key) if key is not None else "''"
    connection.execute(f"ATTACH DATABASE ? AS {name} KEY {with_key}", (uri,))


def _raw(key: bytes) -> str:
    """SQLCipher's raw key: 256 bits as they are, no derivation. Hex digits only, so nothing can be smuggled in."""
    return f"\"x'{key.hex()}'\""
