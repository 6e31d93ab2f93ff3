"""`kiosk replay`: the alarms of a CSV or a record, checked by hand; one sentence with its line for a bad file."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from kiosk import cli
from kiosk.failure import Refusal
from kiosk.planfile import read_plan
from kiosk.recording import replay_file
from kiosk.session import events as e
from tests.unit.kiosk.record_samples import at, oximetry, pressure, write

LIMITS = read_plan("").plan.limits


def trace(*parts: tuple[int, int | str], pulse: int | str = 70) -> str:
    """A CSV at 1 Hz: so many seconds of each value."""
    values = [value for seconds, value in parts for _ in range(seconds)]
    rows = (f"{t},{v},{pulse if v != '' else ''}" for t, v in enumerate(values))
    return "t_s,spo2,pulse\n" + "\n".join(rows) + "\n"


def replayed(path: Path, *words: str, capsys: Any) -> dict[str, Any]:
    assert cli.main(["replay", str(path), "--json", *words]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_slow_fall_is_raised_after_its_delay_and_cleared_after_its_hold(tmp_path: Path, capsys: Any) -> None:
    """As read off the trace: below 90 from 100 s, below 85 from 160 s, above 87 from 200 s, above 92 from 210 s."""
    path = tmp_path / "fall.csv"
    path.write_text(trace((100, 97), (60, 89), (17, 84), (6, 85), (17, 84), (10, 88), (60, 97)))
    facts = replayed(path, capsys=capsys)
    found = [(a["name"], a["severity"], a["raised_s"], a["cleared_s"]) for a in facts["alarms"]]
    assert found == [("spo2_low", "high", 115, 215), ("spo2_very_low", "high", 162, 205)]
    assert (facts["readings"], facts["readings_with_spo2"], facts["seconds"]) == (270, 270, 269)


def test_a_gap_is_silence_and_an_alarm_at_the_end_stays_open(tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "gap.csv"
    path.write_text(trace((30, 97), (80, ""), (30, 97), (40, "")))
    found = [(a["name"], a["severity"], a["raised_s"], a["cleared_s"]) for a in replayed(path, capsys=capsys)["alarms"]]
    assert found == [("no_signal", "high", 44, 110), ("no_signal", "medium", 154, None)]


def test_the_lines_say_when_how_long_and_by_whose_limit(tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "fall.csv"
    path.write_text(trace((3600, 97), (30, 88), (60, 97)))
    assert cli.main(["replay", str(path)]) == 0
    alarm, summary = capsys.readouterr().out.splitlines()
    assert alarm.startswith("1:00:15  spo2_low")
    assert "until 1:00:35 (20 s)" in alarm
    assert alarm.endswith("SpO2 below 90 for 15 s, set by Dr. Okafor, 3 Nov 2026")
    assert summary.startswith("1 alarm (1 high) in 1:01:29, 3690 readings, 3690 of them with SpO2.")
    assert "not confirmed by a provider" in summary


def test_other_limits_give_other_alarms(tmp_path: Path, capsys: Any) -> None:
    path, plan = tmp_path / "fall.csv", tmp_path / "plan.toml"
    path.write_text(trace((100, 97), (60, 88), (60, 97)))
    plan.write_text(read_plan("").text.replace("value = 90, delay_s = 15", "value = 87, delay_s = 15"))
    assert [a["name"] for a in replayed(path, capsys=capsys)["alarms"]] == ["spo2_low"]
    assert replayed(path, "--limits", str(plan), capsys=capsys)["alarms"] == []


def test_the_pulse_may_be_left_out(tmp_path: Path) -> None:
    path = tmp_path / "one.csv"
    path.write_text("t_s,spo2\n0,97\n1,96\n")
    assert replay_file(path, LIMITS).alarms == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1: the header must be t_s,spo2,pulse"),
        ("time,o2\n0,97\n", "line 1: the header must be t_s,spo2,pulse"),
        ("t_s,spo2,pulse\n", "has no rows"),
        ("t_s,spo2,pulse\n0,97,70\n1,abc,70\n", "line 3: spo2 'abc' is not a number"),
        ("t_s,spo2,pulse\n0,97,70\n1,nan,70\n", "line 3: spo2 nan is not from 0 to 100"),
        ("t_s,spo2,pulse\n0,127,70\n", "line 2: spo2 127 is not from 0 to 100"),
        ("t_s,spo2,pulse\n5,97,70\n4,97,70\n", "line 3: t_s 4 is not after 5"),
        ("t_s,spo2,pulse\n,97,70\n", "line 2: t_s is empty"),
        ("t_s,spo2,pulse\n0,97,70,1\n", "line 2: 4 columns"),
    ],
)
def test_a_bad_csv_is_one_sentence_with_its_line_and_exit_1(text: str, said: str, tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(text)
    assert cli.main(["replay", str(path)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert err.count("\n") == 1


def test_a_file_that_is_nothing_or_not_there_is_one_sentence(tmp_path: Path, capsys: Any) -> None:
    bytes_only = tmp_path / "noise"
    bytes_only.write_bytes(bytes(range(128, 256)))
    for path in (bytes_only, tmp_path / "nowhere.csv", tmp_path):
        assert cli.main(["replay", str(path)]) == 1
        assert capsys.readouterr().err.startswith(f"kiosk: {path}")


def test_a_recorded_session_is_replayed_from_its_start_to_its_end_without_withdrawn_values(tmp_path: Path) -> None:
    path = tmp_path / "record.db"
    before = [oximetry(t, "80") for t in range(1, 30)]  # before the start: shown, not judged
    after = [oximetry(t, "97" if t < 60 else "88") for t in range(30, 100)]
    tickets = write(
        path,
        (e.DeviceChosen("aa:bb", "oximeter", "", ""), at(0), ""),
        *before,
        (e.SessionStarted(), at(29), ""),
        *after,
        pressure(99, "195", "110", typed=True),
    )
    wrong = tickets[-1].seq
    write_more(path, wrong)
    (found,) = replay_file(path, LIMITS).alarms
    assert (found.name, found.raised_s, found.cleared_s) == ("spo2_low", 75, None)


def write_more(path: Path, wrong: int) -> None:
    from tests.unit.kiosk.record_samples import recorder

    writer = recorder(path, resume="s1")
    writer.append_event(e.ValueWithdrawn(wrong), at(100), "")
    writer.append_event(e.SessionEnded("released"), at(101), "")
    writer.close()


def test_a_session_that_is_not_there_is_said(tmp_path: Path) -> None:
    path = tmp_path / "record.db"
    write(path, oximetry(1))
    with pytest.raises(Refusal, match="no session s9"):
        replay_file(path, LIMITS, "s9")


def test_eight_hours_of_a_csv_take_less_than_two_seconds(tmp_path: Path) -> None:
    path = tmp_path / "night.csv"
    path.write_text(trace(*[(110, 97), (30, 86), (40, 83), (20, "")] * 144))
    began = time.process_time()
    result = replay_file(path, LIMITS)
    taken_s = time.process_time() - began
    print(f"8 h at 1 Hz: {taken_s:.2f} s")
    assert result.seconds == 8 * 3600 - 1
    assert len(result.alarms) > 144
    assert taken_s < 2
