"""The monitor that a soak run holds: `python -m bench.soaked OPTIONS`, where OPTIONS are a monitor's as JSON.

In a process of its own, with the terminal for a screen; the command line alone has no faster clock.
"""

from __future__ import annotations

import sys

import msgspec

from kiosk.monitor import run_monitor
from kiosk.options import MonitorOptions

if __name__ == "__main__":
    sys.exit(run_monitor(msgspec.json.decode(sys.argv[1], type=MonitorOptions)))
