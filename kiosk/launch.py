"""What a command looks at before it does anything: folder, settings, key. A refusal says what to do."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk import clock, datadir, settings
from kiosk.failure import Reason, Refusal
from kiosk.record.fault import Reason as RecordReason
from kiosk.record.fault import RecordError

if TYPE_CHECKING:
    from kiosk.record.reader import Deleted, SessionLine


def prepare_folder(path: Path | None) -> Path:
    """The data folder, ready to be written. Raises Refusal with what to do."""
    try:
        return datadir.prepare(path)
    except datadir.DataDirError as error:
        raise Refusal(Reason.DATA_FOLDER, str(error)) from error


def refuse_if_held(folder: Path) -> None:
    """Raises Refusal when another room runs on this data folder."""
    try:
        datadir.hold_lock(folder).release()
    except datadir.DataDirError as error:
        raise Refusal(Reason.IN_USE, str(error)) from error


def refuse_if_unusable(folder: Path) -> None:
    """Raises Refusal when the room could not go on in this folder's record, or another room runs on it.

    A record whose key somebody has to unlock first is looked at by the room itself.
    """
    record = folder / datadir.RECORD
    try:
        with datadir.hold_lock(folder):
            if record.exists() and _has_key_at_hand(folder):
                from kiosk.record.schema import bring_up  # 5 ms that a new folder's start need not spend

                bring_up(record)
    except datadir.DataDirError as error:
        raise Refusal(Reason.IN_USE, str(error)) from error
    except RecordError as error:
        raise Refusal(Reason.RECORD, record_sentence(error)) from error


def _has_key_at_hand(folder: Path) -> bool:
    """Whether the record opens without asking a person or a keyring."""
    from kiosk.vault import place
    from kiosk.vault.fault import VaultError

    try:
        kept = place.load(folder)
    except VaultError:
        return False
    return kept is None or kept.place == "file"


def encrypt_new(folder: Path) -> None:
    """A data folder in which nothing is recorded yet gets a key, in a file: its record is encrypted from the first row.

    What was recorded plain stays so until a person says otherwise (`kiosk key new`). Raises Refusal.
    """
    from kiosk.text.vault import why
    from kiosk.vault import known, place
    from kiosk.vault.fault import VaultError
    from kiosk.vault.key import new_key

    finish_rewriting(folder)
    if known.has_key(folder) or list(folder.glob("*.db")):
        return
    try:
        place.save(folder, place.in_file(new_key()))
        if settings.load_state(folder).pin.hash:
            place.remember_pin(folder)
    except settings.SettingsError as error:
        raise Refusal(Reason.BAD_SETTING, str(error)) from error
    except VaultError as error:
        raise Refusal(Reason.DATA_FOLDER, why(error)) from error


def finish_rewriting(folder: Path) -> None:
    """Take away the old file that a killed `kiosk key new` or `sessions delete` left: it may be a plain one.

    One whose record is locked stays until that can be opened. Raises Refusal.
    """
    left = [path.with_suffix("") for path in folder.glob("*.db.old")]
    if not left:
        return
    from kiosk.record.fault import LOCKED
    from kiosk.record.rewrite import settle

    try:
        with datadir.hold_lock(folder):
            for path in left:
                settle(path)
    except datadir.DataDirError as error:
        raise Refusal(Reason.IN_USE, str(error)) from error
    except RecordError as error:
        if error.reason not in LOCKED:
            raise Refusal(Reason.RECORD, record_sentence(error)) from error


def take_leftovers(folder: Path) -> list[str]:
    """Put what a room with a locked record left sealed into the record, once the key is known; what is to be told.

    The caller holds the data folder's lock. Raises RecordError.
    """
    waiting = sum(1 for _ in folder.glob(datadir.LEFTOVERS))
    if not waiting:
        return []
    from kiosk.record.leftover import take_in
    from kiosk.record.opener import is_locked
    from kiosk.text.vault import does_not_fit, still_sealed, taken_in

    if is_locked(folder / datadir.RECORD):
        return [still_sealed(waiting)]
    count, strange = take_in(folder / datadir.RECORD, clock.Clock().now().utc_ns)
    return [*([taken_in(count)] if count else []), *(does_not_fit(str(path)) for path in strange)]


def take_leftovers_aside(folder: Path) -> None:
    """The same for a command: nothing while a room runs, which does it at its next start. Raises Refusal."""
    if not any(folder.glob(datadir.LEFTOVERS)):
        return
    try:
        with datadir.hold_lock(folder):
            sentences = take_leftovers(folder)
    except datadir.DataDirError as error:
        if error.reason is datadir.Reason.HELD:
            return
        raise Refusal(Reason.DATA_FOLDER, str(error)) from error
    except RecordError as error:
        raise Refusal(Reason.RECORD, record_sentence(error)) from error
    for sentence in sentences:
        sys.stderr.write(f"kiosk: {sentence}\n")


def load_state(folder: Path) -> settings.State:
    """What is remembered between runs. Raises Refusal."""
    try:
        return settings.load_state(folder)
    except settings.SettingsError as error:
        raise Refusal(Reason.BAD_SETTING, str(error)) from error


def load_settings(folder: Path) -> settings.Settings:
    """The person's settings. Raises Refusal that lists every problem with its line."""
    try:
        return settings.load_settings(folder)
    except settings.SettingsError as error:
        raise Refusal(Reason.BAD_SETTING, str(error)) from error


def record_of(data_dir: Path | None) -> Path:
    """The record of a data folder, be it there or not."""
    return Path(data_dir or datadir.default()) / datadir.RECORD


def sessions_of(data_dir: Path | None) -> tuple[list[SessionLine], list[Deleted]]:
    """The sessions of a data folder's record, and what stands for deleted ones. Raises Refusal for a bad file."""
    record = record_of(data_dir)
    if not record.exists():
        return [], []
    from kiosk.record.reader import Reader  # the supervisor needs none, and its start is part of every start

    try:
        with Reader(record) as reader:
            return reader.sessions(), reader.deleted()
    except RecordError as error:
        raise Refusal(Reason.RECORD, record_sentence(error)) from error


def record_sentence(error: RecordError) -> str:
    """A record's refusal as a sentence that says what to do."""
    what = {
        RecordReason.NEWER_FILE: "The record was written by a newer version of this program. Install that version.",
        RecordReason.OLDER_FILE: "The record has the form of an older version. Run the room once: that brings it up.",
        RecordReason.OLDER_LIBRARY: "The library has the form of an older version. Open it once with `kiosk review "
        "LIBRARY`: that brings it up.",
        RecordReason.FOREIGN_FILE: "This is not a record of this program. Move it away, or choose another --data-dir.",
        RecordReason.CANNOT_OPEN: "The record cannot be opened. Look at the disk, then try again.",
        RecordReason.DAMAGED_SCHEMA: "Its protection is missing. Keep the file, start with another --data-dir.",
        RecordReason.KEY_LOCKED: "The record is encrypted and its key is locked. `kiosk key unlock` asks for it.",
        RecordReason.KEY_MISSING: "The record is encrypted and its key is not here: `kiosk key restore`.",
        RecordReason.WRONG_KEY: "It does not open with this folder's key: another folder's, damaged, or no record.",
        RecordReason.DAMAGED: "The file is damaged. Keep it as it is, and look at the disk; a backup can be restored.",
        RecordReason.IN_USE: "Another program has the record open. Close it, then try again.",
        RecordReason.NOT_A_LIBRARY: "This is the record of a room, not a library. Choose another --into DB.",
        RecordReason.A_LIBRARY: "This is a library: its provider's notes are one chain over all sessions, so none is "
        "taken out. Import the session files to keep into a new one.",
    }.get(error.reason, f"The record refuses: {error.reason}.")
    return f"{what} ({error.detail})" if error.detail else what
