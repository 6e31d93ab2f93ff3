"""The provider's walk, step by step, and what must be there afterwards. See `provide`."""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sheet import Sheet
from stage import ROOT, NeverError

from kiosk.record.shelf import Shelf
from tests.end_to_end.desktop import Desktop

SIZE = (1366, 768)
PICTURES = ROOT / "docs" / "pictures"
NOTE = "Head turned at the dip. Next time 110 mg."


class Practice:
    """One display, the provider's data folder, and the window on it."""

    displays = 1

    def __init__(self, folder: Path) -> None:
        self.folder, self.data = folder, folder / "practice"
        self.data.mkdir(mode=0o700)
        self._desktop = Desktop(1, *SIZE)
        self._program: subprocess.Popen[bytes] | None = None
        self.window = ""

    def __enter__(self) -> Practice:
        self._desktop.start()
        return self

    def __exit__(self, *_why: object) -> None:
        if self._program is not None:
            self._program.terminate()
            self._program.wait(20)
        self._desktop.stop()

    def kiosk(self, *words: object) -> str:
        """A command, to its end."""
        line = [sys.executable, "-m", "kiosk", *map(str, words), "--data-dir", str(self.data)]
        done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=120)
        if done.returncode:
            raise NeverError(f"kiosk {words[0]} ended with {done.returncode}: {done.stderr}")
        return done.stdout

    def open(self) -> None:
        """The window, as large as the display."""
        line = [sys.executable, "-m", "kiosk", "review", "--data-dir", str(self.data)]
        environment = os.environ | self._desktop.env | {"HOME": str(self.folder)}
        self._program = subprocess.Popen(line, cwd=ROOT, env=environment)
        self.window = str(self.wait(lambda: self.hand("search", "--onlyvisible", "--name", "review$").split(), 60)[0])
        self.hand("windowmove", self.window, 0, 0)
        self.hand("windowsize", self.window, *SIZE)
        self.hand("windowfocus", "--sync", self.window)
        time.sleep(4)

    def hand(self, *words: object) -> str:
        """What a hand does."""
        return self._desktop.xdotool(*words)

    def key(self, *names: str) -> None:
        """Keys, one after the other."""
        for name in names:
            self.hand("key", name)
            time.sleep(0.15)

    def type(self, words: str) -> None:
        """Words."""
        self.hand("type", "--delay", "25", words)

    def at(self, x: int, y: int) -> None:
        """The mouse, in the window."""
        self.hand("mousemove", "--window", self.window, x, y)

    def wait(self, condition: object, within_s: float) -> list[str]:
        """The first true result."""
        end_s = time.monotonic() + within_s
        while not (found := condition()):  # type: ignore[operator]
            if time.monotonic() > end_s:
                raise NeverError(f"not within {within_s:g} s")
            time.sleep(0.2)
        return found

    def picture(self, display: str, path: Path, *options: str) -> None:
        """What the display shows; the title bar lies above it."""
        pixels = self._desktop.picture()
        line = ["convert", "-size", f"{SIZE[0]}x{SIZE[1]}", "-depth", "8", "rgb:-", *options]
        last = f"png8:{path}" if "-colors" in options else str(path)
        subprocess.run([*line, "-define", "png:compression-level=9", last], input=pixels.tobytes(), check=True)


def walk(practice: Practice, sheet: Sheet, files: list[Path]) -> None:
    """Every step. Raises NeverError."""
    print(practice.kiosk("import", *files))
    practice.open()
    sheet.step(practice, "The newest session, verified")  # type: ignore[arg-type]
    practice.picture("", PICTURES / "review.png", "-dither", "None", "-colors", "64")
    practice.key("plus", "plus", "plus", "plus")
    sheet.step(practice, "Less time: the fall of oxygen")  # type: ignore[arg-type]
    practice.key(*["plus"] * 8)
    sheet.step(practice, "A minute: the pulse wave", settle_s=3)  # type: ignore[arg-type]
    practice.key("0", "space")
    sheet.step(practice, "Replay, sixty times as fast", settle_s=3)  # type: ignore[arg-type]
    practice.key("space", "t")
    sheet.step(practice, "Time of day")  # type: ignore[arg-type]
    practice.key("t", "n")
    time.sleep(1)
    practice.type(NOTE)
    practice.key("Tab", "space", "Tab")
    practice.type("Dr. Okafor")
    sheet.step(practice, "A note as provider")  # type: ignore[arg-type]
    practice.key("ctrl+Return")
    sheet.step(practice, "Saved, signed, in the list", settle_s=3)  # type: ignore[arg-type]
    practice.key("ctrl+2")
    sheet.step(practice, "The series, and limits judged", settle_s=15)  # type: ignore[arg-type]
    practice.picture("", PICTURES / "series.png", "-dither", "None", "-colors", "64")
    practice.at(640, 200)
    sheet.step(practice, "One minute of each session")  # type: ignore[arg-type]
    practice.key("ctrl+1", "ctrl+p")
    sheet.step(practice, "The system's print dialog", settle_s=3)  # type: ignore[arg-type]
    practice.key("Return")
    sheet.step(practice, "Printed into a file", settle_s=3)  # type: ignore[arg-type]
    practice.key("ctrl+e")
    time.sleep(1)
    practice.key("ctrl+a")
    practice.type(str(practice.folder / "out.session.zip"))
    sheet.step(practice, "Export")  # type: ignore[arg-type]
    practice.key("Return")
    sheet.step(practice, "Written and signed", settle_s=8)  # type: ignore[arg-type]


def held(practice: Practice) -> str:
    """What was done, against what is there. Raises NeverError."""
    with contextlib.closing(Shelf(practice.data / "library.db", practice.data)) as shelf:
        remarks, problems = shelf.remarks()
    said = [(one.remark.text, one.remark.author) for one in remarks]
    if said != [(NOTE, "Dr. Okafor")] or problems:
        raise NeverError(f"the library holds {said}, {problems}")
    printed = next(iter(practice.folder.glob("*.pdf")), None)
    if printed is None or not printed.read_bytes().startswith(b"%PDF"):
        raise NeverError("nothing was printed")
    looked = practice.kiosk("verify", practice.folder / "out.session.zip")
    return f"one signed note, {printed.name}, and the export: {looked.splitlines()[0]}"


def main(arguments: list[str]) -> int:
    """The walk; 1 when it did not come to its end."""
    parser = argparse.ArgumentParser(prog="provide", description="The provider's walk; a contact sheet.")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--steps", type=Path, default=None, metavar="FOLDER", help="where the full pictures stay")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="provide-") as scratch:
        sheet = Sheet("provider", (asked.steps or Path(scratch) / "steps").resolve())
        try:
            with Practice(Path(scratch)) as practice:
                walk(practice, sheet, [file.resolve() for file in asked.files])
                print(held(practice))
        except NeverError as never:
            print(f"The walk did not come to its end: {never}")
            return 1
        finally:
            if sheet.steps:
                sheet.write(PICTURES / "walks" / "provider.png")
    return 0
