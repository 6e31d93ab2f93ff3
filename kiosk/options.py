"""What a monitor is started with: one frozen message from supervisor (or terminal) to the monitor process.

It carries no name and no vital sign, because a command line can be read by every user of the computer.
"""

from __future__ import annotations

import msgspec


class MonitorOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How one monitor runs.

    adapter: "auto", "hci0", or "virtual:HOST:PORT" (demo, tests). plan: path, "" for the shipped example.
    origin_*: instant from which a faster clock runs (see `kiosk.clock.Clock`). seconds: session seconds until
    the end, 0 for none. out: folder for the demo's pictures. resume: take up the open session. capture: file for the
    raw traffic, "" for none; capture_real: with real addresses and serial numbers.
    """

    data_dir: str
    kind: str = "patient"
    adapter: str = "auto"
    any_device: bool = False
    devices: tuple[tuple[str, str, str, str], ...] = ()  # address, driver, role, name; () takes the chosen ones
    plan: str = ""
    simulated: bool = False
    speed: float = 1.0
    origin_utc_ns: int = 0
    origin_boot_ns: int = 0
    screen: bool = True
    sound: bool = True
    tone: bool = True
    terminal: bool = False  # JSON lines on stdout are the screen
    single_screen: bool = False
    windowed: bool = False
    leave_by_escape: bool = False
    starts_itself: bool = False
    seconds: float = 0.0
    out: str = ""
    scenario: str = ""
    capture: str = ""
    capture_real: bool = False
    music: str = ""
    sitter_output: str = ""
    patient_output: str = ""
    resume: bool = False
    because: str = ""
    plain: bool = False
