"""Each story of the air, end to end: what was sent stands in the record, and what had to alarm did."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from itertools import pairwise

import pytest

from kiosk.session import events as e
from tests.end_to_end.room_run import RoomRun, room_run

SPEED = 5.0
# the device that goes away must stay away for more than 15 s, or its loss is rightly no alarm
LENGTHS_S = {"desaturation": 60, "garbage": 60, "disconnect": 120, "hypertension": 60, "help-call": 60}
# the alarms that the story must raise, with the severity that each must reach; {} : none about a value
ALARMS = {
    "desaturation": {"spo2_very_low": "high", "spo2_low": "high"},
    "garbage": {},
    "disconnect": {"device_lost": "medium"},
    "hypertension": {"pressure_high": "medium"},
    "help-call": {},
}
VALUES = ("spo2", "pulse", "pressure")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, RoomRun]]:
    """All stories side by side, without a screen, five times as fast; each has ended when a test sees it."""
    with contextlib.ExitStack() as stack:
        started = {
            name: stack.enter_context(
                room_run(
                    tmp_path_factory.mktemp(name), name, length=length_s, seconds=float(length_s), speed=SPEED,
                    screen=False, sound=False, tone=False,
                )
            )
            for name, length_s in LENGTHS_S.items()
        }  # fmt: skip
        codes = {name: run.code(60) for name, run in started.items()}
        assert codes == dict.fromkeys(ALARMS, 0), {name: run.printed.read_text() for name, run in started.items()}
        for run in started.values():
            run.air.end()
        yield started


@pytest.mark.parametrize("name", ALARMS)
def test_the_record_equals_what_the_devices_sent(runs: dict[str, RoomRun], name: str) -> None:
    result = runs[name].compare()
    assert result.sent > LENGTHS_S[name] / 2
    assert result.same, (result.sentence, result.missing[:5], result.extra[:5])


@pytest.mark.parametrize(("name", "expected"), ALARMS.items())
def test_the_alarms_of_the_story_are_in_v_alarms_and_a_calm_one_has_none_about_a_value(
    runs: dict[str, RoomRun], name: str, expected: dict[str, str]
) -> None:
    found = set(runs[name].view("SELECT name, severity FROM v_alarms"))
    assert expected.items() <= found, found
    if not expected:
        assert not {alarm for alarm, _ in found if alarm.startswith(VALUES)}, found


def test_broken_payloads_are_kept_as_bytes_and_never_become_a_number(runs: dict[str, RoomRun]) -> None:
    refused = [row.what for row in runs["garbage"].rows() if isinstance(row.what, e.PayloadRefused)]
    assert refused
    sent = {row["hex"] for row in runs["garbage"].air.sent()}
    assert {one.raw_hex for one in refused} <= sent


def test_a_lost_link_is_a_silence_in_the_record_and_then_values_again(runs: dict[str, RoomRun]) -> None:
    seconds = [t for (t,) in runs["disconnect"].view("SELECT t_s FROM v_vitals ORDER BY t_s")]
    longest = max(b - a for a, b in pairwise(seconds))
    assert longest > 5
    states = [row.what.state for row in runs["disconnect"].rows() if isinstance(row.what, e.LinkMoved)]
    assert "lost" in states
    assert states.count("streaming") > states.count("lost") - 1


def test_the_call_of_the_patient_is_told_answered_and_ended_in_the_record(runs: dict[str, RoomRun]) -> None:
    kinds = [row.kind for row in runs["help-call"].rows()]
    called, answered, ended = (kinds.index(k) for k in ("sitter_called", "call_answered", "call_ended"))
    assert called < answered < ended


def test_a_faster_clock_is_said_in_the_record(runs: dict[str, RoomRun]) -> None:
    assert runs["desaturation"].view("SELECT kind, simulated, speed FROM v_sessions") == [("demo", 1, SPEED)]


def test_nothing_of_a_run_is_left(runs: dict[str, RoomRun]) -> None:
    assert {name: run.left() for name, run in runs.items()} == {name: [] for name in runs}
