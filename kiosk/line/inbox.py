"""The parent's reading end: raw chunks of a pipe into messages of the child's own union, a bounded portion a turn.

Owned by the parent's event loop. A child that floods or writes garbage must cost neither readings nor a flooded
record: at most PORTION lines are handled in one turn of the loop, and refusals are summed up to one a second.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from kiosk.line.codec import Decoder, LineError, Splitter

PORTION = 100
REFUSALS_EVERY_S = 1.0


class Inbox:
    """on_message gets each message, on_refused a reason in words ("not JSON: ... (12 more)")."""

    def __init__(
        self,
        accepts: Any,
        on_message: Callable[[Any], None],
        on_refused: Callable[[str], None],
        clock: Callable[[], float],
    ) -> None:
        self._decoder, self._splitter = Decoder(accepts), Splitter()
        self._on_message, self._on_refused, self._clock = on_message, on_refused, clock
        self._lines: deque[bytes | LineError] = deque()
        self._held_back = 0
        self._last_refusal_s = clock() - REFUSALS_EVERY_S

    def __len__(self) -> int:
        return len(self._lines)

    def feed(self, chunk: bytes) -> None:
        """Add what was read."""
        self._lines.extend(self._splitter.feed(chunk))

    def end(self) -> None:
        """The pipe has ended: everything left is handled now, a cut line refused."""
        cut = self._splitter.end()
        if cut:
            self._lines.append(cut)
        while self._lines:
            self.work()
        if self._held_back:
            self._on_refused(f"{self._held_back} more lines refused")
            self._held_back = 0

    def work(self) -> bool:
        """Handle one portion; whether more waits."""
        for _ in range(min(PORTION, len(self._lines))):
            found = self._lines.popleft()
            try:
                if isinstance(found, LineError):
                    raise found
                message = self._decoder.decode(found)
            except LineError as error:
                self._refuse(str(error))
            else:
                self._on_message(message)
        return bool(self._lines)

    def _refuse(self, reason: str) -> None:
        now_s = self._clock()
        if now_s - self._last_refusal_s < REFUSALS_EVERY_S:
            self._held_back += 1
            return
        more = f" ({self._held_back} more before)" if self._held_back else ""
        self._last_refusal_s, self._held_back = now_s, 0
        self._on_refused(reason + more)
