"""A session file for certain readers only: encrypted to age recipients (X25519), opened with the identity of one.

Bytes pass through in pieces. Nobody but the named readers can open it, not even who wrote it; what it holds proves
itself by its own signature, because encryption alone says nothing about who wrote it. Form: age-encryption.org/v1.
"""

from __future__ import annotations

import io
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, NewType

import pyrage as _pyrage  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]

from kiosk.exchange.fault import ExchangeError, Reason

_age: Any = _pyrage  # it has no types of its own

Recipient = NewType("Recipient", str)
"""Who can open a file: "age1…", looked at."""
Identity = NewType("Identity", str)
"""The secret that opens it."""

SUFFIX = ".age"
BEGINNING = b"age-encryption.org/"
_SECRET = "AGE-SECRET-KEY-"  # noqa: S105 - how every identity begins, none by itself


def recipients(words: Iterable[str]) -> list[Recipient]:
    """Those who will be able to open it, each as age writes it ("age1…").

    Raises ExchangeError NOT_A_RECIPIENT, or SECRET_KEY for what must never be handed out.
    """
    found: list[Recipient] = []
    for word in words:
        if word.strip().upper().startswith(_SECRET):
            raise ExchangeError(Reason.SECRET_KEY)
        try:
            found.append(Recipient(str(_age.x25519.Recipient.from_str(word.strip()))))
        except _age.RecipientError as error:
            raise ExchangeError(Reason.NOT_A_RECIPIENT, word) from error
    return found


def identities(text: str) -> list[Identity]:
    """The keys in an identity file as `age-keygen` writes it: a line each, comments begin with #.

    Raises ExchangeError NOT_AN_IDENTITY where a line is none, or there is no line.
    """
    lines = [line.strip() for line in text.splitlines()]
    found = [Identity(line) for line in lines if line and not line.startswith("#")]
    try:
        _keys(found)
    except _age.IdentityError as error:
        raise ExchangeError(Reason.NOT_AN_IDENTITY) from error
    if not found:
        raise ExchangeError(Reason.NOT_AN_IDENTITY)
    return found


def _keys(of: Iterable[Identity]) -> list[Any]:
    return [_age.x25519.Identity.from_str(one) for one in of]


def close(pieces: Iterator[bytes], out: IO[bytes], to: Sequence[Recipient]) -> None:
    """Write the pieces so that only these readers can open them. Raises what the pieces or `out` raise."""
    source, sink = _Source(pieces), _Sink(out)
    try:
        _age.encrypt_io(source, sink, [_age.x25519.Recipient.from_str(one) for one in to])
    except _age.EncryptError as error:  # it knows of their errors only the words
        raise source.failed or sink.failed or error from error


@contextmanager
def opened(path: Path, keys: Sequence[Identity]) -> Generator[IO[bytes]]:
    """The file to read, decrypted where it is encrypted: then into a file without a name, gone with this process.

    Raises OSError, or ExchangeError NEEDS_IDENTITY, OTHER_READER, BROKEN.
    """
    with path.open("rb") as file:
        is_closed = file.read(len(BEGINNING)) == BEGINNING
        file.seek(0)
        if not is_closed:
            yield file
            return
        if not keys:
            raise ExchangeError(Reason.NEEDS_IDENTITY)
        with TemporaryFile() as plain:
            sink = _Sink(plain)
            try:
                _age.decrypt_io(file, sink, _keys(keys))
            except _age.DecryptError as error:
                raise ExchangeError(Reason.OTHER_READER) from error
            except OSError as error:
                raise sink.failed or ExchangeError(Reason.BROKEN) from error
            plain.seek(0)
            yield plain


class _Source(io.RawIOBase):
    """Pieces as a file to read from. failed: what was raised while they were made."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        super().__init__()
        self._pieces, self._left = pieces, memoryview(b"")
        self.failed: BaseException | None = None

    def readable(self) -> bool:
        """It is."""
        return True

    def read(self, size: int = -1, /) -> bytes:
        """At most so many bytes; none at the end."""
        try:
            while not self._left:
                self._left = memoryview(next(self._pieces))
        except StopIteration:
            return b""
        except BaseException as error:
            self.failed = error
            raise
        found, self._left = self._left[:size], self._left[size:]
        return bytes(found)


class _Sink(io.RawIOBase):
    """A file to write to. failed: what it raised."""

    def __init__(self, out: IO[bytes]) -> None:
        super().__init__()
        self._out = out
        self.failed: BaseException | None = None

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, content: Any, /) -> int:
        """All of it."""
        try:
            return self._out.write(content)
        except BaseException as error:
            self.failed = error
            raise
