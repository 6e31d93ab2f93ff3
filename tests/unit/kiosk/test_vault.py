"""The key of a data folder: its code on paper, its places, and what is said when it cannot be had."""

from __future__ import annotations

import io
import random
import stat
from pathlib import Path

import keyring
import msgspec
import pytest

from kiosk.cli import main
from kiosk.vault import known, place, ring
from kiosk.vault.fault import Reason, VaultError
from kiosk.vault.key import ALPHABET, CODE_LETTERS, Key, code_of, key_of_code, new_key
from tests.unit.kiosk.vaulted import Drawer


@pytest.fixture
def folder(tmp_path: Path):
    yield tmp_path
    known.forget(tmp_path)


def reason_of(call) -> Reason:
    with pytest.raises(VaultError) as refused:
        call()
    return refused.value.reason


# -- the code on paper -------------------------------------------------------------------------------------------------


def test_a_recovery_code_gives_its_key_back_however_it_is_typed():
    for _ in range(200):
        key = new_key()
        code = code_of(key)
        assert len(code.replace("-", "")) == CODE_LETTERS == 56
        assert set(code) <= set(ALPHABET + "-")
        sloppy = code.lower().replace("-", "  ").replace("0", "o").replace("1", random.choice("il"))
        assert key_of_code(f" {sloppy}\n") == key
        assert key_of_code(code.replace("-", "")) == key


def test_a_code_with_a_wrong_letter_or_two_changed_places_is_no_code():
    draw, code = random.Random(1), code_of(new_key()).replace("-", "")
    for at in range(len(code)):
        other = draw.choice([c for c in ALPHABET if c != code[at]])
        assert (
            reason_of(lambda at=at, other=other: key_of_code(code[:at] + other + code[at + 1 :])) is Reason.WRONG_CODE
        )
        if at and code[at] != code[at - 1]:
            swapped = code[: at - 1] + code[at] + code[at - 1] + code[at + 1 :]
            assert reason_of(lambda swapped=swapped: key_of_code(swapped)) is Reason.WRONG_CODE
    for bad in ("", code[:-1], code + "0", code[:-1] + "U", code[:-1] + "é"):
        assert reason_of(lambda bad=bad: key_of_code(bad)) is Reason.WRONG_CODE


def test_a_key_never_prints_its_secret():
    key = new_key()
    assert key.secret.hex() not in repr(key) + str(key) + key.id
    with pytest.raises(VaultError) as refused:
        Key(b"short")
    assert "short" not in str(refused.value)


# -- its places --------------------------------------------------------------------------------------------------------


def test_a_key_in_a_file_is_found_again_and_is_its_owners_only(folder):
    key = new_key()
    place.save(folder, place.in_file(key))
    assert known.key_of(folder) == key
    assert stat.S_IMODE((folder / "key.json").stat().st_mode) == 0o600
    assert [entry.name for entry in folder.iterdir()] == ["key.json"]


def test_a_folder_without_a_key_and_one_with_a_damaged_key_file_are_told_apart(folder):
    assert not known.has_key(folder)
    assert reason_of(lambda: known.key_of(folder)) is Reason.NONE_MADE
    place.save(folder, place.in_file(new_key()))
    path = folder / "key.json"
    whole = path.read_bytes()
    assert known.has_key(folder)
    digit = whole.index(b'"secret": "') + len(b'"secret": "')
    for damaged in (b"", whole[:40], whole.replace(b'"file"', b'"nowhere"'), whole[:digit] + b"g" + whole[digit + 1 :]):
        path.write_bytes(damaged)
        assert reason_of(lambda: known.key_of(folder)) is Reason.DAMAGED
    other = place.in_file(new_key())
    path.write_bytes(whole.replace(whole[digit : digit + 64], other.secret.encode()))
    assert reason_of(lambda: known.key_of(folder)) is Reason.DAMAGED


def test_a_key_behind_a_passphrase_is_locked_until_it_is_typed(folder):
    key = new_key()
    place.save(folder, place.wrap(key, "seven sleepy herons"))
    assert key.secret.hex() not in (folder / "key.json").read_text()
    assert reason_of(lambda: known.key_of(folder)) is Reason.LOCKED
    assert reason_of(lambda: known.unlock(folder, "seven sleepy heron")) is Reason.WRONG_PASSPHRASE
    assert reason_of(lambda: known.key_of(folder)) is Reason.LOCKED
    assert known.unlock(folder, "seven sleepy herons") == key
    assert known.key_of(folder) == key


def test_another_folders_key_is_not_taken(folder):
    place.save(folder, place.wrap(new_key(), "seven sleepy herons"))
    assert reason_of(lambda: known.give(folder, new_key())) is Reason.OTHER_KEY
    assert reason_of(lambda: known.key_of(folder)) is Reason.LOCKED


def test_a_recovered_key_is_taken_where_the_key_file_is_gone_or_damaged(folder):
    (folder / "key.json").write_bytes(b"{")
    key = new_key()
    known.give(folder, key)
    assert known.key_of(folder) == key


# -- the keyring -------------------------------------------------------------------------------------------------------


@pytest.fixture
def drawer():
    before = keyring.get_keyring()
    mine = Drawer()
    keyring.set_keyring(mine)
    yield mine
    mine.opened.set()
    keyring.set_keyring(before)


def in_keyring(folder: Path) -> Key:
    key = new_key()
    backend = ring.put(key)
    place.save(folder, place.Kept(key.id, "keyring", backend=backend))
    return key


def test_a_key_in_the_keyring_is_found_there_and_asked_for_once(folder, drawer):
    key = in_keyring(folder)
    assert key.secret.hex() not in (folder / "key.json").read_text()
    drawer.asked = 0
    assert known.key_of(folder) == known.key_of(folder) == key
    assert drawer.asked == 1


def test_a_keyring_that_waits_for_a_person_is_not_waited_for_and_its_late_answer_counts(folder, drawer):
    key = in_keyring(folder)
    drawer.opened.clear()
    known.ask(folder, 0.01)
    assert reason_of(lambda: known.key_of(folder)) is Reason.LOCKED
    drawer.opened.set()
    known.ask(folder, 10)
    assert known.key_of(folder) == key


def test_a_keyring_that_lost_the_key_or_fails_leaves_it_locked(folder, drawer):
    in_keyring(folder)
    drawer.broken = True
    assert reason_of(lambda: known.key_of(folder)) is Reason.LOCKED
    known.forget(folder)
    drawer.broken = False
    drawer.held.clear()
    assert reason_of(lambda: known.key_of(folder)) is Reason.LOCKED


def test_a_keyring_that_keeps_nothing_is_refused(drawer):
    drawer.forgetful = True
    assert reason_of(lambda: ring.put(new_key())) is Reason.NO_KEYRING


def test_a_person_opens_it_by_passphrase_or_by_code(folder):
    key = new_key()
    place.save(folder, place.wrap(key, "seven sleepy herons"))
    assert known.opened_by(folder, "seven sleepy herons") == key
    assert known.opened_by(folder, code_of(key).lower()) == key
    assert reason_of(lambda: known.opened_by(folder, "six sleepy herons")) is Reason.WRONG_PASSPHRASE
    assert reason_of(lambda: known.opened_by(folder, code_of(new_key()))) is Reason.OTHER_KEY
    (folder / "key.json").unlink()
    assert known.opened_by(folder, code_of(key)) == key
    assert reason_of(lambda: known.opened_by(folder, "seven sleepy herons")) is Reason.WRONG_CODE


def test_a_key_moves_from_behind_its_passphrase_to_a_file_and_back(folder, monkeypatch, capsys):
    key = new_key()
    confirmed = "2026-11-28T00:00:00+00:00"
    place.save(folder, msgspec.structs.replace(place.wrap(key, "seven sleepy herons"), confirmed_utc=confirmed))
    folder.chmod(0o700)
    for typed, words, code in (
        ("six sleepy herons\n", ["lock", "file"], 1),
        ("seven sleepy herons\n", ["lock", "file"], 0),
        ("short\nshort\n", ["lock", "passphrase"], 1),
        ("four loud grey geese\nfour loud grey geese\n", ["lock", "passphrase"], 0),
    ):
        known.forget(folder)
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        assert main(["key", *words, "--data-dir", str(folder)]) == code, (typed, capsys.readouterr())
    known.forget(folder)
    assert known.unlock(folder, "four loud grey geese") == key
    kept = place.load(folder)
    assert kept
    assert (kept.secret, kept.confirmed_utc) == ("", confirmed)
