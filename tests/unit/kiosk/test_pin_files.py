"""Whoever deletes or alters the PIN's file opens nothing by it, and a restart forgives nothing."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from kiosk import settings
from kiosk.cli import main
from kiosk.gate import Gate
from kiosk.pin import PinError, Reason
from kiosk.review.unlock import Unlock
from kiosk.vault import place
from kiosk.vault.key import code_of
from tests.unit.kiosk.record_samples import write
from tests.unit.kiosk.vaulted import with_key

NOW_NS = 1_795_544_580_000_000_000


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An encrypted data folder whose sitter has a PIN, and a session in it."""
    with_key(tmp_path)
    write(tmp_path / "record.db")
    tmp_path.chmod(0o700)
    monkeypatch.setattr("sys.stdin", io.StringIO("2580\n2580\n"))
    assert main(["pin", "--data-dir", str(tmp_path)]) == 0
    return tmp_path


def gate(folder: Path) -> Gate:
    """The room's, as it is after a restart."""
    return Gate(folder, single=True, opens_freely=False)


def test_the_pin_opens_pane_and_review_and_nothing_else_does(folder: Path) -> None:
    assert not gate(folder).is_open
    assert gate(folder).try_pin("2580", NOW_NS)[0].ok
    assert not Unlock(folder, folder / "record.db").is_open
    review = Unlock(folder, folder / "record.db")
    assert not review.try_pin("1111", NOW_NS).ok
    assert not review.is_open
    assert review.try_pin("2580", NOW_NS).ok
    assert review.is_open


def test_a_deleted_pin_file_opens_nothing(folder: Path) -> None:
    (folder / "state.json").unlink()
    room = gate(folder)
    with pytest.raises(PinError) as refused:
        room.try_pin("2580", NOW_NS)
    assert refused.value.reason is Reason.NOT_SET
    assert not room.is_open
    review = Unlock(folder, folder / "record.db")
    assert not review.is_open
    assert not review.try_pin("2580", NOW_NS).ok
    assert not review.try_pin("", NOW_NS).ok
    assert not review.is_open


def test_a_deleted_pin_file_and_key_file_open_nothing_either(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "state.json").unlink()
    (folder / "key.json").unlink()
    assert main(["sessions", "--data-dir", str(folder)]) == 1
    assert "its key is not here" in capsys.readouterr().err


@pytest.mark.parametrize("hash_", ["$argon2id$v=19$m=65536,t=3,p=4$AAAA$AAAA", "2580", "$", "x" * 500])
def test_an_altered_hash_opens_nothing(folder: Path, hash_: str) -> None:
    state = settings.load_state(folder)
    pin = type(state.pin)(hash=hash_)
    settings.save_state(folder, type(state)(devices=state.devices, pin=pin))
    room = gate(folder)
    with pytest.raises(PinError) as refused:
        room.try_pin("2580", NOW_NS)
    assert refused.value.reason is Reason.DAMAGED
    assert not room.is_open
    assert not Unlock(folder, folder / "record.db").try_pin("2580", NOW_NS).ok


def test_a_file_that_is_no_state_is_refused_and_opens_nothing(folder: Path) -> None:
    for content in (b"", b"{", b"[]", b'{"pin": {"hash": 5}}', b'{"unknown": true}'):
        (folder / "state.json").write_bytes(content)
        room = gate(folder)
        with pytest.raises(settings.SettingsError):
            room.try_pin("2580", NOW_NS)
        assert not room.is_open
        with pytest.raises(settings.SettingsError):
            Unlock(folder, folder / "record.db")


def test_a_lock_out_holds_over_a_restart_and_in_the_review_and_a_new_key_place_keeps_the_pin(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        assert not gate(folder).try_pin("1111", NOW_NS)[0].ok
    result, _ = gate(folder).try_pin("2580", NOW_NS + 10**9)
    assert not result.ok
    assert result.locked_s > 0
    assert not Unlock(folder, folder / "record.db").try_pin("2580", NOW_NS + 10**9).ok
    kept = place.load(folder)
    assert kept
    assert kept.has_pin
    place.save(
        folder, place.Kept(kept.id, "file", kept.secret, confirmed_utc="2026-11-28T00:00:00+00:00", has_pin=True)
    )
    words = "2580\n" + "seven sleepy herons\n" * 2
    monkeypatch.setattr("sys.stdin", io.StringIO(words))
    assert main(["key", "lock", "passphrase", "--data-dir", str(folder)]) == 0
    assert place.expects_pin(folder)


GUARDED = (
    ("sessions",),
    ("export", "last", "--yes", "--to", "out.zip"),
    ("export", "all", "--format", "csv", "--yes", "--to", "out"),
    ("replay", "record.db"),
    ("backup", "copies"),
    ("devices", "add", "F0:F1:F2:F3:F4:01", "--role", "oximeter"),
    ("devices", "forget", "F0:F1:F2:F3:F4:01"),
    ("key", "code"),
    ("review", "--picture", "review.png"),
    ("pin",),
)


@pytest.mark.parametrize("words", GUARDED, ids=lambda words: " ".join(words[:2]))
def test_no_command_hands_on_or_changes_what_the_pin_guards(
    folder: Path, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    before = sorted(folder.rglob("*"))
    for typed in ("1111\n", ""):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        assert main([*words, "--data-dir", str(folder)]) == 1
        assert "guarded by the sitter's PIN" in capsys.readouterr().err
    assert sorted(folder.rglob("*")) == before
    assert settings.load_state(folder).pin.failed == 1  # nothing typed is no try


def test_a_script_that_knows_no_pin_never_locks_the_sitter_out(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(7):
        monkeypatch.setattr("sys.stdin", io.StringIO(""))
        assert main(["export", "last", "--data-dir", str(folder)]) == 1
    assert gate(folder).try_pin("2580", NOW_NS)[0].ok


def test_the_pin_lets_a_command_through_and_five_wrong_ones_lock_it_out(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("2580\n"))
    assert main(["sessions", "--data-dir", str(folder)]) == 0
    for _ in range(5):
        monkeypatch.setattr("sys.stdin", io.StringIO("1111\n"))
        assert main(["sessions", "--data-dir", str(folder)]) == 1
    monkeypatch.setattr("sys.stdin", io.StringIO("2580\n"))
    assert main(["sessions", "--data-dir", str(folder)]) == 1
    assert "Too many wrong tries" in capsys.readouterr().err


def test_a_forgotten_pin_is_set_anew_by_the_recovery_code_and_a_known_one_by_itself(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = place.load(folder)
    assert kept
    code = code_of(place.from_file(kept, folder))
    for old, new in ((code, "9630"), ("9630", "7410")):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{old}\n{new}\n{new}\n"))
        assert main(["pin", "--data-dir", str(folder)]) == 0
        assert gate(folder).try_pin(new, NOW_NS)[0].ok


def test_numbers_in_a_table_are_nobodys_and_ask_no_pin(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path_factory.mktemp("table") / "night.csv"
    table.write_text("t_s,spo2,pulse\n0,97,60\n1,97,60\n")
    assert main(["replay", str(table), "--data-dir", str(folder)]) == 0
