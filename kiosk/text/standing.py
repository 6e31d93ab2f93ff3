"""The words of standing up: rungs, what to watch, and the rules for leaving.

Shipped text of 2026-11, educational. Behind it: the esketamine programme's rule (observation time AND the effects
gone, vital signs acceptable, ready time kept apart from leaving), and clinic checklists (vitals within 20 % of
before, answers clearly, walks without help). Steps sit, stand, walk are this program's own order for a home.
"""

from __future__ import annotations

import msgspec

from kiosk.text.catalogue import _


class RungWords(msgspec.Struct, frozen=True):
    """label: on the stairs. say: seven words. detail: below. stairs: small line on the step still to come."""

    label: str
    say: str
    detail: str
    stairs: str


RUNGS = {
    "sit": RungWords(
        "Sit", "Help {patient} sit up. Wait.", "Two feet on the floor. Watch for dizziness.", "on the edge of the bed"
    ),
    "stand": RungWords(
        "Stand", "Help {patient} stand. Hold on.", "Beside the bed. Watch for swaying.", "beside the bed"
    ),
    "walk": RungWords("Walk", "Walk with {patient}. Hold on.", "To the door and back.", "to the door and back"),
    "ready": RungWords(
        "Ready", "Is {patient} ready to leave?", "Ready time is kept apart from leaving.", "all rules met"
    ),
}
AFTER_READY = RungWords("Ready", "Does {patient} leave now?", "Ready since {time}.", "")
AFTER_RELEASE = RungWords("Ready", "{patient} may leave. End the session.", "Released at {time}.", "")
DIZZY = {
    "sit": "Dizzy: lie down",
    "stand": "Dizzy: sit down",
    "walk": "Dizzy: stand still",
}
_CRITERIA = {
    "minimum": "observation time over",
    "answers": "answers to a normal voice",
    "alarms": "no alarm stands",
    "spo2": "SpO2 near the value before",
    "pulse": "pulse near the value before",
    "pressure": "blood pressure near the value before",
}


def criterion(key: str) -> str:
    """A rule of the plan in words."""
    return _(_CRITERIA.get(key, key))
