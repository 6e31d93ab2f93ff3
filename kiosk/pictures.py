"""Pictures of a demo or test, with what the window showed at that moment: `pictures.json` beside them."""

from __future__ import annotations

import json
import time
from pathlib import Path

from kiosk.line.screen import Pictured, TakePicture

WAIT_S = 4.0


class Pictures:
    """What was asked and what came; the end of a demo waits a few seconds for the last one."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "pictures.json"
        self._waiting: dict[str, float] = {}
        self._taken: list[dict[str, object]] = []

    def asked(self, picture: TakePicture) -> None:
        """A picture was asked of the screen."""
        self._waiting[picture.path] = time.monotonic()

    def taken(self, picture: Pictured, t_s: float) -> None:
        """It is there: keep which numbers the window showed, to be held against the record."""
        self._waiting.pop(picture.path, None)
        self._taken.append({"picture": Path(picture.path).name, "t_s": round(t_s, 3), "texts": picture.texts})
        self._file.write_text(json.dumps(self._taken, indent=1))

    def lost(self) -> list[str]:
        """Pictures that did not come in time (the screen fell or was too busy); they are no longer waited for."""
        now_s = time.monotonic()
        late = [path for path, asked_s in self._waiting.items() if now_s - asked_s >= WAIT_S]
        for path in late:
            del self._waiting[path]
        return late

    def is_waiting(self) -> bool:
        """Whether a picture that was asked may still come."""
        now_s = time.monotonic()
        return any(now_s - asked_s < WAIT_S for asked_s in self._waiting.values())
