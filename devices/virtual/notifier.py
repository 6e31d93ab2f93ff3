"""A simulated device whose every notification is one whole measurement: nothing to cut, to merge or to check.

Runs in the air's process. What a radio does to such a payload it does to all of it: it comes, or it does not.
"""

# pyright: standard
# bumble is typed in part only.

from __future__ import annotations

from types import MappingProxyType

from devices.virtual.scenario import Sample
from devices.virtual.streamer import Streamer

WHOLE = "its notifications are whole measurements, which the link neither cuts nor merges"
CHECKED = "its measurements have no checksum, so a wrong bit ends at the link's own check"


class Notifier(Streamer):
    """Once a second a measurement, to whoever subscribes. A family overrides `payload`."""

    piece_bytes = 0
    impossible = MappingProxyType(
        {"fragment": WHOLE, "at_every_boundary": WHOLE, "merge": WHOLE, "break_off": WHOLE, "flips": CHECKED}
    )

    def payload(self, sample: Sample) -> bytes:
        """The measurement of one second."""
        raise NotImplementedError

    async def live(self, sample: Sample, second_s: float) -> None:
        self.sample = sample
        await self.say(self.payload(sample))
