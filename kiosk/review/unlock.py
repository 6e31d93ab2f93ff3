"""The PIN before a room's own sessions are shown: the sitter's, as on one display. A library of its own has none."""

from __future__ import annotations

from pathlib import Path

from kiosk import datadir, settings
from kiosk.gate import Gate
from kiosk.pin import PinError, PinResult
from kiosk.vault.place import expects_pin


class Unlock:
    """folder: the data folder; path: what is looked at, which may lie in a room's folder of its own.

    The first of both with a PIN asks for it; where the PIN is gone that was set there, nothing opens.
    """

    def __init__(self, folder: Path, path: Path) -> None:
        is_room = any((path.parent / name).exists() for name in (datadir.RECORD, datadir.LOCK))
        folders = (folder, path.parent) if is_room else (folder,)
        asking = [one for one in folders if settings.load_state(one).pin.hash or expects_pin(one)]
        self._gate = Gate(asking[0], single=True, opens_freely=False) if asking else None

    @property
    def is_open(self) -> bool:
        """Whether anything may be shown."""
        return self._gate is None or self._gate.is_open

    def try_pin(self, untrusted_pin: str, now_utc_ns: int) -> PinResult:
        """Check a PIN; slow, so called in a thread. Tries count as in the room, and the same lock-out holds."""
        if self._gate is None:
            return PinResult(ok=True)
        try:
            result, _ = self._gate.try_pin(untrusted_pin, now_utc_ns)
        except PinError:
            return PinResult(ok=False)
        if result.ok:
            self._gate.open()
        return result
