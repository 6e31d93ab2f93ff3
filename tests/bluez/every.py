"""Every scene of the guest, one after the other, each a process with a radio of its own. Exits 0 when all were shown.

What `run` runs unless a scene is named.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

SCENES = ("scenario.py", "bonds.py", "endurance.py")
RADIOS = Path("/sys/class/bluetooth")


def main() -> int:
    """The number of scenes that failed."""
    failed = []
    for scene in SCENES:
        print(f"--- {scene}", flush=True)
        if subprocess.run([sys.executable, Path(__file__).parent / scene], check=False).returncode:
            failed.append(scene)
        while any(RADIOS.iterdir()):  # the kernel takes a moment to let the last one's radio go
            time.sleep(0.2)
    print(f"--- failed: {', '.join(failed)}" if failed else f"--- all {len(SCENES)} scenes were shown", flush=True)
    return len(failed)


if __name__ == "__main__":
    raise SystemExit(main())
