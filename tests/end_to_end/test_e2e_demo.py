"""The main job, as a newcomer sees it: `kiosk demo` without a display, its pictures, its sound and its record."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import uuid
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QImage

from kiosk.compare import compare_with_air
from kiosk.session.trend import gaps
from tests.end_to_end.room_run import MARK, ROOT, marked, query, wait_until
from tests.end_to_end.spectrum import loudest
from tests.sound import PATIENT, SITTER, Samples, capture

pytestmark = pytest.mark.sound
SECONDS, SPEED = 60, 2.0
MEDIUM_HZ = 440.0
INK3_LIGHTNESS = 60  # the edges of a gap are drawn in ink3; the line of now and the grid are darker
CHART_RIGHT_SHARE = 0.68
CHART_SPAN_S = 55 * 60
CHART_WIDTH_SHARE = 826 / 1366


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """One whole demo of the dropout, with what both of its null sinks played meanwhile."""
    folder = tmp_path_factory.mktemp("demo")
    data, out, mark = folder / "data", folder / "out", uuid.uuid4().hex
    words = [sys.executable, "-m", "kiosk", "demo", "--scenario", "dropout", "--seconds", str(SECONDS)]
    words += ["--speed", str(SPEED), "--data-dir", str(data), "--out", str(out)]
    nowhere = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    nowhere |= {MARK: mark, "PULSE_SERVER": f"unix:{folder}/nowhere"}  # no audio server, so the demo brings its own
    with (folder / "printed.txt").open("wb") as printed:
        process = subprocess.Popen(
            words, cwd=ROOT, env=nowhere, stdin=subprocess.DEVNULL, stdout=printed, stderr=printed
        )
    try:
        socket = data / "sound" / "native"
        wait_until(socket.exists, 20, "the demo's own audio server")
        own = SimpleNamespace(
            folder=folder,
            environment=os.environ | {"PULSE_SERVER": f"unix:{socket}", "PULSE_COOKIE": str(data / "sound" / "cookie")},
        )
        with capture(own, PATIENT) as patient, capture(own, SITTER) as sitter:  # pyright: ignore[reportArgumentType]
            code = process.wait(90)
            sounds = {PATIENT: patient.samples(), SITTER: sitter.samples()}
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        process.wait(20)
    return SimpleNamespace(
        code=code, out=out, data=data, sounds=sounds, printed=(folder / "printed.txt").read_text(), left=marked(mark)
    )


def test_the_demo_succeeds_says_where_everything_is_and_leaves_no_process(demo: SimpleNamespace) -> None:
    assert demo.code == 0, demo.printed
    assert "the same, in the same order" in demo.printed
    assert str(demo.out) in demo.printed
    assert demo.left == []
    for name in ("rest.png", "sitter.png", "sitter-alarm.png", "review.png", "air.jsonl", "record.db", "report.pdf"):
        assert (demo.out / name).stat().st_size > 0, demo.printed


def test_the_demo_s_record_equals_what_its_devices_sent(demo: SimpleNamespace) -> None:
    result = compare_with_air(demo.out / "record.db", demo.out / "air.jsonl")
    assert result.sent > SECONDS / 2
    assert result.same, result.sentence


def test_the_copy_of_the_record_is_plain_sqlite_with_one_simulated_session(demo: SimpleNamespace) -> None:
    assert (demo.out / "record.db").read_bytes()[:15] == b"SQLite format 3"
    assert query(demo.out / "record.db", "SELECT kind, simulated, speed, ended_how FROM v_sessions") == [
        ("demo", 1, SPEED, "demo over")
    ]


def test_while_the_finger_is_out_there_is_no_number_in_the_record(demo: SimpleNamespace) -> None:
    rows = query(
        demo.out / "record.db", "SELECT spo2_percent, pulse_bpm, quality FROM v_vitals WHERE quality = 'invalid'"
    )
    assert len(rows) > 15
    assert {row[:2] for row in rows} == {(None, None)}
    alarms = query(demo.out / "record.db", "SELECT name, severity FROM v_alarms")
    assert ("finger_off", "medium") in alarms


def pictures(demo: SimpleNamespace) -> dict[str, dict[str, Any]]:
    """What each window showed when its picture was taken."""
    return {one["picture"]: one for one in json.loads((demo.out / "pictures.json").read_text())}


@pytest.mark.parametrize("name", ["sitter.png", "sitter-alarm.png"])
def test_the_numbers_in_the_picture_stand_in_the_record_at_that_second(demo: SimpleNamespace, name: str) -> None:
    picture = pictures(demo)[name]
    rows = query(demo.out / "record.db", "SELECT t_s, spo2_percent, pulse_bpm, quality FROM v_vitals ORDER BY t_s")
    until_s = picture["t_s"]
    recent = [row for row in rows if until_s - 2.5 * SPEED <= row[0] <= until_s]
    shown = tuple(picture["texts"][tile].rstrip("~") for tile in ("spo2Value", "pulseValue"))
    assert shown in {tuple("--" if n is None else f"{n:g}" for n in row[1:3]) for row in recent}
    pressure = picture["texts"]["bpValue"]
    measured = query(
        demo.out / "record.db", f"SELECT systolic_mmhg, diastolic_mmhg FROM v_blood_pressure WHERE t_s <= {until_s}"
    )
    assert pressure == ("{:g}/{:g}".format(*measured[-1]) if measured else "--")


def gap_edges(image: QImage) -> list[int]:
    """Columns of the chart with an unbroken bright line as high as a plot."""
    found: list[int] = []
    for x in range(int(image.width() * CHART_RIGHT_SHARE)):
        run = best = 0
        for y in range(image.height()):
            run = run + 1 if image.pixelColor(x, y).lightness() > INK3_LIGHTNESS else 0
            best = max(best, run)
        if 0.18 * image.height() <= best <= 0.22 * image.height():
            found.append(x)
    return found


def test_the_dropout_is_a_gap_in_the_chart_s_pixels_as_long_as_in_the_record(demo: SimpleNamespace) -> None:
    picture = pictures(demo)["sitter-alarm.png"]
    points = query(demo.out / "record.db", "SELECT t_s, spo2_percent IS NOT NULL FROM v_vitals ORDER BY t_s")
    ((start_s, end_s),) = gaps([(t, bool(known)) for t, known in points], picture["t_s"])
    image = QImage(str(demo.out / "sitter-alarm.png"))
    edges = gap_edges(image)
    assert len(edges) >= 2, "no gap is drawn"
    expected_px = (end_s - start_s) / CHART_SPAN_S * image.width() * CHART_WIDTH_SHARE
    assert edges[-1] - edges[0] == pytest.approx(expected_px, abs=2.5)
    middle = (edges[0] + edges[-1]) // 2
    hatched = {image.pixelColor(middle, y).lightness() > 25 for y in range(210, 340)}
    assert hatched == {True, False}, "the gap is hatched: lines and nothing between them"


def heard(samples: Samples, above: float = 0.001) -> float:
    """Share of tenths of a second in which something sounds."""
    parts = [samples[i : i + 4800] for i in range(0, len(samples) - 4800, 4800)]
    return sum(float(np.max(np.abs(part))) > above for part in parts) / len(parts)


def test_the_patient_s_sink_gets_music_that_does_not_clip(demo: SimpleNamespace) -> None:
    assert heard(demo.sounds[PATIENT]) > 0.1
    assert float(np.max(np.abs(demo.sounds[PATIENT]))) < 0.99


def test_the_sitter_s_sink_gets_the_alarm_tone_and_the_patient_s_nothing_of_it(demo: SimpleNamespace) -> None:
    assert loudest(demo.sounds[SITTER], (MEDIUM_HZ,)) > -30
    assert heard(demo.sounds[SITTER]) < 0.5  # bursts and nothing else: no music
    quiet = demo.sounds[SITTER][:, 0] == 0
    assert float(np.mean(quiet)) > 0.5
