"""Shared by the end-to-end tests: a sound server of their own and a little music that is there at once."""

from __future__ import annotations

import contextlib
import threading
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

from tests.end_to_end.room_run import MARK
from tests.sound import RATE_HZ, SoundServer, sound_server

MUSIC_HZ = 147.0  # far from every partial of an alarm tone


@pytest.fixture(scope="session")
def music_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three minutes of one quiet low note, as a person's own music folder."""
    folder = tmp_path_factory.mktemp("music")
    time = np.arange(180 * RATE_HZ) / RATE_HZ
    mono = (0.2 * np.sin(2 * np.pi * MUSIC_HZ * time) * 32767).astype("<i2")
    with wave.open(str(folder / "low note.wav"), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(np.repeat(mono[:, None], 2, axis=1).tobytes())
    return folder


@pytest.fixture(scope="module")
def server() -> Iterator[SoundServer]:
    """PulseAudio with one null sink for the patient and one for the sitter."""
    with sound_server() as running:
        yield running


@pytest.fixture(autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """As everywhere, but a room that outlives a test may have got new processes in it: `RoomRun.left` counts those."""
    threads, children = set(threading.enumerate()), _children()
    yield
    psutil.wait_procs(_children() - children, timeout=3)
    left = [thread.name for thread in set(threading.enumerate()) - threads if not thread.daemon]
    left += [str(child) for child in _children() - children]
    assert not left


def _children() -> set[psutil.Process]:
    found: set[psutil.Process] = set()
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if MARK not in child.environ() and child.status() != psutil.STATUS_ZOMBIE:
                found.add(child)
    return found
