"""An audio server of the demo's own, with two null sinks, for machines without sound: `patient` and `sitter`.

Same code paths as with real outputs; only the last metre is missing. Started and ended by `kiosk demo` (and tests),
never by `kiosk run`. It listens on a socket of its own folder, so that a person's own server is never touched.
"""

# pyright: basic, reportMissingTypeStubs=false
from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

PATIENT, SITTER = "patient", "sitter"
START_WITHIN_S = 10.0


def has_audio_server() -> bool:
    """Whether a PulseAudio (or PipeWire-pulse) server answers now."""
    import pulsectl

    try:
        with pulsectl.Pulse("kiosk-look", connect=False) as pulse:
            pulse.connect(autospawn=False, wait=False)
            return any(not sink.name.startswith("auto_null") for sink in pulse.sink_list())
    except pulsectl.PulseError:
        return False


class NullServer:
    """PulseAudio with two null sinks; `env` is what children need to find it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def env(self) -> dict[str, str]:
        """Environment for every process that shall play here."""
        return {"PULSE_SERVER": f"unix:{self.folder / 'native'}", "PULSE_COOKIE": str(self.folder / "cookie")}

    def start(self) -> bool:
        """Start it; False when PulseAudio is not installed or does not come up in time."""
        program = shutil.which("pulseaudio")
        if program is None:
            return False
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._process = subprocess.Popen(
            [program, *self._arguments()],
            env={**os.environ, **self._own_env()},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=(self.folder / "pulse.log").open("wb"),
            start_new_session=True,
        )
        deadline = time.monotonic() + START_WITHIN_S
        while not (self.folder / "native").exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                return False
            time.sleep(0.02)
        return True

    def _arguments(self) -> list[str]:
        sinks = [
            # norewinds=1: without it VLC flushes and seconds of sound are lost
            f"--load=module-null-sink sink_name={name} rate=48000 norewinds=1 sink_properties=device.description={name}"
            for name in (PATIENT, SITTER)
        ]
        socket = f"--load=module-native-protocol-unix auth-anonymous=1 socket={self.folder / 'native'}"
        flags = ["-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disallow-exit", "--log-level=1"]
        return [*flags, *sinks, socket]

    def _own_env(self) -> dict[str, str]:
        private = str(self.folder)
        return {"HOME": private, "XDG_RUNTIME_DIR": private, "PULSE_RUNTIME_PATH": private, "PULSE_STATE_PATH": private}

    def stop(self) -> None:
        """End it and wait for the end; idempotent."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(3)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None
