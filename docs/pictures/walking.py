"""The walks: what hands do, step by step, and what the record must say afterwards. See `walk`."""

from __future__ import annotations

import argparse
import tempfile
import traceback
from pathlib import Path

from asked import questions
from bare import resume, typed
from session import Session, held_against_record
from sheet import Sheet
from single import locked
from stage import ROOT, NeverError
from whole import keyboard, mouse

SHEETS = ROOT / "docs" / "pictures" / "walks"
WALKS = {
    "keyboard": keyboard,
    "mouse": mouse,
    "typed": typed,
    "locked": locked,
    "resume": resume,
    "questions": questions,
}


def main(arguments: list[str]) -> int:
    """Run the walks that are named, all without a name; 1 when one did not come to its end."""
    parser = argparse.ArgumentParser(prog="walk", description="Whole sessions by hand; a contact sheet each.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(WALKS))
    parser.add_argument("--steps", type=Path, default=None, metavar="FOLDER", help="where the full pictures stay")
    parser.add_argument("--sheets", type=Path, default=SHEETS, metavar="FOLDER", help="where the contact sheets go")
    asked = parser.parse_args(arguments)
    unknown = [name for name in asked.names if name not in WALKS]
    if unknown:
        parser.error(f"no walk is called {unknown[0]}: {', '.join(WALKS)}")
    with tempfile.TemporaryDirectory(prefix="walk-") as scratch:
        folder = (asked.steps or Path(scratch)).resolve()
        results = [_walk(name, folder, asked.sheets) for name in asked.names or WALKS]
    return 0 if all(results) else 1


def _walk(name: str, folder: Path, sheets: Path) -> bool:
    print(name, flush=True)
    sheet = Sheet(name, folder)
    story = ""
    try:
        session: Session
        with WALKS[name](sheet) as session:
            story = session.story()
            (folder / f"{name}-events.txt").write_text(story)
            print(held_against_record(session), flush=True)
    except NeverError as never:
        print(f"{name} did not come to its end: {never}\n{traceback.format_exc()}", flush=True)
        return False
    finally:
        if sheet.steps:
            sheet.write(sheets / f"{name}.png")
    if name == "keyboard":
        print(story, flush=True)
    return True
