"""Questions about pairing at a terminal: one line each, answered by a line; without a terminal nobody is asked.

Runs in `kiosk devices add`. The device waits for half a minute only, and so does a question. Two numbers are the same
only where "yes" is typed out.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading

from devices import pairing as p
from kiosk.pairing import KINDS, PASSKEY, number_of
from kiosk.text.pairing import PROMPTS, digits, filled


class Terminal:
    """name: the device as the person calls it. Lines are read by a thread that never keeps the program alive."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lines: asyncio.Queue[str] = asyncio.Queue()
        self._reads = False

    async def ask(self, question: p.AnyQuestion) -> p.Answer:
        """Ask at the terminal and wait for a line. Raises PairingError where there is none."""
        if not sys.stdin.isatty():
            return await p.unattended(question)
        number = number_of(question)
        shown = "" if number is None else digits(number)
        words = filled(PROMPTS[KINDS[type(question)]], self._name).format(number=shown)
        if isinstance(question, p.ShowPasskey) and question.entered:
            return await asyncio.get_running_loop().create_future()  # it stands there already
        sys.stderr.write(words + " ")
        sys.stderr.flush()
        self._read()
        while True:
            answer = _answer(question, await self._lines.get())
            if answer is not None:
                return answer
            sys.stderr.write(filled(PROMPTS["not six"], self._name) + " ")
            sys.stderr.flush()

    async def line(self) -> str:
        """The next line that is typed."""
        self._read()
        return await self._lines.get()

    def _read(self) -> None:
        if self._reads:
            return
        self._reads = True
        loop = asyncio.get_running_loop()

        def lines() -> None:
            left = b""
            while chunk := os.read(0, 4096):
                *whole, left = (left + chunk).split(b"\n")
                for line in whole:
                    loop.call_soon_threadsafe(self._lines.put_nowait, line.decode(errors="replace").strip())

        threading.Thread(target=lines, name="answers", daemon=True).start()


def _answer(question: p.AnyQuestion, line: str) -> p.Answer | None:
    """None: digits were asked for, and something else was typed. An empty line is a no."""
    word = line.lower()
    match question:
        case p.CompareNumbers():
            return p.Yes() if word == "yes" else p.No()
        case p.AllowPairing():
            return p.Yes() if word in ("y", "yes") else p.No()
        case p.AskPasskey() if word:
            typed = "".join(word.split())
            return p.Passkey(int(typed)) if PASSKEY.fullmatch(typed) else None
        case _:
            return p.No()
