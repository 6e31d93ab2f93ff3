"""The person's own music looked into by real VLC: what it learns, what it refuses and why, how it is interrupted."""

from __future__ import annotations

import os
import shutil
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from media import collection as c
from media.decoder import Decoder
from media.error import MediaReason
from media.message import Scan, Scanned, Scanning, StopScan
from media.scanner import main, scan

RATE_HZ = 44_100


class Heard:
    """The line of a scanner: keeps what it says, may ask it to stop, goes away when `lost_after` asks are over."""

    Lost = EOFError

    def __init__(self, *waiting: object, stop_at: str = "") -> None:
        self.said: list[Any] = []
        self.waiting, self.stop_at = list(waiting), stop_at

    def send(self, message: Any) -> None:
        self.said.append(message)

    def get(self, timeout_s: float) -> Any:
        if self.stop_at and any(m.title == self.stop_at for m in self.said if isinstance(m, Scanning)):
            return StopScan()
        if timeout_s and not self.waiting:
            raise EOFError
        return self.waiting.pop(0) if timeout_s else None

    def beat(self) -> None: ...


def write(path: Path, seconds: float = 2.0, level: float = 0.1) -> Path:
    """A 441 Hz sound at 44.1 kHz."""
    path.parent.mkdir(parents=True, exist_ok=True)
    wave_form = level * np.sin(2 * np.pi * 441 * np.arange(round(seconds * RATE_HZ)) / RATE_HZ)
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        out.writeframes(np.round(32767 * wave_form).astype("<i2").tobytes())
    return path


@pytest.fixture
def decoder():
    opened = Decoder()
    yield opened
    opened.close()


@pytest.fixture
def looked(tmp_path: Path, decoder: Decoder):
    """Scan the folder `music`; what was answered."""

    def look(line: Heard | None = None) -> Scanned:
        return scan(Scan(str(tmp_path / "music"), str(tmp_path / "cache")), line or Heard(), decoder)  # type: ignore[arg-type]

    return look


def opened(tmp_path: Path) -> tuple[dict[str, Any], dict[str, MediaReason]]:
    found = c.open_place(tmp_path / "music", tmp_path / "cache")
    return {t.title: t for t in found.tracks}, {Path(r.subject).name: r.reason for r in found.refused}


def test_it_learns_loudness_and_length_and_keeps_them(tmp_path: Path, looked) -> None:
    write(tmp_path / "music" / "Peak" / "slow" / "01 Soft.wav", level=0.02)
    write(tmp_path / "music" / "Loud.wav", level=0.8)
    assert looked() == Scanned(2, 0)
    tracks, refused = opened(tmp_path)
    assert refused == {}
    assert (tracks["Soft"].phase, tracks["Soft"].tags) == ("peak", ("peak", "slow"))
    assert tracks["Soft"].gain_db - tracks["Loud"].gain_db == pytest.approx(32, abs=20)
    assert tracks["Loud"].gain_db < 0 < tracks["Soft"].gain_db
    again = Heard()
    assert looked(again) == Scanned(2, 0)
    assert again.said == []  # nothing was new


def test_a_changed_file_is_looked_into_again(tmp_path: Path, looked) -> None:
    path = write(tmp_path / "music" / "a.wav", level=0.1)
    looked()
    before = opened(tmp_path)[0]["a"].gain_db
    write(path, seconds=3, level=0.2)
    assert opened(tmp_path)[0]["a"].gain_db == 0  # not known for this file any more
    looked()
    assert opened(tmp_path)[0]["a"].gain_db == pytest.approx(before - 6, abs=0.3)


def test_what_cannot_be_played_is_listed_with_its_reason_and_the_rest_is_played(tmp_path: Path, looked) -> None:
    music = tmp_path / "music"
    write(music / "good.wav")
    (music / "empty.mp3").touch()
    (music / "noise.ogg").write_bytes(np.random.default_rng(2).bytes(5000))
    (music / "cut.flac").write_bytes(b"fLaC\x00\x00\x00\x22")
    (music / "stream.mp3").write_text("#EXTM3U\nhttp://example.org/live\n")
    (music / "gone.mp3").symlink_to(music / "nowhere.mp3")
    (music / "loop.mp3").symlink_to(music / "loop.mp3")
    os.mkfifo(music / "pipe.wav")
    (music / "endless.wav").symlink_to("/dev/zero")
    (music / "notes.txt").write_text("no sound, nobody asked")
    with (music / "huge.wav").open("wb") as file:
        file.truncate(9 * 1024**3)  # takes no room
    assert looked().playable == 1
    tracks, refused = opened(tmp_path)
    assert list(tracks) == ["good"]
    assert refused == {
        "empty.mp3": MediaReason.EMPTY,
        "noise.ogg": MediaReason.UNREADABLE,
        "cut.flac": MediaReason.UNREADABLE,
        "stream.mp3": MediaReason.NOT_SOUND,
        "gone.mp3": MediaReason.NOT_FOUND,
        "loop.mp3": MediaReason.UNREADABLE,
        "pipe.wav": MediaReason.NOT_SOUND,
        "endless.wav": MediaReason.NOT_SOUND,
        "huge.wav": MediaReason.TOO_BIG,
    }


def test_a_name_that_is_no_text_or_steers_a_terminal_is_told_and_stops_nobody(tmp_path: Path, looked) -> None:
    music = tmp_path / "music"
    write(music / "good.wav")
    write(music / "a\x1b[2J\u202eb.wav")
    shutil.copy(music / "good.wav", os.fsencode(music) + b"/bad\xff.wav")
    (music / "list.m3u8").write_text(
        "#EXTINF:1,T\x1b[2J\ngood.wav\nnul\0.wav\n" + "x" * 5000 + ".wav\n../music/good.wav\n"
    )
    assert looked() == Scanned(2, 1)
    tracks, refused = opened(tmp_path)
    assert list(tracks) == ["a [2J b", "good"]
    assert list(refused.values()) == [MediaReason.BAD_NAME]
    assert next(iter(refused)).endswith("bad\\udcff.wav")
    found = c.open_place(music / "list.m3u8", tmp_path / "cache")
    assert [track.title for track in found.tracks] == ["T [2J"]  # each file once
    assert [error.reason for error in found.refused] == [MediaReason.BAD_NAME, MediaReason.UNREADABLE]


def test_stopped_in_the_middle_it_keeps_what_it_knows_and_goes_on_from_there(tmp_path: Path, looked) -> None:
    for name in "abc":
        write(tmp_path / "music" / f"{name}.wav")
    assert looked(Heard(stop_at="b")) == Scanned(3, 0, stopped=True)
    line = Heard()
    looked(line)
    assert [m.title for m in line.said] == ["b", "c"]


def test_a_file_at_which_the_last_scanner_died_is_passed_over_until_it_changes(tmp_path: Path, looked) -> None:
    path = write(tmp_path / "music" / "killer.wav")
    write(tmp_path / "music" / "good.wav")
    c.write(tmp_path / "cache", c.Collection(trying=str(path)))
    assert looked() == Scanned(1, 1)
    assert opened(tmp_path)[1] == {"killer.wav": MediaReason.CRASHED}
    write(path, seconds=2.5)
    assert looked() == Scanned(2, 0)


def test_a_damaged_or_older_cache_is_made_anew(tmp_path: Path, looked) -> None:
    write(tmp_path / "music" / "a.wav")
    (tmp_path / "cache").mkdir()
    for text in (b"{", b'{"version": 0, "entries": {}}', b"[]"):
        (tmp_path / "cache" / c.FILE).write_bytes(text)
        assert c.read(tmp_path / "cache") == c.Collection()
    assert looked() == Scanned(1, 0)


def test_the_child_answers_and_ends_with_its_line(tmp_path: Path) -> None:
    write(tmp_path / "music" / "a.wav")
    line = Heard(Scan(str(tmp_path / "music"), str(tmp_path / "cache")), Scan(str(tmp_path / "none"), str(tmp_path)))
    assert main(line) == 0  # type: ignore[arg-type]
    first, second = (m for m in line.said if isinstance(m, Scanned))
    assert first == Scanned(1, 0)
    assert "not_found" in second.problem


def test_two_thousand_known_files_open_from_the_cache_by_names_alone(tmp_path: Path) -> None:
    music = tmp_path / "music"
    music.mkdir()
    entries: dict[str, c.Entry] = {}
    for number in range(2000):
        path = music / f"{number:04}.flac"
        path.write_bytes(b"fLaC")
        size, changed_ns = c.fingerprint(str(path))
        entries[str(path)] = c.Entry(size, changed_ns, f"Title {number}", lufs=-20.0, peak=0.5)
    c.write(tmp_path / "cache", c.Collection(entries=entries))
    tracks = c.open_place(music, tmp_path / "cache").tracks
    assert (len(tracks), tracks[7].title, tracks[7].gain_db) == (2000, "Title 7", -3.0)
