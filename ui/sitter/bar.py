"""The bar at the bottom: five actions, the music, and the emergency card at the right end, always."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent

from kiosk.line.pane import Music
from kiosk.line.screen import View
from kiosk.session.commands import ControlMusic
from kiosk.text.catalogue import _
from ui import theme
from ui.kit import Column, Icon, Row, Text
from ui.kit_button import Button
from ui.sitter.acts import UndoAct

ACTIONS = (  # what opens, words, key, object name
    ("note", _("Note"), "N", "addNote"),
    ("pressure", _("Blood pressure"), "B", "typePressure"),
    ("look_in", _("Look-in"), "V", "lookIn"),
    ("response", _("Response"), "R", "responseCheck"),
    ("breaths", _("Breaths"), "K", "countBreaths"),
)


class MusicStrip(Row):
    """What plays, with pause and skip; a press on the words opens the rest of it."""

    asked = Signal(object)
    pressed = Signal()

    def __init__(self) -> None:
        super().__init__(gap=8)
        self.setObjectName("musicStrip")
        self.sign = Icon("music-2", 20, "ink3")
        self.title = Text("", 17, 500, "ink2", shrink=True)
        self.detail = Text("", 15, 400, "ink3", shrink=True)
        self.pause = Button("", icon="pause", size=16, padding=20, name="musicPause")
        self.skip = Button("", icon="skip-forward", size=16, padding=20, name="musicSkip")
        self.skip.setAccessibleName(_("Skip the music"))
        self.pause.clicked.connect(self._toggle)
        self.skip.clicked.connect(lambda: self.asked.emit(ControlMusic("skip")))
        self.add(self.sign)
        self.words = Column("stretch", self.title, self.detail, "stretch", gap=0)
        self.grow(self.words)
        self.add(2.0, self.pause, self.skip)
        self._state = "off"

    def show_music(self, music: Music) -> None:
        """Take the music of a view."""
        self._state = music.state
        self.setVisible(music.state != "off")
        words = {"failed": _("No music"), "stopped": _("Music is off")}
        self.title.say(music.title or words.get(music.state, ""))
        self.detail.say(music.detail or (words.get(music.state, "") if music.title else ""))
        playing = music.state == "playing"
        self.pause.relabel("", "pause" if playing else "play")
        self.pause.setAccessibleName(_("Pause the music") if playing else _("Play the music"))
        self.skip.setEnabled(music.state in ("playing", "paused"))

    def shown(self) -> str:
        return f"{self.title.shown()}\n{self.detail.shown()}".strip()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.pressed.emit()

    def _toggle(self) -> None:
        self.asked.emit(ControlMusic("pause" if self._state == "playing" else "play"))


class Bar(Row):
    """`opens` carries what a person wants to open or do: note, pressure, look_in, response, breaths, card."""

    opens = Signal(str)

    def __init__(self) -> None:
        super().__init__(gap=8)
        self.turning()
        acts = Row(gap=8)
        for opened, words, key, name in ACTIONS:
            button = Button(words, key, padding=14, name=name)
            button.clicked.connect(lambda _checked=False, what=opened: self.opens.emit(what))
            acts.add(button)
        self.undo, self.music = UndoAct(), MusicStrip()
        self.music.pressed.connect(lambda: self.opens.emit("music"))
        acts.add("stretch")
        self.card = Button(_("Emergency card"), "E", "phone", "outline", weight=600, padding=14, name="emergencyCard")
        self.card.clicked.connect(lambda: self.opens.emit("card"))
        self.grow(acts)
        self.add(Row(self.undo, "stretch", self.music, 12.0, self.card, gap=8))

    def show_view(self, view: View) -> None:
        """What plays and what can be taken back; for those seconds the music's name makes room."""
        self.music.show_music(view.music)
        self.undo.show_undo(view.undo_seq, view.undo_text)
        self.music.words.setVisible(not view.undo_seq and theme.text_of(self.u) <= 1)
