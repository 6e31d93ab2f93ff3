"""Screen, sound, tone and monitor killed and frozen in one running room: what must go on goes on.

The tests follow each other in one room, in this order; each waits for its own events only.
"""

from __future__ import annotations

import os
import signal
import statistics
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from devices.reading import Reading, Source
from kiosk.session import events as e
from media.place import FILE, Place, read_place
from tests.end_to_end.conftest import MUSIC_HZ
from tests.end_to_end.room_run import RoomRun, crowding, room_run, wait_until
from tests.end_to_end.spectrum import band_db, first_heard, loudest, tenths
from tests.sound import PATIENT, RATE_HZ, SITTER, Samples, SoundServer, capture

pytestmark = pytest.mark.sound
BACK_WITHIN_S = 3.0
LATE_S = 0.1
TONE_WITHIN_S = 2.0
ARMED_WITHIN_S = 5.0
FAILURE_HZ = (880.0, 622.25)
ALARM_HZ = 523.25
LOW = "0050005800"  # SpO2 80, pulse 88


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory, server: SoundServer, music_folder: Path) -> Iterator[RoomRun]:
    """A room with every child; its devices tell nothing exciting until a test asks them to."""
    folder = tmp_path_factory.mktemp("kills")
    with room_run(folder, "calm", server=server, length=600, music=str(music_folder)) as run:
        run.await_ready()
        run.await_row(lambda w: isinstance(w, e.MusicChanged) and w.state == "playing", "music")
        run.await_shown()
        yield run


def measured(run: RoomRun, from_seq: int) -> list[float]:
    """Seconds from the air's handing over to the monitor's stamp, for every reading behind `from_seq`."""
    rows = [row for row in run.rows() if isinstance(row.what, Reading) and row.what.source is not Source.TYPED]
    recorded: dict[str, list[Any]] = {}
    for row in rows:
        recorded.setdefault(row.what.device.lower(), []).append(row)
    late: list[float] = []
    for device, kept in recorded.items():
        sent = [v for v in run.air.sent() if v["device"].lower() == device]
        for value, row in zip(sent, kept, strict=False):
            assert row.what.raw.hex() == value["hex"].lower()
            if row.seq > from_seq:
                late.append((row.stamp.utc_ns - value["utc_ns"]) / 1e9)
    return late


def is_silent(samples: Samples) -> bool:
    """A whole second of nothing: longer than the pause within a burst."""
    return len(samples) == RATE_HZ and not np.any(samples)


def test_the_patient_hears_music_that_does_not_clip_and_the_sitter_none_of_it(
    room: RoomRun, server: SoundServer
) -> None:
    with capture(server, PATIENT) as patient, capture(server, SITTER) as sitter:
        first_heard(patient, (MUSIC_HZ,), 0.0, 10)
        # the sound test at the sitter's place, part of the preparation, may still be ringing
        wait_until(lambda: is_silent(sitter.samples()[-RATE_HZ:]), 15, "a second of silence at the sitter's output")
        begun_s, silent_from = patient.seconds, len(sitter.samples())
        heard = patient.wait_seconds(begun_s + 1.5)[int(begun_s * RATE_HZ) :]
        quiet = sitter.samples()[silent_from:]
    assert band_db(heard, MUSIC_HZ) > -40
    assert float(np.max(np.abs(heard))) < 0.99
    assert float(np.max(np.abs(quiet))) == 0.0


@pytest.mark.parametrize("child", ["screen", "sound", "tone"])
@pytest.mark.parametrize(
    ("number", "words"), [(signal.SIGSEGV, "signal 11 (SIGSEGV)"), (signal.SIGSTOP, "silent 1.5 s, killed")]
)
def test_a_child_that_dies_or_freezes_is_back_in_3_s_and_its_end_told_exactly(
    room: RoomRun, child: str, number: signal.Signals, words: str
) -> None:
    room.await_shown()
    pid, seq = room.child_pid(child), room.last_seq()
    os.kill(pid, number)
    ended = room.await_row(lambda w: isinstance(w, e.ChildEnded) and w.child == child, f"the end of {child}", seq)
    started = room.await_row(lambda w: isinstance(w, e.ChildStarted) and w.child == child, f"a new {child}", ended.seq)
    assert ended.what.how == words
    back = room.await_shown() if child == "screen" else started
    back_s = (back.stamp.utc_ns - ended.stamp.utc_ns) / 1e9
    print(f"{child} {words}: back after {back_s:.2f} s")
    assert back_s < BACK_WITHIN_S * crowding()
    room.await_row(lambda w: isinstance(w, Reading), "a reading after it", started.seq)


def test_the_music_comes_back_by_itself(room: RoomRun, server: SoundServer) -> None:
    with capture(server, PATIENT) as patient:
        assert first_heard(patient, (MUSIC_HZ,), 0.0, 10) < 10


def test_no_reading_was_lost_or_late_while_children_died(room: RoomRun) -> None:
    first = next(row.seq for row in room.rows() if isinstance(row.what, e.ChildEnded))
    # children are back so soon that the deaths may have taken less than ten seconds
    wait_until(lambda: sum(row.seq > first for row in room.readings()) > 10, 20, "more than ten readings")
    late = measured(room, first)
    print(f"readings {len(late)}, latest {max(late) * 1000:.1f} ms, median {statistics.median(late) * 1000:.1f} ms")
    assert len(late) > 10
    assert max(late) <= LATE_S
    seconds = [row.stamp.utc_ns / 1e9 for row in room.readings() if row.seq > first]
    assert max(b - a for a, b in pairwise(seconds)) < 2


def music_place(room: RoomRun) -> Place:
    """Where the music was when it was last kept."""
    place = read_place(room.data / "music" / FILE)
    assert place
    return place


def before_and_after_a_kill(room: RoomRun, number: signal.Signals, server: SoundServer, name: str) -> float:
    """Kill or freeze the monitor, hold what must hold; seconds until the failure tone."""
    before, pid, place = room.rows(), room.monitor_pid(), music_place(room)
    with capture(server, PATIENT) as patient, capture(server, SITTER) as sitter:
        first_heard(patient, (MUSIC_HZ,), 0.0, 10)
        killed_at_s, patient_at_s, killed_ns = sitter.seconds, patient.seconds, time.time_ns()
        os.kill(pid, number)
        tone_s = first_heard(sitter, FAILURE_HZ, killed_at_s, 10)
        resumed = room.await_row(lambda w: isinstance(w, e.RunResumed), "the session to go on", before[-1].seq)
        room.await_row(lambda w: isinstance(w, Reading), "a reading after it", resumed.seq)
        first_heard(patient, (MUSIC_HZ,), patient_at_s + 1.5 + resumed.what.gap_s, 15)
        of_patient = patient.samples()
    went_on = wait_until(lambda: next((p for p in [music_place(room)] if p != place), None), 12, "the music's place")
    armed_s = (resumed.stamp.utc_ns - killed_ns) / 1e9
    print(
        f"{name}: failure tone after {tone_s:.2f} s, alarms armed after {armed_s:.2f} s, gap {resumed.what.gap_s:.2f} s"
    )
    assert armed_s < ARMED_WITHIN_S * crowding()
    assert [(r.seq, r.text, r.stamp) for r in room.rows()][: len(before)] == [(r.seq, r.text, r.stamp) for r in before]
    assert len(room.sessions()) == 1
    assert loudest(of_patient, FAILURE_HZ) < -60
    meanwhile = tenths(of_patient[int(patient_at_s * RATE_HZ) :])
    assert min(band_db(part, MUSIC_HZ) for part in meanwhile) < -60, "the music faded out"
    print(f"{name}: music kept at {place.position_s:.1f} s, at most 10 s old, went on to {went_on.position_s:.1f} s")
    assert place.position_s > 10
    assert place.position_s < went_on.position_s < place.position_s + 10 + (time.time_ns() - killed_ns) / 1e9
    return tone_s


def test_a_frozen_monitor_is_replaced_in_the_same_session_with_a_failure_tone_meanwhile(
    room: RoomRun, server: SoundServer
) -> None:
    assert before_and_after_a_kill(room, signal.SIGSTOP, server, "frozen monitor") < TONE_WITHIN_S


def test_an_alarm_is_heard_by_the_sitter_and_not_by_the_patient_and_stands_again_after_a_killed_monitor(
    room: RoomRun, server: SoundServer
) -> None:
    with room.air.feeding("oximeter", LOW, every_s=0.5):
        seq = room.last_seq()
        with capture(server, PATIENT) as patient, capture(server, SITTER) as sitter:
            raised = room.await_row(lambda w: isinstance(w, e.AlarmRaised) and w.alarm == "spo2_very_low", "alarm", seq)
            first_heard(sitter, (ALARM_HZ,), 0.0, 5)
            room.await_row(lambda w: isinstance(w, e.TonePlayed) and w.severity == 3, "the tone", raised.seq)
            of_patient = patient.samples()
        assert loudest(of_patient, (ALARM_HZ, 2 * ALARM_HZ)) < -60
        with capture(server, SITTER) as sitter:
            killed_at_s, killed_ns, before = sitter.seconds, time.time_ns(), room.rows()
            os.kill(room.monitor_pid(), signal.SIGKILL)
            tone_s = first_heard(sitter, FAILURE_HZ, killed_at_s, 10)
            resumed = room.await_row(lambda w: isinstance(w, e.RunResumed), "the session to go on", before[-1].seq)
            played = room.await_row(lambda w: isinstance(w, e.TonePlayed) and w.severity == 3, "its tone", resumed.seq)
        rows = room.rows()
    armed_s, sounds_s = ((row.stamp.utc_ns - killed_ns) / 1e9 for row in (resumed, played))
    print(
        f"killed monitor: failure tone after {tone_s:.2f} s, armed {armed_s:.2f} s, alarm tone again {sounds_s:.2f} s"
    )
    assert tone_s < TONE_WITHIN_S
    assert armed_s < ARMED_WITHIN_S * crowding()
    assert not [
        r for r in rows if r.seq > raised.seq and isinstance(r.what, e.AlarmCleared) and r.what.alarm == "spo2_very_low"
    ]
    assert [(r.seq, r.text) for r in rows][: len(before)] == [(r.seq, r.text) for r in before]


def test_the_room_ends_when_asked_and_leaves_no_process(room: RoomRun) -> None:
    assert room.ask_to_end() == 0
    assert room.left() == []
    assert room.view("SELECT ended_how FROM v_sessions") == [("interrupted",)]
    room.air.end()
    result = room.compare()
    assert not result.extra
    assert result.in_order
