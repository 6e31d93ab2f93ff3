"""The steps of one walk as pictures, and its contact sheet: every step with its number and its words, one PNG."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from pathlib import Path

from stage import PATIENT, ROOT, SITTER, Stage

SETTLE_S = 1.3  # views come once a second
ACROSS = 4
LARGEST = 600_000  # bytes
FONT = ROOT / "kiosk" / "assets" / "fonts" / "IBMPlexSans-Medium.ttf"
INK, GROUND = "#EAC08C", "#1B130B"


class Sheet:
    """Take steps, then `write`. folder: where the full pictures go."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self.folder = name, folder
        self.steps: list[tuple[str, Path]] = []
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob(f"{name}-*.png"):
            old.unlink()

    def step(self, stage: Stage, words: str, display: str = SITTER, settle_s: float = SETTLE_S) -> None:
        """One picture of a display, under these words."""
        time.sleep(settle_s)
        number = len(self.steps) + 1
        file = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:40]
        path = self.folder / f"{self.name}-{number:02d}-{file}.png"
        stage.picture(display, path)
        whose = ", patient's display" if display == PATIENT and stage.displays == 2 else ""
        self.steps.append((f"{number}  {words}{whose}", path))
        print(f"  {number:2d}  {words}{whose}", flush=True)

    def keep_record(self, stage: Stage) -> None:
        """A copy of the record beside the pictures, for whoever wants to know why."""
        for file in stage.data.glob("record.db*"):
            shutil.copy(file, self.folder / f"{self.name}-{file.name}")

    def write(self, path: Path) -> None:
        """All steps on one sheet, as large as fits into `LARGEST` bytes."""
        path.parent.mkdir(parents=True, exist_ok=True)
        for width, colours in ((480, 48), (440, 32), (400, 24), (340, 16), (280, 12)):
            self._montage(path, width, colours)
            if path.stat().st_size <= LARGEST:
                return

    def _montage(self, path: Path, width: int, colours: int) -> None:
        labelled = [part for words, file in self.steps for part in ("-label", words, str(file))]
        line = ["montage", "-background", GROUND, "-fill", INK, "-font", str(FONT), "-pointsize", "13", *labelled]
        line += ["-tile", f"{ACROSS}x", "-geometry", f"{width}x+8+8", "miff:-"]
        made = subprocess.run(line, check=True, capture_output=True).stdout
        after = ["convert", "miff:-", "-dither", "None", "-colors", str(colours), "-define", "png:compression-level=9"]
        subprocess.run([*after, f"png8:{path}"], input=made, check=True)
