"""The question whose a display is: when it is asked, how it is answered, and that it never stands before help."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from ui.displays import name_of
from ui.which import Which, WhichPage
from ui.windows import Window

Key = Qt.Key


@pytest.fixture
def page(room_app: QApplication) -> Iterator[WhichPage]:
    page, window = WhichPage(2, 3, "Robin"), Window("whichWindow")
    window.hold([page])
    window.resize(1366, 768)
    window.show()
    yield page
    window.hide()


def chosen_of(page: WhichPage) -> list[int]:
    chosen: list[int] = []
    page.chosen.connect(chosen.append)
    return chosen


def test_it_shows_its_own_number_and_asks_for_the_patients(page: WhichPage) -> None:
    assert page.number.text() == "2"
    assert page.says.text() == "Which number does Robin see?"
    assert page.accessibleName() == "Display 2. Which number does Robin see?"
    assert [page.findChild(QPushButton, f"display{n}").accessibleName() for n in (1, 2, 3)] == [
        "Display 1",
        "Display 2",
        "Display 3",
    ]


def test_a_digit_a_touch_and_escape_answer(page: WhichPage, press: Callable[..., None]) -> None:
    chosen = chosen_of(page)
    for key in (Key.Key_1, Key.Key_4, Key.Key_0, Key.Key_Return, Key.Key_Space, Key.Key_3, Key.Key_Escape):
        press(page, key)
    QTest.mouseClick(page.findChild(QPushButton, "display2"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(page.later, Qt.MouseButton.LeftButton)
    assert chosen == [1, 3, 0, 2, 0]


@pytest.mark.parametrize("size", [(1366, 768), (768, 1366), (800, 480), (2732, 1536)])
def test_on_every_display_all_of_it_is_seen_and_large_enough(page: WhichPage, size: tuple[int, int]) -> None:
    page.window().resize(*size)
    QApplication.processEvents()
    for part in (page.number, page.says, *page.answers, page.later):
        assert page.rect().contains(part.geometry().translated(part.parentWidget().mapTo(page, part.rect().topLeft())))
    assert all(min(button.width(), button.height()) >= 56 * page.number.u for button in (*page.answers, page.later))


def test_each_display_gets_a_window_which_closes_with_the_answer(room_app: QApplication) -> None:
    which, chosen = Which(), list[str]()
    which.chosen.connect(chosen.append)
    which.ask("Robin")
    windows = [w for w in QApplication.topLevelWidgets() if w.objectName() == "whichWindow" and w.isVisible()]
    assert len(windows) == len(room_app.screens())
    assert which.is_open
    windows[0].findChild(WhichPage).chosen.emit(1)
    assert chosen == [name_of(room_app.screens()[0])]
    assert not which.is_open
    assert not any(window.isVisible() for window in windows)


def asked(shell: Any) -> bool:
    return shell.placing.which.is_open


@pytest.fixture
def unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two displays of which nobody has said whose they are."""
    monkeypatch.setattr("ui.windows.is_known", lambda *_: False)


def test_it_is_asked_before_a_session_and_only_where_somebody_can_answer(
    unknown: None, make_shell: Callable[..., Any], make_view: Callable[..., Any]
) -> None:
    opening = make_view(stage="opening")
    assert asked(make_shell(opening, windowed=False, ask_displays=True))
    assert not asked(make_shell(opening, windowed=False))
    assert not asked(make_shell(make_view(), windowed=False, ask_displays=True))
    assert not asked(make_shell(opening, windowed=False, single_screen=True, ask_displays=True))


def test_the_emergency_cards_key_and_the_sessions_start_take_it_away(
    unknown: None, make_shell: Callable[..., Any], make_view: Callable[..., Any], press: Callable[..., None]
) -> None:
    for leave in (
        lambda shell: press(shell.windows.patient, Key.Key_E),
        lambda shell: shell.take(make_view()),
        lambda shell: shell.end(),
    ):
        shell = make_shell(make_view(stage="opening"), windowed=False, ask_displays=True)
        assert asked(shell)
        leave(shell)
        assert not asked(shell)
