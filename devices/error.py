"""The root of every error that `devices` raises: catch this one, decide by the subclass's reason.

No process of its own; imported by everything in `devices`. Never carries a sentence for people: `kiosk.text` does that.
"""

from __future__ import annotations


class DeviceError(Exception):
    """Something about a device, the radio or the display could not be done; subclasses carry a reason and data."""
