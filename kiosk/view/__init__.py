"""Composes what the screen shows from one instant of the session. Pure: same scene, same view.

Runs in the monitor. Decides nothing: alarms, phases and states come from `kiosk.session`; words from `kiosk.text`.
"""

from kiosk.view.compose import compose
from kiosk.view.scene import Facts, Scene

__all__ = ["Facts", "Scene", "compose"]
