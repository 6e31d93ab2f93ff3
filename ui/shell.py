"""The screen's shell: takes what the monitor says to the windows, and what people do back to the monitor.

Belongs to the screen process, lives in Qt's main thread. It holds the newest view and decides which layer is shown
(`ui.stage`); it computes no value, and when the line is lost it stays, dark and covered, until it is ended.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from kiosk.line import screen as told
from kiosk.line.childline import LineBack, LineLost
from kiosk.session.commands import CallSitter, ClosePane, HoldOpen, OpenPane, ShowEmergencyCard
from kiosk.text import room
from ui.cover import Cover
from ui.hands import Hands, holds_words, unwatched
from ui.kit_alarm import keep_still
from ui.loading import Loading
from ui.outbox import Line, Outbox
from ui.picture import PictureError, take_picture
from ui.pin import PinScreen
from ui.placing import Placing
from ui.rest import RestScreen
from ui.stage import RETURN_AFTER_S, Facts, may_return, patient_layers, sitter_layers
from ui.windows import Windows

BEAT_MS = 500
ASK_AGAIN_S = 5.0
CARD_AT = 2  # escalation at which the emergency card opens by itself


class Shell(QObject):
    """Give it each message of the line by `take`, in Qt's thread. `leave` is called to end the process.

    windows: the patient's may stand already, dark.
    """

    def __init__(
        self,
        line: Line,
        leave: Callable[[], None],
        *,
        windows: Windows | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self.outbox, self._line, self._leave, self._clock = Outbox(line), line, leave, clock
        self.begin: told.Begin | None = None
        self.view: told.View | None = None
        self._told_pane: told.View | None = None
        self._viewed_s = 0.0
        self.lost = self.pin_asked = self.card_asked = self._guarded = False
        self._card_was_due = self._is_covered = False
        self._returned_at_s = float("-inf")
        self._early: list[told.Trend | told.TakePicture] = []
        self.placing = Placing(line, self.outbox.trouble, windows)
        self.hands = Hands(self._try_key, clock)
        self.windows = self.placing.windows
        self.rest, self.pin, self.cover = RestScreen(clock=clock), PinScreen(clock=clock), Cover()
        self.pane: Any = None  # built after the first paint, like the two below
        self.over: Any = None
        self.card: Any = None
        self._made: tuple[Any, Any, Any] | None = None
        self.rest.plain = True
        self._loading = Loading(self._make, self._build, self.rest.light_up)
        self._beats, self._seconds = QTimer(self), QTimer(self)
        self._wire()

    def load(self) -> None:
        """Import what the pane needs, while the monitor has not begun."""
        self._loading.start()

    def take(self, message: Any) -> None:
        """One message of the line."""
        match message:
            case told.Begin():
                self._begin(message)
            case told.View():
                self._show_view(message)
            case told.Trend() | told.TakePicture() if self.pane is None:
                self._early.append(message)
            case told.Trend():
                self.pane.add_trend(message)
            case told.Sweep():
                if self.pane is not None:
                    self.pane.take_wave(message)
            case told.TakePicture():
                self._take_picture(message)
            case told.PinAnswer():
                self._guarded = self._guarded and not message.ok
                self.pin.show_answer(message)
                self._arrange()
            case told.Answer() if self.pane is not None:
                self.pane.answer(message, self.outbox.command_of(message.id))
            case told.Leave():
                self.end()
            case LineLost() if self.begin is None:
                self.end()  # nothing is on a display yet that would have to stay
            case LineLost():
                self.lost = True
                self.rest.lose_line()
                self._arrange()
            case LineBack() | told.Answer():
                pass
            case _:
                self.outbox.trouble(f"The screen does not know {type(message).__name__}")

    def end(self) -> None:
        """Take the windows away and leave the event loop."""
        for part in (self._beats, self._seconds, self._loading):
            part.stop()
        self.hands.end()
        if self.pane is not None:
            self.pane.end()
        self.placing.end()
        self._leave()

    # what the monitor says

    def _begin(self, begin: told.Begin) -> None:
        if self.begin is not None:
            return
        self.begin = begin
        self.rest.leave_by_escape, self.rest.still = begin.leave_by_escape, begin.reduced_motion
        self.rest.guide = begin.breathing_guide
        self.rest.name_sitter(room.first_name(begin.sitter))
        self.pin.name_people(begin.patient, begin.sitter, begin.pin_digits)
        self.hands.watch_away = not begin.windowed and not begin.leave_by_escape
        self.placing.open(begin)
        self._arrange()
        if not self.windows.places.patient:  # their display is away: no first paint of theirs starts the loading
            self._loading.go()

    def _show_view(self, view: told.View) -> None:
        self.view, self._viewed_s = view, self._clock()
        self._guarded = self._guarded and view.pane_open
        self.placing.see(view)
        if self._facts().pane_open:
            self.pin_asked = False
        self.rest.show_rest(view.rest)
        self.pin.show_clock(view.clock)
        self._keep_pane()
        self._open_due_card(view)
        self._arrange()

    def _keep_pane(self) -> None:
        """Behind the rest screen nobody sees the pane: it takes the newest view only when it comes forward."""
        facts = self._facts()
        if self.pane is not None and "pane" in (*patient_layers(facts), *sitter_layers(facts)):
            self._tell_pane()

    def _tell_pane(self) -> None:
        if self.view is not None and self.view is not self._told_pane:
            self._told_pane = self.view
            self.pane.show_view(self.view, self._clock() - self._viewed_s)

    def _open_due_card(self, view: told.View) -> None:
        """The card by itself, once for each time that nobody answers; a person may close it again."""
        if view.escalation < CARD_AT:
            self._card_was_due = False
        elif self.pane is not None and not self._card_was_due:
            self._card_was_due = True
            self._open_card(by_itself=True)

    def _take_picture(self, asked: told.TakePicture) -> None:
        widget: QWidget = self.rest if asked.window == "rest" else self.pane
        if asked.window == "sitter" and self.pane.fronts.is_private:
            self.outbox.trouble("No picture of the patient's journal")
            return
        self._tell_pane()
        if self.rest.plain:
            self.rest.light_up()
        if not widget.isVisible():  # behind the PIN or never shown yet: drawn in the size it would have
            widget.resize(self.windows.patient.size())
        try:
            texts = take_picture(widget, asked.path)
        except PictureError as error:
            self.outbox.trouble(str(error))
        else:
            self._line.send(told.Pictured(asked.path, texts))

    def _wire(self) -> None:
        self._beats.timeout.connect(self._line.beat)
        self._beats.timeout.connect(self._beats.start)  # anew: behind a late beat the line would take the next as early
        self._seconds.timeout.connect(self._each_second)
        self._seconds.start(1000)
        self.rest.painted.connect(self._loading.go, Qt.ConnectionType.QueuedConnection)
        self.rest.called.connect(self._call)
        self.pin.called.connect(self.rest.call)
        self.rest.sitter_wanted.connect(self._let_sitter_in)
        self.pin.typed.connect(lambda pin: self.outbox.ask(OpenPane(pin)))
        self.pin.left.connect(self._close_pin)
        self.pin.card_wanted.connect(self._open_card)
        self.pin.held.connect(self._hold_open)
        self.cover.touched.connect(self._call_from_cover)
        self.hands.card_wanted.connect(self._open_card)
        self.hands.exchange_wanted.connect(self._exchange)
        self.hands.held.connect(self._hold_open)
        self.hands.away.connect(self._come_back)
        self.hands.back.connect(self._are_back)
        self.placing.moved.connect(self._displays_changed)
        self.windows.outdated.connect(self.end)
        self.hands.card_wanted.connect(self.placing.which.close)
        for window in (self.windows.patient, self.windows.sitter):
            window.left_by_escape.connect(self._leave_by_escape)

    def _make(self) -> None:
        """The sitter's parts, of which none is used yet: before the monitor has begun, where there is time."""
        from ui.over import OverRest
        from ui.sitter.emergency import EmergencyCard
        from ui.sitter.pane import SitterPane

        with unwatched(self.hands):
            self._made = _, _, pane = OverRest(), EmergencyCard(), SitterPane()
            pane.resize(self.windows.size_of_pane())
            if self.begin is None:
                with unwatched(pane.keyboard):
                    pane.make_ready()

    def _build(self) -> None:
        assert self._made is not None
        self.rest.painted.disconnect(self._loading.go)
        self.over, self.card, self.pane = self._made
        with unwatched(self.hands), unwatched(self.pane.keyboard):
            self._dress()
        # the first beat says "ready"; from then on 1.5 s of silence kills, which a slow disk's imports alone would take
        self._beats.start(BEAT_MS)
        early, self._early = self._early, []
        if not any(isinstance(message, told.Trend) and message.reset for message in early):
            self._line.send(told.AskHistory())
        for message in early:
            self.take(message)

    def _dress(self) -> None:
        assert self.begin is not None
        self.over.asked.connect(self.outbox.ask)
        self.over.card_wanted.connect(self._open_card)
        self.over.called.connect(self.rest.call)
        self.over.pane_wanted.connect(self._let_sitter_in)
        self.card.breaths.setVisible(False)  # the counter belongs to the pane
        self.card.asked.connect(self.outbox.ask)
        self.card.closed.connect(self._close_card)
        self.pane.asked.connect(self.outbox.ask)
        self.pane.begin(self.begin)
        for layer in (self.over, self.card):
            keep_still(layer, self.begin.reduced_motion)
            layer.text = self.begin.text_percent / 100
        self._tell_pane()
        self._arrange()
        self.placing.show_sitter()

    # layers

    def _facts(self) -> Facts:
        view = self.view
        return Facts(
            one_display=self.windows.places.one_display,
            lost=self.lost,
            pane_ready=self.pane is not None,
            pane_open=view is not None and view.pane_open and not self._guarded,
            signalled=view is not None and view.alarm_over_rest,
            pin_asked=self.pin_asked,
            card_asked=self.card_asked,
            escalated=view is not None and view.escalation > 0,
        )

    def _arrange(self) -> None:
        self._keep_pane()
        facts = self._facts()
        on_patient, on_sitter = patient_layers(facts), sitter_layers(facts)
        self.pin.make_room("over" in on_patient)
        self.rest.under_keypad("pin" in on_patient)
        if "over" in on_patient:
            self.over.show_view(self.view, "pin" in on_patient, facts.one_display)
        if self.card_asked and self.view is not None:
            self.card.show_card(self.view, with_values=not self.lost and (facts.pane_open or facts.signalled))
        for window, names in ((self.windows.patient, on_patient), (self.windows.sitter, on_sitter)):
            layers = [getattr(self, name) for name in names]
            keyed = [layer for layer in layers if layer is not self.over]
            window.hold(layers, keyed[-1] if keyed else None)

    def _displays_changed(self) -> None:
        if self.windows.places.one_display and self.view is not None and self.view.pane_open:
            self._guarded = True  # the sitter's display went: what is left may be in the patient's sight
        self._arrange()

    def _exchange(self) -> None:
        self.placing.exchange(may_show_pane=self._facts().pane_open)

    # what people do

    def _call(self, by: str) -> None:
        self.outbox.ask(CallSitter(by))  # type: ignore[arg-type] - "touch", "key" or "click" by the signal's contract
        if by != "key" and not self.windows.places.one_display and self.windows.sitter.isVisible():
            # the sitter's keys must reach the pane again after a touch on the other display
            QTimer.singleShot(0, self.windows.sitter, self.windows.sitter.activateWindow)

    def _call_from_cover(self) -> None:
        if self.windows.places.one_display:
            self.cover.call_aloud()

    def _let_sitter_in(self) -> None:
        if self.windows.places.one_display:
            self.pin_asked = not self._facts().pane_open
            self._arrange()
        elif self.windows.sitter.isVisible():
            self.windows.sitter.activateWindow()

    def _close_pin(self) -> None:
        self.pin_asked = False
        self._arrange()

    def _hold_open(self) -> None:
        if self.windows.places.one_display and self.pin.may_hold:
            self._guarded = False
            self.outbox.ask(HoldOpen())

    def _try_key(self, event: QKeyEvent) -> bool:
        return self.over is not None and self.over.isVisible() and not self.card_asked and self.over.press(event)

    def _open_card(self, by_itself: bool = False) -> None:
        """by_itself: nobody answered a high alarm; the monitor has recorded that already."""
        if self.pane is None or self.view is None or self.card_asked:
            return
        facts = self._facts()
        on_top = patient_layers(facts) if facts.one_display else sitter_layers(facts)
        if on_top == ("pane",):
            self.pane.open_card(by_itself)
            return
        self.card_asked = True
        if not by_itself:
            self.outbox.ask(ShowEmergencyCard())
        self._arrange()

    def _close_card(self) -> None:
        self.card_asked = False
        self._arrange()

    def _leave_by_escape(self) -> None:
        if self.begin is not None and self.begin.leave_by_escape:
            self._line.send(told.Left())

    def _come_back(self, for_s: float) -> None:
        if not self._is_covered:
            self._line.send(told.Covered(for_s))
        self._is_covered = True
        self.windows.sitter.warn(room.covered())
        self.windows.come_back()

    def _are_back(self, for_s: float) -> None:
        self._is_covered = False
        self._line.send(told.Covered(for_s, is_over=True))
        self.placing.warn()

    def _each_second(self) -> None:
        left_s = RETURN_AFTER_S - self.hands.untouched_s()
        self.pin.show_returns(left_s)
        if left_s > 0 or not self.windows.places.one_display or self.view is None:
            return
        if self.pin_asked:
            self._close_pin()
        if self.card_asked and may_return(self.view, half_typed=False):
            self._close_card()
        self._return_to_rest(self.view)

    def _return_to_rest(self, view: told.View) -> None:
        if self.pane is None or not self._facts().pane_open:
            return
        busy = self.pane.busy() or holds_words(self.pane)
        if may_return(view, busy) and self._clock() - self._returned_at_s >= ASK_AGAIN_S:
            self._returned_at_s = self._clock()
            self.outbox.ask(ClosePane())
