"""The test as the sitter: presses and reads on the monitor's real line; its screen is `tests.children.stand_in`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from kiosk.line.screen import Answer, Do, View
from kiosk.session import commands as c
from tests.children.stand_in import FOLDER
from tests.end_to_end.room_run import RoomRun, wait_until

ENTRY = ("tests.children.stand_in", "supervise")
REASON = "This run asks for the alarms only."


class StandIn:
    """`do` what a sitter would press, `see` what the sitter would read. power: the computer's battery, as files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._power = folder / "power"
        for made in (self._power / "BAT0", self._power / "AC"):
            made.mkdir(parents=True)
        for name in ("orders", "answers"):
            (folder / name).touch()
        self.power(100, plugged=True)
        self._count = 0

    @property
    def env(self) -> dict[str, str]:
        """For the room's start."""
        return {FOLDER: str(self._folder)}

    def power(self, percent: int, *, plugged: bool) -> None:
        """What the computer's battery says from now on."""
        (self._power / "BAT0" / "capacity").write_text(f"{percent}\n")
        (self._power / "BAT0" / "status").write_text("Charging\n" if plugged else "Discharging\n")
        (self._power / "AC" / "online").write_text(f"{int(plugged)}\n")

    def tell(self, command: c.Command) -> int:
        """Press it, and wait for nothing; the order's number."""
        self._count += 1
        order = Do(self._count, command)  # pyright: ignore[reportArgumentType]
        with (self._folder / "orders").open("ab") as file:
            file.write(msgspec.json.encode(order) + b"\n")
        return self._count

    def do(self, command: c.Command) -> Answer:
        """Press it; the monitor's last word, which must not be a refusal."""
        number = self.tell(command)
        answer: Answer = wait_until(lambda: self._answer(number), 10, f"an answer to {command}")
        assert answer.state in ("done", "saved"), answer
        return answer

    def _answer(self, number: int) -> Answer | None:
        lines = (self._folder / "answers").read_bytes().splitlines()
        found = [answer for answer in (msgspec.json.decode(line, type=Answer) for line in lines) if answer.id == number]
        return found[-1] if found and found[-1].state != "saving" else None

    def see(self) -> View | None:
        """The newest view, None before the first one."""
        file = self._folder / "view"
        return msgspec.json.decode(file.read_bytes(), type=View) if file.exists() else None

    def await_view(self, wanted: Callable[[View], object], what: str) -> View:
        """The newest view, once it is as wanted."""

        def found() -> View | None:
            view = self.see()
            return view if view is not None and wanted(view) else None

        return wait_until(found, 20, what)

    def start_session(self, room: RoomRun, arms: tuple[str, str] = ("left", "right")) -> None:
        """Through the preparation. arms: of probe and cuff; every other check is overridden, in the test's name."""
        pages = self.await_view(lambda view: view.prepare is not None, "the preparation").prepare
        assert pages
        answers = dict(zip(("probe", "cuff"), arms, strict=True))
        for page in pages.pages:
            if page.key in answers:
                self.do(c.AnswerCheck(page.key, answers[page.key]))
            elif page.required and page.state in ("todo", "failed"):
                self.do(c.OverrideCheck(page.key, REASON, "test"))
        self.do(c.StartSession())
        room.await_ready()
