"""`kiosk monitor`: the monitor without a screen; one JSON object a line, for terminals, tests and research."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from kiosk.command import Subparsers, new
from kiosk.failure import Reason, Refusal


def add(subparsers: Subparsers) -> None:
    """Grammar of the command."""
    parser = new(
        subparsers,
        "monitor",
        "Read devices without a screen; one JSON object a line.",
        "kiosk monitor --any --yes --seconds 60",
        json=True,
    )
    parser.add_argument("--session", action="store_true", help="record a patient's session, not a trial")
    parser.add_argument("--adapter", default="auto", metavar="A", help="auto, hci0, or virtual:HOST:PORT")
    parser.add_argument("--any", action="store_true", dest="any_device", help="every supported device in range")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--seconds", type=float, default=0.0, metavar="N", help="stop after N seconds")
    parser.add_argument("--capture", type=Path, default=None, metavar="FILE", help="write the raw traffic to FILE")
    parser.add_argument(
        "--capture-real-addresses", action="store_true", help="with real addresses and serial numbers (asks)"
    )
    parser.add_argument(
        "--capture-in-session", action="store_true", help="allow --capture with --session (asks for a typed yes)"
    )
    parser.add_argument("--plan", type=Path, default=None, metavar="FILE", help="the provider's plan (TOML)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the monitor in this process until its time is over or Ctrl+C."""
    from kiosk.launch import encrypt_new, load_settings, prepare_folder
    from kiosk.options import MonitorOptions
    from kiosk.private import keep_private
    from kiosk.settings import load_state
    from kiosk.watch import run_monitor

    if args.any_device and args.session:
        raise Refusal(
            Reason.NEEDS_DEVICE, "--any reads strangers' devices too, so it is refused with --session. Choose devices."
        )
    if args.any_device and not args.yes:
        _ask(
            "This reads every supported device in range, also strangers'. Go on? [y/N]",
            "--any reads every supported device in range. Add --yes if that is meant.",
            "Nothing was read.",
        )
    if args.capture:
        _ask_about_capture(args)
    folder = prepare_folder(args.data_dir)
    settings = load_settings(folder)
    if not args.any_device and not load_state(folder).devices:
        raise Refusal(
            Reason.NEEDS_DEVICE, "No device is chosen. `kiosk devices scan`, then `kiosk devices add ADDRESS`."
        )
    plan = str(args.plan.resolve()) if args.plan else settings.text("room.plan")
    options = MonitorOptions(
        data_dir=str(folder),
        kind="patient" if args.session else "trial",
        adapter=args.adapter,
        any_device=args.any_device,
        plan=plan,
        simulated=args.adapter.startswith("virtual:"),
        screen=False,
        sound=False,
        tone=args.session,
        terminal=True,
        seconds=args.seconds,
        capture=str(args.capture.resolve()) if args.capture else "",
        capture_real=args.capture_real_addresses,
        starts_itself=args.session,
        resume=True,
    )
    encrypt_new(folder)
    keep_private()
    return run_monitor(options)


def _ask_about_capture(args: argparse.Namespace) -> None:
    """Raw traffic of a patient's session is the patient's: it takes a second option and a typed yes."""
    if args.session and not args.capture_in_session:
        raise Refusal(
            Reason.NEEDS_ANSWER,
            "A capture holds a patient's values, so it is refused with --session. Capture in a trial instead, "
            "or add --capture-in-session if that is meant.",
        )
    if args.session:
        _ask(
            "The file will hold every value of this patient's session, not encrypted. Type yes to go on:",
            "--capture-in-session asks for a typed yes, and there is no terminal to type it on.",
            "Nothing was captured.",
            ("yes",),
        )
    if args.capture_real_addresses and not args.yes:
        _ask(
            "Addresses and serial numbers name the device and its owner. Keep them in the file? [y/N]",
            "--capture-real-addresses keeps what names the device. Add --yes if that is meant.",
            "Nothing was captured.",
        )


def _ask(question: str, unasked: str, declined: str, agrees: tuple[str, ...] = ("y", "yes")) -> None:
    """Ask on the terminal. Raises Refusal where there is none (`unasked`), or for any other answer (`declined`)."""
    if not sys.stdin.isatty():
        raise Refusal(Reason.NEEDS_ANSWER, unasked)
    sys.stderr.write(question + " ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in agrees:
        raise Refusal(Reason.NEEDS_ANSWER, declined)
