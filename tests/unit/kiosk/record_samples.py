"""Sessions to write down, for the tests of the record."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from devices.reading import Oximetry, Pressure, Quality, Reading, Source, Stamp, Value, Waveform
from kiosk.record import driver, opener
from kiosk.record.recorder import Recorder, Ticket
from kiosk.session.events import AnyEvent, RunAnchored, SessionOpened

START = Stamp(utc_ns=1_795_544_580_000_000_000, boot_ns=5_000_000_000_000)  # 2026-11-24T18:23:00Z


def at(seconds: float, utc_off_s: float = 0, boot_off_s: float = 0) -> Stamp:
    """The stamp this long after the start."""
    return Stamp(
        utc_ns=START.utc_ns + round((seconds + utc_off_s) * 1e9),
        boot_ns=START.boot_ns + round((seconds + boot_off_s) * 1e9),
    )


def opened(session_id: str = "s1", kind: str = "trial") -> SessionOpened:
    """First event of a session."""
    return SessionOpened(
        session_id=session_id,
        kind=kind,
        simulated=False,
        speed=1.0,
        patient_id="7f3a",
        patient_label="Robin",
        sitter_label="Sam",
        program_version="0.1.0",
        utc_offset_min=60,
        plan="plan.toml",
        plan_toml="[plan]\n",
        plan_author="Dr. Example",
        plan_confirmed="",
        medication="ketamine",
        route="sublingual",
        dose_mg=Decimal("120.5"),
        limits=("SpO2 below 90 %",),
    )


def oximetry(seconds: float, spo2: str | None = "97", quality: Quality = Quality.VALID) -> Reading:
    """One oximeter reading; its bytes carry the second, so that each is another."""
    value = Value(None if spo2 is None else Decimal(spo2), quality)
    return Reading("aa:bb", at(seconds), Oximetry(value, Value(Decimal("61.5"))), round(seconds).to_bytes(4), "2a5f")


def pressure(seconds: float, systolic: str, diastolic: str, *, typed: bool = False) -> Reading:
    """One blood pressure, by device or typed."""
    values = Pressure(Value(Decimal(systolic)), Value(Decimal(diastolic)), Value(None))
    return Reading("typed" if typed else "cc", at(seconds), values, source=Source.TYPED if typed else Source.DEVICE)


def waveform(seconds: float, *samples: int | None, beats: tuple[int, ...] = ()) -> Waveform:
    """One block of waveform; three samples and a gap of one unless others are given."""
    return Waveform("aa:bb", at(seconds), 60.0, 127, samples or (64, None, 66), beats)


class Heard:
    """What the recorder told its owner, in its own thread: no loop is needed to look at lists."""

    def __init__(self) -> None:
        self.stored: list[int] = []
        self.failed: list[str] = []
        self.restored: list[int] = []

    def take(self, tickets: list[Ticket]) -> None:
        """Stored."""
        self.stored += [ticket.seq for ticket in tickets]


def recorder(path: Path, heard: Heard | None = None, **more: object) -> Recorder:
    """A recorder that tells `heard`."""
    heard = heard or Heard()
    at_once: Callable[[Callable[[], None]], object] = lambda told: told()  # noqa: E731
    now = lambda: at(0)  # noqa: E731
    return Recorder(path, now, at_once, heard.take, heard.failed.append, heard.restored.append, **more)  # type: ignore[arg-type]


def write(path: Path, *rows: AnyEvent | Reading | Waveform | tuple[AnyEvent, Stamp, str]) -> list[Ticket]:
    """A whole session: opened, anchored, then these rows; plain events a second apart."""
    writer = recorder(path)
    tickets = [writer.append_event(opened(), at(0), "Session opened")]
    tickets.append(writer.append_event(RunAnchored("boot-1", 60, 1), at(0), "Monitoring started"))
    for second, row in enumerate(rows, 1):
        if isinstance(row, Reading):
            tickets.append(writer.append_reading(row))
        elif isinstance(row, Waveform):
            ticket = writer.append_waveform(row)
            assert ticket
            tickets.append(ticket)
        elif isinstance(row, tuple):
            tickets.append(writer.append_event(*row))
        else:
            tickets.append(writer.append_event(row, at(second), f"Sentence {second}"))
    writer.close()
    return tickets


def raw(path: Path) -> driver.Connection:
    """The file as an outsider who has its key opens it with the same driver; the caller closes it."""
    return driver.connect(path, read_only=False, key=opener.key_for(path))


def select(path: Path, sql: str) -> list[dict[str, object]]:
    """Lines of a query, by name."""
    connection = opener.connect(path, read_only=True)
    try:
        cursor = connection.execute(sql)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, line, strict=True)) for line in cursor]
    finally:
        connection.close()


def until(condition: Callable[[], object], timeout: float = 20.0) -> None:
    """Look until it is so; fails when it never is."""
    end = time.monotonic() + timeout
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < end, "never happened"
        pause.wait(0.005)
