"""Questions in a small window of their own: a provider's note, what to export where. Esc asks before it discards."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import QCheckBox, QDialog, QFileDialog, QPlainTextEdit, QVBoxLayout, QWidget

from kiosk.text import review_act as words
from ui import theme
from ui.kit import Column, Part, Row, Text, rescale
from ui.kit_button import Button
from ui.review.shelf import Choice, Field


class Dialog(QDialog):
    """A titled question with its buttons below."""

    def __init__(self, over: QWidget, name: str, title: str) -> None:
        super().__init__(over)
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.column = Column(gap=10, margin=16)
        self.column.plate("ground")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.column)
        self.says = Text("", 14, 600, "red", wrap=True, name="dialogSays")
        self.do = Button("", "Enter", "check", "primary", 15, theme.BUTTON_DAY, padding=12, name="doIt")
        self.back = Button(words.back(), "Esc", "", "raised", 15, theme.BUTTON_DAY, padding=12, name="goBack")
        self.back.clicked.connect(self.reject)

    def foot(self) -> None:
        """The sentence and the buttons, last."""
        self.column.add(self.says, Row("stretch", self.back, self.do, gap=8))

    def open_in(self, u: float) -> None:
        """Show it in the window's scale."""
        rescale(self.column, u)
        self.says.say("")
        self.adjustSize()
        self.open()


class Words(QPlainTextEdit, Part):
    """Words of any length."""

    def __init__(self, hint: str, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(hint)
        self.setPlaceholderText(hint)
        self.setTabChangesFocus(True)
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Base, theme.colour("panel"))
        palette.setColor(QPalette.ColorRole.Text, theme.colour("ink1"))
        palette.setColor(QPalette.ColorRole.PlaceholderText, theme.colour("ink3"))
        self.setPalette(palette)

    def rescale(self, u: float) -> None:
        self.u = u
        self.setFont(theme.font(16, 400, u))
        self.setMinimumSize(self.px(460), self.px(140))

    def shown(self) -> str:
        return self.toPlainText()


class Tick(QCheckBox, Part):
    """Yes or no."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)

    def rescale(self, u: float) -> None:
        self.u = u
        self.setFont(theme.font(15, 400, u))

    def shown(self) -> str:
        return self.text()


class NoteDialog(Dialog):
    """`saved` carries text, author, and whether it is about the crosshair's second."""

    saved = Signal(str, str, bool)

    def __init__(self, over: QWidget) -> None:
        super().__init__(over, "noteDialog", words.note_title())
        self.text = Words(words.note_hint(), "providerNote")
        self.author = Field(words.note_author(), "noteAuthor")
        self.at = Tick("noteAt")
        self.at.setAccessibleName(words.note_title())
        self.do.relabel(words.note_save(), key="Ctrl+Enter")
        label = Text(words.note_author(), 14, 400, "ink2")
        name = Row(label, gap=8)
        name.grow(self.author)
        self.column.add(Text(words.note_title(), 20, 600, "ink0"), Text(words.note_added(), 14, 400, "ink2", wrap=True))
        self.column.add(self.text, self.at, name)
        self.foot()
        self.do.clicked.connect(self._save)
        self._is_sure = False

    def ask(self, at_words: str, u: float) -> None:
        """at_words: the crosshair's instant."""
        self.at.setText(words.note_at(at_words))
        self.at.setAccessibleName(self.at.text())
        self._is_sure = False
        self.do.setEnabled(True)
        self.open_in(u)
        self.text.setFocus()

    def told(self, is_saved: bool, sentence: str) -> None:
        """What became of it; words that were not saved stay."""
        if is_saved:
            self.text.clear()
            self.accept()
        else:
            self.says.say(sentence)
            self.do.setEnabled(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._save()
        elif not enter:
            super().keyPressEvent(event)

    def reject(self) -> None:
        if self.text.toPlainText().strip() and not self._is_sure:
            self._is_sure = True
            self.says.say(words.note_discard())
            return
        self.text.clear()
        super().reject()

    def _save(self) -> None:
        text, author = self.text.toPlainText().strip(), self.author.text().strip()
        if not text or not author:
            self.says.say(words.note_missing())
            return
        self.do.setEnabled(False)
        self.saved.emit(text, author, self.at.isChecked())


class ExportDialog(Dialog):
    """`chosen` carries format and path."""

    chosen = Signal(str, str)

    def __init__(self, over: QWidget) -> None:
        super().__init__(over, "exportDialog", words.export_title())
        self.format = Choice(words.export_format(), "exportFormat")
        for name, said in words.formats():
            self.format.addItem(said, name)
        self.path = Field(words.export_path(), "exportPath", 420)
        self.other = Button(words.export_other(), "", "", "raised", 15, theme.BUTTON_DAY, padding=12, name="otherPath")
        self.do.relabel(words.export_do())
        self.column.add(
            Text(words.export_title(), 20, 600, "ink0"), Text(words.export_open(), 14, 400, "ink2", wrap=True)
        )
        self.column.add(self.format, Row(self.path, self.other, gap=8))
        self.foot()
        self.format.currentIndexChanged.connect(lambda _index: self._name())
        self.other.clicked.connect(self._choose)
        self.path.returnPressed.connect(self._do)
        self.do.clicked.connect(self._do)
        self._stem, self._folder = "", Path.home()

    def ask(self, stem: str, format_name: str, u: float) -> None:
        """stem: the file's name without its ending."""
        self._stem = stem
        self.format.setCurrentIndex(max(0, self.format.findData(format_name)))
        self._name()
        self.open_in(u)
        self.path.setFocus()

    def _name(self) -> None:
        ending = {"archive": ".session.zip", "pdf": "-report.pdf", "csv": "-csv", "fhir": ".fhir.json"}
        self.path.setText(str(self._folder / (self._stem + ending[self.format.currentData()])))

    def _choose(self) -> None:
        dialog = QFileDialog(self, words.export_title(), self.path.text())
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)  # nothing is ever overwritten: it is refused
        dialog.fileSelected.connect(self.path.setText)
        dialog.open()

    def _do(self) -> None:
        path = Path(self.path.text().strip()).expanduser()
        if not path.is_absolute() or not path.parent.is_dir():
            self.says.say(words.export_no_folder())
            return
        self._folder = path.parent
        self.chosen.emit(self.format.currentData(), str(path))
        self.accept()
