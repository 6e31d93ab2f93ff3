"""Support for end-to-end tests: the air, a sound server and a whole room in a data folder of its own.

The room is started as `kiosk demo` starts it: supervisor, monitor, children, each a real process. What happened is
read from the record while it is written, read-only; nothing here waits a fixed time.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import psutil
import sqlcipher3.dbapi2 as sqlite

from devices.reading import Reading, Stamp
from kiosk import clock
from kiosk.compare import Comparison, compare_with_air
from kiosk.options import MonitorOptions
from kiosk.record.fault import RecordError
from kiosk.record.reader import Reader, Row
from kiosk.session import events as e
from media import virtual
from tests.sound import SoundServer

ROOT = Path(__file__).parents[2]
MARK = "KIOSK_TEST_RUN"
POLL_S = 0.05


def wait_until(condition: Callable[[], Any], timeout_s: float, what: str) -> Any:
    """The first true result of `condition`; an AssertionError that names `what` when none came in time."""
    end_s = time.monotonic() + timeout_s
    while not (found := condition()):
        if time.monotonic() > end_s:
            raise AssertionError(f"not within {timeout_s} s: {what}")
        time.sleep(POLL_S)
    return found


def query(record: Path, sql: str) -> list[tuple[Any, ...]]:
    """Rows of a query on a record's views, as another program would ask them."""
    connection = sqlite.connect(f"file:{record}?mode=ro", uri=True)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def crowding() -> float:
    """How many processes want each core now, at least 1: on a crowded machine a new process takes as much longer."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def marked(mark: str) -> list[psutil.Process]:
    """Every running process that carries this run's mark in its environment, this one not."""
    found: list[psutil.Process] = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            ours = process.pid != os.getpid() and process.environ().get(MARK) == mark
            if ours and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


class Air:
    """The simulated devices in their own process; `order` speaks to its stdin, `log` is every value it sent."""

    def __init__(
        self,
        folder: Path,
        scenario: str,
        length: int,
        speed: float,
        *,
        held: bool = False,
        port: int = 0,
        more: tuple[str, ...] = (),
    ) -> None:
        """more: names of further devices (`devices.virtual.family`)."""
        self.log = folder / "air.jsonl"
        words = [sys.executable, "-m", "devices.virtual.air", "--scenario", scenario, "--length", str(length)]
        words += ["--speed", str(speed), "--log", str(self.log), *(["--hold"] if held else [])]
        words += ["--port", str(port), *(["--with", ",".join(more)] if more else [])]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        env = os.environ | {MARK: "air"}
        self.process = subprocess.Popen(words, cwd=ROOT, env=env, start_new_session=True, **pipes)
        self.told = json.loads(self._line(20))

    def _line(self, within_s: float) -> bytes:
        assert self.process.stdout
        ready, _, _ = select.select([self.process.stdout], [], [], within_s)
        assert ready, "the air says nothing"
        return self.process.stdout.readline()

    def order(self, do: str, **fields: object) -> None:
        """Tell it; it must do so."""
        assert self.process.stdin
        self.process.stdin.write(json.dumps({"do": do, **fields}).encode() + b"\n")
        self.process.stdin.flush()
        answer = json.loads(self._line(10))
        assert "did" in answer, answer

    @contextlib.contextmanager
    def feeding(self, device: str, raw_hex: str, every_s: float) -> Iterator[None]:
        """Meanwhile the device sends these bytes again and again, and nothing of its story."""
        over = threading.Event()

        def feed() -> None:
            while not over.is_set():
                with contextlib.suppress(AssertionError):  # nobody is connected just now
                    self.order("send", device=device, hex=raw_hex)
                over.wait(every_s)

        self.order("hold")
        feeder = threading.Thread(target=feed, name="feeder")
        feeder.start()
        try:
            yield
        finally:
            over.set()
            feeder.join()
            self.order("resume")

    def sent(self) -> list[dict[str, Any]]:
        """Every value that was delivered so far, in order."""
        rows = [json.loads(line) for line in self.log.read_text().splitlines()]
        return [row for row in rows if row.get("delivered")]

    def end(self) -> None:
        """Close its stdin and wait."""
        assert self.process.stdin
        assert self.process.stdout
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)
        self.process.stdout.close()


class RoomRun:
    """One room under its supervisor. Ended by `end`, which also kills what a failed test left.

    entry: module and first words of the supervisor's process. cuff: name in the air and driver of the chosen cuff.
    """

    def __init__(
        self,
        folder: Path,
        air: Air,
        server: SoundServer | None,
        entry: tuple[str, ...] = ("tests.end_to_end.supervised",),
        cuff: tuple[str, str] = ("cuff", "bls"),
        **options: Any,
    ) -> None:
        self.folder, self.air, self.server, self._entry = folder, air, server, entry
        self.data = Path(options.get("data_dir", folder / "data"))
        self.mark = uuid.uuid4().hex
        self.printed = folder / "printed.txt"
        origin = clock.Clock().origin
        whole: dict[str, Any] = {
            "data_dir": str(self.data),
            "kind": "demo",
            "adapter": f"virtual:127.0.0.1:{air.told['port']}",
            "devices": (
                (air.told["oximeter"], "plx", "oximeter", "Simulated oximeter"),
                (air.told[cuff[0]], cuff[1], "cuff", "Simulated cuff"),
            ),
            "simulated": True,
            "origin_utc_ns": origin.utc_ns,
            "origin_boot_ns": origin.boot_ns,
            "leave_by_escape": True,
            "starts_itself": True,
            "sitter_output": virtual.SITTER if server else "",
            "patient_output": virtual.PATIENT if server else "",
            **options,
        }
        self.options = MonitorOptions(**whole)
        self.supervisor: subprocess.Popen[bytes] | None = None

    # --- begin and end ------------------------------------------------------------------------------------------

    def start(self, **env: str) -> RoomRun:
        """Start the supervisor; everything else is its doing."""
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        environment = dict(self.server.environment if self.server else os.environ)
        environment.update({MARK: self.mark, "PYTHONPATH": str(ROOT), **self._offscreen(), **env})
        words = [sys.executable, "-m", *self._entry, msgspec.json.encode(self.options).decode()]
        with self.printed.open("wb") as out:
            self.supervisor = subprocess.Popen(
                words,
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        return self

    def _offscreen(self) -> dict[str, str]:
        screens = self.folder / "screens.json"
        size = {"y": 0, "width": 1366, "height": 768, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
        both = [{"name": "SITTER", "x": 0, **size}, {"name": "PATIENT", "x": 1366, **size}]
        screens.write_text(json.dumps({"screens": both}))
        return {"QT_QPA_PLATFORM": f"offscreen:configfile={screens}"}

    def code(self, within_s: float = 40.0) -> int:
        """The run's exit code, once it has ended."""
        assert self.supervisor
        return self.supervisor.wait(within_s)

    def ask_to_end(self) -> int:
        """SIGTERM to the supervisor, as a desktop does; the exit code."""
        assert self.supervisor
        self.supervisor.send_signal(signal.SIGTERM)
        return self.code()

    def left(self) -> list[str]:
        """Processes of this run that still exist, in words."""
        words: list[str] = []
        for process in marked(self.mark):
            with contextlib.suppress(psutil.Error):
                words.append(f"{process.pid} {' '.join(process.cmdline())[:120]}")
        return words

    def end(self) -> None:
        """Whatever a test left running."""
        if self.supervisor and self.supervisor.poll() is None:
            self.supervisor.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.supervisor.wait(20)
        processes = marked(self.mark)
        for process in processes:
            with contextlib.suppress(psutil.Error):
                process.kill()
        psutil.wait_procs(processes, 5)
        if self.supervisor:
            self.supervisor.wait(5)

    # --- the record ---------------------------------------------------------------------------------------------

    @property
    def record(self) -> Path:
        """The record's file."""
        return self.data / "record.db"

    def rows(self, after: int = 0, record: Path | None = None) -> list[Row]:
        """Rows of the newest session that are on the disk now."""
        try:
            with Reader(record or self.record) as reader:
                sessions = reader.sessions()
                return list(reader.rows(sessions[-1].session_id, after)) if sessions else []
        except RecordError:
            return []  # not made yet

    def sessions(self) -> list[str]:
        """The ids of all sessions."""
        with Reader(self.record) as reader:
            return [line.session_id for line in reader.sessions()]

    def last_seq(self) -> int:
        """Seq of the newest stored row."""
        try:
            with Reader(self.record) as reader:
                sessions = reader.sessions()
                return reader.chain_end(sessions[-1].session_id)[0] if sessions else 0
        except RecordError:
            return 0  # not made yet

    def real_ns(self, stamp: Stamp) -> int:
        """The machine's own time, UTC, at a stamp of the session's faster clock."""
        options = self.options
        return options.origin_utc_ns + round((stamp.utc_ns - options.origin_utc_ns) / options.speed)

    def await_row(self, wanted: Callable[[Any], object], what: str, after: int = 0, timeout_s: float = 20.0) -> Row:
        """The first stored row behind seq `after` whose event or reading is wanted."""
        return wait_until(lambda: next((r for r in self.rows(after) if wanted(r.what)), None), timeout_s, what)

    def await_ready(self, timeout_s: float = 40.0) -> None:
        """Until the session is started and readings come."""
        self.await_row(lambda w: isinstance(w, e.SessionStarted), "the session's start", timeout_s=timeout_s)

    def monitor_pid(self) -> int:
        """The monitor of now."""
        return next(r.what.pid for r in reversed(self.rows()) if isinstance(r.what, e.RunAnchored))

    def child_pid(self, child: str) -> int:
        """The child of this kind that was started last."""
        return next(
            r.what.pid for r in reversed(self.rows()) if isinstance(r.what, e.ChildStarted) and r.what.child == child
        )

    def await_shown(self, timeout_s: float = 30.0) -> Row:
        """Until the screen of now has its windows on the displays; the row that says so."""

        def shown() -> Row | None:
            rows = [row for row in self.rows() if isinstance(row.what, e.WindowsShown) or _is_screen(row.what)]
            return rows[-1] if rows and isinstance(rows[-1].what, e.WindowsShown) else None

        return wait_until(shown, timeout_s, "the windows to be shown")

    def readings(self) -> list[Row]:
        """Stored readings of the newest session."""
        return [row for row in self.rows() if isinstance(row.what, Reading)]

    def view(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a query on the views, as another program would ask them."""
        return query(self.record, sql)

    def compare(self) -> Comparison:
        """The record against the air's log, both ways."""
        return compare_with_air(self.record, self.air.log)


def _is_screen(what: object) -> bool:
    return isinstance(what, e.ChildStarted | e.ChildEnded) and what.child == "screen"


@contextlib.contextmanager
def room_run(
    folder: Path,
    scenario: str = "calm",
    *,
    server: SoundServer | None = None,
    length: int = 60,
    env: dict[str, str] | None = None,
    held: bool = False,
    **options: Any,
) -> Iterator[RoomRun]:
    """A room that runs; air and room are ended in any case. options: of `RoomRun`."""
    folder.mkdir(parents=True, exist_ok=True)
    more = (options["cuff"][0],) if "cuff" in options else ()
    air = Air(folder, scenario, length, options.get("speed", 1.0), held=held, more=more)
    run = RoomRun(folder, air, server, scenario=scenario, **options)
    try:
        yield run.start(**(env or {}))
    finally:
        run.end()
        run.air.end()
