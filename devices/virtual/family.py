"""The simulated devices of other families than the standard oximeter and cuff, by the names that orders use.

`python -m devices.virtual.air --with NAME,NAME` puts them in the air. Shares nothing with the drivers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from devices.virtual import contec, creative
from devices.virtual.peripheral import Peripheral
from devices.virtual.world import World

FAMILIES: Mapping[str, Callable[[World], Peripheral]] = {
    "contec": contec.Contec,
    "sp20": creative.Creative,
}


def vectors() -> Iterator[tuple[str, str, bytes]]:
    """(name, expected hex, what the simulator wrote) of every known frame of these families."""
    for module in (contec, creative):
        yield from module.vectors()
