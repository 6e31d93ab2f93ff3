"""How patient a link is: every waiting time of the Bluetooth side, in one place.

Used by the monitor. Silence, back-off and battery are session seconds, so that a faster clock of a demo shortens
them; the limit for a connect is real time, because radios do not hurry.
"""

from __future__ import annotations

import msgspec

SHORTEST_SILENCE_S = 1.0
"""Real seconds: below this a busy computer alone looks like a silent device."""


class Pace(msgspec.Struct, frozen=True):
    """silent_after_s: a live device without a payload is recycled. back_off_s: waits after failures, the last repeats.

    connect_limit_s: hard limit of one connect. battery_every_s: how often the battery is read. speed: session seconds
    in a real second.
    """

    silent_after_s: float = 10.0
    back_off_s: tuple[float, ...] = (1, 2, 4, 8, 15)
    connect_limit_s: float = 30.0
    battery_every_s: float = 300.0
    speed: float = 1.0

    def real(self, session_s: float) -> float:
        """Real seconds for session seconds."""
        return session_s / self.speed

    def silence(self) -> float:
        """Real seconds after which a live device counts as silent."""
        return max(self.real(self.silent_after_s), SHORTEST_SILENCE_S)

    def back_off(self, failures: int) -> float:
        """Session seconds to wait after so many failures in a row (1 is the first)."""
        return self.back_off_s[min(failures, len(self.back_off_s)) - 1]
