"""Contec CMS50D-BT and EMAY SleepO2 over real GATT: started, kept alive, fast, and with the finger out."""

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from bleak.exc import BleakError

from devices.catalog import DRIVERS
from devices.drivers.script import Context, Emit, ScriptLink
from devices.pace import Pace
from devices.probe import probe
from devices.reading import DecodeFailed, LinkChanged, LinkState, Oximetry, Quality, Reading
from devices.virtual import contec, control
from tests.unit.devices.family_air import WITHIN_S, FamilyAir, family_air, kept, until

CONTEC_ORDER = ["8101", "8202", "9a1a", "9b001b", "9b011c"]
EMAY_ORDER = ["8909", "8e0513", "9b011c", "8606"]


@pytest.mark.parametrize(("name", "order"), [("contec", CONTEC_ORDER), ("emay", EMAY_ORDER)])
async def test_each_is_started_in_its_maker_s_order_and_kept_alive(name: str, order: list[str], tmp_path: Path) -> None:
    async with family_air(tmp_path, name) as air, kept(air, name):
        device = air.device(name)
        await until(lambda: device.is_started and device.heartbeats >= 4)
        written = [one.hex() for one in device.orders]
    assert written[: len(order)] == order
    assert set(written[len(order) :]) == {"9a1a"}


async def test_a_fast_pulse_comes_through_whole_in_pieces_of_every_size(tmp_path: Path) -> None:
    async with family_air(tmp_path, "contec") as air, kept(air, "contec"):
        for size in range(1, 9):
            await air.fault("contec", fragment=size)
            await air.device("contec").say(contec.wave(40, 4), contec.numbers(95, 120 + 2 * size))
        await until(lambda: len(air.measured("contec")) == 8)
        assert [one.pulse.number for one in air.measured("contec")] == [120 + 2 * size for size in range(1, 9)]
        assert not air.of(DecodeFailed, "contec")


async def test_old_numbers_beside_a_waveform_without_a_finger_lose_their_number(tmp_path: Path) -> None:
    brisk = Pace(silent_after_s=300, speed=10)
    async with family_air(tmp_path, "contec") as air, kept(air, "contec", pace=brisk):
        await play_until(air, lambda last: last.spo2.quality is Quality.VALID)
        await air.fault("contec", finger_out=True)
        await play_until(air, lambda last: last.spo2.number is None)
        numbers = [r.raw[3:5] for r in air.of(Reading, "contec")]
        assert numbers[-1] == numbers[-2]  # still on the wire
        await air.mend("contec")
        await play_until(air, lambda last: last.spo2.quality is Quality.VALID)
        assert (await air.account()).same


async def play_until(air: FamilyAir, wanted: Callable[[Oximetry], bool]) -> None:
    async with asyncio.timeout(WITHIN_S):
        while not air.measured("contec") or not wanted(air.measured("contec")[-1]):
            await air.play("contec")
            await asyncio.sleep(0.01)


async def test_without_a_waveform_the_finger_out_has_no_numbers(tmp_path: Path) -> None:
    async with family_air(tmp_path, "emay") as air, kept(air, "emay"):
        await air.play("emay", 2)
        await air.fault("emay", finger_out=True)
        await air.play("emay", 1)
        await until(lambda: len(air.measured("emay")) == 3)
        last = air.measured("emay")[-1]
        assert (last.spo2.number, last.spo2.quality) == (None, Quality.INVALID)


async def test_a_stranger_is_asked_and_believed_by_its_checksum(tmp_path: Path) -> None:
    async with family_air(tmp_path, "contec") as air:
        device = air.device("contec")

        async def answer() -> None:
            await until(lambda: device.is_started)
            await device.say(b"\xeb\x01\x02", contec.numbers(95, 81))

        answering = asyncio.ensure_future(answer())
        found = await probe(air.spec, device.address, [DRIVERS["aa55"], DRIVERS["eb"]])
        await answering
        assert found is DRIVERS["eb"]
        assert device.orders == [DRIVERS["eb"].question[1]]  # type: ignore[index]


async def test_a_frame_cut_by_a_lost_link_is_forgotten_and_its_rest_is_refused(tmp_path: Path) -> None:
    async with family_air(tmp_path, "contec") as air, kept(air, "contec"):
        await air.order(control.Send("contec", contec.numbers(95, 81)[:5].hex(), owed=contec.Owed.CUT))
        await air.order(control.Drop("contec"))
        await air.linked("contec", times=2)
        await air.order(control.Send("contec", contec.numbers(95, 81)[5:].hex(), owed=contec.Owed.BROKEN))
        await air.order(control.Send("contec", contec.numbers(96, 74).hex()))
        await until(lambda: air.measured("contec"))
        assert [one.pulse.number for one in air.measured("contec")] == [74]
        assert (await air.account()).same


async def test_a_link_that_is_lost_before_a_write_is_lost_and_nothing_was_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def writes_when_it_is_too_late(link: ScriptLink, _emit: Emit, _context: Context) -> None:
        with contextlib.suppress(BleakError):
            while link.has("ff01"):
                await asyncio.sleep(0)
        await link.write("ff01", contec.HEARTBEAT)

    late = msgspec.structs.replace(DRIVERS["eb"], script=writes_when_it_is_too_late)
    monkeypatch.setitem(DRIVERS, "eb", late)  # type: ignore[arg-type]
    async with family_air(tmp_path, "contec") as air, kept(air, "contec"):
        await air.order(control.Drop("contec"))
        await air.linked("contec", times=2)
        states = [one.state for one in air.of(LinkChanged, "contec")]
        assert LinkState.LOST in states
        assert LinkState.REFUSED not in states
