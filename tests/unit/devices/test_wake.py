"""What keeps the computer awake, against a logind and a ScreenSaver on a private D-Bus."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from devices.wake import Awake
from tests.fake_logind import ROOT, FakeLogind, wait_for

LOGIND = ("logind:sleep", "logind:idle", "logind:handle-lid-switch")
DESKTOP = "desktop:org.freedesktop.ScreenSaver"


@pytest.fixture
def logind(tmp_path, monkeypatch) -> Iterator[FakeLogind]:
    fake = FakeLogind(tmp_path)
    fake.start()
    for name, value in fake.environment.items():
        monkeypatch.setenv(name, value)
    yield fake
    fake.stop()


def test_all_that_answers_is_taken_named_and_let_go(logind):
    awake = Awake()
    awake.take()
    assert awake.names == (DESKTOP, *LOGIND)
    assert awake.refused == ()
    assert logind.held() == ["sleep:idle:handle-lid-switch"]
    awake.release()
    wait_for(lambda: logind.held() == [])
    assert awake.names == ()
    assert logind.calls("ScreenSaver.UnInhibit") == [["ScreenSaver.UnInhibit", [1]]]
    awake.release()


def test_logind_is_asked_to_block_and_told_who_and_why(logind):
    awake = Awake()
    awake.take()
    awake.release()
    _what, who, why, mode, _granted = logind.calls("Inhibit")[0][1]
    assert (who, mode) == ("Session room", "block")
    assert "session is open" in why


def test_where_the_lid_is_denied_the_rest_is_taken_and_the_lid_is_said_to_be_missing(logind):
    logind.deny("handle-lid-switch")
    awake = Awake()
    awake.take()
    assert awake.names == (DESKTOP, "logind:sleep", "logind:idle")
    assert awake.refused == ("handle-lid-switch",)
    awake.release()


def test_without_any_bus_nothing_is_claimed_to_be_held(tmp_path, monkeypatch):
    for name in ("DBUS_SYSTEM_BUS_ADDRESS", "DBUS_SESSION_BUS_ADDRESS"):
        monkeypatch.setenv(name, f"unix:path={tmp_path}/nobody")
    awake = Awake()
    awake.take()
    assert awake.names == ()
    assert awake.refused == ("sleep", "idle", "handle-lid-switch")
    awake.release()


def test_what_a_killed_process_held_is_free_again(logind):
    code = "import signal, devices.wake as w; a = w.Awake(); a.take(); print('held', flush=True); signal.pause()"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "-c", code], env=env, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert logind.held() == ["sleep:idle:handle-lid-switch"]
        holder.send_signal(signal.SIGKILL)
    wait_for(lambda: logind.held() == [])
