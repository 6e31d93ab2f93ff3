"""The PIN before a room's own sessions are shown: the sitter's, as on one display. A library of its own has none."""

from __future__ import annotations

from pathlib import Path

from kiosk import settings
from kiosk.gate import Gate
from kiosk.pin import PinError, PinResult


class Unlock:
    """folders: data folders that what is looked at belongs to; the first with a PIN asks for it."""

    def __init__(self, *folders: Path) -> None:
        asking = [folder for folder in folders if settings.load_state(folder).pin.hash]
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
