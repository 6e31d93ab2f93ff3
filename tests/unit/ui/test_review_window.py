"""The provider's window: what it shows of what it is told, what it asks for, and what it never shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pypdf import PdfReader
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QListView, QPlainTextEdit

from kiosk.line import review as m
from kiosk.line.chart import Bar, Point, Trend
from kiosk.line.screen import PinAnswer
from tests.unit.ui.review_samples import entry, lines, points, series, session, trend
from ui import theme
from ui.picture import texts_in
from ui.review.overlay import readings_of
from ui.review.window import ReviewWindow
from ui.sitter.envelope import envelope


@pytest.fixture(scope="module")
def only_window(qapp: QApplication) -> Iterator[ReviewWindow]:
    """Built once, as in the program: a test begins with whatever the last one left but for what `window` resets."""
    from ui.review.app import make_application

    make_application()
    made = ReviewWindow()
    made.show()
    yield made
    made.close()
    made.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    theme.wear(theme.NIGHT)


@pytest.fixture
def window(only_window: ReviewWindow) -> Iterator[ReviewWindow]:
    made = only_window
    made.take(m.Opening(""))
    made.take(session("s-0"))
    made.take(m.Shelf((), reset=True))
    made.take(m.Refused("", ()))
    made.header.tabs.show_chosen("session")
    made.header.seal.hide()
    made.shelf.search.clear()
    made.shelf.flags.setCurrentIndex(0)
    made.session.lines.tabs.choose("alarms")
    made.series.view = None
    made.session.chart.show_clock(False)
    made.wishes = []  # type: ignore[attr-defined]
    made.wished.connect(made.wishes.append)  # type: ignore[attr-defined]
    yield made
    made.wished.disconnect()
    for dialog in (made.notes, made.exports):
        dialog.hide()


@pytest.fixture
def press(qapp: QApplication) -> Callable[..., None]:
    """Presses and releases a key; the other tests' one would take the window away."""

    def act(widget: Any, key: int, text: str = "", modifiers: Any = Qt.KeyboardModifier.NoModifier) -> None:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            qapp.sendEvent(widget, QKeyEvent(kind, key, modifiers, text))

    return act


@pytest.fixture
def opened(window: ReviewWindow) -> ReviewWindow:
    """With three sessions in the list and the third one shown."""
    window.take(m.Opening("library, 3 sessions"))
    window.take(m.Shelf(tuple(entry(n) for n in (1, 2, 3)), reset=True))
    window.take(session("s-3"))
    window.take(m.Curves("s-3", trend()))
    window.take(lines("s-3"))
    QApplication.processEvents()
    return window


def wishes(window: ReviewWindow, kind: type) -> list[Any]:
    return [wish for wish in window.wishes if isinstance(wish, kind)]  # type: ignore[attr-defined]


def test_a_session_is_shown_with_its_verification_facts_and_what_happened(opened: ReviewWindow) -> None:
    told = texts_in(opened)
    assert (told["patientLabel"], told["sealSays"]) == ("R. M.", "Complete and unaltered")
    assert told["sessionTitle"] == "Session 3"
    assert told["sessionTags"] == "Simulated"
    shown = opened.session.lines.list.rows.entries
    assert [line.text for line in shown] == ["Oxygen is low, lowest 86"]
    opened.session.lines.tabs.choose("all")
    assert len(opened.session.lines.list.rows.entries) == 3


def test_no_title_of_a_window_names_a_person(opened: ReviewWindow) -> None:
    assert "R. M." not in opened.windowTitle()


def test_a_file_that_does_not_verify_is_told_with_its_reason_and_not_as_data(window: ReviewWindow) -> None:
    window.take(m.Opening(""))
    window.take(m.Refused("x.session.zip", ("vitals.csv is not what the manifest lists.",), True))
    told = texts_in(window)
    assert "vitals.csv is not what the manifest lists." in told["refusedReasons"]
    assert not window.session.isVisible()
    assert not window.header.seal.isVisible()


def test_an_altered_session_is_shown_under_a_red_bar(opened: ReviewWindow) -> None:
    opened.take(m.Sealed("s-3", m.Seal("bad", "ALTERED: row 12 is missing")))
    assert opened.header.seal.fill == "red"
    assert texts_in(opened)["sealSays"].startswith("ALTERED")
    opened.take(m.Sealed("s-2", m.Seal("good", "of another session")))
    assert opened.header.seal.fill == "red"


def test_behind_the_pin_nothing_of_a_session_is_there(window: ReviewWindow, qtbot: Any) -> None:
    window.take(m.Opening("", pin=True))
    assert window.pin.isVisible()
    assert not window.shelf.isVisible()
    window.pin.field.setText("2580")
    qtbot.mouseClick(window.pin.open, Qt.MouseButton.LeftButton)
    assert wishes(window, m.TypePin) == [m.TypePin("2580")]
    assert window.pin.field.text() == ""
    window.take(PinAnswer(False, 3))
    assert "3 tries left" in texts_in(window)["pinMessage"]
    window.take(m.Opening("record of this room, 1 session"))
    assert window.shelf.isVisible()


def test_keys_and_clicks_before_the_pin_ask_for_nothing(window: ReviewWindow, press: Callable[..., None]) -> None:
    window.take(m.Opening("", pin=True))
    for key in (Qt.Key.Key_N, Qt.Key.Key_Space, Qt.Key.Key_E):
        press(window, key, modifiers=Qt.KeyboardModifier.ControlModifier)
    assert window.wishes == []  # type: ignore[attr-defined]


def test_the_list_is_narrowed_by_words_and_by_what_is_true_of_a_session(window: ReviewWindow) -> None:
    entries = (entry(1, flags=("gaps",)), entry(2, words="sun 2 nov 90 mg"), entry(3, flags=("high", "gaps")))
    window.take(m.Shelf(entries, reset=True))
    shown = window.shelf.list.rows.entries
    assert len(shown) == 3
    window.shelf.search.setText("90 NOV")
    assert [e.number for e in window.shelf.list.rows.entries] == [2]
    window.shelf.search.clear()
    window.shelf.flags.setCurrentIndex(window.shelf.flags.findData("gaps"))
    assert [e.number for e in window.shelf.list.rows.entries] == [1, 3]


def test_pages_of_the_list_follow_and_an_entry_is_replaced_when_more_is_known(window: ReviewWindow) -> None:
    window.take(m.Shelf((entry(1),), reset=True, more=True))
    window.take(m.Shelf((entry(2),)))
    window.take(m.Shelf((entry(1, flags=("high",)),)))
    assert [(e.number, e.flags) for e in window.shelf.list.rows.entries] == [(1, ("high",)), (2, ())]


def test_an_entry_that_is_chosen_is_asked_for(opened: ReviewWindow, qtbot: Any) -> None:
    view = opened.shelf.list
    where = view.visualRect(view.rows.index(0)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert m.OpenSession("s-1") in wishes(opened, m.OpenSession)


def test_letters_are_the_pages_also_while_the_list_has_the_focus(
    opened: ReviewWindow, press: Callable[..., None]
) -> None:
    opened.shelf.list.setFocus()
    before = opened.session.chart.is_clock
    press(opened.shelf.list, Qt.Key.Key_T, "t")
    assert opened.session.chart.is_clock is not before
    opened.shelf.search.setFocus()
    press(opened.shelf.search, Qt.Key.Key_T, "t")
    assert opened.shelf.search.text() == "t"
    assert opened.session.chart.is_clock is not before


# --- chart ------------------------------------------------------------------------------------------------------------


def test_the_crosshair_says_the_nearest_recorded_reading_and_none_in_a_gap(opened: ReviewWindow) -> None:
    chart = opened.session.chart
    chart.look_at(1230.4)
    assert chart.said().time.startswith("19:43:30")
    assert chart.said().values[0] == "SpO2 86 · pulse 72"
    chart.look_at(650)
    assert chart.said().values[0] == "no reading"
    chart.look_at(1299)
    assert chart.said().values[0] == "no reading"


def test_a_doubtful_and_an_invalid_reading_are_called_so(opened: ReviewWindow) -> None:
    doubtful = Trend((Point(10, 82, "questionable", 70, "valid"), Point(20, None, "invalid", 70, "valid")), reset=True)
    opened.take(m.Curves("s-3", doubtful))
    chart = opened.session.chart
    chart.look_at(10)
    assert chart.said().values[0] == "SpO2 82 questionable · pulse 70"
    chart.look_at(20)
    assert chart.said().values[0] == "SpO2 not valid · pulse 70"


def test_of_two_pressures_beside_the_crosshair_the_nearer_one_is_said(opened: ReviewWindow) -> None:
    bars = (Bar(4, 126, 78, None, True, False, "126/78"), Bar(20, 118, 76, 90, False, False, "118/76"))
    opened.take(m.Curves("s-3", Trend((Point(10, 97, "valid", 70, "valid"),), bars, reset=True)))
    chart = opened.session.chart
    said: list[str] = []
    for second in (9, 15):
        chart.look_at(second)
        said.append(chart.said().values[-1])
    assert said == ["Pressure 126/78, typed", "Pressure 118/76"]


def test_the_gap_is_a_hole_at_every_width(opened: ReviewWindow) -> None:
    chart = opened.session.chart
    for factor in (1.0, 2.0, 3.0, 0.01):
        chart.zoom(factor, 650)
        assert chart.spo2.gaps(600, 700)[0] == (600, 700)
        image = chart.spo2.grab().toImage()
        left, right = (round(min(max(chart.spo2.x_of(t), 0), image.width() - 1)) for t in (615, 699))
        curve = theme.colour("spo2")
        inked = [x for x in range(left, right) for y in range(image.height()) if image.pixelColor(x, y) == curve]
        assert not inked


def test_half_a_session_is_not_drawn_as_if_the_rest_were_a_gap(opened: ReviewWindow) -> None:
    opened.take(session("s-5"))
    opened.take(m.Curves("s-5", Trend(points(0, 400), reset=True, more=True)))
    chart = opened.session.chart
    chart.redraw()
    assert chart.spo2.readings is None
    opened.take(m.Curves("s-5", Trend(points(400, 1260))))
    assert chart.spo2.readings is not None
    assert chart.spo2.gaps(0, 1400) == [(1259, 1300)]


def test_zooming_keeps_the_instant_under_the_pointer_and_never_leaves_the_session(opened: ReviewWindow) -> None:
    chart = opened.session.chart
    at = QPointF(chart.spo2.area().left() + chart.spo2.area().width() * 0.7, 200)
    before = chart.second_at(at.x())
    event = QWheelEvent(
        at, chart.mapToGlobal(at), QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    chart.wheelEvent(event)
    assert chart.second_at(at.x()) == pytest.approx(before, abs=0.5)
    chart.pan(-50)
    assert chart.second_at(chart.spo2.area().left()) >= -60
    chart.zoom(1e9)
    assert chart.second_at(chart.spo2.area().right()) - chart.second_at(chart.spo2.area().left()) == pytest.approx(10)


def test_a_step_by_key_goes_to_the_next_recorded_reading(opened: ReviewWindow, press: Callable[..., None]) -> None:
    chart = opened.session.chart
    chart.look_at(600)
    press(chart, Qt.Key.Key_Right, modifiers=Qt.KeyboardModifier.ShiftModifier)
    assert chart.at_s == 700


def test_a_line_that_is_chosen_puts_the_crosshair_there(opened: ReviewWindow, qtbot: Any) -> None:
    view = opened.session.lines.list
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(view.rows.index(0)).center())
    assert opened.session.chart.at_s == 1215


def test_the_waveform_is_asked_for_only_where_it_can_be_seen(opened: ReviewWindow) -> None:
    opened.take(session("s-4", has_wave=True))
    opened.take(m.Curves("s-4", trend()))
    chart = opened.session.chart
    chart.redraw()
    assert wishes(opened, m.AskWave) == []
    chart.zoom(60, 300)
    asked = wishes(opened, m.AskWave)
    assert len(asked) == 1
    assert asked[0].to_s - asked[0].from_s <= 60
    opened.take(m.Wave("s-4", asked[0].from_s, asked[0].to_s, (m.WaveRun(300, 60.0, 127, (64, None, 66) * 20),)))
    assert not opened.session.chart.grab().isNull()


def test_minutes_and_the_time_of_day_can_stand_below(opened: ReviewWindow) -> None:
    chart = opened.session.chart
    assert "dose" in [words for _t, words in chart.times.ticks]
    opened.session.change_axis()
    assert all(":" in words for _t, words in chart.times.ticks)


def test_replay_goes_on_by_its_speed_and_stops_at_the_end(opened: ReviewWindow, clock: Any) -> None:
    replay = opened.session.replay
    replay._clock = clock
    opened.session.chart.look_at(100)
    replay.speed.setCurrentIndex(replay.speed.findData(30))
    replay.toggle()
    clock.go(2)
    replay.advance()
    assert opened.session.chart.at_s == pytest.approx(160)
    clock.go(1000)
    replay.advance()
    assert not replay.is_playing
    assert opened.session.chart.at_s == 1300


# --- what a provider does ---------------------------------------------------------------------------------------------


def test_a_note_needs_words_and_a_name_and_what_was_not_saved_stays(opened: ReviewWindow) -> None:
    opened.session.chart.look_at(1215)
    opened.session.wants.emit("note")
    notes = opened.notes
    notes.do.click()
    assert wishes(opened, m.AddNote) == []
    notes.text.setPlainText("Head turned at the dip.")
    notes.author.setText("Dr. Okafor")
    notes.at.setChecked(True)
    notes.do.click()
    asked = wishes(opened, m.AddNote)[0]
    assert (asked.session_id, asked.text, asked.author, asked.t_s) == (
        "s-3",
        "Head turned at the dip.",
        "Dr. Okafor",
        1215,
    )
    opened.take(m.Told(asked.id, "failed", "The disk is full."))
    assert notes.text.toPlainText() == "Head turned at the dip."
    opened.take(m.Told(asked.id, "done", "The note is saved and signed."))
    assert not notes.isVisible()
    assert notes.text.toPlainText() == ""


def test_escape_asks_before_it_discards_a_note(opened: ReviewWindow, press: Callable[..., None]) -> None:
    opened.session.wants.emit("note")
    opened.notes.text.setPlainText("half a sentence")
    press(opened.notes, Qt.Key.Key_Escape)
    assert opened.notes.isVisible()
    press(opened.notes, Qt.Key.Key_Escape)
    assert not opened.notes.isVisible()


def test_where_no_note_can_be_kept_the_reason_is_said(opened: ReviewWindow) -> None:
    opened.take(m.Opening("one session file, verified", note_why="Notes are kept in a library."))
    opened.session.wants.emit("note")
    assert not opened.notes.isVisible()
    assert texts_in(opened)["reviewMessage"] == "Notes are kept in a library."


def test_an_export_goes_to_a_whole_path_and_its_progress_is_said(opened: ReviewWindow, tmp_path: Path) -> None:
    opened.header.wants.emit("export")
    exports = opened.exports
    exports.path.setText("somewhere.zip")
    exports.do.click()
    assert wishes(opened, m.Export) == []
    exports.path.setText(str(tmp_path / "out.session.zip"))
    exports.do.click()
    asked = wishes(opened, m.Export)[0]
    assert (asked.format, asked.to) == ("archive", str(tmp_path / "out.session.zip"))
    opened.take(m.Told(asked.id, "under way", "out is being written…", 0.5))
    assert "50%" in texts_in(opened)["reviewMessage"]


def test_the_printed_page_holds_the_verification_and_the_facts(opened: ReviewWindow, tmp_path: Path) -> None:
    from ui.review.printing import draw_page, printer

    made = printer()
    made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    made.setOutputFileName(str(tmp_path / "page.pdf"))
    chart = opened.session.chart
    assert draw_page(made, *opened.printed(), chart, chart.rows())
    pages = PdfReader(tmp_path / "page.pdf").pages
    words = " ".join(pages[0].extract_text().split())
    assert len(pages) == 1
    assert "Complete and unaltered signed 7f3a0" in words
    assert "Below 90: 0:15, for 1 min" in words
    assert "Simulated" in words
    assert "talked" in words
    assert not pages[0].images


# --- series -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def overlaid(opened: ReviewWindow) -> ReviewWindow:
    view, curves = series()
    opened.header.tabs.choose("series")
    opened.take(view)
    for curve in curves:
        opened.take(curve)
    return opened


def test_a_series_is_asked_for_and_its_limits_are_judged_at_once(overlaid: ReviewWindow) -> None:
    assert wishes(overlaid, m.OpenSeries) == [m.OpenSeries("p-1")]
    asked = wishes(overlaid, m.TryLimits)
    assert asked[-1].rules == {"spo2_low": ("90", "15"), "systolic_high": ("160", "")}


def test_a_missing_minute_is_a_hole_in_the_overlay() -> None:
    view, curves = series()
    found = readings_of(curves[0].minutes, "spo2_low")
    assert found.t.tolist() == [-120, -60, 0, 180, 240]
    assert found.number[:2].tolist() == [96, 95]
    assert np.isnan(found.number[[2, 4]]).all()
    drawn = envelope(found.t, found.line, np.arange(-120.0, 300, 30), 60)
    assert np.isnan(drawn.low).tolist() == [False] * 4 + [True] * 6 + [False] * 2 + [True]
    assert view.lines[0].number == 1


def test_counts_of_an_older_trial_are_not_shown(overlaid: ReviewWindow) -> None:
    trial = overlaid.series.trial
    trial.fields["spo2_low"][0].setText("95")
    trial.ask()
    for left, session_id in ((1, "s-1"), (0, "s-2")):
        overlaid.take(m.Tried(trial.id - 1, "trial", session_id, 9, 9, 9, "older", left))
    assert "27" not in trial.says.shown()
    for left, session_id in ((1, "s-1"), (0, "s-2")):
        overlaid.take(m.Tried(trial.id, "trial", session_id, 0, 3, 11, "Oxygen is low ×14", left))
    assert "28 times: high 0, medium 6, low 22" in trial.says.shown()


def test_what_is_no_limit_is_said(overlaid: ReviewWindow) -> None:
    trial = overlaid.series.trial
    trial.ask()
    overlaid.take(m.Told(trial.id, "failed", "SpO2 below: type a number, or leave it empty for no limit."))
    assert "type a number" in trial.says.shown()


def test_the_series_can_be_counted_from_the_start(overlaid: ReviewWindow, press: Callable[..., None]) -> None:
    press(overlaid, Qt.Key.Key_T, "t")
    assert wishes(overlaid, m.OpenSeries)[-1] == m.OpenSeries("p-1", "started")


# --- for everybody ----------------------------------------------------------------------------------------------------


def test_everything_that_can_be_used_has_an_accessible_name(overlaid: ReviewWindow) -> None:
    kinds = (QAbstractButton, QLineEdit, QComboBox, QListView, QPlainTextEdit)
    used = [w for kind in kinds for w in overlaid.findChildren(kind) if not w.objectName().startswith("qt_")]
    assert len(used) > 20
    ours = [w for w in used if not isinstance(w.parent().parent() if w.parent() else None, QComboBox)]
    assert [w.objectName() for w in ours if not (w.accessibleName() or getattr(w, "text", str)())] == []


def test_words_get_larger_by_key_and_the_window_keeps_its_size(
    opened: ReviewWindow, press: Callable[..., None]
) -> None:
    before, size = opened.session.title.font().pixelSize(), opened.size()
    for _ in range(9):
        press(opened, Qt.Key.Key_Plus, modifiers=Qt.KeyboardModifier.ControlModifier)
    assert opened.session.title.font().pixelSize() == round(before * 1.5)
    assert opened.size() == size
