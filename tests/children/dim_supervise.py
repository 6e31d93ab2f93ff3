"""A supervisor that holds light and wakefulness over `dim_monitor`; run with a folder as a process of its own."""

from __future__ import annotations

import sys
from pathlib import Path

from devices.backlight import find
from devices.wake import Awake
from kiosk.clock import boot_id
from kiosk.holding import Holding
from kiosk.light import Light
from kiosk.supervisor import supervise

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    light = Light(lambda wanted: find(wanted, folder / "backlight"), folder / "brightness.json", boot_id())
    argv = [sys.executable, "-m", "tests.children.dim_monitor", str(folder)]
    sys.exit(supervise(lambda start: argv, data_dir=folder, holding=Holding(light, Awake(), restore_after_s=1.5)))
