"""The journal's file: only its passphrase opens it, nothing lies in the clear, what is deleted is gone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.journal.entry import LONGEST, Content, Entry, begin
from kiosk.journal.fault import JournalError, Reason
from kiosk.journal.sealed import BLOCK, Cost, new_key, seal, unseal
from kiosk.journal.store import Journal, create, exists, unlock
from kiosk.journal.tries import Tries

CHEAP = Cost(1, 64, 1)
WORDS = "four words nobody guesses"
MARKER = "the marker sentence of a violet heron"
NOW = 1_795_550_400 * 10**9


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.sealed"


@pytest.fixture
def journal(path: Path) -> Journal:
    return create(path, WORDS, CHEAP)


def entry(text: str = MARKER, prompt: str = "images") -> Entry:
    return begin(prompt, NOW, 60).with_text(text, NOW + 1)


def bytes_of(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.iterdir()) if file.is_file())


def why(error: pytest.ExceptionInfo[JournalError]) -> Reason:
    return error.value.reason


def test_what_was_written_is_there_again_with_the_passphrase_and_in_no_file_in_the_clear(
    path: Path, journal: Journal
) -> None:
    written = entry()
    assert journal.put(written) == (written,)
    journal.close()
    again = unlock(path, WORDS, CHEAP)
    assert again.entries == (written,)
    again.close()
    for form in ("utf-8", "utf-16-le", "utf-32-le"):
        assert MARKER.encode(form) not in bytes_of(path.parent)
    assert all(file.stat().st_mode & 0o077 == 0 for file in path.parent.iterdir())


def test_a_wrong_passphrase_is_told_from_a_damaged_file(path: Path, journal: Journal) -> None:
    journal.put(entry())
    journal.close()
    with pytest.raises(JournalError) as wrong:
        unlock(path, WORDS + " ", CHEAP)
    assert why(wrong) is Reason.WRONG
    whole = path.read_bytes()
    for at in (len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(JournalError) as damaged:
            unlock(path, WORDS, CHEAP)
        assert why(damaged) is Reason.DAMAGED
    path.write_bytes(whole)
    assert unlock(path, WORDS, CHEAP).entries[0].text == MARKER


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_changed_bit_and_no_cut_gives_other_words(data: st.DataObject) -> None:
    content = Content((entry(),))
    whole = seal(new_key(WORDS, CHEAP), content)
    at = data.draw(st.integers(0, len(whole) - 1))
    changed = data.draw(st.sampled_from((whole[:at], whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :])))
    try:
        _key, opened = unseal(changed, WORDS)
    except JournalError:
        return
    assert opened == content


def test_a_cost_that_would_take_the_whole_computer_is_not_believed(path: Path, journal: Journal) -> None:
    journal.close()
    whole = path.read_bytes().replace(b'"memory_kib":64', b'"memory_kib":999999999')
    path.write_bytes(whole)
    with pytest.raises(JournalError) as refused:
        unlock(path, WORDS, CHEAP)
    assert why(refused) is Reason.DAMAGED


def test_each_wrong_passphrase_waits_longer_over_a_restart_and_the_right_one_clears_it(
    path: Path, journal: Journal
) -> None:
    journal.close()
    now, waits = NOW, list[float]()

    def clock() -> int:
        return now

    for _try in range(9):
        with pytest.raises(JournalError) as wrong:
            unlock(path, "something else", CHEAP, clock)
        waits.append(wrong.value.wait_s)
        if wrong.value.wait_s:
            with pytest.raises(JournalError) as waiting:
                unlock(path, WORDS, CHEAP, clock)
            assert why(waiting) is Reason.WAIT
        now += round(wrong.value.wait_s * 1e9)
    assert waits == [0, 0, 5, 10, 20, 40, 80, 160, 300]
    unlock(path, WORDS, CHEAP, clock).close()
    with pytest.raises(JournalError) as first:
        unlock(path, "something else", CHEAP, clock)
    assert first.value.wait_s == 0


def test_a_clock_set_back_shuts_nobody_out_for_days() -> None:
    assert Tries(9, NOW + 10**18).wait_s(NOW) == 0


def test_a_deleted_entry_is_gone_from_the_file_that_its_passphrase_opens(path: Path, journal: Journal) -> None:
    gone, stays = entry(), entry("what stays")
    journal.put(gone)
    journal.put(stays)
    before = path.read_bytes()
    kept = os.open(path, os.O_RDONLY)  # the file as it lay on the disk until now
    assert journal.delete(gone.id) == (stays,)
    journal.close()
    assert os.pread(kept, len(before), 0) != before
    os.close(kept)
    _key, content = unseal(path.read_bytes(), WORDS)
    assert MARKER.encode() not in msgspec.msgpack.encode(content)
    with pytest.raises(JournalError):
        unseal(os.urandom(10) + before[10:], WORDS)


def test_a_copy_by_a_hard_link_is_left_as_it_is(path: Path, journal: Journal) -> None:
    journal.put(entry())
    backup = path.with_name("backup")
    backup.hardlink_to(path)
    before = backup.read_bytes()
    journal.put(entry("more"))
    assert backup.read_bytes() == before


def test_another_passphrase_opens_it_afterwards_and_the_old_one_does_not(path: Path, journal: Journal) -> None:
    journal.put(entry())
    with pytest.raises(JournalError) as wrong:
        journal.change_passphrase("not the old one", "another long one")
    assert why(wrong) is Reason.WRONG
    with pytest.raises(JournalError) as short:
        journal.change_passphrase(WORDS, "short")
    assert why(short) is Reason.TOO_SHORT
    journal.change_passphrase(WORDS, "another long one")
    journal.put(entry("after the change"))
    journal.close()
    with pytest.raises(JournalError):
        unlock(path, WORDS, CHEAP)
    assert [e.text for e in unlock(path, "another long one", CHEAP).entries] == [MARKER, "after the change"]


def test_the_same_letters_open_it_however_they_are_composed(path: Path) -> None:
    made = create(path, "gr\u00fcne W\u00f6rter", CHEAP)
    made.put(entry(MARKER))
    made.close()
    opened = unlock(path, "gru\u0308ne Wo\u0308rter", CHEAP)
    assert [e.text for e in opened.entries] == [MARKER]
    opened.close()


def test_there_is_one_journal_in_one_window(path: Path, journal: Journal) -> None:
    for act in (lambda: create(path, WORDS, CHEAP), lambda: unlock(path, WORDS, CHEAP)):
        with pytest.raises(JournalError) as refused:
            act()
        assert why(refused) is Reason.IN_USE
    journal.close()
    with pytest.raises(JournalError) as there:
        create(path, WORDS, CHEAP)
    assert why(there) is Reason.THERE_ALREADY


def test_where_there_is_none_nothing_is_made_by_looking(path: Path) -> None:
    assert not exists(path)
    with pytest.raises(JournalError) as none:
        unlock(path, WORDS, CHEAP)
    assert why(none) is Reason.NOT_THERE
    with pytest.raises(JournalError) as short:
        create(path, "1234567", CHEAP)
    assert why(short) is Reason.TOO_SHORT
    assert not exists(path)


def test_a_disk_that_will_not_take_it_leaves_the_journal_as_it_was(
    path: Path, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal.put(entry("before"))
    before = path.read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(JournalError) as refused:
            journal.put(entry("lost?"))
    assert (why(refused), refused.value.detail) == (Reason.DISK, "No space left on device")
    assert path.read_bytes() == before
    assert not list(path.parent.glob("*.part"))
    assert [e.text for e in journal.put(entry("again"))] == ["before", "again"]


def test_an_entry_that_is_too_long_is_refused_and_nothing_of_it_is_lost_or_cut(journal: Journal) -> None:
    with pytest.raises(JournalError) as long:
        journal.put(entry("x" * (LONGEST + 1)))
    assert why(long) is Reason.TOO_LONG


def test_the_size_of_the_file_tells_only_steps_of_four_thousand(path: Path, journal: Journal) -> None:
    sizes = set[int]()
    for length in (1, 100, 2000):
        journal.put(msgspec.structs.replace(entry("x" * length), id="one"))
        sizes.add(path.stat().st_size)
    assert len(sizes) == 1
    journal.put(entry("x" * BLOCK))
    assert path.stat().st_size == next(iter(sizes)) + BLOCK


def test_killed_while_it_saves_the_journal_is_the_old_or_the_new_one(path: Path, journal: Journal) -> None:
    journal.close()
    script = f"""
import sys
from pathlib import Path
from kiosk.journal.entry import begin
from kiosk.journal.sealed import Cost
from kiosk.journal.store import unlock
journal = unlock(Path({str(path)!r}), {WORDS!r}, Cost(1, 64, 1))
print("open", flush=True)
entry = begin("", 1, 0)
for n in range(100_000):
    journal.put(entry.with_text(f"{{n}} " * 500, n + 2))
    print(n, flush=True)
"""
    for round_ in range(4):
        child = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        last = -1
        for line in child.stdout:
            last = -1 if line == "open\n" else int(line)
            if last >= 3 + round_:
                break
        child.kill()
        said = [int(line) for line in child.stdout]
        child.stdout.close()
        child.wait()
        last = said[-1] if said else last
        again = unlock(path, WORDS, CHEAP)
        words = {int(e.text.split()[0]) for e in again.entries}
        assert words & {last, last + 1}, (words, last)
        for e in again.entries:
            again.delete(e.id)
        again.close()
    assert not list(path.parent.glob("*.part"))


def test_an_entry_shared_and_changed_since_is_no_longer_the_shared_one() -> None:
    shared = entry().as_shared(NOW + 5)
    assert shared.is_shared
    assert not shared.with_text("other words", NOW + 9).is_shared
    assert shared.with_text(shared.text, NOW + 9).is_shared


def test_an_entry_deleted_while_it_was_shared_stays_gone_and_one_that_is_there_is_marked(path: Path) -> None:
    journal = create(path, WORDS, CHEAP)
    one = entry()
    journal.put(one)
    assert [e.is_shared for e in journal.mark_shared(one.id, NOW + 5)] == [True]
    journal.delete(one.id)
    assert journal.mark_shared(one.id, NOW + 9) == ()
    journal.close()
