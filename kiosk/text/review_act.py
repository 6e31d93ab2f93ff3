"""The words of what a provider does in the review's window: a note, an export, a print."""

from __future__ import annotations

from kiosk.text.catalogue import _


def back() -> str:
    """Leave a question."""
    return _("Back")


def note_title() -> str:
    """Heading of the note."""
    return _("Note as provider")


def note_hint() -> str:
    """The field of the note."""
    return _("Your note")


def note_author() -> str:
    """Who writes."""
    return _("Your name")


def note_added() -> str:
    """What becomes of it."""
    return _("It is added to the library as a signed row. What the room recorded stays as it is.")


def note_at(instant: str) -> str:
    """Whether it is about the crosshair's second."""
    return _("About {instant}").format(instant=instant)


def note_save() -> str:
    """Save it."""
    return _("Save the note")


def note_discard() -> str:
    """Asked before words are thrown away."""
    return _("Discard these words? Esc again discards, Ctrl+Enter saves.")


def note_missing() -> str:
    """Not saved yet."""
    return _("Write a note and your name.")


def note_saved() -> str:
    """It is a row of the library now."""
    return _("The note is saved and signed.")


def export_title() -> str:
    """Heading of the export."""
    return _("Export this session")


def export_format() -> str:
    """What is written."""
    return _("What to write")


def formats() -> tuple[tuple[str, str], ...]:
    """Each format and what it is."""
    return (
        ("archive", _("Session file: everything, signed (.session.zip)")),
        ("pdf", _("Report (PDF)")),
        ("csv", _("Tables (a folder of CSV)")),
        ("fhir", _("FHIR R4 bundle (JSON)")),
    )


def export_path() -> str:
    """Where to."""
    return _("Path of the new file")


def export_other() -> str:
    """Ask for another place."""
    return _("Other place…")


def export_do() -> str:
    """Begin."""
    return _("Export")


def export_open() -> str:
    """What leaves."""
    return _("A person's health, readable by whoever has the file. Keep it like a letter from a doctor.")


def export_no_folder() -> str:
    """The path leads nowhere."""
    return _("That folder is not there. Choose another one.")


def under_way(what: str) -> str:
    """While it is written."""
    return _("{what} is being written…").format(what=what)


def written(path: str) -> str:
    """It is there."""
    return _("{path} is written.").format(path=path)


def written_here(path: str) -> str:
    """A session file made from a library carries the key of who made it."""
    return _("{path} is written, signed with this computer's key and not with the room's.").format(path=path)


def there_already(path: str) -> str:
    """Nothing was overwritten."""
    return _("{path} is there already and is left as it is. Choose another name.").format(path=path)


def not_written(reason: str) -> str:
    """Nothing is left."""
    return _("It could not be written ({reason}). Nothing is left of it.").format(reason=reason)


def printed() -> str:
    """It went to the printer."""
    return _("The page was given to the printer.")


def not_printed() -> str:
    """The printer did not take it."""
    return _("The printer did not take the page. Export the report as PDF instead.")


def not_a_limit(label: str) -> str:
    """What was typed is no limit."""
    return _("{label}: type a number, or leave it empty for no limit.").format(label=label)


def contradiction(what: str) -> str:
    """The limits cannot be meant together."""
    return _("These limits cannot be: {what}.").format(what=what)


def refused_title(name: str) -> str:
    """A file that is not shown as data."""
    return _("{name} is not shown").format(name=name)


def refused_detail() -> str:
    """Why not."""
    return _("It is not what was recorded and signed, so none of its values is shown here.")


def empty() -> str:
    """Nothing to look at."""
    return _("No session is here yet. `kiosk import FILE` brings session files into a library.")


def ended() -> str:
    """The process behind the window is gone."""
    return _("The program behind this window has ended. Close the window and open the review again.")
