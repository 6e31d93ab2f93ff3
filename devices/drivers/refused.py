"""Devices that are recognised and cannot be used, each with its reason: better than "not supported".

Pure data. Nothing is ever sent to one of these.
"""

from __future__ import annotations

import msgspec

from devices.drivers.declaration import Match


class Refused(msgspec.Struct, frozen=True):
    """One family. why: a whole sentence for the person who owns one; instead: what to do."""

    id: str
    title: str
    matches: tuple[Match, ...]
    why: str
    instead: str = "Type its numbers in, or use another device."

    def fits(self, name: str, services: frozenset[str], companies: frozenset[int]) -> bool:
        """services in their short form."""
        return any(one.fits(name, services, companies) for one in self.matches)


REFUSED = (
    Refused(
        "ihealth",
        "iHealth PO3, BP3, BP5, BP7",
        (
            Match(90, service="636f6d2e-6a69-7561-6e2e-646576000000"),
            Match(90, name=r"(?i)(iHealth|PO3M?\b|BP3L\b|BP[57]S?\b|KN-550BT)"),
        ),
        "It talks only to its maker's app: each connection is authenticated with its maker's secret.",
    ),
    Refused(
        "withings",
        "Withings BPM Connect, BPM Core",
        (Match(90, name=r"(?i)(Withings|BPM (Connect|Core))"),),
        "It sends its readings to its maker's servers, not over Bluetooth to others.",
    ),
    Refused(
        "po60",
        "Beurer PO60",
        (Match(90, name=r"(?i)(Beurer )?PO ?60"),),
        "It hands over stored readings only and never shows the value of now.",
    ),
    Refused(
        "omron-classic",
        "Omron cuffs without the standard service",
        (Match(90, service="ecbe3980-c9a2-11e1-b1bd-0002a5d5c51b"), Match(90, service="fe4a")),
        "Its readings can only be read out of its memory chip, where one wrong byte damages its settings.",
    ),
    Refused(
        "o2ring-recording",
        "O2Ring-S in recording mode",
        (Match(90, name=r"T8520_"), Match(90, company=0x036F, name=r"T8520")),
        "The ring is recording for its maker's app and gives no live values in this mode.",
        "Take it off and put it on again, or end the recording in its maker's app.",
    ),
    Refused(
        "er1",
        "Viatom ER1, ER2, DuoEK",
        (Match(90, name=r"(ER[12]|DuoEK|VisualBeat)"),),
        "It records an ECG; it measures neither oxygen nor blood pressure.",
    ),
)
