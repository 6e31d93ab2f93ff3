"""The demonstration's sitter: looks at each view as a person would and does what a sitter does. Pure.

Owned by the monitor of a demo run only; it acts by the same commands and the same queue as a person, so that what
the demo shows is what the program does. It never reaches a real session (`kiosk run` has no option for it).
"""

from __future__ import annotations

from pathlib import Path

from kiosk.line.screen import TakePicture, View
from kiosk.preparer import Preparer
from kiosk.session import commands as c

TRIES = 3
ANSWER_AFTER_S = 4.0  # a sitter who is in the room reads the banner first
CALL_AT_SHARE = 0.45


class Director:
    """See each view, answer with commands and pictures to take; every picture is taken once."""

    def __init__(self, length_s: float, scenario: str, out: str, speed: float = 1.0) -> None:
        self._length_s = length_s
        self._scenario = scenario
        self._out = Path(out) if out else None
        self._done: set[str] = set()
        self._tries: dict[str, int] = {}  # pictures that were asked for and did not come
        self._prepares = Preparer(speed)
        self._alarm: tuple[str, float] = ("", 0.0)  # the one on the banner, and since when

    def see(self, view: View) -> list[c.Command | TakePicture]:
        """What the sitter does at this view, in order; mostly nothing."""
        asked: list[c.Command | TakePicture] = []
        if not view.started:
            asked += self._prepares.see(view)
            return asked
        asked += self._once("dose", c.MarkDose())
        if view.t_s > 6 and view.rest.state == "rest":
            asked += self._picture("rest", "rest.png")
        if view.t_s > self._length_s * 0.3:
            asked += self._once("note", c.AddNote(text="hand moved", preset="hand moved"))
        return asked + self._calling(view) + self._alarmed(view) + self._calm(view)

    def _calling(self, view: View) -> list[c.Command | TakePicture]:
        if self._scenario != "help-call" or view.t_s < self._length_s * CALL_AT_SHARE:
            return []
        asked = self._once("call", c.CallSitter(by="touch"))
        if view.sentence.kind == "call" and view.t_s > self._length_s * CALL_AT_SHARE + ANSWER_AFTER_S:
            asked += self._picture("sitter", "sitter-alarm.png") + self._once("answer", c.AnswerCall())
        if view.rest.state == "coming" and view.t_s > self._length_s * CALL_AT_SHARE + 3 * ANSWER_AFTER_S:
            asked += self._picture("rest", "rest-coming.png") + self._once("was there", c.EndCall())
        return asked

    def _alarmed(self, view: View) -> list[c.Command | TakePicture]:
        if view.sentence.kind not in ("low", "medium", "high") or not view.sentence.alarm:
            self._alarm = ("", 0.0)
            return []
        if self._alarm[0] != view.sentence.alarm:
            self._alarm = (view.sentence.alarm, view.t_s)
        if view.sentence.latched:
            return [c.CloseAlarm(alarm=view.sentence.alarm)] if view.t_s > self._length_s * 0.85 else []
        if view.t_s - self._alarm[1] < 2:
            return []
        asked = self._picture("sitter", "sitter-alarm.png")
        if view.t_s - self._alarm[1] >= ANSWER_AFTER_S and not view.sentence.answered:
            asked.append(c.Acknowledge(alarm=view.sentence.alarm))
        return asked

    def _calm(self, view: View) -> list[c.Command | TakePicture]:
        calm = view.sentence.kind == "calm" and view.sentence.detail.endswith(".") and "inside" in view.sentence.detail
        ready = view.spo2.state == "live" and view.pressure.systolic and not view.pressure.typed and calm
        return self._picture("sitter", "sitter.png") if ready else []

    def last_pictures(self) -> list[TakePicture]:
        """At the end: a picture for each that the story gave no moment for."""
        missing = [("rest", "rest.png"), ("sitter", "sitter.png")]
        return [p for window, name in missing for p in self._picture(window, name) if isinstance(p, TakePicture)]

    def not_taken(self, picture: TakePicture) -> None:
        """No screen was there to take it: it is asked for again."""
        self._done.discard(Path(picture.path).name)

    def never_came(self, path: str) -> None:
        """It was asked for and did not come: once more, a few times at most."""
        name = Path(path).name
        self._tries[name] = self._tries.get(name, 0) + 1
        if self._tries[name] < TRIES:
            self._done.discard(name)

    def _picture(self, window: str, name: str) -> list[c.Command | TakePicture]:
        if self._out is None or name in self._done:
            return []
        self._done.add(name)
        return [TakePicture("rest" if window == "rest" else "sitter", str(self._out / name))]

    def _once(self, key: str, command: c.Command) -> list[c.Command | TakePicture]:
        if key in self._done:
            return []
        self._done.add(key)
        return [command]
