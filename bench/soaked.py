"""The monitor that a soak run holds: `python -m bench.soaked OPTIONS`, where OPTIONS are a monitor's as JSON.

In a process of its own, with the terminal for a screen; the command line alone has no faster clock.
"""

from __future__ import annotations

import sys

import msgspec

from kiosk.options import MonitorOptions
from kiosk.watch import run_monitor

if __name__ == "__main__":
    sys.exit(run_monitor(msgspec.json.decode(sys.argv[1], type=MonitorOptions)))
