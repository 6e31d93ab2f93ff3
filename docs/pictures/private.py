"""The patient's journal under hands: set up, one entry kept, one shared; and that the kept one is in no other file."""

from __future__ import annotations

from hands import Keys, is_shown
from session import Session
from stage import NeverError, Stage

PASSPHRASE = "river stone lamp"
KEPT, SHARED = "a violet heron stood still", "walk by the river"
PUT_AWAY = "Put the keyboard away"


def journal(session: Session) -> None:
    """From the page of the hours after and back to it."""
    session.press("J", "Journal")
    session.see("The journal is set up")
    session.hand.words(PASSPHRASE)
    session.press("Enter", "Next field")
    session.hand.words(PASSPHRASE)
    _put_away(session)
    session.press("Enter", "Set it up")
    session.see("The open journal", settle_s=3)
    _write(session, "2", "Images", KEPT)
    session.see("An entry, saved as it is typed", settle_s=4)
    _leave(session)
    _write(session, "5", "One thing this week", SHARED)
    _put_away(session)
    session.see("One thing to do this week", settle_s=4)
    session.press("F3", "Share this entry")
    session.see("What is shared, before it is")
    session.hand.hold("S", "Share these words (hold 2 s)", 3)
    session.event("entry_shared", prompt="week")
    session.see("Shared into the record")
    _put_away(session)
    session.press("Esc", "Done")
    session.see("The list of entries", settle_s=2)
    found = where(session.stage, KEPT)
    if found or not where(session.stage, SHARED):
        raise NeverError(f"the kept entry is in {found}, the shared one in {where(session.stage, SHARED)}")
    session.press("Esc", "Lock and leave")
    session.see("Back, the journal is locked", settle_s=2)


def _write(session: Session, key: str, prompt: str, words: str) -> None:
    session.press("N", "Write")
    session.see("Five prompts, or free words")
    session.press(key, prompt)
    session.hand.words(words)


def _leave(session: Session) -> None:
    _put_away(session)
    session.press("Esc", "Done")
    session.see("The entry in the list", settle_s=2)


def _put_away(session: Session) -> None:
    """The letters on the screen lie over the buttons."""
    if not isinstance(session.hand, Keys) and is_shown(session.stage, PUT_AWAY):
        session.press("", PUT_AWAY)


def where(stage: Stage, words: str) -> list[str]:
    """Every file of the room, of its sounds and of its desktop that holds these words, in three codings.

    Whatever their first letter is: on the screen it stands as a capital.
    """
    codings = [words[1:].encode(coding) for coding in ("utf-8", "utf-16-le", "utf-32-le")]
    files = [file for file in stage.folder.rglob("*") if file.is_file()]
    return [str(file) for file in files if any(words in file.read_bytes() for words in codings)]
