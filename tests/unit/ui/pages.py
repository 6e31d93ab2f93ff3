"""Support: the sitter's pane with a real desk behind it, brought into every state that has buttons of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget

from devices.reading import Oximetry, Reading, Value
from kiosk.line.screen import Answer, Begin
from kiosk.session import commands as c
from kiosk.session import events as e
from kiosk.session.decision import Ask, Refused
from kiosk.text.refusal import ask_back, refused
from tests.unit.kiosk.evening import MIN
from tests.unit.kiosk.test_view_prepare import OXIMETER, Bed, prepared
from ui.sitter.pane import SitterPane

BEGIN = Begin(False, True, False, True, "Robin", "Sam", 1_795_550_400_000, 0)
DRAWERS = ("note", "pressure", "breaths", "response", "list", "music", "happenings", "acts", "skip", "hand_over")


class Room:
    """The pane and what a sitter does on it; each command is decided as the monitor decides it, and answered."""

    def __init__(self, bed: Bed, size: tuple[int, int] = (1366, 768), begin: Begin = BEGIN) -> None:
        self.bed, self.pane, self.asked = bed, SitterPane(now=lambda: self.bed.t_s), list[c.Command]()
        self.pane.resize(*size)
        self.pane.begin(begin)
        self.pane.asked.connect(self.obey)
        self.pane.show()
        self.show()

    def show(self) -> None:
        self.pane.show_view(self.bed.view())
        for _round in range(4):
            QApplication.processEvents()

    def obey(self, command: c.Command) -> None:
        """A command of the pane, decided, told and answered."""
        self.asked.append(command)
        said = self.bed.do(command)
        if isinstance(said, Refused):
            answer = Answer(1, "refused", refused(said))
        elif isinstance(said, Ask):
            answer = Answer(1, "ask", ask_back(said))
        else:
            answer = Answer(1, "done")
        self.pane.answer(answer, command)
        self.show()

    def part(self, name: str) -> QWidget:
        """The part of that name that a person sees now."""
        return next(part for part in self.pane.findChildren(QWidget, name) if part.isVisible())

    def click(self, target: str | QWidget) -> None:
        part = self.part(target) if isinstance(target, str) else target
        where = part.viewport() if isinstance(part, QPlainTextEdit) else part
        QTest.mouseClick(where, Qt.MouseButton.LeftButton)
        self.show()

    def close(self) -> None:
        self.pane.close()
        self.pane.deleteLater()


class Watched(Bed):
    """A bed whose alarms run: armed when it is made, told of each reading and each second."""

    def arm(self) -> Watched:
        self.hear([*self.desk.alarms.arm_technical(self.t_s), *self.desk.alarms.arm_values(self.t_s)])
        return self

    def hear(self, events: list[e.Event]) -> None:
        for event in events:
            self.note(event)

    def breathe(self, spo2: str, seconds: int) -> None:
        """Readings of that SpO2, one a second."""
        for _second in range(seconds):
            self.pass_to(self.t_s + 1)
            reading = Reading(OXIMETER, self.now, Oximetry(Value(Decimal(spo2)), Value(Decimal(70))))
            self.hear(self.desk.alarms.take(reading, self.t_s))
            self.seq += 1
            self.desk.show(reading, self.t_s, self.seq)
            self.hear(self.desk.alarms.tick(self.t_s))


def running(minutes: float = 10) -> Watched:
    """A session some minutes after the dose, calm."""
    bed = Watched()
    prepared(bed)
    bed.do(c.MarkDose())
    bed.pass_to(bed.t_s + minutes * MIN)
    bed.oxygen()
    return bed


def states(make: Callable[[Bed], Room]) -> Iterator[tuple[str, Room]]:
    """Every page of the pane in its states, one after the other; make: a room of the wanted size."""
    yield from _preparing(make(Bed()))
    yield from _calm(make(running()))
    yield from _unread(make(Bed()), make(running()))
    bed = running()
    yield from _alarmed(make(bed), bed)
    yield from _standing(make(running(121)))


def _preparing(room: Room) -> Iterator[tuple[str, Room]]:
    screen = room.pane.fronts.prepare
    keys = [page.key for page in room.bed.view().prepare.pages]  # type: ignore[union-attr]
    for key in keys:
        screen._choose(key)
        room.show()
        yield f"prepare {key}", room
    room.obey(c.AnswerCheck("clear_liquids", "time", {"last_liquids": "19:05"}))
    room.obey(c.OverrideCheck("clear_liquids", "A sip of water with the tablet.", "Sam Rivera"))
    for failed in ("no_water", "bed"):
        room.obey(c.AnswerCheck(failed, "no"))
    screen._choose("no_water")
    room.show()
    yield "prepare failed", room
    room.click("skipCheck")
    yield "prepare override", room
    room.click("overrideReason")
    yield "prepare override, typing", room
    screen._show_all()
    room.show()
    yield "prepare all", room
    screen._choose("pressures")
    screen.open("pressure")
    room.show()
    yield "prepare typed", room
    screen.below.close_drawer()
    room.obey(c.TypePressure(Decimal(162), Decimal(90)))
    room.show()
    yield "prepare held", room


def _unread(before: Room, after: Room) -> Iterator[tuple[str, Room]]:
    """No Bluetooth at all: in the preparation, and in the session with typed numbers."""
    before.bed.note(e.AdapterMoved("missing", "org.bluez"))
    before.pane.fronts.prepare._choose("probe")
    before.show()
    yield "prepare without bluetooth", before
    before.click("typeInstead")
    yield "prepare without bluetooth, typing", before
    after.bed.note(e.AdapterMoved("off", ""))
    after.bed.pass_to(after.bed.t_s + 20)
    after.show()
    yield "without bluetooth", after
    after.obey(c.TypeOximetry(Decimal(96), Decimal(71)))
    yield "without bluetooth, typed", after


def _calm(room: Room) -> Iterator[tuple[str, Room]]:
    yield "calm", room
    for drawer in DRAWERS:
        room.pane.open(drawer)
        room.show()
        yield f"drawer {drawer}", room
        room.pane.below.close_drawer()
    room.obey(c.BeginHandOver())
    room.bed.note(e.SoundTested(3, "sitter", 70, False))
    room.pane.below.open("hand_over")
    room.show()
    room.click("handOverUnheard")
    yield "drawer hand_over, not heard", room
    room.pane.below.close_drawer()
    room.obey(c.LookIn())
    yield "undo", room
    room.pane.open("list")
    room.show()
    yield "list with acts", room
    correct = next(p for p in room.pane.findChildren(QWidget) if p.objectName().startswith("correct_"))
    room.click(correct)
    yield "drawer correct", room
    room.pane.below.close_drawer()
    for drawer, field in (("note", "noteText"), ("pressure", "typedSpo2")):
        room.pane.open(drawer)
        room.show()
        room.click(field)
        yield f"keyboard {drawer}", room
        room.pane.below.close_drawer()
    room.pane.open("dose")
    room.show()
    yield "confirm", room
    room.pane.below.close_drawer()
    room.obey(c.TapHappening("vomiting"))
    yield "happening", room
    room.pane.open_card()
    room.show()
    yield "card", room


def _alarmed(room: Room, bed: Watched) -> Iterator[tuple[str, Room]]:
    alarms = bed.arm().desk.alarms
    bed.breathe("83", 40)
    room.show()
    yield "alarm", room
    bed.hear(alarms.acknowledge(bed.view().sentence.alarm, bed.t_s))
    room.show()
    yield "answered", room
    bed.hear(alarms.pause(120, bed.t_s))
    room.show()
    yield "paused", room
    for part in ("response", "note"):
        room.pane.open(part)
        room.show()
        yield f"alarm, {part}", room
        room.pane.below.close_drawer()
    bed.hear(alarms.call(bed.t_s, "touch"))
    room.show()
    yield "call", room


def _standing(room: Room) -> Iterator[tuple[str, Room]]:
    room.bed.pressure("127", "80")
    room.bed.do(c.RecordResponse("normal voice"))
    room.obey(c.BeginStanding())
    yield "standing", room
    for _rung in range(3):
        step = room.bed.desk.state.ladder.step
        room.bed.pass_to(room.bed.t_s + 125)
        room.bed.oxygen()
        room.show()
        yield f"standing {step}", room
        room.obey(c.AnswerStand(step, "steady"))  # type: ignore[arg-type]
    yield "standing done", room
    room.obey(c.MarkReady())
    room.obey(c.Release())
    yield "released", room
    room.pane.fronts.after.open("list")
    room.show()
    yield "released, list", room
    room.pane.fronts.after.below.close_drawer()
    room.click("givePage")
    yield "released, page", room
    room.click("pageRead")
    yield "released, page given", room
