"""The sound children as the real processes they are, on the real line."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from kiosk.line.codec import BEAT_EVERY_S, Beat, encode
from media.message import (
    ChooseMusicOutput,
    ChooseOutput,
    FadeOut,
    KeepPlace,
    MusicReason,
    Play,
    Queue,
    Signal,
    Track,
    Volume,
)
from media.place import Keeper, Place, read_place
from tests import sound

from .conftest import write_sine

pytestmark = pytest.mark.sound
ROOT = Path(__file__).parents[3]


class Child:
    """One real child with a parent that beats."""

    def __init__(self, name: str, environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", f"import sys; from kiosk.childside import run_child; sys.exit(run_child('{name}'))"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            cwd=ROOT,
        )
        self.raw = b""
        self._stop = threading.Event()
        self._beats = threading.Thread(target=self._beat)
        self._beats.start()

    def _beat(self) -> None:
        while not self._stop.wait(BEAT_EVERY_S / 2):
            self.send(Beat())

    def send(self, message: msgspec.Struct) -> None:
        assert self.process.stdin
        try:
            os.write(self.process.stdin.fileno(), encode(message))
        except (OSError, ValueError):
            self._stop.set()

    def lines(self) -> list[Any]:
        assert self.process.stdout
        while select.select([self.process.stdout], [], [], 0)[0]:
            chunk = os.read(self.process.stdout.fileno(), 65536)
            if not chunk:
                break
            self.raw += chunk
        return [msgspec.json.decode(line) for line in self.raw.split(b"\n")[:-1]]

    def wait_for(self, kind: str, **fields: object) -> dict[str, Any]:
        found: list[dict[str, Any]] = []

        def look() -> bool:
            found[:] = [line for line in self.lines() if line["type"] == kind and fields.items() <= line.items()]
            return bool(found)

        sound.wait_for(look, 15, f"{kind} {fields}")
        return found[0]

    def position_s(self) -> float:
        """What it said last of where the music is, 0 before that."""
        return next((line["position_s"] for line in reversed(self.lines()) if "position_s" in line), 0.0)

    def lose_line(self) -> None:
        self._stop.set()
        self._beats.join()
        assert self.process.stdin
        self.process.stdin.close()

    def end(self) -> None:
        self._stop.set()
        self._beats.join()
        self.process.kill()
        self.process.wait(5)
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe
            pipe.close()


@contextmanager
def child(name: str, environment: dict[str, str]) -> Iterator[Child]:
    started = Child(name, environment)
    try:
        yield started
    finally:
        started.end()


def test_the_tone_child_sounds_the_failure_tone_when_its_monitor_is_gone(server: sound.SoundServer) -> None:
    with (
        child("tone", server.environment) as tone,
        sound.capture(server, sound.SITTER) as sitters,
        sound.capture(server, sound.PATIENT) as patients,
    ):
        tone.send(ChooseOutput(sound.SITTER))
        tone.wait_for("tone_ready", output="sitter")
        tone.send(Signal("medium", id="one"))
        assert tone.wait_for("played", id="one")["muted"] is False
        assert tone.wait_for("beat")
        tone.send(Signal("none"))
        quiet_from_s = sitters.seconds + 1.5
        sitters.wait_seconds(quiet_from_s)
        tone.lose_line()
        lost_at_s = sitters.seconds
        heard = sitters.wait_seconds(lost_at_s + 3.5)[round(lost_at_s * sound.RATE_HZ) :]
        assert sound.onsets(heard, -30)[0] < 2.0
        assert sound.envelope_db(heard[-48_000:], 0.1).min() > -25
        assert sound.peak(patients.samples()) == 0.0
        assert tone.process.poll() is None


def test_music_killed_in_the_middle_of_a_fade_starts_again_at_nominal_volume(
    server: sound.SoundServer, tmp_path: Path
) -> None:
    queue = Queue((Track(str(write_sine(tmp_path / "a.wav", 60, 441.0)), "A"),))
    with child("sound", server.environment) as first:
        for message in (ChooseMusicOutput(sound.PATIENT), Volume(100, 0.0), queue, Play()):
            first.send(message)
        first.wait_for("playing", title="A")
        sound.wait_for(lambda: first.position_s() > 1, 10, "some music")
        first.send(FadeOut(30.0))
        first.process.kill()
    with child("sound", server.environment) as second, sound.capture(server, sound.PATIENT) as patients:
        for message in (ChooseMusicOutput(sound.PATIENT), Volume(100, 0.0), queue, Play()):
            second.send(message)
        second.wait_for("playing", title="A")
        begun_s = patients.seconds
        heard = patients.wait_seconds(begun_s + 5.5)
        assert sound.rms_db(heard[-12_000:]) == pytest.approx(-13.5, abs=0.5)
        second.lose_line()
        lost_at_s = patients.seconds
        after = patients.wait_seconds(lost_at_s + 1.8)[round(lost_at_s * sound.RATE_HZ) :]
        assert sound.peak(after[round(1.5 * sound.RATE_HZ) :]) == 0.0
        assert np.abs(np.diff(after[:, 0])).max() < 0.03
        assert second.process.poll() is None
        second.process.terminate()
        assert second.process.wait(5) == 0


def test_music_that_loses_its_monitor_leaves_its_place_and_the_next_child_goes_on_there(
    server: sound.SoundServer, tmp_path: Path
) -> None:
    kept, track = tmp_path / "place.json", Track(str(write_sine(tmp_path / "a.wav", 60, 441.0)), "A")
    with child("sound", server.environment) as first:
        for message in (
            ChooseMusicOutput(sound.PATIENT),
            Volume(40, 0.0),
            KeepPlace(str(kept)),
            Queue((track,), 0, 20.0),
        ):
            first.send(message)
        first.send(Play())
        sound.wait_for(lambda: first.position_s() > 22, 15, "some music")
        said_s = first.position_s()
        first.lose_line()
        place = wait_for_place(kept, 22)
    assert (place.track, place.volume_percent) == (track, 40)
    assert said_s <= place.position_s < said_s + 3
    with child("sound", server.environment) as second:
        for message in (ChooseMusicOutput(sound.PATIENT), Queue((track,), 0, place.position_s), Play()):
            second.send(message)
        sound.wait_for(lambda: second.position_s() > 1, 15, "music again")
        assert place.position_s <= second.position_s() < place.position_s + 5


def wait_for_place(file: Path, at_least_s: float) -> Place:
    """As soon as a place this far is kept."""
    found: list[Place] = []

    def look() -> bool:
        place = read_place(file)
        found[:] = [place] if place and place.position_s >= at_least_s else []
        return bool(found)

    sound.wait_for(look, 5, f"a place of {at_least_s} s")
    return found[0]


def test_a_place_that_cannot_be_kept_is_told_once_and_costs_no_music(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keeper = Keeper(tmp_path / "nowhere" / "place.json")
    for _ in range(3):
        keeper.keep(Place(Track("a", "A"), 1.0, 70))
    assert capsys.readouterr().err.count("cannot be kept") == 1


def test_a_wrong_path_to_vlc_is_a_reason_and_not_the_end_of_the_child(server: sound.SoundServer) -> None:
    environment = server.environment | {"PYTHON_VLC_LIB_PATH": "/nowhere/libvlc.so"}
    with child("sound", environment) as music:
        assert music.wait_for("music_failed")["reason"] == MusicReason.NO_VLC
        music.wait_for("sound_ready", vlc_version="")
        music.wait_for("beat")
