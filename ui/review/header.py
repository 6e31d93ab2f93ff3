"""The top of the window: whose sessions, which view, whether what is shown is what was recorded; print and export."""

from __future__ import annotations

from PySide6.QtCore import Signal

from kiosk.line.review import Seal
from kiosk.text import review_window as words
from ui import theme
from ui.kit import Icon, Row, Text
from ui.kit_button import Button
from ui.review.tabs import Tabs

SIGNS = {  # icon, ink, fill
    "checking": ("refresh-cw", "ink2", "raised"),
    "good": ("shield-check", "good", "good_dim"),
    "unknown": ("shield", "on_yellow", "yellow_dim"),
    "changed": ("triangle-alert", "red", "red_dim"),
    "bad": ("triangle-alert", "on_red", "red"),
}


class SealBar(Row):
    """Verification in words, with the fingerprint; a red bar where something is wrong."""

    def __init__(self) -> None:
        super().__init__(gap=8, margin=(12, 6, 12, 6))
        self.setObjectName("seal")
        self.radius = 8.0
        self.icon = Icon("shield", 20, "ink2")
        self.says, self.detail = Text("", 15, 600, name="sealSays"), Text("", 14, 400, shrink=True, name="sealDetail")
        self.add(self.icon, self.says)
        self.grow(self.detail)
        self.hide()

    def show_seal(self, seal: Seal) -> None:
        """Another session, or more is known of this one."""
        icon, ink, fill = SIGNS[seal.state]
        self.icon.show_icon(icon, ink)
        for text, said in ((self.says, seal.words), (self.detail, seal.detail)):
            text.say(said)
            text.style_as(ink)
        self.detail.setVisible(bool(seal.detail))
        self.plate(fill)
        self.show()


class Header(Row):
    """`view_chosen`: "session" or "series"; `wants`: "print" or "export"."""

    view_chosen = Signal(str)
    wants = Signal(str)

    def __init__(self) -> None:
        super().__init__(gap=10, margin=(16, 9, 16, 9))
        self.patient = Text("", 20, 600, "ink0", name="patientLabel")
        self.series = Text("", 15, 400, "ink2", shrink=True, name="seriesWords")
        self.tabs = Tabs([("session", words.view("session")), ("series", words.view("series"))])
        self.seal = SealBar()
        self.print = Button(
            words.print_button(), "", "printer", "raised", 15, theme.BUTTON_DAY, padding=12, name="print"
        )
        self.export = Button(
            words.export_button(), "", "download", "raised", 15, theme.BUTTON_DAY, padding=12, name="export"
        )
        self.add(self.patient, self.series, self.tabs)
        self.grow(self.seal)
        self.add(self.print, self.export)
        self.tabs.chosen.connect(self.view_chosen)
        self.print.clicked.connect(lambda: self.wants.emit("print"))
        self.export.clicked.connect(lambda: self.wants.emit("export"))
        for button in (self.print, self.export):
            button.setEnabled(False)

    def show_patient(self, patient: str, series: str) -> None:
        """Whose sessions are shown."""
        self.patient.say(patient)
        self.series.say(series)
        for button in (self.print, self.export):
            button.setEnabled(True)
