"""Seals a running session: once the key is there, each minute, and after the end.

Owned by the monitor. The key is read in a thread of its own, because a disk may hang: monitoring never waits for it,
and a session without a key is recorded all the same, with an event that says why it is not sealed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from devices.reading import Stamp
from kiosk.record.fault import RecordError
from kiosk.record.recorder import Recorder
from kiosk.session import events as e
from kiosk.text import Names, sentence

if TYPE_CHECKING:
    from kiosk.record.seal import Signer

EVERY_S = 60.0


class Sealing:
    """call: runs a function in the owner's thread. note: records an event. failed: the record refused the seal."""

    def __init__(
        self, recorder: Recorder, note: Callable[[e.Event], object], failed: Callable[[str], object], names: Names
    ) -> None:
        self._recorder, self._note, self._failed, self._names = recorder, note, failed, names
        self._signer: Signer | None = None
        self._sealed_s: float | None = None

    def load(self, folder: Path, call: Callable[[Callable[[], None]], object]) -> None:
        """Read or make the key in the background; what comes of it reaches this object through `call`."""
        Thread(target=_load, args=(folder, call, self._found, self._missing), name="signing key", daemon=True).start()

    def tick(self, now: Stamp, now_s: float) -> None:
        """Seal when a minute has passed since the last time."""
        if self._signer and (self._sealed_s is None or now_s - self._sealed_s >= EVERY_S):
            self._sealed_s = now_s
            self.seal(now)

    @property
    def signer(self) -> Signer | None:
        """Who signs, None while the key is not there."""
        return self._signer

    def seal(self, now: Stamp) -> None:
        """Seal all rows so far; nothing where there is no key."""
        if self._signer is None:
            return
        try:
            self._recorder.seal(self._signer, now, lambda event: sentence(event, self._names))
        except RecordError as error:
            self._failed(str(error.reason))

    def _found(self, signer: Signer) -> None:
        self._signer = signer

    def _missing(self, why: str) -> None:
        if self._recorder.session_id:
            self._note(e.SealingFailed(why))


def _load(
    folder: Path,
    call: Callable[[Callable[[], None]], object],
    found: Callable[[Signer], None],
    missing: Callable[[str], None],
) -> None:
    """Top of the thread; the library behind the key takes a tenth of a second to import, too."""
    from kiosk.record.seal import load_signer

    try:
        signer = load_signer(folder)
    except RecordError as error:
        why = error.detail
        told: Callable[[], None] = lambda: missing(why)  # noqa: E731
    else:
        told = lambda: found(signer)  # noqa: E731
    try:
        call(told)
    except RuntimeError:
        pass  # the owner's loop has closed
