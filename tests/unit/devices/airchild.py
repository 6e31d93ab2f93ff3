"""The air as a real child process, for tests: start it, order it about, read its log."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
LIMIT_S = 20.0


class AirChild:
    """One air. `ready` is its first line, `ended` its exit code once it has ended."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path) -> None:
        self.process, self.log = process, log
        self.ready: dict[str, Any] = {}

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.ready['port']}"

    async def line(self) -> dict[str, Any]:
        assert self.process.stdout
        return json.loads(await asyncio.wait_for(self.process.stdout.readline(), LIMIT_S))

    async def ask(self, do: str, **data: Any) -> dict[str, Any]:
        """Give one order and return the answer."""
        assert self.process.stdin
        self.process.stdin.write(json.dumps({"do": do, **data}).encode() + b"\n")
        return await self.line()

    async def do(self, do: str, **data: Any) -> None:
        assert await self.ask(do, **data) == {"did": do}

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def values(self) -> list[dict[str, Any]]:
        return [line for line in self.lines() if "characteristic" in line and "n" in line]

    def events(self, name: str) -> list[dict[str, Any]]:
        return [line for line in self.lines() if line.get("event") == name]

    async def end(self) -> int:
        """Close its stdin and await its end."""
        assert self.process.stdin
        self.process.stdin.close()
        return await asyncio.wait_for(self.process.wait(), LIMIT_S)


@asynccontextmanager
async def air(log: Path, *options: str) -> AsyncIterator[AirChild]:
    """A running air; killed if it has not ended by then."""
    command = [sys.executable, "-W", "error", "-m", "devices.virtual.air", "--log", str(log), *options]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=pipe, cwd=ROOT)
    child = AirChild(process, log)
    try:
        child.ready = await child.line()
        yield child
        assert await child.end() == 0
        assert process.stderr
        said = (await process.stderr.read()).decode()
        assert said == "", said
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def until(condition: Callable[[], Any], limit_s: float = LIMIT_S) -> None:
    """Wait for something to become true."""
    async with asyncio.timeout(limit_s):
        while not condition():
            await asyncio.sleep(0.01)
