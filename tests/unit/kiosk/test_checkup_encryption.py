"""What `kiosk doctor` says of the record's key."""

from __future__ import annotations

from pathlib import Path

import msgspec

from kiosk.checkup import encryption, record
from kiosk.vault import known, place
from kiosk.vault.key import new_key
from tests.unit.kiosk.record_samples import write
from tests.unit.kiosk.vaulted import with_key


def test_the_doctor_says_where_the_key_is_whether_its_code_is_on_paper_and_what_is_plain(tmp_path: Path) -> None:
    assert encryption(tmp_path).text.startswith("not yet")
    write(tmp_path / "record.db")
    assert "record.db can be read by anybody" in encryption(tmp_path).text
    key = with_key(tmp_path)
    assert (encryption(tmp_path).state, encryption(tmp_path).text) == ("problem", "not yet of record.db")
    (tmp_path / "record.db").unlink()
    write(tmp_path / "record.db")
    assert "kiosk key code" in encryption(tmp_path).do
    place.save(tmp_path, msgspec.structs.replace(place.in_file(key), confirmed_utc="2026-11-28T00:00:00+00:00"))
    assert encryption(tmp_path).state == record(tmp_path).state == "ok"
    place.save(tmp_path, place.wrap(new_key(), "seven sleepy herons"))
    assert encryption(tmp_path).text == "locked"
    assert record(tmp_path).text.startswith("locked")
    known.forget(tmp_path)
