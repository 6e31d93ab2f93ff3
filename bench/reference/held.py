"""What the program's libraries hold by themselves: a Python with the radio's and the record's loaded, or a bare one."""

from __future__ import annotations

import importlib
import sys
import time

if __name__ == "__main__":
    for name in sys.argv[1:]:
        importlib.import_module(name)
    print("held", flush=True)
    time.sleep(3600)
