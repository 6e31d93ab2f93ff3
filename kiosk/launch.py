"""How a room is started: options to the monitor's command line, under the supervisor. Shared by run and demo."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from devices import backlight, wake
from kiosk import clock, crash, datadir, settings
from kiosk.failure import Reason, Refusal
from kiosk.holding import Holding
from kiosk.light import RECORD as BRIGHTNESS
from kiosk.light import Light
from kiosk.options import MonitorOptions
from kiosk.record.fault import Reason as RecordReason
from kiosk.record.fault import RecordError
from kiosk.supervisor import Start, flags, supervise

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
    if not any(folder.glob(datadir.LEFTOVERS)):
        return []
    from kiosk.record.leftover import take_in
    from kiosk.text.vault import does_not_fit, taken_in

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


def load_settings(folder: Path) -> settings.Settings:
    """The person's settings. Raises Refusal that lists every problem with its line."""
    try:
        return settings.load_settings(folder)
    except settings.SettingsError as error:
        raise Refusal(Reason.BAD_SETTING, str(error)) from error


def monitor_argv(options: MonitorOptions, start: Start) -> list[str]:
    """The command line of one monitor; carries no name and no value."""
    program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "kiosk"]
    return [*program, "_monitor", msgspec.json.encode(options).decode(), *flags(start)]


def holding_for(folder: Path, asked: settings.Settings, panels: Path = backlight.CLASS) -> Holding:
    """What is held for a room with this data folder: the computer awake, the panel's light. Nothing begins yet."""
    light = Light(lambda wanted: backlight.find(wanted, panels), folder / BRIGHTNESS, clock.boot_id())
    return Holding(light, wake.Awake(), asked.text("display.backlight"))


def _shows_nothing(options: MonitorOptions, env: Mapping[str, str]) -> bool:
    return not options.screen or env.get("QT_QPA_PLATFORM", "").startswith("offscreen")


def run_room(options: MonitorOptions, env: Mapping[str, str] | None = None, holding: Holding | None = None) -> int:
    """Run the room until its end; the exit code. Crash files of every process go into the data folder.

    holding: made from the settings when it is None; a room that shows nothing on a display holds nothing.
    """
    folder = Path(options.data_dir)
    if holding is None and not _shows_nothing(options, {**os.environ, **(env or {})}):
        holding = holding_for(folder, load_settings(folder))
    crash_folder = Path(options.data_dir) / "crash"
    crash_folder.mkdir(mode=0o700, exist_ok=True)
    crash.arm("supervisor", crash_folder)
    return supervise(
        lambda start: monitor_argv(options, start),
        data_dir=Path(options.data_dir),
        out=lambda text: print(text, flush=True),
        env=env,
        holding=holding,
    )


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
