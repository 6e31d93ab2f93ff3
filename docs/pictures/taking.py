"""The README's pictures, one after the other; see `take`."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

from stage import PATIENT, SITTER, Stage

SMALL = ("-resize", "1024x")
LOOKS = {PATIENT: ("-colors", "64"), SITTER: ("-dither", "None", "-colors", "96")}
SETTLE_S = 1.5


def take(out: Path) -> None:
    """All of them, into a folder."""
    with Stage(2) as stage:
        _answered(stage, out)
        _alarm(stage, out)
        _demo(stage, "dropout", 1800, 10)
        _until_answered(stage, "finger_off")
        _picture(stage, SITTER, out / "no-signal.png")
        stage.end()
        _calling(stage, out)
    with Stage(2) as stage:  # the demo prepares by itself and asks for no PIN: these two are of the real room
        stage.begin("run")
        stage.focus(SITTER)
        time.sleep(3)
        stage.key("a")
        _picture(stage, SITTER, out / "prepare.png", settle_s=4)
        stage.end()
    with Stage(1) as stage:
        stage.kiosk("pin", says=b"280651\n280651\n")
        stage.begin("run", "--single-screen")
        stage.key("F2")
        _picture(stage, SITTER, out / "pin.png", settle_s=4)
        stage.end()


def _demo(stage: Stage, scenario: str, seconds: int, speed: int = 1) -> None:
    stage.clear()
    stage.begin("demo", "--scenario", scenario, "--seconds", seconds, "--speed", speed, "--out", stage.out)


def _picture(stage: Stage, display: str, path: Path, settle_s: float = SETTLE_S) -> None:
    time.sleep(settle_s)
    stage.picture(display, path, *SMALL, *LOOKS[display])
    print(path.name, path.stat().st_size, flush=True)


def _until_answered(stage: Stage, alarm: str) -> None:
    answered = f"kind = 'alarm_acknowledged' AND json_extract(data, '$.alarm') = '{alarm}'"
    stage.until(f"SELECT 1 FROM v_events WHERE t_s > 100 AND {answered}", 300)


def _answered(stage: Stage, out: Path) -> None:
    _demo(stage, "desaturation", 1800, 10)
    _until_answered(stage, "spo2_very_low")
    _picture(stage, SITTER, out / "answered.png")
    stage.focus(SITTER)
    stage.key("e")
    _picture(stage, SITTER, out / "emergency.png")
    stage.key("Escape")
    stage.until("SELECT 1 FROM v_vitals WHERE t_s > 900 LIMIT 1", 300)
    stage.key("a")
    time.sleep(1)
    stage.key("a")
    _picture(stage, SITTER, out / "calm.png")
    _picture(stage, PATIENT, out / "rest.png", settle_s=0)
    stage.end()


def _alarm(stage: Stage, out: Path) -> None:
    """The demo's sitter answers soon: its own picture is fresh."""
    _demo(stage, "desaturation", 60)
    own = stage.out / "sitter-alarm.png"
    stage.wait_for(own.exists, "the demo's own picture", 120)
    time.sleep(1)
    small = ["convert", str(own), *SMALL, *LOOKS[SITTER], "-define", "png:compression-level=9"]
    subprocess.run([*small, f"png8:{out / 'alarm.png'}"], check=True)
    stage.end()


def _calling(stage: Stage, out: Path) -> None:
    _demo(stage, "calm", 600)
    stage.until("SELECT 1 FROM v_events WHERE kind = 'dose_marked'", 120)
    time.sleep(6)
    stage.click(stage.left_of(PATIENT) + 634, 400)
    _picture(stage, PATIENT, out / "calling.png")
    _picture(stage, SITTER, out / "call.png", settle_s=0)
    stage.focus(SITTER)
    stage.key("a")
    _picture(stage, PATIENT, out / "coming.png")
    stage.end()
