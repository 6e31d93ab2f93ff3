"""`kiosk music`, as a command: what it lists, and how it refuses."""

from __future__ import annotations

import json
import wave
from pathlib import Path

import pytest

from kiosk.cli import main


def piece(path: Path) -> None:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(48_000)
        out.writeframes(b"\x00\x04\x00\x04\x00\xfc\x00\xfc" * 24_000)


def test_each_piece_has_its_loudness_and_what_is_refused_its_reason(tmp_path: Path, capsys) -> None:
    piece(tmp_path / "01 River.wav")
    (tmp_path / "x.mp3").touch()
    assert main(["music", str(tmp_path), "--data-dir", str(tmp_path / "data"), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert [(p["title"], p["gain_db"] != 0) for p in facts["pieces"]] == [("River", True)]
    assert [(Path(r["path"]).name, r["reason"]) for r in facts["refused"]] == [("x.mp3", "empty")]


@pytest.mark.parametrize("place", ["", "/nowhere"])
def test_no_music_is_one_sentence(place: str, tmp_path: Path, capsys) -> None:
    assert main(["music", *([place] if place else []), "--data-dir", str(tmp_path)]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
