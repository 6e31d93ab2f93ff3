"""The demonstration: the air in its own process, sound outputs if the machine has none, the room, then the account.

Owned by the `kiosk demo` process, which is also the supervisor. Never mixes with a patient's record: it has a data
folder of its own and every session in it is marked as simulated.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import IO, Any

import msgspec

from devices.reading import Stamp
from kiosk import clock, datadir
from kiosk.compare import compare_with_air
from kiosk.failure import Reason, Refusal
from kiosk.launch import prepare_folder, refuse_if_held
from kiosk.options import MonitorOptions
from kiosk.record.copy import plain_copy
from kiosk.start import run_room
from media import virtual

AIR_WITHIN_S = 20.0
DRIVERS = {"pc60fw": "aa55", "contec": "eb", "berrymed": "bci"}
"""Simulated oximeters besides the standard one, and who reads them."""
SCREEN = {"y": 0, "width": 1366, "height": 768, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
# Qt's off-screen platform sorts its displays by name; the built-in one is the sitter's
TWO_SCREENS = {"screens": [{"name": "eDP-1", "x": 0, **SCREEN}, {"name": "HDMI-1", "x": 1366, **SCREEN}]}


class Demo(msgspec.Struct, kw_only=True):
    """One demonstration; see `kiosk.command.demo` for the options. seconds: session seconds, 0 until left.

    by_hand: a person is the sitter; seconds is then the length of the story and not the end. plan: path, "" for the
    example. oximeter: "standard" or one of `DRIVERS`.
    """

    data_dir: Path
    out: Path
    scenario: str
    seconds: float
    speed: float
    offscreen: bool
    single_screen: bool
    windowed: bool
    by_hand: bool = False
    plan: str = ""
    oximeter: str = "standard"

    def run(self) -> int:
        """The whole demo; exit code 0 when the room ended well and the record equals what was sent."""
        folder = prepare_folder(self.data_dir)
        refuse_if_held(folder)
        try:
            self.out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Refusal(
                Reason.DATA_FOLDER, f"Cannot make {self.out} ({error.strerror}). Choose another --out."
            ) from error
        self._end_open_demo_sessions(folder)
        sound = self._sound(folder)
        origin = clock.Clock().origin
        air, told = self._start_air(origin)
        try:
            code = run_room(self._options(folder, told, origin, sound is not None), self._env(folder, sound))
        finally:
            self._end_air(air)
            if sound:
                sound.stop()
        return self._account(folder, code)

    def _end_open_demo_sessions(self, folder: Path) -> None:
        # each demo is a session of its own: what an interrupted one left is set aside, never deleted
        record = folder / datadir.RECORD
        if record.exists():
            stamp = int(record.stat().st_mtime)
            for path in sorted(folder.glob(f"{datadir.RECORD}*")):
                path.rename(folder / path.name.replace("record", f"record-{stamp}"))

    def _sound(self, folder: Path) -> virtual.NullServer | None:
        if sys.platform != "linux" or virtual.has_audio_server():
            return None
        server = virtual.NullServer(folder / "sound")
        if server.start():
            print("kiosk: no sound output here; the demo plays into null outputs of its own.", flush=True)
            return server
        return None

    def _start_air(self, origin: Stamp) -> tuple[subprocess.Popen[bytes], dict[str, Any]]:
        program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "devices.virtual.air"]
        length = str(round(self.seconds) or 3600)
        arguments = ["--port", "0", "--scenario", self.scenario, "--length", length, "--speed", str(self.speed)]
        arguments += ["--origin-utc-ns", str(origin.utc_ns)]
        arguments += ["--with", self.oximeter] if self.oximeter in DRIVERS else []
        air = subprocess.Popen(
            [*program, *arguments, "--log", str(self.out / "air.jsonl")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        assert air.stdout is not None
        return air, json.loads(_first_line(air.stdout))

    def _end_air(self, air: subprocess.Popen[bytes]) -> None:
        assert air.stdin is not None
        assert air.stdout is not None
        air.stdin.close()
        try:
            air.wait(5)
        except subprocess.TimeoutExpired:
            air.kill()
            air.wait()
        air.stdout.close()

    def _options(self, folder: Path, told: dict[str, Any], origin: Stamp, null_sound: bool) -> MonitorOptions:
        oximeter = self.oximeter if self.oximeter in DRIVERS else "oximeter"
        return MonitorOptions(
            data_dir=str(folder),
            kind="demo",
            adapter=f"virtual:127.0.0.1:{told['port']}",
            devices=(
                (told[oximeter], DRIVERS.get(oximeter, "plx"), "oximeter", "Simulated oximeter"),
                (told["cuff"], "bls", "cuff", "Simulated cuff"),
            ),
            simulated=True,
            speed=self.speed,
            origin_utc_ns=origin.utc_ns,
            origin_boot_ns=origin.boot_ns,
            single_screen=self.single_screen,
            windowed=self.windowed,
            plan=self.plan,
            leave_by_escape=not self.by_hand,  # who practises presses Esc to go back, and ends as in a real session
            starts_itself=not self.by_hand,
            seconds=0.0 if self.by_hand else self.seconds,
            out=str(self.out),
            scenario=self.scenario,
            sitter_output=virtual.SITTER if null_sound else "",
            patient_output=virtual.PATIENT if null_sound else "",
        )

    def _env(self, folder: Path, sound: virtual.NullServer | None) -> dict[str, str]:
        env = dict(sound.env) if sound else {}
        if self.offscreen:
            screens = folder / "screens.json"
            screens.write_text(json.dumps(TWO_SCREENS))
            env["QT_QPA_PLATFORM"] = f"offscreen:configfile={screens}"
        return env

    def _account(self, folder: Path, code: int) -> int:
        record = folder / datadir.RECORD
        if code != 0 or not record.exists():
            print(f"kiosk: the demo ended early (code {code}); {folder / 'supervisor.log'} says why.", file=sys.stderr)
            return code or 1
        copy = self.out / datadir.RECORD
        copy.unlink(missing_ok=True)
        plain_copy(record, copy)
        shutil.copymode(record, copy)
        result = compare_with_air(copy, self.out / "air.jsonl")
        session_file = self._session_file(record)
        report = self._report(session_file)
        self._review(folder, session_file)
        pictures = ", ".join(sorted(p.name for p in self.out.glob("*.png"))) or "none"
        print(f"Pictures: {pictures}\nIn:       {self.out}\nRecord:   {copy}\nSession:  {session_file}")
        print(f"Report:   {report}", flush=True)
        print(f"Air:      {result.sentence}", flush=True)
        return 0 if result.same else 1

    def _session_file(self, record: Path) -> Path:
        """The signed file of this demo's session beside the pictures; one of an earlier demo stays."""
        from kiosk.exchange.archive import file_name, pack
        from kiosk.record.fault import RecordError
        from kiosk.record.reader import Reader
        from kiosk.record.seal import load_signer

        try:
            with Reader(record) as reader:
                session = reader.sessions()[-1]
                target = self.out / file_name(session)
                pack(reader, session.session_id, load_signer(record.parent), target)
        except (RecordError, OSError) as error:
            raise Refusal(Reason.FAILED, f"The session file could not be made ({error}).") from error
        return target

    def _review(self, folder: Path, session_file: Path) -> None:
        """What the provider's window makes of the session file: `review.png`."""
        from kiosk.review.picture import take_picture

        trouble = take_picture(session_file, folder, self.out / "review.png")
        if trouble:
            raise Refusal(Reason.FAILED, f"There is no picture of the review: {trouble}.")

    def _report(self, session_file: Path) -> Path:
        """The report out of the session file, beside it; one of an earlier demo goes, as its pictures do."""
        from kiosk.exchange.manifest import REPORT
        from kiosk.newfile import whole_file

        target = self.out / REPORT
        try:
            target.unlink(missing_ok=True)
            with zipfile.ZipFile(session_file) as packed, whole_file(target) as part:
                part.write_bytes(packed.read(REPORT))
        except OSError as error:
            raise Refusal(Reason.FAILED, f"The report could not be written ({error.strerror}).") from error
        return target


def _first_line(stream: IO[bytes]) -> bytes:
    ready, _, _ = select.select([stream], [], [], AIR_WITHIN_S) if os.name == "posix" else ([stream], [], [])
    line = stream.readline() if ready else b""
    if not line:
        raise Refusal(Reason.FAILED, "The simulated devices did not start. Run the demo again; `kiosk doctor` looks.")
    return line
