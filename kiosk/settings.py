"""What a person sets (`config.toml`, read only) and what the machine remembers (`state.json`, written whole).

Both lie in the data folder. One table says every setting; documentation, check and default come from it. A wrong file
is refused with all its mistakes at once, never half used; clinical limits are no settings, they belong to the plan.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, cast

import msgspec

from kiosk.datadir import CONFIG, STATE
from kiosk.durable import replace_file
from kiosk.pin import PinState

Plain = str | int | bool


class Setting(msgspec.Struct, frozen=True):
    """One thing a person may set. key: "table.name"; type is the default's; least and most bound a number."""

    key: str
    default: Plain
    doc: str
    choices: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None


SETTINGS = (
    Setting("room.plan", "", "The provider's plan, when none is named on the command line: a path."),
    Setting("room.single_screen", False, "Use one display even where there are two."),
    Setting("room.reduced_motion", False, "Nothing moves or flashes: alarm markers are steady, the dunes stand still."),
    Setting("room.breathing_guide", False, "The rest screen's light breathes deeply, to be breathed along with."),
    Setting("room.language", "en", "Language of the sentences.", choices=("en",)),
    Setting("display.text_percent", 100, "Size of the words on the sitter's pane, percent.", least=100, most=150),
    Setting("display.sitter", "", "The sitter's display by its name, e.g. eDP-1; empty: the built-in one."),
    Setting("display.patient", "", "The patient's display by its name, e.g. HDMI-1; empty: the other one."),
    Setting("display.backlight", "", "The built-in panel's name; empty: chosen; none: its brightness stays as it is."),
    Setting(
        "display.rest_percent",
        40,
        "Brightness of a built-in panel under the rest screen, percent of yours as the eye sees it; 100: as it is.",
        least=1,
        most=100,
    ),
    Setting(
        "display.wake_percent",
        70,
        "As far as an alarm or the opened pane may brighten it.",
        least=30,
        most=100,
    ),
    Setting(
        "display.pane_percent", 100, "Brightness of the sitter's built-in panel while all is calm.", least=30, most=100
    ),
    Setting(
        "sound.sitter_output", "", "Where alarm tones are played, by the output's stable name; empty: the default."
    ),
    Setting("sound.patient_output", "", "Where music is played; empty: the default."),
    Setting("sound.least_level_percent", 40, "Below this level of the sitter's output it says so.", least=1, most=100),
    Setting(
        "music.source", "", "Your own music: a folder or a playlist (m3u8, pls, xspf); empty: the generated piece."
    ),
    Setting("music.safe_track", "", "A file that calms, one key away; empty: the generated piece."),
    Setting("music.crossfade_s", 5, "Seconds in which one piece melts into the next; 0: no overlap.", least=0, most=15),
    Setting("music.volume", 70, "Volume at the start, percent.", least=0, most=100),
    Setting("bluetooth.adapter", "", "The Bluetooth adapter, e.g. hci0; empty: the system's first."),
)
TABLE: Mapping[str, Setting] = {setting.key: setting for setting in SETTINGS}


class Reason(StrEnum):
    """What is wrong with a file, or one entry of it."""

    UNREADABLE = "cannot be read"
    SYNTAX = "not TOML"
    UNKNOWN_KEY = "unknown setting"
    WRONG_TYPE = "wrong type"
    NOT_A_CHOICE = "not one of the choices"
    OUT_OF_RANGE = "out of range"
    DAMAGED_STATE = "damaged"
    NOT_SAVED = "could not be saved"


class Problem(msgspec.Struct, frozen=True):
    """One mistake: line (0 where it has none), what it is, and a sentence about it."""

    reason: Reason
    line: int
    key: str
    sentence: str


class SettingsError(Exception):
    """All mistakes of one file together; str() has a line for each."""

    def __init__(self, path: Path, problems: tuple[Problem, ...]) -> None:
        super().__init__(path, problems)
        self.path = path
        self.problems = problems

    def __str__(self) -> str:
        """One line a mistake, each with the place."""
        return "\n".join(f"{self.path}{f':{p.line}' if p.line else ''}: {p.sentence}" for p in self.problems)


class Settings:
    """Every setting with a value: what the file says, else the default. Ask by the key of the table."""

    def __init__(self, values: Mapping[str, Plain] | None = None) -> None:
        self._values: dict[str, Plain] = {setting.key: setting.default for setting in SETTINGS} | dict(values or {})

    def text(self, key: str) -> str:
        """A setting that is text."""
        value = self._values[key]
        assert isinstance(value, str)
        return value

    def flag(self, key: str) -> bool:
        """A setting that is true or false."""
        value = self._values[key]
        assert isinstance(value, bool)
        return value

    def number(self, key: str) -> int:
        """A setting that is a whole number."""
        value = self._values[key]
        assert type(value) is int
        return value

    def as_text(self) -> dict[str, str]:
        """All of them as text, for the record."""
        return {
            key: str(value).lower() if isinstance(value, bool) else str(value) for key, value in self._values.items()
        }


def load_settings(folder: Path) -> Settings:
    """The person's settings; defaults where the file or an entry is missing. Raises SettingsError with all mistakes."""
    path = folder / CONFIG
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(path, (Problem(Reason.UNREADABLE, 0, "", f"cannot be read: {error}"),)) from error
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found[1]) if found else len(text.splitlines())
        raise SettingsError(path, (Problem(Reason.SYNTAX, line, "", f"not TOML: {error}"),)) from error
    lines = _lines(text)
    values = dict(_flat(raw))
    problems = [problem for key, value in values.items() if (problem := _check(key, value, lines.get(key, 0)))]
    if problems:
        raise SettingsError(path, tuple(sorted(problems, key=lambda problem: problem.line)))
    return Settings(values)


def example() -> str:
    """A `config.toml` with every setting at its default, explained: what `kiosk` shows to a person who asks."""
    parts: list[str] = []
    table = ""
    for setting in SETTINGS:
        head, name = setting.key.split(".")
        if head != table:
            parts.append(f"\n[{head}]" if table else f"[{head}]")
            table = head
        value = f'"{setting.default}"' if isinstance(setting.default, str) else str(setting.default).lower()
        parts += [f"# {setting.doc}", f"{name} = {value}"]
    return "\n".join(parts) + "\n"


def _flat(raw: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in raw.items():
        if isinstance(value, dict) and value:
            yield from _flat(cast(Mapping[str, Any], value), f"{before}{key}.")
        else:
            yield before + key, value


def _lines(text: str) -> dict[str, int]:
    """Where each key stands; tomllib does not say."""
    found: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[{1,2}\s*([\w.\"' -]+?)\s*\]", line):
            table = re.sub(r"[\"' ]", "", header[1]) + "."
            found.setdefault(table[:-1], number)
        elif entry := re.match(r"\s*([\w.\"' -]+?)\s*=", line):
            found.setdefault(table + re.sub(r"[\"' ]", "", entry[1]), number)
    return found


def _check(key: str, value: Any, line: int) -> Problem | None:
    setting = TABLE.get(key)
    if setting is None:
        near = difflib.get_close_matches(key, TABLE, n=1, cutoff=0.6)
        hint = f"did you mean {near[0]}?" if near else f"known are: {', '.join(TABLE)}."
        return Problem(Reason.UNKNOWN_KEY, line, key, f"unknown setting {key}; {hint}")
    if type(value) is not type(setting.default):
        words = {str: "text in quotes", bool: "true or false", int: "a whole number"}[type(setting.default)]
        return Problem(Reason.WRONG_TYPE, line, key, f"{key} must be {words}, not {value!r}.")
    if setting.choices and value not in setting.choices:
        return Problem(
            Reason.NOT_A_CHOICE, line, key, f"{key} must be one of {', '.join(setting.choices)}, not {value!r}."
        )
    if (
        type(value) is int
        and setting.least is not None
        and setting.most is not None
        and not setting.least <= value <= setting.most
    ):
        return Problem(
            Reason.OUT_OF_RANGE, line, key, f"{key} must be from {setting.least} to {setting.most}, not {value}."
        )
    return None


class ChosenDevice(msgspec.Struct, frozen=True):
    """A device that a person chose: address in lower case (its key), role "oximeter" or "cuff", driver, its name.

    serial: what it says, "" while nobody has read it; bonded: this computer has a bond with it. By these it is known
    again (`devices.whose`).
    """

    address: str
    role: str
    driver: str
    name: str = ""
    serial: str = ""
    bonded: bool = False


class State(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the machine remembers between runs. Outputs and displays: the last that a person chose in the room."""

    devices: tuple[ChosenDevice, ...] = ()
    sitter_display: str = ""
    patient_display: str = ""
    sitter_output: str = ""
    patient_output: str = ""
    pin: PinState = PinState()
    version: int = 1


def displays(asked: Settings, remembered: State) -> tuple[str, str]:
    """The sitter's and the patient's display: what the settings say, else what was chosen in the room; "" for none."""
    return (
        asked.text("display.sitter") or remembered.sitter_display,
        asked.text("display.patient") or remembered.patient_display,
    )


def load_state(folder: Path) -> State:
    """What was remembered; an empty state where nothing was. A damaged file is refused, not thrown away."""
    path = folder / STATE
    try:
        return msgspec.json.decode(path.read_bytes(), type=State)
    except FileNotFoundError:
        return State()
    except (OSError, msgspec.MsgspecError) as error:
        sentence = f"is damaged ({error}). Move it away; then choose the devices and set the PIN anew."
        raise SettingsError(path, (Problem(Reason.DAMAGED_STATE, 0, "", sentence),)) from error


def save_state(folder: Path, state: State) -> None:
    """Keep the state: the whole new one or the whole old one, also through a power cut; mode 0600."""
    path = folder / STATE
    try:
        replace_file(path, msgspec.json.format(msgspec.json.encode(state), indent=2) + b"\n")
    except OSError as error:
        sentence = f"could not be saved ({error.strerror}): free some disk space or make the folder writable."
        raise SettingsError(path, (Problem(Reason.NOT_SAVED, 0, "", sentence),)) from error
