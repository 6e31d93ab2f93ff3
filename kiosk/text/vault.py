"""The words around a data folder's key: what each place protects against, and what is wrong with one."""

from __future__ import annotations

from kiosk.text.catalogue import _
from kiosk.vault.fault import Reason, VaultError

FILE, KEYRING, PASSPHRASE = "file", "keyring", "passphrase"

PLACES = {FILE: "a file beside it", KEYRING: "the desktop's keyring", PASSPHRASE: "a file behind a passphrase"}


def protects(place: str, backend: str = "") -> str:
    """What a key in this place protects against, and what not. backend: the keyring's own name."""
    return {
        FILE: _(
            "The key lies beside the record, in key.json. That protects a copy of the record that leaves without it: a "
            "backup, a stick, a synchronised folder. It does not protect against who has this computer: encrypt its "
            "disk."
        ),
        KEYRING: _(
            "The key lies in the keyring of this desktop{backend}. That protects a computer that is switched off or "
            "logged out, as well as the login's password does. It does not protect against programs that run while "
            "you are logged in; a desktop that logs in by itself opens it for everybody."
        ).format(backend=f" ({backend})" if backend else ""),
        PASSPHRASE: _(
            "The key opens with the passphrase only. That protects a computer that is switched off, as well as the "
            "passphrase is hard to guess. A room that starts without it watches and alarms, and records once it is "
            "typed; what waits until its end is left sealed beside the record, for that passphrase or the code."
        ),
    }[place]


def here_is_the_code(code: str) -> str:
    """Shown at set-up, and never stored."""
    words = _(
        "Recovery code of this folder's record:\n\n    {first}\n    {second}\n\n"
        "Write it on paper and keep it where this computer is not. With it the record opens anywhere;\n"
        "without key and code nobody can open it, and nobody can help."
    )
    return words.format(first=code[:34], second=code[35:])


def type_it_back() -> str:
    """The question behind it."""
    return _("Type it back from the paper: ")


def not_the_same() -> str:
    """A code typed back that is another one, or none."""
    return _("That is not the code. Nothing was changed; look at the paper and try again.")


def left_sealed(count: int, path: str) -> str:
    """A room ended with its record locked: where its rows are now."""
    return _(
        "The record's key was locked to the end. {n} rows lie sealed in {path}: they come into the record at the next "
        "start of the room with the key, or by `kiosk sessions`."
    ).format(n=count, path=path)


def lost(count: int, detail: str) -> str:
    """Rows that are nowhere."""
    return _("NOT SAVED: {n} rows of this run are lost ({detail}).").format(n=count, detail=detail)


def taken_in(count: int) -> str:
    """Rows of an earlier run have come to where they belong."""
    return _("{n} rows that waited for the key are in the record now.").format(n=count)


def still_sealed(count: int) -> str:
    """What is not in the record yet, whatever else is listed."""
    if count == 1:
        return _("Rows of a run wait sealed for the record's key, which is locked: they are not in what follows.")
    return _(
        "Rows of {n} runs wait sealed for the record's key, which is locked: they are not in what follows."
    ).format(n=count)


def does_not_fit(path: str) -> str:
    """A file with rows that does not open, or does not follow what the record holds."""
    return _(
        "{path} holds rows that this folder's key does not open, or that do not fit the record. It stays there."
    ).format(path=path)


def why(error: VaultError) -> str:
    """One sentence, and what to do."""
    path, detail = str(error.path or ""), error.detail
    return {
        Reason.NONE_MADE: _("No key was made for this data folder. `kiosk key new` makes one."),
        Reason.LOCKED: _("The key is locked ({detail}). `kiosk key unlock` asks for it.").format(detail=detail),
        Reason.DAMAGED: _("The key file {path} is damaged. `kiosk key restore` makes it anew from the code.").format(
            path=path
        ),
        Reason.UNREADABLE: _("The key file {path} cannot be read ({detail}).").format(path=path, detail=detail),
        Reason.NOT_SAVED: _(
            "{path} could not be saved ({detail}). Nothing was changed. Look at the disk, then try again."
        ).format(path=path, detail=detail),
        Reason.NO_KEYRING: _("No keyring here keeps the key ({detail}). Log in on the desktop, or use a file.").format(
            detail=detail or _("it does not give it back")
        ),
        Reason.WRONG_CODE: _("This is no recovery code: {detail}.").format(detail=detail or _("it does not add up")),
        Reason.OTHER_KEY: _("This is the key of another data folder."),
        Reason.WRONG_PASSPHRASE: _("The passphrase is wrong."),
        Reason.EXISTS: _(
            "This data folder has a key already. `kiosk key lock` moves it, `kiosk key code` shows its code."
        ),
    }[error.reason]
