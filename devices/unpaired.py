"""Why a device has no bond with this computer. Apart from `devices.pairing`: who only reads of it needs no loop."""

from __future__ import annotations

from enum import StrEnum


class PairingFault(StrEnum):
    """Why there is no bond."""

    DECLINED = "declined"  # a person said no
    UNANSWERED = "unanswered"  # a person was asked and said nothing in time
    NOBODY_TO_ASK = "nobody to ask"  # a number is wanted where no person can be asked
    REFUSED = "refused"  # by the device: another number, or it is not ready to be paired
    MISMATCH = "bond mismatch"  # this computer has a bond that the device does not know any more
    LOST = "link lost"  # while it was being paired
