"""`kiosk doctor`: looks at everything a session needs: each ok, or the problem and what to do."""

from __future__ import annotations

import argparse
import json
import sys

import msgspec

from kiosk.command import Subparsers, new

MARK = {"ok": "ok     ", "problem": "PROBLEM", "note": "note   "}


def add(subparsers: Subparsers) -> None:
    """Grammar of the command."""
    parser = new(subparsers, "doctor", "Look at everything that a session needs.", "kiosk doctor", json=True)
    parser.add_argument("--adapter", default="", metavar="A", help="auto, hci0, or virtual:HOST:PORT")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the findings; exit 1 if one is a problem."""
    from kiosk import checkup
    from kiosk.failure import Refusal
    from kiosk.launch import load_settings, prepare_folder

    folder = prepare_folder(args.data_dir)
    adapter, output, panel = args.adapter or "auto", "", ""
    try:
        settings = load_settings(folder)
        adapter = args.adapter or settings.text("bluetooth.adapter") or "auto"
        output = settings.text("sound.sitter_output")
        panel = settings.text("display.backlight")
    except Refusal:
        pass  # the finding about the settings says it
    findings = [
        checkup.adapter(adapter),
        checkup.vlc(),
        *checkup.outputs(output),
        checkup.displays(),
        checkup.backlight(folder, panel),
        checkup.awake(),
        checkup.power(),
        checkup.clock(),
        checkup.disk(folder),
        checkup.settings_file(folder),
        checkup.record(folder),
        checkup.encryption(folder),
        *checkup.versions(),
    ]
    if args.json:
        sys.stdout.write(json.dumps([msgspec.to_builtins(f) for f in findings]) + "\n")
    else:
        for f in findings:
            sys.stdout.write(f"{MARK[f.state]}  {f.name}: {f.text}\n" + (f"         -> {f.do}\n" if f.do else ""))
    return 1 if any(f.state == "problem" for f in findings) else 0
