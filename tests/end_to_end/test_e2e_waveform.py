"""The waveform from the air to the record, both ways: what was sent is there once, and nothing else; killed or not."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.record.reader import Reader
from kiosk.waveform import BLOCK_S
from tests.end_to_end.room_run import ROOT, Air, wait_until
from tests.end_to_end.terminal_run import terminal

CONTEC, PC60FW = "contec", "pc60fw"
RATE_HZ = {CONTEC: 60.0, PC60FW: 50.0}


class StreamingAir(Air):
    """An air with two oximeters that send a waveform."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "air.jsonl"
        words = [sys.executable, "-m", "devices.virtual.air", "--speed", "3", "--log", str(self.log)]
        words += ["--with", f"{CONTEC},{PC60FW}"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.process = subprocess.Popen(words, cwd=ROOT, start_new_session=True, **pipes)
        self.told = json.loads(self._line(20))

    def frames(self, device: str) -> list[bytes]:
        """The whole frames that the monitor took of this device."""
        mine = [row for row in self.sent() if row["device"] == self.told[device].lower() and "hex" in row]
        return [bytes.fromhex(row["hex"]) for row in mine]

    def samples(self, device: str) -> list[int | None]:
        """What was taken of this device's waveform, read out of its frames by the description and not by a driver."""
        frames = self.frames(device)
        if device == CONTEC:
            waves = [frame for frame in frames if frame[:2] == b"\xeb\x00" and len(frame) == 6]
            return [None if frame[3:5] == b"\x40\x60" else frame[3] for frame in waves]
        waves = [frame for frame in frames if frame[:5] == b"\xaa\x55\x0f\x07\x02"]
        return [sample % 128 for frame in waves for sample in frame[5:-1]]

    def beats(self) -> list[int]:
        """Which samples of the PC-60FW were marked as a beat."""
        frames = self.frames(PC60FW)
        samples = [sample for frame in frames if frame[:5] == b"\xaa\x55\x0f\x07\x02" for sample in frame[5:-1]]
        return [place for place, sample in enumerate(samples) if sample >= 128]


@pytest.fixture
def air(tmp_path: Path) -> Iterator[StreamingAir]:
    opened = StreamingAir(tmp_path)
    yield opened
    opened.end()


def words(air: StreamingAir, data: Path) -> tuple[object, ...]:
    return ("--any", "--yes", "--adapter", f"virtual:127.0.0.1:{air.told['port']}", "--data-dir", data)


def recorded(data: Path, address: str) -> list[tuple[int, list[int | None], tuple[int, ...]]]:
    """seq, samples and beats of each block of one device; the chain is whole."""
    with Reader(data / "record.db") as reader:
        (session,) = reader.sessions()
        assert reader.verify_chain(session.session_id) == []
        blocks = [row for row in reader.waveforms(session.session_id) if row.block.device == address]
    return [(row.seq, list(row.block.samples), row.block.beats) for row in blocks]


def test_the_record_has_each_sample_that_was_sent_once_and_in_order(tmp_path: Path, air: StreamingAir) -> None:
    data = tmp_path / "data"
    with terminal(*words(air, data)) as monitor:
        wait_until(lambda: all(len(air.samples(one)) > 8 * RATE_HZ[one] for one in RATE_HZ), 40, "eight seconds")
        air.order("fault", device=CONTEC, finger_out=True)
        wait_until(lambda: None in air.samples(CONTEC), 10, "a finger that is out")
        assert monitor.end() == (0, "")
    air.end()
    for device, rate_hz in RATE_HZ.items():
        blocks = recorded(data, air.told[device].lower())
        assert [sample for _, samples, _ in blocks for sample in samples] == air.samples(device)
        assert all(len(samples) < BLOCK_S * rate_hz + 10 for _, samples, _ in blocks)
    beats, before = [], 0
    for _, samples, places in recorded(data, air.told[PC60FW].lower()):
        beats += [before + place for place in places]
        before += len(samples)
    assert beats == air.beats()
    assert len(beats) > 5


def test_a_killed_monitor_costs_the_block_that_was_not_finished_and_doubles_nothing(
    tmp_path: Path, air: StreamingAir
) -> None:
    data = tmp_path / "data"
    with terminal(*words(air, data)) as monitor:
        wait_until(lambda: len(air.samples(PC60FW)) > 9 * 50, 40, "nine seconds")
        monitor.process.kill()
        monitor.wait()
    first = recorded(data, air.told[PC60FW].lower())
    with terminal(*words(air, data)) as monitor:
        taken = len(air.samples(PC60FW))
        wait_until(lambda: len(air.samples(PC60FW)) > taken + 4 * 50, 40, "four seconds more")
        assert monitor.end() == (0, "")
    air.end()
    sent, blocks = air.samples(PC60FW), recorded(data, air.told[PC60FW].lower())
    assert blocks[: len(first)] == first
    before = [sample for _, samples, _ in first for sample in samples]
    after = [sample for _, samples, _ in blocks[len(first) :] for sample in samples]
    assert before
    assert sent[: len(before)] == before
    assert sent[-len(after) :] == after
    assert 0 < len(sent) - len(before) - len(after) <= (BLOCK_S + 1) * 50
