"""The alarm table of docs/safety.md: every alarm has a row that a run measured; none is of an alarm that is gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.session.alarm.signal import RANK
from tests.end_to_end import alarm_table
from tests.end_to_end.alarm_run import WITHIN_MS, Run

ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in alarm_table.SAFETY.read_text()
    .partition(alarm_table.BEGIN)[2]
    .partition(alarm_table.END)[0]
    .splitlines()
    if line.startswith("| `")
]


@pytest.mark.parametrize("alarm", RANK)
def test_every_alarm_has_a_measured_row(alarm: str) -> None:
    assert [row for row in ROWS if row[0] == f"`{alarm}`"]


def test_no_row_is_of_an_alarm_that_does_not_exist() -> None:
    assert {row[0].strip("`") for row in ROWS} <= {*RANK, "call"}


def test_every_tone_was_heard_in_time() -> None:
    late = [row[4] for row in ROWS if row[4] != "within it"]
    assert late
    assert all(float(one.removesuffix(" ms")) <= WITHIN_MS for one in late)


def run(alarm: str, severity: str, late_ms: float, limit: str = "") -> Run:
    return Run(alarm, severity, "2 s", "SpO2 80 %", late_ms, "sitter", "Oxygen is very low: 80.", limit)


def test_rows_stand_by_urgency_and_the_last_run_of_a_cause_counts() -> None:
    runs = [run("battery_low", "low", 70), run("spo2_very_low", "high", 90), run("spo2_very_low", "high", 49)]
    rows = alarm_table.table(runs).splitlines()[2:]
    assert [row.split("|")[1].strip() for row in rows] == ["`spo2_very_low`", "`battery_low`"]
    assert "| 49 ms |" in rows[0]


def test_the_table_goes_between_its_marks_and_nowhere_else(tmp_path: Path) -> None:
    safety = tmp_path / "safety.md"
    safety.write_text(f"before\n{alarm_table.BEGIN}\nold\n{alarm_table.END}\nafter\n")
    alarm_table.write([run("spo2_very_low", "high", 49)], safety)
    text = safety.read_text()
    assert text.startswith("before\n")
    assert text.endswith(f"{alarm_table.END}\nafter\n")
    assert "old" not in text
    assert "| `spo2_very_low` | high | SpO2 80 % | 2 s | 49 ms | sitter | Oxygen is very low: 80. |" in text
