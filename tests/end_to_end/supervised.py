"""Entry of a test's supervisor: `python -m tests.end_to_end.supervised OPTIONS_JSON`, the same as in `kiosk demo`."""

from __future__ import annotations

import sys

import msgspec

from kiosk.options import MonitorOptions
from kiosk.start import run_room

if __name__ == "__main__":
    sys.exit(run_room(msgspec.json.decode(sys.argv[1], type=MonitorOptions)))
