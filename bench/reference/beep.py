"""The sound server's own latency: a stream kept open with silence, and a tone written into it at each line of stdin."""

from __future__ import annotations

import os
import select
import sys
import time

import numpy as np

from media.pulse import CHANNELS, RATE_HZ, LinkState, Server, Stream

BUFFER_S = 0.1
TONE_S = 0.3

if __name__ == "__main__":
    server = Server("beep")
    while server.state is not LinkState.READY:
        server.turn(0.02)
    stream = Stream(server, sys.argv[1], title="beep", role="alarm", buffer_s=BUFFER_S)
    t = np.arange(int(TONE_S * RATE_HZ)) / RATE_HZ
    tone = np.repeat(0.4 * np.sin(2 * np.pi * 523 * t)[:, None], CHANNELS, axis=1).astype(np.float32)
    waiting, is_told = np.zeros((0, CHANNELS), np.float32), False
    while True:
        server.turn(0.005)
        if stream.written > RATE_HZ and not is_told:
            is_told = True
            print("open", flush=True)
        if select.select([sys.stdin], [], [], 0)[0] and os.read(0, 100):
            print(f"written {time.time_ns()}", flush=True)
            waiting = tone
        wanted = stream.writable
        if wanted:
            frames = np.zeros((wanted, CHANNELS), np.float32)
            frames[: len(waiting)] = waiting[:wanted]
            waiting = waiting[wanted:]
            stream.write(frames.tobytes())
