"""The music drawer (M): pause, skip, volume, and which music it is. Never the alarms."""

from __future__ import annotations

from typing import Literal

from kiosk.line.pane import Music
from kiosk.line.screen import View
from kiosk.session.commands import ControlMusic
from kiosk.text.catalogue import _
from ui.kit import Column, Row, Text
from ui.kit_button import Button
from ui.sitter.drawer import Drawer


class MusicDrawer(Drawer):
    """Pause, skip, volume and choice of the music; never of the alarms."""

    def __init__(self) -> None:
        super().__init__("musicDrawer", _("Music"))
        self.say = Text("", 30, 500, "ink1", shrink=True)
        self.detail = Text("", 20, 400, "ink2", shrink=True)
        self.toggle = Button(_("Pause"), "1", "pause", "raised", 20, 62, name="drawerPause")
        self.skip = Button(_("Skip"), "2", "skip-forward", "raised", 20, 62)
        self.softer = Button(_("Softer"), "3", "volume-1", "raised", 20, 62)
        self.louder = Button(_("Louder"), "4", "volume-2", "raised", 20, 62)
        self.hold = Button("", "5", "", "raised", 20, 62, name="holdMusic")
        self.calm = Button("", "6", "", "raised", 20, 62, name="calmMusic")
        self.preview = Button("", "7", "", "raised", 20, 62, name="previewMusic")
        self.looking = Text("", 17, 400, "ink3", shrink=True, name="musicLooking")
        self.leave_it = Button(_("Leave it at that"), "8", "", "raised", 18, padding=14, name="leaveMusic")
        self.leave_it.clicked.connect(lambda: self._ask("leave"))
        self._music = Music("off")
        self.toggle.clicked.connect(lambda: self._ask("pause" if self._music.state == "playing" else "play"))
        self.skip.clicked.connect(lambda: self._ask("skip"))
        self.softer.clicked.connect(lambda: self._set(-5))
        self.louder.clicked.connect(lambda: self._set(5))
        self.hold.clicked.connect(lambda: self._ask("release" if self._music.steer == "hold" else "hold"))
        self.calm.clicked.connect(lambda: self._ask("release" if self._music.steer == "safe" else "safe"))
        self.preview.clicked.connect(lambda: self._ask("preview"))
        steering = Row(self.hold, self.calm, self.preview, "stretch", gap=12)
        self.answers = Row(self.toggle, self.skip, self.softer, self.louder, "stretch", self.back, gap=12)
        told = Row(gap=12).grow(Column(self.say, self.detail, gap=4), 3)
        told.grow(self.looking, 2).add(self.leave_it)
        self.add("stretch", told, "stretch", steering, self.answers)

    def show_view(self, view: View) -> None:
        """Take the music of a view."""
        music = self._music = view.music
        self.say.say(music.title or _("No music"))
        self.detail.say(_("{detail}  Volume {volume}").format(detail=music.detail, volume=music.volume).strip())
        self.looking.say(music.looking)
        self.looking.setVisible(bool(music.looking))
        self.leave_it.setVisible(bool(music.looking))
        playing = music.state == "playing"
        self.toggle.relabel(_("Pause") if playing else _("Play"), "pause" if playing else "play")
        self.hold.relabel(_("Follow the phase") if music.steer == "hold" else _("Keep this music"))
        self.calm.relabel(_("Follow the phase") if music.steer == "safe" else _("Calming piece"))
        self.preview.relabel(_("End the preview") if music.previewing else _("Hear the next one"))

    def _ask(self, action: Literal["pause", "play", "skip", "hold", "safe", "release", "preview", "leave"]) -> None:
        self.asked.emit(ControlMusic(action))

    def _set(self, by: int) -> None:
        self.asked.emit(ControlMusic("volume", min(100, max(0, self._music.volume + by))))
