"""Settings and state: a wrong file is refused whole with every mistake; what the machine keeps survives anything."""

from __future__ import annotations

import stat
import tomllib

import pytest

from kiosk import durable, settings
from kiosk.pin import PinState
from kiosk.settings import ChosenDevice, Reason, SettingsError, State

WRONG = """\
[music]
volumne = 30          # a slip of the finger
volume = 300

[sound]
least_level_percent = "loud"
sitter_output = 3

[room]
language = "tlh"
single_screen = 1
"lights" = "off"

[spaceship]
warp = 9
"""


def test_without_a_file_every_setting_has_its_default(tmp_path):
    found = settings.load_settings(tmp_path)
    assert found.number("music.volume") == 70
    assert found.flag("room.single_screen") is False
    assert found.text("sound.sitter_output") == ""


def test_what_the_file_says_counts_and_the_rest_stays_default(tmp_path):
    (tmp_path / "config.toml").write_text('room.single_screen = true\n[sound]\nsitter_output = "alsa_output.usb"\n')
    found = settings.load_settings(tmp_path)
    assert found.flag("room.single_screen") is True
    assert found.text("sound.sitter_output") == "alsa_output.usb"
    assert found.number("music.volume") == 70
    assert found.as_text()["room.single_screen"] == "true"
    assert set(found.as_text()) == set(settings.TABLE)


def test_all_mistakes_are_told_together_with_line_and_a_guess(tmp_path):
    (tmp_path / "config.toml").write_text(WRONG)
    with pytest.raises(SettingsError) as refused:
        settings.load_settings(tmp_path)
    assert [(p.line, p.key, p.reason) for p in refused.value.problems] == [
        (2, "music.volumne", Reason.UNKNOWN_KEY),
        (3, "music.volume", Reason.OUT_OF_RANGE),
        (6, "sound.least_level_percent", Reason.WRONG_TYPE),
        (7, "sound.sitter_output", Reason.WRONG_TYPE),
        (10, "room.language", Reason.NOT_A_CHOICE),
        (11, "room.single_screen", Reason.WRONG_TYPE),
        (12, "room.lights", Reason.UNKNOWN_KEY),
        (15, "spaceship.warp", Reason.UNKNOWN_KEY),
    ]
    first = str(refused.value).splitlines()[0]
    assert first == f"{tmp_path / 'config.toml'}:2: unknown setting music.volumne; did you mean music.volume?"


@pytest.mark.parametrize(("text", "line"), [("a = \n", 1), ("[music]\nvolume = 3\nvolume = 4\n", 3), ("[x\n", 1)])
def test_a_file_that_is_no_toml_is_told_with_its_line(tmp_path, text, line):
    (tmp_path / "config.toml").write_text(text)
    with pytest.raises(SettingsError) as refused:
        settings.load_settings(tmp_path)
    (problem,) = refused.value.problems
    assert (problem.reason, problem.line) == (Reason.SYNTAX, line)


@pytest.mark.parametrize("text", ["music = 3\n", "[music]\n", "[[music]]\nvolume = 3\n"])
def test_a_table_in_a_wrong_shape_is_a_mistake_or_empty_but_never_a_crash(tmp_path, text):
    (tmp_path / "config.toml").write_text(text)
    with pytest.raises(SettingsError) as refused:
        settings.load_settings(tmp_path)
    assert refused.value.problems[0].line == 1


def test_a_file_in_another_encoding_is_told(tmp_path):
    (tmp_path / "config.toml").write_bytes('[room]\nplan = "Käthe"\n'.encode("latin-1"))
    with pytest.raises(SettingsError) as refused:
        settings.load_settings(tmp_path)
    assert refused.value.problems[0].reason is Reason.UNREADABLE


def test_the_example_is_a_valid_file_with_every_setting_at_its_default(tmp_path):
    (tmp_path / "config.toml").write_text(settings.example())
    assert settings.load_settings(tmp_path).as_text() == settings.Settings().as_text()
    named = {f"{table}.{key}" for table, keys in tomllib.loads(settings.example()).items() for key in keys}
    assert named == set(settings.TABLE)


STATE = State(
    devices=(ChosenDevice("aa:bb:cc:dd:ee:ff", "oximeter", "plx", "Nonin 3150"),),
    sitter_output="alsa_output.pci",
    pin=PinState("$argon2id$x", 3, 1, 99),
)


def test_the_state_comes_back_as_it_was_saved_and_is_private(tmp_path):
    assert settings.load_state(tmp_path) == State()
    settings.save_state(tmp_path, STATE)
    assert settings.load_state(tmp_path) == STATE
    assert stat.S_IMODE((tmp_path / "state.json").stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["state.json"]


def test_a_save_that_fails_leaves_the_old_state_and_no_half_file(tmp_path, monkeypatch):
    settings.save_state(tmp_path, STATE)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(durable.os, "fsync", full)
    with pytest.raises(SettingsError, match="No space left on device") as refused:
        settings.save_state(tmp_path, State())
    assert refused.value.problems[0].reason is Reason.NOT_SAVED
    monkeypatch.undo()
    assert settings.load_state(tmp_path) == STATE
    assert [file.name for file in tmp_path.iterdir()] == ["state.json"]


@pytest.mark.parametrize("content", [b"", b"{", b'{"devices": 3}', b'{"unknown": 1}', b"\xff\xfe"])
def test_a_damaged_state_is_told_and_not_thrown_away(tmp_path, content):
    (tmp_path / "state.json").write_bytes(content)
    with pytest.raises(SettingsError, match="Move it away") as refused:
        settings.load_state(tmp_path)
    assert refused.value.problems[0].reason is Reason.DAMAGED_STATE
    assert (tmp_path / "state.json").read_bytes() == content
