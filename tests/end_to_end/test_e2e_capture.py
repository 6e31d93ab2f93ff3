"""A capture of real traffic, run again, says what the live run recorded; and it names nobody."""

from __future__ import annotations

import base64
import json
import os
import pty
import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from devices.reading import Reading
from kiosk.decode import measured
from kiosk.record.reader import Reader
from kiosk.session.events import DeviceIdentified, PayloadRefused
from tests.end_to_end.room_run import ROOT, Air, wait_until
from tests.end_to_end.terminal_run import terminal

FAMILIES = ("contec", "pc60fw", "o2ring")


class ManyAir(Air):
    """An air with devices of several families beside the standard ones."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "air.jsonl"
        words = [sys.executable, "-m", "devices.virtual.air", "--with", ",".join(FAMILIES), "--log", str(self.log)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.process = subprocess.Popen(words, cwd=ROOT, start_new_session=True, **pipes)
        self.told = json.loads(self._line(20))


@pytest.fixture
def air(tmp_path: Path) -> Iterator[ManyAir]:
    opened = ManyAir(tmp_path)
    yield opened
    opened.end()


def kiosk(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kiosk", *map(str, words)]
    return subprocess.run(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False
    )


def essence(kind: str, characteristic: str, raw_hex: str, said: Any) -> tuple[str, ...]:
    return (kind, characteristic.lower(), raw_hex.lower(), json.dumps(said, sort_keys=True, default=str))


def recorded(data: Path, address: str) -> list[tuple[str, ...]]:
    """Readings, refused bytes and blocks of waveform of one device, in the record's order."""
    with Reader(data / "record.db") as reader:
        (session,) = reader.sessions()
        rows: list[tuple[int, tuple[str, ...]]] = []
        for row in reader.rows(session.session_id):
            match row.what:
                case Reading(device=device) if device == address:
                    what = row.what
                    said = {**measured(what.measurement), "source": str(what.source)}
                    rows.append((row.seq, essence("reading", what.characteristic, what.raw.hex(), said)))
                case PayloadRefused(device=device) if device == address:
                    what = row.what
                    said = [what.reason, what.detail]
                    rows.append((row.seq, essence("refused", what.characteristic, what.raw_hex, said)))
                case _:
                    pass
        for block in reader.waveforms(session.session_id):
            if block.block.device == address:
                said = [block.block.rate_hz, block.block.samples, block.block.beats]
                rows.append((block.seq, essence("waveform", "", "", said)))
    return [one for _, one in sorted(rows)]


def decoded(lines: list[dict[str, Any]], device: str) -> list[tuple[str, ...]]:
    rows = []
    for line in lines:
        if line["device"] != device or line["type"] == "battery":
            continue
        if line["type"] == "waveform":
            rows.append(essence("waveform", "", "", [line["rate_hz"], line["samples"], line["beats"]]))
            continue
        head = ("type", "utc", "t_s", "device", "driver", "characteristic", "hex")
        said = {key: value for key, value in line.items() if key not in head}
        said = [said["error"], said["detail"]] if line["type"] == "refused" else said
        rows.append(essence(line["type"], line["characteristic"], line["hex"], said))
    return rows


def test_a_capture_run_again_says_what_the_live_run_recorded_and_names_no_device(tmp_path: Path, air: ManyAir) -> None:
    data, file = tmp_path / "data", tmp_path / "traffic.jsonl"
    words = ("--any", "--yes", "--adapter", f"virtual:127.0.0.1:{air.told['port']}", "--data-dir", data)
    with terminal(*words, "--capture", file) as monitor:
        wait_until(lambda: len({line.get("device") for line in list(monitor.lines)} - {None}) >= 4, 40, "four devices")
        air.order("measure", inflate_s=2)
        air.order("fault", device="pc60fw", fragment=3)
        air.order("fault", device="contec", flips=12)
        wait_until(lambda: any("systolic" in line for line in list(monitor.lines)), 20, "a blood pressure")
        monitor.await_more("reading", 12)
        air.order("drop", device="pc60fw")
        monitor.await_more("reading", 12)
        assert monitor.end() == (0, "")
    air.end()
    again = kiosk("decode", "--capture", file, "--json")
    assert again.returncode == 0, again.stderr
    lines = [json.loads(line) for line in again.stdout.splitlines()]
    header, *traffic = [json.loads(line) for line in file.read_text().splitlines()]
    kept = {line["driver"]: line["device"] for line in traffic if line["what"] == "kept"}
    assert {"plx", "bls", "eb", "aa55", "viatom"} <= kept.keys()
    addresses = {"plx": "oximeter", "bls": "cuff", "eb": "contec", "aa55": "pc60fw", "viatom": "o2ring"}
    for driver, name in addresses.items():
        live = recorded(data, air.told[name].lower())
        assert live
        assert decoded(lines, kept[driver]) == live, driver
    assert {line["type"] for line in lines} >= {"reading", "refused", "waveform"}
    _names_nobody(file, data, air)
    assert header["addresses"] == "replaced"
    assert {line["what"] for line in traffic} == {
        "kept", "advertisement", "connecting", "connected", "notified", "read", "written", "disconnected",
    }  # fmt: skip


def _names_nobody(file: Path, data: Path, air: ManyAir) -> None:
    """No address of the air and no serial number that the live run read stands in the file, in no spelling."""
    text = file.read_text().lower()
    secrets = [address.lower() for name, address in air.told.items() if name != "port"]
    with Reader(data / "record.db") as reader:
        (session,) = reader.sessions()
        rows = [row.what for row in reader.rows(session.session_id)]
    serials = {row.serial for row in rows if isinstance(row, DeviceIdentified) and row.serial}
    assert len(serials) >= 4
    for secret in secrets:
        octets = bytes.fromhex(secret.replace(":", ""))
        spelt = (
            secret,
            octets.hex(),
            octets[::-1].hex(),
            octets.hex().encode().hex(),
            octets.hex().upper().encode().hex(),
        )
        assert not [one for one in spelt if one in text]
    for serial in serials:
        assert serial.lower() not in text
        assert serial.encode().hex() not in text
        assert base64.b64encode(serial.encode()).decode().lower() not in text


def test_a_capture_of_a_patient_s_session_takes_a_second_option_and_a_typed_yes(tmp_path: Path) -> None:
    data, file = tmp_path / "data", tmp_path / "traffic.jsonl"
    chosen = kiosk("devices", "add", "F0:F1:F2:F3:F4:01", "--driver", "plx", "--data-dir", data)
    assert chosen.returncode == 0, chosen.stderr
    words = ("monitor", "--session", "--data-dir", data, "--adapter", "virtual:127.0.0.1:9", "--capture", file)
    refused = kiosk(*words)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "--capture-in-session" in refused.stderr
    refused = kiosk(*words, "--capture-in-session", "--yes")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "typed yes" in refused.stderr
    code, said = typed("y", *words, "--capture-in-session")
    assert (code, file.exists()) == (1, False)
    assert "Nothing was captured." in said
    assert not (data / "record.db").exists()
    code, said = typed("yes", *words, "--capture-in-session", "--seconds", "0.5")
    assert (code, file.exists()) == (0, True), said
    assert json.loads(file.read_text().splitlines()[0])["session"] is True


def test_real_addresses_are_kept_only_after_a_question(tmp_path: Path, air: ManyAir) -> None:
    data, file = tmp_path / "data", tmp_path / "traffic.jsonl"
    adapter = f"virtual:127.0.0.1:{air.told['port']}"
    words = ("monitor", "--any", "--data-dir", data, "--adapter", adapter, "--capture", file)
    refused = kiosk(*words, "--capture-real-addresses")
    assert (refused.returncode, file.exists()) == (1, False)
    assert kiosk(*words, "--capture-real-addresses", "--yes", "--seconds", "4").returncode == 0
    text = file.read_text()
    assert json.loads(text.splitlines()[0])["addresses"] == "real"
    assert air.told["contec"].lower() in text
    refused = kiosk(*words, "--yes")
    assert refused.returncode == 1
    assert "exists already" in refused.stderr


def typed(answer: str, *words: object) -> tuple[int, str]:
    """Run a command on a terminal of its own and answer its first question."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "kiosk", *map(str, words)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=theirs, stdout=subprocess.DEVNULL, stderr=theirs)
    os.close(theirs)
    said = b""
    while b"yes" not in said and select.select([ours], [], [], 20)[0]:
        said += os.read(ours, 4096)
    os.write(ours, answer.encode() + b"\n")
    try:
        while chunk := os.read(ours, 4096):
            said += chunk
    except OSError:
        pass  # the other end is closed
    os.close(ours)
    return process.wait(30), said.decode()
