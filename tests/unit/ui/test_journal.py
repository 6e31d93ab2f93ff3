"""The patient's journal in the window: set up, written, shared, deleted, locked, by keys; and what never leaves it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from kiosk.journal.entry import Entry
from kiosk.journal.sealed import Cost
from kiosk.journal.store import create, unlock
from kiosk.line.pane import Panel, Sentence, Step
from kiosk.line.screen import Answer, Begin, TakePicture, View
from kiosk.session.commands import ShareEntry
from tests.unit.ui.test_after import AFTER
from tests.unit.ui.test_reflow import too_small, wrong_on
from ui.journal import book as book_module
from ui.journal.app import JournalWindow
from ui.journal.book import LOCK_AFTER_S, Book
from ui.journal.editor import QUIET_S
from ui.sitter.pane import SitterPane

Key = Qt.Key
CHEAP = Cost(1, 64, 1)
WORDS = "four words nobody guesses"
MARKER = "the marker sentence of a violet heron"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book_module, "Cost", lambda: CHEAP)
    monkeypatch.setattr(book_module, "SAVE_AFTER_MS", 20)
    monkeypatch.setattr(book_module, "AGAIN_AFTER_MS", 20)
    monkeypatch.setattr(book_module.dump, "allow_dumps", lambda allowed: None)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.sealed"


@pytest.fixture
def pane(room_app: QApplication, begin: Begin, clock: Any, path: Path) -> Iterator[SitterPane]:
    made = SitterPane(now=clock)
    made.resize(1366, 768)
    made.begin(msgspec.structs.replace(begin, journal=str(path)))
    made.show()
    QTest.qWaitForWindowExposed(made)
    made.activateWindow()
    yield made
    made.end()
    made.close()


@pytest.fixture
def asked(pane: SitterPane) -> list[Any]:
    commands: list[Any] = []
    pane.asked.connect(commands.append)
    return commands


@pytest.fixture
def show(pane: SitterPane, make_view: Callable[..., View]) -> Callable[..., View]:
    def act(**changes: Any) -> View:
        view = make_view(**{"after": AFTER, **changes})
        pane.show_view(view)
        QApplication.processEvents()
        return view

    return act


@pytest.fixture
def opened(pane: SitterPane, show: Callable[..., View], clock: Any, qtbot: Any) -> Book:
    """The journal, set up by keys."""
    show()
    clock.go(1)
    hit(pane, Key.Key_J)
    book = book_of(pane)
    assert book.page is book.set_up
    for _field in range(2):
        QTest.keyClicks(QApplication.focusWidget(), WORDS)
        hit(pane, Key.Key_Return)
        clock.go(1)
    qtbot.waitUntil(lambda: book.page is book.entries)
    return book


def book_of(pane: SitterPane) -> Book:
    assert pane.fronts.journal is not None
    return pane.fronts.journal.book


def hit(pane: QWidget, key: Any) -> None:
    QTest.keyClick(QApplication.focusWidget() or pane, key)


def write(pane: QWidget, book: Book, text: str, qtbot: Any, prompt: Any = Key.Key_2) -> None:
    hit(pane, Key.Key_N)
    hit(pane, prompt)
    assert QApplication.focusWidget() is book.write.editor
    QTest.keyClicks(book.write.editor, text)
    qtbot.waitUntil(lambda: book.write.state.shown().startswith("saved"))


def stored(path: Path) -> list[str]:
    again = unlock(path, WORDS, CHEAP)
    try:
        return [entry.text for entry in again.entries]
    finally:
        again.close()


def test_it_is_set_up_written_locked_and_opened_again_by_keys(
    pane: SitterPane, opened: Book, path: Path, clock: Any, qtbot: Any
) -> None:
    write(pane, opened, MARKER, qtbot)
    hit(pane, Key.Key_Escape)
    qtbot.waitUntil(lambda: opened.page is opened.entries)
    assert "Images" in opened.entries.findChildren(QWidget, "entry1")[0].text()  # type: ignore[attr-defined]
    hit(pane, Key.Key_Escape)
    qtbot.waitUntil(lambda: not opened.is_open)
    assert pane.fronts.now is pane.fronts.after
    clock.go(1)
    hit(pane, Key.Key_J)
    assert opened.page is opened.door
    QTest.keyClicks(QApplication.focusWidget(), "not this one")
    hit(pane, Key.Key_Return)
    qtbot.waitUntil(lambda: "not the passphrase" in opened.door.message.shown())
    clock.go(1)
    QTest.keyClicks(QApplication.focusWidget(), WORDS)
    hit(pane, Key.Key_Return)
    qtbot.waitUntil(lambda: opened.page is opened.entries)
    hit(pane, Key.Key_1)
    assert opened.write.editor.toPlainText() == MARKER


def test_two_passphrases_that_differ_make_nothing(
    pane: SitterPane, show: Callable[..., View], path: Path, clock: Any
) -> None:
    show()
    clock.go(1)
    hit(pane, Key.Key_J)
    for typed in (WORDS, WORDS + "x"):
        QTest.keyClicks(QApplication.focusWidget(), typed)
        hit(pane, Key.Key_Return)
        clock.go(1)
    assert "not the same" in book_of(pane).set_up.message.shown()
    assert not path.exists()


def test_an_entry_is_shared_after_it_was_shown_and_held_and_no_other_word_goes(
    pane: SitterPane, opened: Book, asked: list[Any], path: Path, qtbot: Any
) -> None:
    write(pane, opened, "kept to myself", qtbot)
    hit(pane, Key.Key_Escape)
    qtbot.waitUntil(lambda: opened.page is opened.entries)
    write(pane, opened, MARKER, qtbot, Key.Key_5)
    hit(pane, Key.Key_F3)
    assert opened.share.preview.toPlainText() == MARKER
    assert asked == []
    QTest.keyPress(pane, Key.Key_S)
    qtbot.waitUntil(lambda: asked != [], timeout=5000)
    QTest.keyRelease(pane, Key.Key_S)
    (command,) = asked
    assert isinstance(command, ShareEntry)
    assert (command.text, command.prompt) == (MARKER, "week")
    pane.answer(Answer(1, "failed", "NOT SAVED"), command)
    assert opened.write.message.shown() == "NOT SAVED"
    pane.answer(Answer(1, "saved"), command)
    qtbot.waitUntil(lambda: opened.write.state.shown() == "shared")


def test_the_key_that_was_held_to_share_writes_nothing_into_the_entry(
    pane: SitterPane, opened: Book, qtbot: Any
) -> None:
    write(pane, opened, MARKER, qtbot)
    for auto_repeat, text in ((True, MARKER), (False, f"{MARKER}s"), (True, f"{MARKER}ss")):
        event = QKeyEvent(QEvent.Type.KeyPress, Key.Key_S, Qt.KeyboardModifier.NoModifier, "s", auto_repeat)
        QApplication.sendEvent(opened.write.editor, event)
        assert opened.write.editor.toPlainText() == text
    QTest.keyRelease(opened.write.editor, Key.Key_S)


def test_the_key_that_was_held_writes_nothing_where_its_repetitions_are_not_marked(
    pane: SitterPane, opened: Book, clock: Any, qtbot: Any
) -> None:
    write(pane, opened, MARKER, qtbot)
    editor = opened.write.editor
    editor._now = clock
    editor.ignore_until_quiet(Key.Key_S)
    for _repetition in range(40):
        clock.go(0.1)
        QTest.keyClick(editor, Key.Key_S)
    QTest.keyClick(editor, Key.Key_T)
    assert editor.toPlainText() == f"{MARKER}t"
    clock.go(QUIET_S + 0.1)
    QTest.keyClicks(editor, "ss")
    assert editor.toPlainText() == f"{MARKER}tss"
    qtbot.waitUntil(lambda: opened.write.state.shown().startswith("saved"))


def test_deleting_is_held_and_the_entry_is_gone(pane: SitterPane, opened: Book, path: Path, qtbot: Any) -> None:
    write(pane, opened, MARKER, qtbot)
    hit(pane, Key.Key_F4)
    assert opened.page is opened.delete
    QTest.keyPress(pane, Key.Key_D)
    qtbot.waitUntil(lambda: opened.page is opened.entries, timeout=5000)
    QTest.keyRelease(pane, Key.Key_D)
    hit(pane, Key.Key_Escape)
    qtbot.waitUntil(lambda: not opened.is_open)
    opened._clerk.end()
    assert stored(path) == []


def test_untouched_it_locks_itself_with_every_word_saved(
    pane: SitterPane, opened: Book, path: Path, clock: Any, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(book_module, "SAVE_AFTER_MS", 60_000)
    hit(pane, Key.Key_N)
    hit(pane, Key.Key_6)
    QTest.keyClicks(opened.write.editor, MARKER)
    clock.go(LOCK_AFTER_S)
    qtbot.waitUntil(lambda: not opened.is_open, timeout=5000)
    assert opened.write.editor.toPlainText() == ""
    opened._clerk.end()
    assert stored(path) == [MARKER]


def test_the_end_of_the_screen_saves_what_was_typed(
    pane: SitterPane, opened: Book, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(book_module, "SAVE_AFTER_MS", 60_000)
    hit(pane, Key.Key_N)
    hit(pane, Key.Key_6)
    QTest.keyClicks(opened.write.editor, MARKER)
    pane.end()
    assert stored(path) == [MARKER]


def test_what_cannot_be_saved_is_said_and_stays_and_is_saved_later(
    pane: SitterPane, opened: Book, path: Path, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full)
        hit(pane, Key.Key_N)
        hit(pane, Key.Key_6)
        QTest.keyClicks(opened.write.editor, MARKER)
        qtbot.waitUntil(lambda: opened.write.state.shown() == "NOT SAVED")
        hit(pane, Key.Key_Escape)
        qtbot.waitUntil(lambda: "No space left" in opened.write.message.shown())
        assert opened.page is opened.write
        assert opened.write.editor.toPlainText() == MARKER
    qtbot.waitUntil(lambda: opened.write.state.shown().startswith("saved"))
    hit(pane, Key.Key_Escape)
    qtbot.waitUntil(lambda: opened.page is opened.entries)


def test_no_word_reaches_the_clipboard_or_the_selection(pane: SitterPane, opened: Book, qtbot: Any) -> None:
    board = QGuiApplication.clipboard()
    board.setText("before")
    write(pane, opened, MARKER, qtbot)
    opened.write.editor.selectAll()
    for key in (Key.Key_C, Key.Key_X, Key.Key_Insert):
        QTest.keyClick(opened.write.editor, key, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(opened.write.editor, Key.Key_Delete, Qt.KeyboardModifier.ShiftModifier)
    assert board.text() == "before"
    assert opened.write.editor.toPlainText() == MARKER
    assert opened.write.editor.createMimeDataFromSelection().formats() == []


def test_no_word_is_in_what_the_room_says_of_its_window(
    pane: SitterPane, opened: Book, asked: list[Any], qtbot: Any
) -> None:
    write(pane, opened, MARKER, qtbot)
    assert not any(MARKER in words for words in pane.texts().values())
    assert pane.fronts.is_private
    assert asked == []


def test_no_picture_is_taken_of_it(make_shell: Callable[..., Any], make_view: Callable[..., View], path: Path) -> None:
    shell = make_shell(make_view(after=AFTER, pane_open=True), journal=str(path))
    shell.pane.fronts.open_journal()
    shell.take(TakePicture("sitter", str(path.parent / "picture.png")))
    assert not list(path.parent.glob("*.png"))


def test_an_alarm_and_the_card_lie_over_it_and_the_words_stay(
    pane: SitterPane, opened: Book, show: Callable[..., View], alarm: Sentence, qtbot: Any
) -> None:
    write(pane, opened, MARKER, qtbot)
    show(sentence=alarm, panel=Panel((Step("Wake", "now"),), "Say “Robin!” loudly.", "", ()))
    assert not opened.isVisible()
    assert pane.fronts.journal is not None
    assert pane.fronts.journal.sentence.isVisible()
    show()
    assert opened.isVisible()
    assert opened.write.editor.toPlainText() == MARKER
    QTest.keyClick(pane, Key.Key_F1)
    assert pane.card.isVisible()


def test_the_sessions_end_locks_it(pane: SitterPane, opened: Book, show: Callable[..., View], qtbot: Any) -> None:
    show(after=None)
    qtbot.waitUntil(lambda: not opened.is_open)
    assert pane.fronts.now is None


def test_letters_on_the_screen_never_cover_what_is_written(pane: SitterPane, opened: Book, qtbot: Any) -> None:
    hit(pane, Key.Key_N)
    hit(pane, Key.Key_6)
    QTest.mouseClick(opened.write.editor.viewport(), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(pane.keyboard.isVisible)
    editor = opened.write.editor
    field = editor.rect().translated(editor.mapTo(pane, editor.rect().topLeft()))
    assert not pane.keyboard.geometry().intersects(field)
    card = pane.fronts.now.card  # type: ignore[union-attr]
    assert not pane.keyboard.geometry().intersects(card.rect().translated(card.mapTo(pane, card.rect().topLeft())))


def test_a_passphrase_typed_by_hand_on_the_screen_has_the_letters_that_were_pressed(
    pane: SitterPane, show: Callable[..., View], clock: Any, qtbot: Any
) -> None:
    show()
    clock.go(1)
    hit(pane, Key.Key_J)
    field = book_of(pane).set_up.one
    QTest.mouseClick(field, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(pane.keyboard.isVisible)
    for letter in "four":
        pane.keyboard.use(letter)
    assert field.text() == "four"


@pytest.mark.parametrize(("size", "text_percent"), [((1366, 768), 100), ((768, 1366), 100), ((1366, 768), 150)])
def test_every_page_is_whole_and_large_enough_for_a_finger(
    pane: SitterPane, begin: Begin, show: Callable[..., View], path: Path, size: tuple[int, int], text_percent: int
) -> None:
    pane.begin(msgspec.structs.replace(begin, journal=str(path), text_percent=text_percent))
    pane.resize(*size)
    show()
    pane.fronts.open_journal()
    book, front, wrong = book_of(pane), pane.fronts.now, list[str]()
    assert front is not None
    entry = Entry("one", 1_795_550_400 * 10**9, 0, 60, "week", MARKER)
    book.entries.show_entries((entry,) * 7)
    book.write.show_entry(entry, True)
    book.delete.show_entry(entry)
    book.share.preview.setPlainText(MARKER)
    for page in (book.set_up, book.door, book.change, book.entries, book.choose, book.write, book.share, book.delete):
        book._show(page)
        for _round in range(3):
            QApplication.processEvents()
        wrong += [f"{page.objectName()}: {line}" for line in (*wrong_on(front), *too_small(front, pane._u))]
    assert wrong == []


def test_on_its_own_it_is_a_window_that_shares_nothing(room_app: QApplication, path: Path, qtbot: Any) -> None:
    create(path, WORDS, CHEAP).close()
    left: list[bool] = []
    window = JournalWindow(path, lambda: left.append(True), CHEAP)
    window.show()
    QTest.qWaitForWindowExposed(window)
    window.activateWindow()
    assert window.windowTitle() == "Journal"
    QTest.keyClicks(window.book.door.one, WORDS)
    QTest.keyClick(window, Key.Key_Return)
    qtbot.waitUntil(lambda: window.book.page is window.book.entries)
    write(window, window.book, MARKER, qtbot)
    assert not window.book.write.sharing.isEnabled()
    hit(window, Key.Key_Escape)
    qtbot.waitUntil(lambda: window.book.page is window.book.entries)
    hit(window, Key.Key_Escape)
    qtbot.waitUntil(lambda: left == [True])
    window.book.end()
    assert stored(path) == [MARKER]


def test_on_its_own_an_entry_is_shared_by_whoever_was_given_for_it(
    room_app: QApplication, path: Path, qtbot: Any
) -> None:
    create(path, WORDS, CHEAP).close()
    given: list[ShareEntry] = []
    answers = [(False, "Not shared: the room is open."), (True, "Shared.")]

    def sharing(entry: ShareEntry) -> tuple[bool, str]:
        given.append(entry)
        return answers.pop(0)

    window = JournalWindow(path, lambda: None, CHEAP, sharing)
    book = window.book
    window.show()
    QTest.qWaitForWindowExposed(window)
    window.activateWindow()
    QTest.keyClicks(book.door.one, WORDS)
    QTest.keyClick(window, Key.Key_Return)
    qtbot.waitUntil(lambda: book.page is book.entries)
    write(window, book, MARKER, qtbot)
    assert "last session" in book.share.means.shown()
    for said, state in (("Not shared: the room is open.", ""), ("Shared.", "shared")):
        hit(window, Key.Key_F3)
        book.share.wanted.emit()
        qtbot.waitUntil(lambda said=said: book.write.message.shown() == said)
        qtbot.waitUntil(lambda state=state: not state or book.write.state.shown() == state)
    assert [(entry.text, entry.prompt) for entry in given] == [(MARKER, "images")] * 2
    book.end()
    window.close()
    again = unlock(path, WORDS, CHEAP)
    assert [entry.is_shared for entry in again.entries] == [True]
    again.close()
