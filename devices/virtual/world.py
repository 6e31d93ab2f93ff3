"""What a simulated device gets from the stage it is on."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from bumble.link import LocalLink

from devices.virtual.encoding import DeviceTime
from devices.virtual.sent import SentLog


class World(NamedTuple):
    """link: the air between the devices and the monitors. device_time: the devices' clock. speed: script seconds in a
    second.
    """

    link: LocalLink
    log: SentLog
    device_time: Callable[[], DeviceTime]
    speed: float
