"""`kiosk devices add` at a real terminal: a device is chosen by its number, compared with its own display."""

from __future__ import annotations

import asyncio
import json
import os
import pty
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from devices.adapter import AdapterError
from devices.pairing import PairingError, PairingFault
from devices.reading import (
    AdapterChanged,
    CuffPressure,
    HeartRate,
    Measurement,
    Oximetry,
    PairingFailed,
    Pressure,
    Quality,
    Reading,
    Stamp,
    Value,
)
from kiosk.command.looking import Looking, look, shown
from kiosk.settings import ChosenDevice
from tests.unit.devices.airchild import LIMIT_S, ROOT, air, until
from tests.unit.kiosk.test_devices_pairing import Typist, adding


def devices(folder: Path) -> list[dict[str, Any]]:
    state = folder / "state.json"
    return json.loads(state.read_text())["devices"] if state.exists() else []


async def test_the_same_number_is_the_same_device_and_it_is_known_by_its_serial_number(tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with air(tmp_path / "air.jsonl") as child, adding(child, data, look=True) as typist:
        await until(lambda: "The same on the oximeter's own display? [y/N]" in typist.look())
        assert "Put the oximeter on your own finger." in typist.text
        assert "SpO2 9" in typist.text
        typist.type("y")
        assert await typist.end() == 0, typist.text
    (chosen,) = devices(data)
    assert (chosen["address"], chosen["driver"], chosen["serial"]) == (child.ready["oximeter"], "plx", "SIM-OX-0001")
    assert "known by its serial number" in typist.text
    assert not (data / "record.db").exists()


@pytest.mark.parametrize("answer", ["n", "", "97"])
async def test_another_number_chooses_nothing(tmp_path: Path, answer: str) -> None:
    data = tmp_path / "data"
    async with air(tmp_path / "air.jsonl") as child, adding(child, data, look=True) as typist:
        await until(lambda: "The same on" in typist.look())
        typist.type(answer)
        assert await typist.end() == 1
    assert "Not chosen: the oximeter shows another number, so it may be another device." in typist.text
    assert devices(data) == []


async def test_without_an_address_the_person_names_one_of_those_in_range(tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with air(tmp_path / "air.jsonl", "--with", "contec") as child:
        terminal, end = pty.openpty()
        command = [sys.executable, "-m", "kiosk", "devices", "add", "--seconds", "1.5", "--no-look"]
        command += ["--adapter", f"virtual:{child.address}", "--data-dir", str(data)]
        process = await asyncio.create_subprocess_exec(*command, stdin=end, stdout=end, stderr=end, cwd=ROOT)
        os.close(end)
        typist = Typist(process, terminal)
        await until(lambda: "Which one?" in typist.look())
        lines = [line.split("  ") for line in typist.text.splitlines() if "dBm" in line]
        place = next(line[0] for line in lines if child.ready["contec"] in line)
        typist.type(place)
        assert await typist.end() == 0, typist.text
        os.close(terminal)
    assert [one["address"] for one in devices(data)] == [child.ready["contec"]]


async def test_where_nobody_can_look_it_is_chosen_unseen_and_that_is_said(tmp_path: Path) -> None:
    data, pipe = tmp_path / "data", asyncio.subprocess.PIPE
    command = [sys.executable, "-m", "kiosk", "devices", "add", "F1:5E:55:10:00:01", "--driver", "plx"]
    process = await asyncio.create_subprocess_exec(
        *command, "--data-dir", str(data), stdin=asyncio.subprocess.DEVNULL, stdout=pipe, stderr=pipe, cwd=ROOT
    )
    out, said = await asyncio.wait_for(process.communicate(), LIMIT_S)
    assert process.returncode == 0
    assert b"Chosen without looking" in said
    assert b"known by its address" in out


async def test_a_device_that_sends_no_number_is_not_asked_about(tmp_path: Path) -> None:
    async with air(tmp_path / "air.jsonl", "--hold") as child:
        chosen = ChosenDevice(child.ready["oximeter"], "oximeter", "plx")
        with pytest.raises(TimeoutError):
            await look(f"virtual:{child.address}", chosen, within_s=3)


def value(text: str | None, quality: Quality = Quality.VALID, *reasons: str) -> Value:
    return Value(None if text is None else Decimal(text), quality, reasons)


OFF = value(None, Quality.INVALID, "finger off")


@pytest.mark.parametrize(
    ("measurement", "words", "can_be_compared"),
    [
        (Oximetry(value("97"), value("72")), "SpO2 97 %, pulse 72", True),
        (Oximetry(OFF, OFF), "SpO2 -- %, pulse -- (finger off)", False),
        (Pressure(value("128"), value("79"), value(None)), "128/79 mmHg", True),
        (
            Pressure(value("128", Quality.STORED, "from memory"), value("79"), value(None)),
            "128/79 mmHg (from memory)",
            True,
        ),
        (CuffPressure(value("80")), "The cuff is at 80 mmHg", False),
        (HeartRate(value("64")), "Pulse 64", True),
    ],
)
def test_a_number_stands_there_as_the_device_vouches_for_it(
    measurement: Measurement, words: str, can_be_compared: bool
) -> None:
    assert shown(measurement) == (words, can_be_compared)


async def test_what_stands_against_it_ends_the_look(capsys: pytest.CaptureFixture[str]) -> None:
    unpaired, off = Looking("cuff"), Looking("oximeter")
    unpaired.hear(PairingFailed("a", Stamp(0, 0), PairingFault.REFUSED))
    with pytest.raises(PairingError):
        await unpaired.came
    off.hear(AdapterChanged(Stamp(0, 0), "off"))
    with pytest.raises(AdapterError):
        await off.came
    worn = Looking("oximeter")
    worn.hear(Reading("a", Stamp(0, 0), Oximetry(OFF, OFF)))
    assert not worn.came.done()
    assert "own display" not in capsys.readouterr().err
    worn.hear(Reading("a", Stamp(0, 0), Oximetry(value("97"), value("72"))))
    await worn.came
    assert "own display" in capsys.readouterr().err
