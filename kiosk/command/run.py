"""`kiosk run` (and `kiosk` alone): the full-screen room with the computer's own Bluetooth.

It has no option that reaches a simulated radio.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from kiosk.command import Subparsers, new


def add(subparsers: Subparsers) -> None:
    """Grammar of the command."""
    parser = new(subparsers, "run", "Open the room, full screen, with the real devices.", "kiosk run --plan plan.toml")
    parser.add_argument("--plan", type=Path, default=None, metavar="FILE", help="the provider's plan (TOML)")
    parser.add_argument("--single-screen", action="store_true", help="one display: rest screen, pane behind the PIN")
    parser.add_argument("--windowed", action="store_true", help="ordinary windows instead of full screen")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Check what can be checked before a window opens, then run the room under the supervisor."""
    from kiosk.command.demo import has_display
    from kiosk.failure import Reason, Refusal
    from kiosk.launch import encrypt_new, finish_rewriting, load_settings, prepare_folder, refuse_if_unusable
    from kiosk.options import MonitorOptions
    from kiosk.start import cover, run_room

    folder = prepare_folder(args.data_dir)
    finish_rewriting(folder)
    refuse_if_unusable(folder)
    settings = load_settings(folder)
    if not has_display():
        raise Refusal(
            Reason.FAILED, "No display was found. Log in on a screen, or try `kiosk demo` for a session off-screen."
        )
    plan = str(Path(args.plan).resolve()) if args.plan else settings.text("room.plan")
    if plan:  # the shipped example has no mistakes; what reads it is 10 ms that the first display would wait for
        from kiosk.planfile import read_plan

        read_plan(plan)
    options = MonitorOptions(
        data_dir=str(folder),
        kind="patient",
        plan=plan,
        adapter=settings.text("bluetooth.adapter") or "auto",
        music=settings.text("music.source"),
        sitter_output=settings.text("sound.sitter_output"),
        patient_output=settings.text("sound.patient_output"),
        single_screen=args.single_screen or settings.flag("room.single_screen"),
        windowed=args.windowed,
    )
    if args.begun:
        cover(args.begun, options, settings)
    encrypt_new(folder)
    return run_room(options, begun=args.begun)
