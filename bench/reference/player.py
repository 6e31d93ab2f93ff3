"""The least that plays a file: libVLC into the sound server, as `cvlc FILE` does. Plays until it is ended."""

from __future__ import annotations

import sys
import time

import vlc

if __name__ == "__main__":
    instance = vlc.Instance("--no-video", "--aout=pulse", "--quiet")
    assert instance is not None
    player = instance.media_player_new(sys.argv[1])
    player.play()
    print("playing", flush=True)
    while True:
        time.sleep(3600)
