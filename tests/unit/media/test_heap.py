"""How the music's process keeps its memory."""

from __future__ import annotations

import subprocess
import sys

import pytest

SCRIPT = """
import ctypes, sys, threading
from media.heap import keep_together
if "together" in sys.argv:
    keep_together()
libc = ctypes.CDLL(None)
ready = threading.Barrier(4)
def work():
    ready.wait()
    libc.malloc(100)
threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
libc.fopen.restype = ctypes.c_void_p
said = ctypes.c_void_p(libc.fopen(b"/dev/stdout", b"w"))
libc.malloc_info(0, said)
libc.fclose(said)
"""


def arenas(*words: str) -> int:
    """How many the C library has for a process with four threads that take memory at once."""
    done = subprocess.run([sys.executable, "-c", SCRIPT, *words], capture_output=True, text=True, check=True)
    return done.stdout.count("<heap nr=")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the C library is not glibc")
def test_all_threads_of_the_music_take_their_memory_from_one_arena() -> None:
    assert arenas() > 1
    assert arenas("together") == 1
