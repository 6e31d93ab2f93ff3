"""Alarms of values, end to end: bytes at the air, tone at the sitter's output, row in the record."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from devices.reading import CuffPressure, Reading
from kiosk.session.events import Severity
from tests.end_to_end import device_cause as by
from tests.end_to_end.alarm_run import Begin, Case, Watched, measure, watched_room
from tests.sound import SoundServer

pytestmark = pytest.mark.sound
SPEED = 6.0


@contextlib.contextmanager
def low_under_the_cuff(watched: Watched) -> Iterator[Begin]:
    """The cuff squeezes the probe's arm, and the oximeter says 80 %."""
    room = watched.room
    seq = room.last_seq()
    by.start_cuff(room, 118, 76, 63, inflate_s=60)
    room.await_row(lambda w: isinstance(w, Reading) and isinstance(w.measurement, CuffPressure), "cuff pressure", seq)
    with by.bytes_of("0050005800")(watched) as begin:
        yield begin


CASES = (
    Case("spo2_very_low", Severity.HIGH, 2, "SpO2 80 %", by.bytes_of("0050005800")),
    Case("spo2_low", Severity.HIGH, 15, "SpO2 88 %", by.bytes_of("0058005800")),
    Case("spo2_area", Severity.HIGH, 0, "three dips to 88 %", by.dips("0058004600", 88), "third dip"),
    Case("pulse_low", Severity.MEDIUM, 15, "pulse 40", by.bytes_of("0061002800")),
    Case("pulse_high", Severity.MEDIUM, 15, "pulse 140", by.bytes_of("0061008c00")),
    Case("pressure_high", Severity.MEDIUM, 0, "cuff measures 165/95", by.cuff(165, 95, 64)),
    Case("pressure_high", Severity.HIGH, 0, "cuff measures 188/114", by.cuff(188, 114, 64)),
)
UNDER_THE_CUFF = Case(
    "spo2_very_low", Severity.MEDIUM, 2, "SpO2 80 % while the cuff squeezes the probe's arm", low_under_the_cuff
)


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory, server: SoundServer) -> Iterator[Watched]:
    """A session, six times as fast; probe and cuff are on one arm."""
    with watched_room(tmp_path_factory.mktemp("values"), server, SPEED, arms=("left", "left")) as made:
        yield made


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_from_the_bytes_at_the_air_to_the_tone_and_the_row(watched: Watched, case: Case) -> None:
    measure(watched, case)


def test_under_the_cuff_a_low_value_is_kept_and_alarms_one_step_lower(watched: Watched) -> None:
    seq = watched.room.last_seq()
    run = measure(watched, UNDER_THE_CUFF)
    assert run.severity == "medium"
    assert "cuff" in run.text.lower()
    lows = [r.what for r in watched.room.rows(seq) if by.is_oximetry(r.what) and r.what.measurement.spo2.number == 80]
    assert len(lows) >= 3
