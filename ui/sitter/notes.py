"""Notes: one key for what happens often, or words typed. Enter saves, Esc discards after asking."""

from __future__ import annotations

from kiosk.session.commands import AddNote
from kiosk.text.catalogue import _
from ui.kit import Row
from ui.kit_button import Button
from ui.sitter.drawer import Drawer, Field

PRESETS = (  # fixed word of the record, words on the button
    ("hand moved", _("Hand moved")),
    ("talked", _("Talked")),
    ("restless", _("Restless")),
    ("nausea", _("Nausea")),
    ("vomited", _("Vomited")),
    ("bathroom", _("Bathroom")),
    ("tears", _("Tears")),
    ("music changed", _("Music changed")),
    ("water", _("Water")),
)


class Notes(Drawer):
    """Keys 1 to 9 while the field is empty; from the first letter on, digits are text."""

    def __init__(self) -> None:
        super().__init__("noteDrawer", _("Note"))
        self.field = Field(hint=_("or type, Enter saves"), name="noteText", said=_("Note"))
        self.presets: list[Button] = []
        for row in (range(5), range(5, 9)):
            line = Row(gap=8)
            for i in row:
                word, words = PRESETS[i]
                button = Button(words, str(i + 1), kind="raised", size=17, padding=8, fill_width=True)
                button.clicked.connect(lambda _checked=False, p=word: self._save(p, p))
                self.presets.append(button)
                line.add(button)
            self.add(line)
        self.save = Button(_("Save"), "Enter", "check", "primary", weight=600, name="saveNote")
        self.save.clicked.connect(lambda: self._save(self.field.text().strip(), ""))
        line = Row(gap=8)
        line.grow(self.field)
        line.add(self.save, self.back)
        self.add("stretch", line)
        self.field.first_refusal = self.take_key
        self.field.textChanged.connect(self._typed)
        self._typed("")

    def opened(self) -> None:
        super().opened()
        self._sure = False

    def take_key(self, key: str) -> bool:
        """1 to 9 in an empty field."""
        if self.field.text() or len(key) != 1 or key not in "123456789":
            return False
        self.presets[int(key) - 1].click()
        return True

    def half_typed(self) -> bool:
        """Whether words would be lost."""
        return bool(self.field.text().strip())

    def leave(self) -> None:
        if self.half_typed() and not self._sure:
            self._sure = True
            self.message.say(_("Discard these words? Esc again discards, Enter saves."))
            return
        self.field.clear()
        self.closed.emit()

    def _typed(self, words: str) -> None:
        self._sure = False
        self.save.setEnabled(bool(words.strip()))

    def _save(self, text: str, preset: str) -> None:
        if not text:
            return
        if not preset:
            self.field.clear()
        self.asked.emit(AddNote(text, preset))
        self.closed.emit()
