"""What happened, as the screen tells it: newest lines and the marks above the chart.

A projection of the event log for drawing only, rebuilt by the same fold after a restart; decides nothing.
"""

from __future__ import annotations

from collections import deque

import msgspec

from devices.reading import Oximetry, Pressure, Reading, Source, Stamp
from kiosk.line.chart import Mark
from kiosk.line.pane import EventLine
from kiosk.line.tile import Severity
from kiosk.session import events as e
from kiosk.session.correction import ACTS
from kiosk.text import clock_time, duration, mark_label, number
from kiosk.text.catalogue import _

LINES = 200
_SEVERITY: dict[int, Severity] = {0: "none", 1: "low", 2: "medium", 3: "high"}
SHAPE = {"spo2_low": "low", "spo2_very_low": "low", "pulse_low": "low", "pulse_high": "high", "pressure_high": "high"}
_TOLD = (
    e.SessionStarted,
    e.DoseMarked,
    e.PhaseMarked,
    e.RunResumed,
    e.ClockJumped,
    e.AdapterMoved,
    e.AlarmRaised,
    e.AlarmAcknowledged,
    e.AlarmCleared,
    e.SoundsPaused,
    e.SitterCalled,
    e.CallAnswered,
    e.CallEnded,
    e.NoteAdded,
    e.NoteWithdrawn,
    e.ValueWithdrawn,
    e.LookedIn,
    e.ResponseRecorded,
    e.BreathsCounted,
    e.EmergencyCalled,
    e.RecordingFailed,
    e.RecordingRestored,
    e.ProtectionLost,
    e.FaultHappened,
    e.RoomCovered,
    e.CheckOverridden,
    e.HoldBegan,
    e.SitterChanged,
    e.EventCorrected,
    e.PressureSkipped,
    e.HappeningTapped,
    e.HelpUpBegan,
    e.HelpUpEnded,
    e.StandingBegan,
    e.StandAnswered,
    e.ReadyMarked,
    e.Released,
    e.SessionEnded,
)


class Line(msgspec.Struct):
    """One line before it is drawn; stored: "" once on disk, else "saving" or "failed"."""

    seq: int
    utc_ns: int
    text: str
    note: bool = False
    stored: str = ""
    act: bool = False  # its time can be corrected


class Story:
    """Fold of events (and of pressures) into lines and marks. keeps: the newest so many lines, None for all."""

    def __init__(self, keeps: int | None = LINES) -> None:
        self.lines: deque[Line] = deque(maxlen=keeps)
        self.marks: list[Mark] = []
        self.withdrawn: set[int] = set()
        self._seqs: dict[int, int] = {}  # seq of a note's, dose's or happening's row -> index of its mark
        self._planned: list[int] = []  # seqs of phases that the plan's clock began
        self._raised: dict[str, tuple[float, int]] = {}  # alarm -> (raised t_s, index of its mark)

    def tell(self, event: e.Event, seq: int, stamp: Stamp, t_s: float, text: str) -> None:
        """Take one event in order."""
        if isinstance(event, _TOLD):
            act = isinstance(event, ACTS)
            self.lines.append(Line(seq, stamp.utc_ns, text, isinstance(event, e.NoteAdded), act=act))
        before = len(self.marks)
        self._mark(event, t_s)
        if len(self.marks) > before and not isinstance(event, e.AlarmRaised | e.SitterCalled):
            self._seqs[seq] = before
        match event:
            case e.NoteWithdrawn():
                self.withdrawn.add(event.note_seq)
            case e.PhaseMarked(planned=True):
                self._planned.append(seq)
            case e.EventWithdrawn():
                self.withdrawn.add(event.event_seq)
                if event.kind == "dose_marked":  # the phases that began because of it did not begin
                    self.withdrawn.update(self._planned)
            case e.EventCorrected() if event.event_seq in self._seqs:
                at_s = t_s - (stamp.utc_ns - event.at_utc_ns) / 1e9
                index = self._seqs[event.event_seq]
                self.marks[index] = msgspec.structs.replace(self.marks[index], t_s=at_s)
            case e.ValueWithdrawn():
                self.withdrawn.add(event.reading_seq)
            case _:
                pass

    def tell_reading(self, reading: Reading, seq: int) -> None:
        """A finished blood pressure is a line of its own, with where it came from; so are typed SpO2 and pulse."""
        measurement = reading.measurement
        if isinstance(measurement, Oximetry) and reading.source is Source.TYPED:
            values = ((_("SpO2"), measurement.spo2.number), (_("pulse"), measurement.pulse.number))
            typed = ", ".join(f"{name} {number(value)}" for name, value in values if value is not None)
            text = _("{values} typed.").format(values=typed[:1].upper() + typed[1:])
            self.lines.append(Line(seq, reading.stamp.utc_ns, text, note=True))
        if not isinstance(measurement, Pressure) or measurement.systolic.number is None:
            return
        how = {
            Source.DEVICE: _("by the cuff"),
            Source.TYPED: _("typed"),
            Source.STORED: _("stored in the cuff, not current"),
        }
        text = _("Blood pressure {sys}/{dia} {how}.").format(
            sys=number(measurement.systolic.number),
            dia=number(measurement.diastolic.number),
            how=how[reading.source],
        )
        self.lines.append(Line(seq, reading.stamp.utc_ns, text, reading.source is Source.TYPED))

    def _mark(self, event: e.Event, t_s: float) -> None:
        match event:
            case e.AlarmRaised():
                shape = SHAPE.get(event.alarm, "technical")
                self._raised[event.alarm] = t_s, len(self.marks)
                self.marks.append(
                    Mark(t_s, shape, _SEVERITY[event.severity], mark_label(event.alarm))  # pyright: ignore[reportArgumentType]
                )
            case e.AlarmCleared() if event.alarm in self._raised:
                raised_s, index = self._raised.pop(event.alarm)
                if self.marks[index].shape == "technical":
                    label = f"{mark_label(event.alarm)} {duration(t_s - raised_s)}"
                    self.marks[index] = msgspec.structs.replace(self.marks[index], label=label)
            case e.SitterCalled():
                self.marks.append(Mark(t_s, "call", "none", _("call")))
            case e.NoteAdded():
                self.marks.append(Mark(t_s, "note", "none", event.text[:24]))
            case e.HappeningTapped():
                self.marks.append(Mark(t_s, "note", "none", event.kind))
            case e.DoseMarked():
                self.marks.append(Mark(t_s, "dose", "none", _("dose")))
            case _:
                pass

    def shown_marks(self) -> tuple[Mark, ...]:
        """The marks of what was not taken back."""
        hidden = {self._seqs[seq] for seq in self.withdrawn if seq in self._seqs}
        return tuple(mark for index, mark in enumerate(self.marks) if index not in hidden)

    def newest(self, count: int, offset_min: int, undo_seq: int) -> tuple[EventLine, ...]:
        """The newest lines, newest first. undo_seq: the note that may still be taken back, 0 for none."""
        words = {"saving": _("saving…"), "failed": _("NOT SAVED")}
        shown = [line for line in reversed(self.lines) if line.seq not in self.withdrawn][:count]
        return tuple(
            EventLine(
                at=clock_time(line.utc_ns, offset_min),
                text=line.text,
                seq=line.seq,
                undo=line.seq == undo_seq,
                stored=words.get(line.stored, ""),
                correctable=line.act,
            )
            for line in shown
        )

    def store(self, seqs: set[int], state: str) -> None:
        """Rows reached the disk ("") or could not ("failed")."""
        for line in self.lines:
            if line.seq in seqs:
                line.stored = state
