"""Wrong passphrases in a row, and how long the next try waits: kept beside the journal, over a restart.

It holds up whoever sits at the keyboard. Whoever has the file tries elsewhere: there only the passphrase and the cost
of a try stand in the way.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

FREE = 2  # wrong ones without a wait
FIRST_S, LONGEST_S = 5.0, 300.0
NS = 1_000_000_000


class Tries(msgspec.Struct, frozen=True):
    """failed: in a row. until_utc_ns: no try is taken before (wall clock)."""

    failed: int = 0
    until_utc_ns: int = 0

    def wait_s(self, now_utc_ns: int) -> float:
        """Seconds until a try is taken; an end further away than the longest wait means the clock was set back."""
        left_s = (self.until_utc_ns - now_utc_ns) / NS
        return left_s if 0 < left_s <= LONGEST_S else 0.0

    def after_wrong(self, now_utc_ns: int) -> Tries:
        """One more."""
        failed = self.failed + 1
        wait_s = 0.0 if failed <= FREE else min(FIRST_S * 2.0 ** min(failed - FREE - 1, 20), LONGEST_S)
        return Tries(failed, now_utc_ns + round(wait_s * NS) if wait_s else 0)


def read_tries(path: Path) -> Tries:
    """What is kept; none where nothing is, or where it cannot be read."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Tries)
    except (OSError, msgspec.DecodeError):
        return Tries()
