"""Test support: an audio server of the test's own, with one null sink for the patient and one for the sitter.

Real PulseAudio in a private runtime folder, real capture from the sinks' monitors. `norewinds=1` because a null sink
that rewinds loses frames and would blame the player for it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 48_000
PATIENT = "patient"
SITTER = "sitter"
CACHE = Path(tempfile.gettempdir()) / "session-room-tests"
"""Of every child that plays here: VLC's list of plugins, made once and not by each test."""
Samples = NDArray[np.float32]


def wait_for(condition: Callable[[], object], timeout_s: float = 8.0, what: str = "") -> None:
    """Poll until true. Fails loudly with what was awaited."""
    end = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"not within {timeout_s} s: {what or condition}")
        time.sleep(0.01)


class SoundServer:
    """One PulseAudio daemon. Give `environment` to every child that is to hear or be heard here."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="sound-"))
        self.environment = os.environ | {
            "XDG_RUNTIME_DIR": str(self.folder),
            "PULSE_RUNTIME_PATH": str(self.folder / "pulse"),
            "PULSE_SERVER": f"unix:{self.folder}/pulse/native",
            "PULSE_COOKIE": str(self.folder / "cookie"),
            "HOME": str(self.folder),
            "XDG_CACHE_HOME": str(CACHE),
        }
        self._daemon: subprocess.Popen[bytes] | None = None

    def start(self, sinks: tuple[str, ...] = (PATIENT, SITTER)) -> None:
        (self.folder / "pulse").mkdir(exist_ok=True, mode=0o700)
        command = [
            "pulseaudio",
            "-n",
            "--daemonize=no",
            "--exit-idle-time=-1",
            "--use-pid-file=no",
            "--log-target=stderr",
        ]
        command += ["-L", f"module-native-protocol-unix auth-anonymous=1 socket={self.folder}/pulse/native"]
        command += ["-L", "module-stream-restore", "-L", "module-rescue-streams"]
        for sink in sinks:
            command += ["-L", _sink_module(sink)]
        with (self.folder / "log").open("ab") as log:
            self._daemon = subprocess.Popen(command, env=self.environment, stdout=subprocess.DEVNULL, stderr=log)
        wait_for(lambda: self._answers(sinks), what=f"the audio server; its log: {self.folder / 'log'}")

    def _answers(self, sinks: tuple[str, ...]) -> bool:
        found = subprocess.run(
            ["pactl", "list", "short", "sinks"], env=self.environment, capture_output=True, text=True, check=False
        )
        return found.returncode == 0 and all(sink in found.stdout for sink in sinks)

    def pactl(self, *words: str) -> str:
        return subprocess.run(
            ["pactl", *words], env=self.environment, capture_output=True, text=True, check=True, timeout=10
        ).stdout

    def add_sink(self, sink: str) -> None:
        self.pactl("load-module", *_sink_module(sink).split())

    def remove_sink(self, sink: str) -> None:
        for line in self.pactl("list", "short", "modules").splitlines():
            if f"sink_name={sink} " in line:
                self.pactl("unload-module", line.split("\t")[0])

    def kill(self) -> None:
        if self._daemon:
            with contextlib.suppress(ProcessLookupError):
                self._daemon.kill()
            self._daemon.wait(5)
            self._daemon = None

    def freeze(self) -> None:
        assert self._daemon
        self._daemon.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._daemon
        self._daemon.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        if self._daemon:
            self.thaw()
            self._daemon.terminate()
            try:
                self._daemon.wait(3)
            except subprocess.TimeoutExpired:
                self.kill()
        self._daemon = None
        shutil.rmtree(self.folder, ignore_errors=True)


class PipeWireServer(SoundServer):
    """The same in front of PipeWire: its own session bus, daemon, session manager and PulseAudio door.

    `SOUND_SERVER=pipewire` before pytest runs the tests of sound on it (Debian: pipewire, pipewire-pulse, wireplumber).
    """

    def __init__(self) -> None:
        super().__init__()
        self.environment |= {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={self.folder}/bus"}
        self._parts: list[subprocess.Popen[bytes]] = []

    def start(self, sinks: tuple[str, ...] = (PATIENT, SITTER)) -> None:
        config = self.folder / "bus.conf"
        config.write_text(
            f"<busconfig><type>session</type><listen>unix:path={self.folder}/bus</listen>"
            '<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow receive_sender="*"/>'
            '<allow own="*"/></policy></busconfig>'
        )
        self._run("dbus-daemon", "--nofork", f"--config-file={config}")
        wait_for((self.folder / "bus").exists, what="the session bus")
        self._run("pipewire")
        wait_for((self.folder / "pipewire-0").exists, what="PipeWire")
        self._run("wireplumber")
        self._run("pipewire-pulse")
        wait_for(lambda: self._answers(()), what="PipeWire's door for PulseAudio")
        for sink in sinks:
            self.add_sink(sink)
        wait_for(lambda: self._answers(sinks), what="the sinks")

    def _run(self, *command: str) -> None:
        with (self.folder / "log").open("ab") as log:
            self._parts.append(subprocess.Popen(command, env=self.environment, stdout=log, stderr=log))

    def add_sink(self, sink: str) -> None:
        words = f"module-null-sink media.class=Audio/Sink sink_name={sink} rate={RATE_HZ} channels=2"
        self.pactl("load-module", *words.split())
        # the session manager gives a new output 40 %, and takes a moment to find it
        wait_for(lambda: sink in self.pactl("list", "short", "sinks"), what=sink)
        self.pactl("set-sink-volume", sink, "100%")

    def kill(self) -> None:
        for part in reversed(self._parts):
            part.kill()
            part.wait(5)
        self._parts = []

    def freeze(self) -> None:
        for part in self._parts[1:]:
            part.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        for part in self._parts[1:]:
            part.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        self.thaw()
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def _sink_module(sink: str) -> str:
    words = f"module-null-sink sink_name={sink} rate={RATE_HZ} channels=2 norewinds=1"
    return f"{words} sink_properties=device.description={sink}"


@contextlib.contextmanager
def sound_server(sinks: tuple[str, ...] = (PATIENT, SITTER)) -> Iterator[SoundServer]:
    """A running server, always ended."""
    server = PipeWireServer() if os.environ.get("SOUND_SERVER") == "pipewire" else SoundServer()
    try:
        server.start(sinks)
        yield server
    finally:
        server.stop()


class Capture:
    """What one sink plays, from `start` on, read while it runs."""

    def __init__(self, server: SoundServer, sink: str) -> None:
        self._file = server.folder / f"{sink}-{time.monotonic_ns()}.raw"
        self._out = self._file.open("wb")
        command = ["parec", "-d", f"{sink}.monitor", "--format=float32le", "--rate=48000", "--channels=2"]
        self._process = subprocess.Popen(
            [*command, "--latency-msec=20", "--raw"], env=server.environment, stdout=self._out
        )
        wait_for(lambda: self._file.stat().st_size > 0, what=f"capture of {sink}")

    def samples(self) -> Samples:
        """Everything so far, shape (n, 2)."""
        raw = self._file.read_bytes()
        return np.frombuffer(raw[: len(raw) // 8 * 8], dtype="<f4").reshape(-1, 2)

    @property
    def seconds(self) -> float:
        return self._file.stat().st_size / 8 / RATE_HZ

    def wait_seconds(self, seconds: float, timeout_s: float = 20.0) -> Samples:
        """Until this much was captured in all; the sink's own clock, not ours."""
        wait_for(lambda: self.seconds >= seconds, timeout_s, f"{seconds} s of sound")
        return self.samples()

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(5)
        self._out.close()


@contextlib.contextmanager
def capture(server: SoundServer, sink: str) -> Iterator[Capture]:
    taken = Capture(server, sink)
    try:
        yield taken
    finally:
        taken.stop()


def rms_db(samples: Samples) -> float:
    """Level in dB of full scale; -200 for nothing."""
    power = float(np.mean(np.square(samples, dtype=np.float64))) if len(samples) else 0.0
    return 10 * np.log10(power) if power > 1e-20 else -200.0


def peak(samples: Samples) -> float:
    return float(np.max(np.abs(samples))) if len(samples) else 0.0


def envelope_db(samples: Samples, window_s: float = 0.02) -> NDArray[np.float64]:
    """Level per window in dB of full scale, floor -200."""
    size = int(window_s * RATE_HZ)
    count = len(samples) // size
    power = np.mean(np.square(samples[: count * size].reshape(count, -1).astype(np.float64)), axis=1)
    return 10 * np.log10(np.maximum(power, 1e-20))


def onsets(samples: Samples, above_db: float = -50.0, window_s: float = 0.01) -> list[float]:
    """Times in s at which the level rises above `above_db`: one for each pulse of a tone."""
    loud = envelope_db(samples, window_s) > above_db
    starts = np.flatnonzero(loud[1:] & ~loud[:-1]) + 1
    return [float(start) * window_s for start in starts]


def partials(samples: Samples, count: int = 8) -> list[tuple[float, float]]:
    """The strongest spectral peaks as (Hz, dB below the strongest), in order of frequency."""
    mono = samples.mean(axis=1) * np.hanning(len(samples))
    spectrum = np.abs(np.fft.rfft(mono, n=1 << 17))
    level = 20 * np.log10(np.maximum(spectrum, 1e-12) / max(float(spectrum.max()), 1e-12))
    step = RATE_HZ / (1 << 17)
    reach = int(40 / step)
    found: list[tuple[float, float]] = []
    for index in np.argsort(level)[::-1]:
        if len(found) == count:
            break
        if all(abs(index * step - frequency) > reach * step for frequency, _ in found):
            found.append((float(index) * step, float(level[index])))
    return sorted(found)
