"""Session seconds: one rule, used by writer and reader alike.

Pure. `t_s` counts from the session's first row: by the boot clock within a boot; across a boot by the wall clock,
because the boot clock begins anew. A wall clock that was set back in between never turns session time back.
"""

from __future__ import annotations

from devices.reading import Stamp

NS = 1_000_000_000


class Timeline:
    """The clock rule of one session. `latest_s`: the furthest session second seen so far."""

    def __init__(self, first: Stamp) -> None:
        self._first = first
        self._boot_id: str | None = None
        self._anchor_ns = first.boot_ns
        self._base_s = 0.0
        self.latest_s = 0.0

    def anchor(self, boot_id: str, stamp: Stamp) -> bool:
        """A run of the monitor begins at stamp; True when it is another boot, so that time was bridged by UTC."""
        other = self._boot_id is not None and boot_id != self._boot_id
        self._boot_id = boot_id
        if other:
            self._base_s = max((stamp.utc_ns - self._first.utc_ns) / NS, self.latest_s)
            self._anchor_ns = stamp.boot_ns
        return other

    def restore(self, boot_id: str, stamp: Stamp, t_s: float, latest_s: float) -> None:
        """Take up a recorded session: stamp and t_s of its last anchor, and how far it has come.

        boot_id "" (no anchor was recorded) makes the next anchor bridge by UTC.
        """
        self._boot_id, self._anchor_ns, self._base_s = boot_id, stamp.boot_ns, t_s
        self.latest_s = latest_s

    def t_s(self, stamp: Stamp) -> float:
        """Session seconds of a stamp of the current run, to the millisecond; negative before the first row."""
        return round(self._base_s + (stamp.boot_ns - self._anchor_ns) / NS, 3)

    def pass_to(self, t_s: float) -> None:
        """Remember how far the session has come."""
        self.latest_s = max(self.latest_s, t_s)
