"""A private audio server for every test that wants one, and ways to turn the sound children by hand."""

from __future__ import annotations

import time
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from media.tone import Tone
from media.worker import Worker
from tests import sound

PULSE_NAMES = ("PULSE_SERVER", "PULSE_RUNTIME_PATH", "XDG_RUNTIME_DIR", "PULSE_COOKIE")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[sound.SoundServer]:
    with sound.sound_server() as running:
        for name in PULSE_NAMES:
            monkeypatch.setenv(name, running.environment[name])
        yield running


@pytest.fixture
def no_server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/nothing")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("PULSE_RUNTIME_PATH", str(tmp_path))


class Turner:
    """Turns a child's main loop in the test's own thread and keeps what it says."""

    def __init__(self) -> None:
        self.said: list[Any] = []
        self.turn: Callable[[], object] = lambda: None

    def until(self, condition: Callable[[], object], timeout_s: float = 8.0, what: str = "") -> None:
        end = time.monotonic() + timeout_s
        while not condition():
            assert time.monotonic() < end, f"not within {timeout_s} s: {what}; said {self.said[-4:]}"
            self.turn()

    def until_said(self, kind: type, timeout_s: float = 8.0, after: int = 0, **fields: object) -> Any:
        """The first message of that kind with these fields, from number `after` on."""
        found: list[Any] = []

        def look() -> bool:
            found[:] = [
                message
                for message in self.said[after:]
                if isinstance(message, kind) and all(getattr(message, name) == fields[name] for name in fields)
            ]
            return bool(found)

        self.until(look, timeout_s, f"{kind.__name__} {fields}")
        return found[0]

    def until_captured(self, taken: sound.Capture, seconds: float, timeout_s: float = 20.0) -> sound.Samples:
        """Until the sink has played that much more; the samples of just that."""
        begin_s = taken.seconds
        self.until(lambda: taken.seconds - begin_s >= seconds, timeout_s, f"{seconds} s of sound")
        return taken.samples()[round(begin_s * sound.RATE_HZ) :]

    def kinds(self, kind: type) -> list[Any]:
        return [message for message in self.said if isinstance(message, kind)]


class ToneTurner(Turner):
    def __init__(self) -> None:
        super().__init__()
        self.ahead_s = 0.0  # how far a test has moved its clock
        self.tone = Tone(self.said.append, lambda: time.monotonic() + self.ahead_s)
        self.take, self.turn = self.tone.take, self.tone.turn


class MusicTurner(Turner):
    Lost = EOFError

    def __init__(self) -> None:
        super().__init__()
        self.send = self.said.append
        self.worker = Worker(self)  # type: ignore[arg-type]
        self.take, self.turn = self.worker.take, self.worker.turn

    def get(self, timeout_s: float) -> None: ...

    def beat(self) -> None: ...


@pytest.fixture
def tone() -> Iterator[Callable[[], ToneTurner]]:
    """Makes tone children; call it once the server is as the test wants it."""
    made: list[ToneTurner] = []

    def make() -> ToneTurner:
        made.append(ToneTurner())
        return made[-1]

    yield make
    for turner in made:
        turner.tone.close()


@pytest.fixture
def quick_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests that are not about the beginning."""
    monkeypatch.setattr("media.music.START_FADE_S", 0.3)
    monkeypatch.setattr("media.music.RESUME_FADE_S", 0.3)
    monkeypatch.setattr("media.music.SKIP_CROSS_S", 1.0)


@pytest.fixture
def short_piece(monkeypatch: pytest.MonkeyPatch) -> int:
    """Twelve seconds of the ambient piece, made of shorter tables by the same code; the loop's length in s."""
    monkeypatch.setattr("media.ambient.PAD_S", 6)
    monkeypatch.setattr("media.ambient.NOISE_S", 6)
    monkeypatch.setattr("media.ambient.ensure.__defaults__", (lambda _: None, 12))
    return 12


@pytest.fixture
def music() -> Iterator[Callable[[], MusicTurner]]:
    """Makes sound children, likewise."""
    made: list[MusicTurner] = []

    def make() -> MusicTurner:
        made.append(MusicTurner())
        return made[-1]

    yield make
    for turner in made:
        turner.worker.close()


def write_sine(path: Path, seconds: float, hertz: float, level: float = 0.3) -> Path:
    """A stereo 48 kHz file with whole cycles if seconds times hertz is whole."""
    count = round(seconds * sound.RATE_HZ)
    values = np.round(32767 * level * np.sin(2 * np.pi * hertz * np.arange(count) / sound.RATE_HZ)).astype("<i2")
    with wave.open(str(path), "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(sound.RATE_HZ)
        out.writeframes(np.repeat(values, 2).tobytes())
    return path


@pytest.fixture
def sine(tmp_path: Path) -> Callable[..., Path]:
    def make(name: str, seconds: float, hertz: float, level: float = 0.3) -> Path:
        return write_sine(tmp_path / name, seconds, hertz, level)

    return make
