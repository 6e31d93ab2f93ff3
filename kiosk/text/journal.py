"""The words of the patient's journal: prompts, what is said when it is set up, opened, shared, deleted.

Shipped text of 2026-11. The prompts are those that integration questions have in common: what came up, images,
feelings, what was understood, one small thing to do. Offered, never asked for; nothing of it is scored.
"""

from __future__ import annotations

from kiosk.journal.fault import JournalError, Reason
from kiosk.text.catalogue import _
from kiosk.text.measure import duration

_PROMPTS = {
    "surfaced": ("What surfaced", "What came up? It need not make sense."),
    "images": ("Images", "What did you see, hear or feel in the body?"),
    "feelings": ("Feelings", "What did you feel, then and now?"),
    "realisations": ("Realisations", "Did something become clear?"),
    "week": ("One thing this week", "One small thing to do this week."),
    "": ("Free words", "Whatever you like."),
}


def prompt_title(prompt: str) -> str:
    """A prompt in a few words."""
    return _(_PROMPTS.get(prompt, _PROMPTS[""])[0])


def prompt_question(prompt: str) -> str:
    """A prompt as a question."""
    return _(_PROMPTS.get(prompt, _PROMPTS[""])[1])


def quiet() -> tuple[str, ...]:
    """Suggestions for the days after, a line each."""
    return (
        _("Reflect: a few words are enough."),
        _("Move gently: a walk, a stretch."),
        _("Connect: be with somebody you trust."),
    )


def set_up() -> tuple[str, ...]:
    """What has to be known before there is a journal."""
    return (
        _("It is yours. Only your passphrase opens it, not the PIN."),
        _("If you forget the passphrase, everything in it is lost. Nobody can recover it."),
        _("Nothing of it is shared unless you share an entry yourself, one by one."),
    )


def shared_with() -> str:
    """What sharing means, above the preview."""
    return _(
        "These words go into the session's record, word for word. Your provider can read them. "
        "They cannot be taken back."
    )


def shared_later_with() -> str:
    """The same on a later day, when the session is over."""
    return _(
        "These words go into the record of your last session, behind its end, word for word. Your provider can read "
        "them. They cannot be taken back."
    )


def shared_into(day: str) -> str:
    """They are there. day: of the session."""
    return _("Shared. The record of the session of {day} has these words.").format(day=day)


_NOT_SHARED = {
    "room": "Not shared: the session room is open and holds the record. Close it, then share again.",
    "no session": "Not shared: no session is recorded here that is over.",
    "empty": "Not shared: nothing is written, or too much for one piece.",
    "record": "Not shared. {sentence}",
    "ended": "It is not known whether it was shared: what writes it has ended. The session's report tells.",
}


def not_shared(reason: str, sentence: str = "") -> str:
    """Why not. reason: of `kiosk.line.sharing.NotShared`; sentence: the record's own."""
    return _(_NOT_SHARED[reason]).format(sentence=sentence)


def deleted() -> str:
    """What deleting means."""
    return _("It is gone for good. Only copies of the file that you made yourself still hold it.")


def deleted_shared() -> str:
    """What deleting means where the entry was shared."""
    return _("It is gone from the journal. What was shared of it stays in the session's record.")


_WHY = {
    Reason.NOT_THERE: "There is no journal here yet.",
    Reason.THERE_ALREADY: "There is a journal here already. Open it with its passphrase.",
    Reason.TOO_SHORT: "Choose at least eight letters; four words that only you put together are good.",
    Reason.WRONG: "That is not the passphrase. Nothing was changed.",
    Reason.WAIT: "Too many wrong tries.",
    Reason.DAMAGED: "The journal's file is damaged. It was left as it is; a copy of it may still open.",
    Reason.OF_ANOTHER_FORM: "The journal was written by another version of this program. It was left as it is.",
    Reason.IN_USE: "The journal is open already, in another window. Close it there first.",
    Reason.DISK: "The journal could not be written or read ({detail}).",
    Reason.TOO_LONG: "This entry is too long. Begin another one.",
}


def why_not(error: JournalError) -> str:
    """What is wrong, and when the next try is taken."""
    words = _(_WHY[error.reason]).format(detail=error.detail or "?")
    if error.wait_s:
        words += " " + _("The next try in {time}.").format(time=duration(max(error.wait_s, 1)))
    return words


def differ() -> str:
    """The two passphrases are not the same."""
    return _("The two are not the same. Type both again.")
