"""A session file to be looked at, without a library of one's own: verified, and for that long in a private one."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from kiosk.exchange.intake import Outcome, take
from kiosk.exchange.verify import Verdict
from kiosk.record.library import Library
from kiosk.signers import Known


class Glance(msgspec.Struct, frozen=True):
    """library: a file for `kiosk.record.shelf`, gone when the look is over; None where the session file did not hold,
    for the reason in `outcome`."""

    library: Path | None
    outcome: Outcome


@contextmanager
def glanced(
    path: Path, known: Callable[[Verdict], Known], now_utc_ns: int, home: Path | None = None
) -> Generator[Glance]:
    """A session file as a library of one session. known: as for `take`. home: the data folder with whose key it is
    encrypted for that long; also to be given to whoever reads it. Raises RecordError.
    """
    with TemporaryDirectory(prefix="session-room-") as folder:
        database = Path(folder) / "glance.db"
        with Library(database, home) as library:
            outcome = take(path, library, known, now_utc_ns)
        yield Glance(database if outcome.what == "added" else None, outcome)
