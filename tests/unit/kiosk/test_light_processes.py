"""Light and wakefulness over real processes: each is killed by name, and the panel ends as the person had it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from devices.backlight import find
from devices.wake import Awake
from kiosk.clock import boot_id
from kiosk.dim import Levels
from kiosk.holding import Holding
from kiosk.keeping import Keeping
from kiosk.light import Light
from kiosk.line.monitor import Held, LightWanted
from tests.children.wait import ROOT, alive
from tests.fake_logind import FakeLogind, make_panel, wait_for

OWN, DIM = 800, 107
LOGIND = "sleep:idle:handle-lid-switch"


class Run:
    """A supervisor over a monitor that only asks for light, a panel, a logind."""

    def __init__(self, logind: FakeLogind) -> None:
        self.logind, self.folder = logind, logind.folder
        self.panel = make_panel(logind.backlight, raw=OWN)
        self.supervisor: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.supervisor = subprocess.Popen(
            [sys.executable, "-m", "tests.children.dim_supervise", str(self.folder)],
            env={**os.environ, **self.logind.environment, "PYTHONPATH": str(ROOT)},
        )

    def want(self, words: str) -> None:
        part = self.folder / "want.part"
        part.write_text(words)
        part.replace(self.folder / "want")

    def dim(self, displays: str) -> None:
        self.want(f"40 0.4 {displays}")
        self.start()
        wait_for(lambda: self.level() == DIM and self.held().light.state == "dimmed")

    def level(self) -> int:
        return int((self.panel / "brightness").read_text() or 0)

    def levels(self) -> list[int]:
        """All that logind was asked to set, in order."""
        return [call[1][2] for call in self.logind.calls("SetBrightness")]

    def held(self) -> Held:
        path = self.folder / "held"
        return msgspec.json.decode(path.read_bytes() or b"{}", type=Held) if path.exists() else Held()

    def monitors(self) -> list[int]:
        path = self.folder / "starts"
        return [int(word) for word in path.read_text().split()] if path.exists() else []

    def kill_monitor(self) -> None:
        os.kill(self.monitors()[-1], signal.SIGKILL)

    def kill_supervisor(self) -> None:
        assert self.supervisor is not None
        self.supervisor.kill()
        self.supervisor.wait(10)

    def end(self) -> int:
        assert self.supervisor is not None
        self.supervisor.terminate()
        return self.supervisor.wait(20)

    def clean(self) -> None:
        if self.supervisor is not None and self.supervisor.poll() is None:
            self.end()
        for pid in self.monitors():
            if alive(pid):
                os.kill(pid, signal.SIGKILL)


@pytest.fixture
def logind(tmp_path) -> Iterator[FakeLogind]:
    fake = FakeLogind(tmp_path)
    fake.start()
    yield fake
    fake.stop()


@pytest.fixture
def run(logind) -> Iterator[Run]:
    run = Run(logind)
    yield run
    run.clean()


def test_it_dims_in_a_ramp_through_logind_and_gives_the_level_back_at_the_end(run):
    run.dim("single")
    down = run.levels()
    assert down == sorted(down, reverse=True)
    assert len(set(down)) > 8
    assert run.held().light.via == "logind"
    run.end()
    up = run.levels()[len(down) :]
    assert up == sorted(up)
    assert len(set(up)) > 8
    assert (run.level(), (run.folder / "brightness.json").exists()) == (OWN, False)


def test_while_a_session_is_open_the_computer_is_kept_awake_the_monitor_is_told_and_after_it_may_sleep(run):
    run.dim("single")
    wait_for(lambda: run.held().awake)
    assert run.held().awake[0] == "desktop:org.freedesktop.ScreenSaver"
    assert run.logind.held() == [LOGIND]
    run.end()
    assert run.logind.calls("ScreenSaver.UnInhibit")
    wait_for(lambda: run.logind.held() == [])


def test_once_the_session_has_ended_the_computer_may_sleep_though_the_room_is_still_there(run):
    run.dim("single")
    wait_for(lambda: run.logind.held() == [LOGIND])
    (run.folder / "over").touch()
    wait_for(lambda: run.logind.held() == [])
    wait_for(lambda: run.logind.calls("ScreenSaver.UnInhibit"))
    wait_for(lambda: run.held().awake == ())
    assert run.held().light.state == "dimmed"  # only wakefulness is the session's; the light follows the room
    assert run.supervisor.poll() is None


def test_the_monitor_killed_lights_a_single_display_at_once_and_dims_again_when_it_is_back(run):
    run.dim("single")
    before = len(run.levels())
    run.kill_monitor()
    wait_for(lambda: len(run.levels()) > before)
    assert run.levels()[before] == OWN  # in one step: somebody has to see that monitoring stopped
    wait_for(lambda: len(run.monitors()) == 2)
    wait_for(lambda: run.level() == DIM)


def test_the_monitor_killed_and_back_in_time_leaves_two_displays_as_they_are(run):
    run.dim("two")
    before = len(run.levels())
    run.kill_monitor()
    wait_for(lambda: len(run.monitors()) == 2)
    run.want("41 0 two")  # the next change that is asked for is the first
    wait_for(lambda: run.level() not in (DIM, OWN))
    assert OWN not in run.levels()[before:]


def test_a_restart_that_fails_for_too_long_lights_two_displays_again(run):
    run.dim("two")
    (run.folder / "die").touch()
    run.kill_monitor()
    wait_for(lambda: run.level() == OWN and not (run.folder / "brightness.json").exists())
    assert run.levels()[-1] == OWN


def test_the_supervisor_killed_the_next_start_gives_the_level_back_first(run):
    run.dim("single")
    pid = run.monitors()[-1]
    run.kill_supervisor()
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: run.logind.held() == [])
    assert run.level() == DIM
    assert (run.folder / "brightness.json").exists()
    run.want("100 0 single")
    run.start()
    wait_for(lambda: run.level() == OWN)
    wait_for(lambda: "left dim by an earlier run" in (run.folder / "supervisor.log").read_text())


def test_a_persons_brightness_key_is_respected_told_and_not_undone_at_the_end(run):
    run.dim("single")
    (run.panel / "brightness").write_text("555\n")
    wait_for(lambda: run.held().light.state == "left")
    run.want("10 0 single")
    run.end()
    assert run.level() == 555


def test_a_monitor_whose_supervisor_is_gone_gives_the_light_back_itself_and_stays_awake(run, monkeypatch):
    for name, value in run.logind.environment.items():
        monkeypatch.setenv(name, value)
    run.dim("single")
    pid = run.monitors()[-1]
    run.kill_supervisor()
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: run.logind.held() == [])

    def stand_in() -> Holding:
        record = run.folder / "brightness.json"
        return Holding(Light(lambda wanted: find(wanted, run.logind.backlight), record, boot_id()), Awake())

    sent: list[LightWanted] = []
    keeping = Keeping(sent.append, stand_in, Levels(), windowed=False)
    keeping.supervisor_lost()
    assert run.logind.held() == []  # nothing was ever held: nothing to stand in for
    keeping.held = Held()
    keeping.supervisor_lost()
    wait_for(lambda: run.level() == OWN and run.logind.held() == [LOGIND])
    keeping.session_ended()
    wait_for(lambda: run.logind.held() == [])
    keeping.close()
    assert run.level() == OWN


def test_a_machine_with_neither_logind_nor_panel_runs_as_before(tmp_path):
    fake = FakeLogind(tmp_path, service=False)  # nobody listens on its bus: it is never started
    run = Run(fake)
    (run.panel / "max_brightness").write_text("")
    run.want("40 0 single")
    run.start()
    wait_for(lambda: run.held().refused)
    assert run.held().light.state == "none"
    assert run.held().awake == ()
    assert run.end() == 0
    run.clean()


def test_the_level_file_is_the_only_thing_that_is_written(run):
    run.dim("single")
    files = {path.name for path in Path(run.folder).iterdir()}
    assert {name for name in files if name.startswith(("brightness", ".brightness"))} == {"brightness.json"}
