"""`kiosk devices add` at a terminal of its own, with a hand that types.

Part of the run against a real BlueZ.
"""

from __future__ import annotations

import asyncio
import os
import pty
import sys
from pathlib import Path

from shown import NotShownError, until


class Typist:
    """One run of the command. text: what stood on the terminal so far; its two kinds of line ends as they came."""

    def __init__(self, process: asyncio.subprocess.Process, terminal: int) -> None:
        self.text = ""
        self._process, self._terminal = process, terminal
        os.set_blocking(terminal, False)

    @classmethod
    async def add(cls, data_dir: Path, address: str, *more: str) -> Typist:
        """Begin `kiosk devices add`."""
        terminal, end = pty.openpty()
        command = [
            "-m",
            "kiosk",
            "devices",
            "add",
            address,
            "--seconds",
            "3",
            "--no-look",
            "--data-dir",
            str(data_dir),
            *more,
        ]
        process = await asyncio.create_subprocess_exec(sys.executable, *command, stdin=end, stdout=end, stderr=end)
        os.close(end)
        return cls(process, terminal)

    async def until(self, words: str, within_s: float) -> None:
        """Wait until these words stand there."""

        def stands() -> bool:
            self._look()
            if words not in self.text and self._process.returncode is not None:
                raise NotShownError(f"kiosk devices add ended with {self._process.returncode}: {self.text}")
            return words in self.text

        await until(f"“{words}”", stands, within_s)

    def type(self, line: str) -> None:
        """Type a line."""
        os.write(self._terminal, f"{line}\n".encode())

    async def end(self, within_s: float) -> int:
        """Its exit code, once it has ended."""
        async with asyncio.timeout(within_s):
            code = await self._process.wait()
        self._look()
        os.close(self._terminal)
        return code

    def _look(self) -> None:
        try:
            self.text += os.read(self._terminal, 65536).decode()
        except OSError:  # nothing new, or nobody has it open any more
            pass
