"""`kiosk demo`: a whole session with simulated devices: real radio protocol, decoding, sound and record.

The air is a process of its own and keeps a log of every value it sent; at the end the record is held against it.
"""

from __future__ import annotations

import argparse
import os
import sys
from datetime import datetime
from pathlib import Path

from kiosk.command import Subparsers, new
from kiosk.failure import Reason, Refusal

SCENARIOS = ("calm", "desaturation", "hypertension", "dropout", "help-call", "frozen", "garbage", "disconnect")
OXIMETERS = ("standard", "pc60fw", "contec", "berrymed")
SECONDS_OFFSCREEN, SECONDS_ON_DISPLAY, SECONDS_BY_HAND = 60, 180, 1800


def add(subparsers: Subparsers) -> None:
    """Grammar of the command."""
    parser = new(
        subparsers,
        "demo",
        "Show a whole session with simulated devices. Leaves by Escape.",
        "kiosk demo --seconds 60 --scenario dropout --out demo-out",
    )
    parser.add_argument(
        "--seconds", type=float, default=None, metavar="N", help="length in session seconds; 0: until left"
    )
    parser.add_argument("--speed", type=float, default=1.0, metavar="X", help="air's script and session clock, faster")
    parser.add_argument(
        "--out", type=Path, default=None, metavar="DIR", help="pictures, air's log, plain record, session file, report"
    )
    parser.add_argument("--scenario", choices=SCENARIOS, default="desaturation", help="what the patient does")
    parser.add_argument(
        "--oximeter",
        choices=OXIMETERS,
        default="standard",
        help="which one is simulated; all but the standard one send a pulse wave",
    )
    parser.add_argument(
        "--by-hand",
        action="store_true",
        help="nobody plays the sitter: you prepare, start, answer and end; the story takes --seconds (1800)",
    )
    parser.add_argument("--plan", type=Path, default=None, metavar="FILE", help="another plan than the example")
    parser.add_argument("--single-screen", action="store_true", help="as on one display")
    parser.add_argument("--windowed", action="store_true", help="two ordinary windows instead of full screen")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the demo; prints where pictures and record are, and how the record compares with what was sent."""
    from kiosk.demo import Demo
    from kiosk.planfile import read_plan

    if args.speed <= 0 or (args.seconds is not None and args.seconds < 0):
        raise Refusal(Reason.BAD_SETTING, "--speed must be above 0 and --seconds not below 0.")
    if args.oximeter != "standard" and args.scenario == "garbage":
        raise Refusal(Reason.BAD_SETTING, "--scenario garbage is played by the standard oximeter only.")
    shown = has_display()
    if args.by_hand and not shown:
        raise Refusal(Reason.FAILED, "--by-hand needs a display to press buttons on. Log in on a screen.")
    plan = str(args.plan.resolve()) if args.plan else ""
    read_plan(plan)
    usual = SECONDS_BY_HAND if args.by_hand else SECONDS_ON_DISPLAY if shown else SECONDS_OFFSCREEN
    seconds = args.seconds if args.seconds is not None else usual
    data = Path(args.data_dir) if args.data_dir else _own_folder()
    demo = Demo(
        data_dir=data,
        out=Path(args.out) if args.out else data / f"pictures-{datetime.now():%Y%m%d-%H%M%S}",  # noqa: DTZ005
        scenario=args.scenario,
        seconds=seconds,
        speed=args.speed,
        offscreen=not shown,
        single_screen=args.single_screen,
        windowed=args.windowed,
        by_hand=args.by_hand,
        oximeter=args.oximeter,
        plan=plan,
    )
    return demo.run()


def has_display() -> bool:
    """Whether a window can be shown here."""
    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _own_folder() -> Path:
    from kiosk import datadir
    from kiosk.launch import prepare_folder

    return prepare_folder(None) / datadir.DEMO  # the folder around it is closed to others as well
