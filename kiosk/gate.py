"""Who may see the pane on one display: the PIN rule, and its state that outlives a restart.

Owned by the monitor. It guards the quiet pane, never help: banner, acknowledge, pause and emergency card are shown
over the rest screen without asking here. The PIN itself is checked in a thread and never stored or logged.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from kiosk import pin, settings
from kiosk.session import events as e


class Gate:
    """Open or closed. single: one display; with two the pane is always open."""

    def __init__(self, folder: Path, single: bool, opens_freely: bool) -> None:
        self._folder = folder
        self.single = single
        self._opens_freely = opens_freely
        self._open = opens_freely

    @property
    def is_open(self) -> bool:
        """Whether the pane may be shown now."""
        return self._open or not self.single

    def try_pin(self, untrusted_pin: str, now_utc_ns: int) -> tuple[pin.PinResult, e.Event]:
        """Check a PIN; slow (argon2id), so called in a thread. The new state is on disk before the answer."""
        if self._opens_freely:
            return pin.PinResult(ok=True), e.PaneOpened("demo")
        state = settings.load_state(self._folder)
        result, after = pin.check_pin(state.pin, untrusted_pin, now_utc_ns)
        if after != state.pin:
            settings.save_state(self._folder, msgspec.structs.replace(state, pin=after))
        if result.ok:
            return result, e.PaneOpened("pin")
        return result, e.PinRefused(result.tries_left, result.locked_s)

    def open(self) -> None:
        """The PIN was right, or the sitter held the key while locked out."""
        self._open = True

    def close(self) -> None:
        """Back to the rest screen."""
        self._open = False
