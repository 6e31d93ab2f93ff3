"""The list of sessions as this program reads it is the view that other programs read."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from bench import practice
from kiosk.cli import main
from kiosk.record.fault import Reason, RecordError
from kiosk.record.reader import Reader
from kiosk.session.events import NoteAdded, SessionEnded
from tests.unit.kiosk.record_samples import at, opened, raw, recorder, select


def listed(path: Path, *asked: str) -> list[object]:
    with Reader(path) as reader:
        return [msgspec.to_builtins(line) for line in reader.sessions(*asked)]


def in_view(path: Path) -> list[dict[str, object]]:
    lines = select(path, "SELECT * FROM v_sessions ORDER BY started_utc, session_id")
    return [{**line, "simulated": bool(line["simulated"])} for line in lines]


@pytest.mark.parametrize("dose", [None, "120.5", "0", "1E+2", "NaN", "Infinity", "-Infinity"])
@pytest.mark.parametrize("seconds", [0, 0.0009, 12.3456, 59.999_999_9])
def test_a_line_says_what_the_view_says_whatever_the_dose_and_the_millisecond(
    tmp_path: Path, dose: str | None, seconds: float
) -> None:
    path = tmp_path / "record.db"
    writer = recorder(path)
    for name in ("s2", "s1", "s3"):  # two of the same moment: then by name; the third has no end
        first = msgspec.structs.replace(opened(name), dose_mg=None if dose is None else Decimal(dose), simulated=True)
        writer.append_event(first, at(seconds + (name == "s3")))
        if name == "s3":
            writer.append_event(NoteAdded("1", "a"), at(5))
        else:
            writer.append_event(SessionEnded("released"), at(9 + seconds))
    writer.close()
    assert listed(path) == in_view(path)
    assert [line["session_id"] for line in in_view(path)] == ["s1", "s2", "s3"]


def test_a_librarys_line_has_its_last_import_and_can_be_asked_for_by_session_and_by_patient(tmp_path: Path) -> None:
    for n in (0, 1, practice.PATIENTS):
        practice.pack(n, practice.signer_of(), tmp_path, 2)
    assert main(["import", str(tmp_path), "--data-dir", str(tmp_path)]) == 0
    path = tmp_path / "library.db"
    connection = raw(path)
    again = (practice.session_id(1), 10**18, "another", "changed", 9)
    connection.execute("INSERT INTO imported VALUES (?, ?, ?, ?, ?)", again)
    connection.close()
    assert listed(path) == in_view(path)
    assert [line["verified"] for line in in_view(path)].count("changed") == 1
    for line in in_view(path):
        assert listed(path, str(line["session_id"])) == [line]
        assert listed(path, "", str(line["patient_id"])) == [
            one for one in in_view(path) if one["patient_id"] == line["patient_id"]
        ]


@pytest.mark.parametrize("body", ['{"utc_ns":1}', "[]", "no JSON", '{"utc_ns":' + "9" * 60 + "}"])
@pytest.mark.parametrize("kind", ["session_opened", "session_ended"])
def test_a_first_or_last_row_that_is_none_is_damage(tmp_path: Path, body: str, kind: str) -> None:
    path = tmp_path / "record.db"
    writer = recorder(path)
    writer.append_event(opened(), at(0))
    writer.append_event(SessionEnded("released"), at(9))
    writer.close()
    connection = raw(path)
    connection.execute("DROP TRIGGER event_no_update")
    connection.execute("UPDATE event SET body = ? WHERE kind = ?", (body, kind))
    connection.close()
    with pytest.raises(RecordError) as told:
        listed(path)
    assert told.value.reason is Reason.DAMAGED
