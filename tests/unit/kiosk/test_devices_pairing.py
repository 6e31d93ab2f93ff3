"""`kiosk devices add` at a real terminal, with a simulated oximeter that must be paired first."""

from __future__ import annotations

import asyncio
import json
import os
import pty
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.unit.devices.airchild import LIMIT_S, AirChild, air, until

ROOT = Path(__file__).parents[3]


class Typist:
    """The command in a terminal of its own: what it prints, and a hand that types."""

    def __init__(self, process: asyncio.subprocess.Process, terminal: int) -> None:
        self.process, self._terminal, self.text = process, terminal, ""
        os.set_blocking(terminal, False)

    def look(self) -> str:
        try:
            self.text += os.read(self._terminal, 65536).decode()
        except (BlockingIOError, OSError):  # nothing new; EIO: nobody has it open any more
            pass
        return self.text

    def type(self, line: str) -> None:
        os.write(self._terminal, f"{line}\n".encode())

    async def end(self) -> int:
        code = await asyncio.wait_for(self.process.wait(), LIMIT_S)
        self.look()
        return code


@asynccontextmanager
async def adding(child: AirChild, folder: Path, *more: str, look: bool = False) -> AsyncIterator[Typist]:
    terminal, end = pty.openpty()
    command = [sys.executable, "-m", "kiosk", "devices", "add", child.ready["oximeter"], "--seconds", "1.5"]
    command += ["--adapter", f"virtual:{child.address}", "--data-dir", str(folder), *more]
    command += [] if look else ["--no-look"]
    process = await asyncio.create_subprocess_exec(*command, stdin=end, stdout=end, stderr=end, cwd=ROOT)
    os.close(end)
    try:
        yield Typist(process, terminal)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        os.close(terminal)


def chosen(folder: Path) -> list[str]:
    state = folder / "state.json"
    return [one["address"] for one in json.loads(state.read_text())["devices"]] if state.exists() else []


async def test_the_number_on_the_device_is_typed_at_the_terminal(tmp_path: Path) -> None:
    async with air(tmp_path / "air.jsonl", "--hold") as child, adding(child, tmp_path / "data", "--pair") as typist:
        await child.do("guard", device="oximeter", way="shows")
        await until(lambda: "Type the six digits that the oximeter shows" in typist.look())
        typist.type("12")
        await until(lambda: "Six digits, please" in typist.look())
        await until(lambda: child.events("shows"))
        typist.type(f"{child.events('shows')[0]['number']:06d}")
        assert await typist.end() == 0, typist.text
        assert "The oximeter and this computer are paired." in typist.text
        assert chosen(tmp_path / "data") == [child.ready["oximeter"].lower()]


async def test_two_numbers_are_the_same_only_where_yes_is_typed_out(tmp_path: Path) -> None:
    async with air(tmp_path / "air.jsonl", "--hold") as child, adding(child, tmp_path / "data", "--pair") as typist:
        await child.do("guard", device="oximeter", way="compares")
        await until(lambda: "Type yes if it is exactly this" in typist.look())
        number = f"{child.events('shows')[0]['number']:06d}"
        assert f"{number[:3]} {number[3:]}" in typist.text
        typist.type("y")
        assert await typist.end() == 1
        assert "The oximeter was not paired: called off." in typist.text
        assert chosen(tmp_path / "data") == []


async def test_without_a_terminal_nobody_can_look_at_a_number(tmp_path: Path) -> None:
    async with air(tmp_path / "air.jsonl", "--hold") as child:
        await child.do("guard", device="oximeter", way="compares")
        command = [
            sys.executable,
            "-m",
            "kiosk",
            "devices",
            "add",
            child.ready["oximeter"],
            "--pair",
            "--seconds",
            "1.5",
        ]
        command += ["--adapter", f"virtual:{child.address}", "--data-dir", str(tmp_path / "data")]
        devnull, pipe = asyncio.subprocess.DEVNULL, asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(*command, stdin=devnull, stdout=pipe, stderr=pipe, cwd=ROOT)
        _, said = await asyncio.wait_for(process.communicate(), LIMIT_S)
        assert process.returncode == 1, said
        assert b"nobody could be asked" in said
        assert chosen(tmp_path / "data") == []
