"""The product's own Bluetooth library against the simulated air: real bleak, real GATT, a real child process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from bleak import BleakClient, BleakScanner
from bleak.backends.device import BLEDevice
from bleak.exc import BleakBluetoothNotAvailableError, BleakDeviceNotFoundError, BleakError
from bleak.uuids import normalize_uuid_16 as sig

from devices.virtual.radio import NoAdapter, Radio, Reason, attach
from tests.unit.devices.airchild import LIMIT_S, AirChild, air, until

CONTINUOUS, SPOT, FINISHED, INTERMEDIATE = sig(0x2A5F), sig(0x2A5E), sig(0x2A35), sig(0x2A36)


@pytest.fixture
async def child(tmp_path: Path) -> AsyncIterator[AirChild]:
    """An air that sends nothing until it is told."""
    async with air(tmp_path / "air.jsonl", "--hold") as started:
        yield started


@asynccontextmanager
async def attached(child: AirChild) -> AsyncIterator[Radio]:
    radio = await attach(child.address)
    try:
        yield radio
    finally:
        await radio.detach()


@pytest.fixture
async def radio(child: AirChild) -> AsyncIterator[Radio]:
    async with attached(child) as radio:
        yield radio


async def find(radio: Radio, service: int) -> BLEDevice:
    device = await BleakScanner.find_device_by_filter(
        lambda _, seen: sig(service) in seen.service_uuids, timeout=LIMIT_S, backend=radio.scanner_backend
    )
    assert device
    return device


@asynccontextmanager
async def linked(radio: Radio, service: int = 0x1822) -> AsyncIterator[BleakClient]:
    async with BleakClient(await find(radio, service), timeout=LIMIT_S, backend=radio.client_backend) as client:
        yield client


class Heard:
    """What bleak's callbacks brought, in order."""

    def __init__(self) -> None:
        self.values: list[tuple[str, str]] = []

    async def listen(self, client: BleakClient, *characteristics: str) -> None:
        for uuid in characteristics:
            await client.start_notify(uuid, lambda char, data: self.values.append((char.uuid, bytes(data).hex())))

    def of(self, uuid: str) -> list[str]:
        return [value for characteristic, value in self.values if characteristic == uuid]


def delivered(child: AirChild) -> list[tuple[str, str]]:
    return [(line["characteristic"], line["hex"]) for line in child.values() if line["delivered"]]


async def test_the_oximeter_is_found_by_its_service_and_says_who_it_is(child: AirChild, radio: Radio) -> None:
    async with linked(radio) as client:
        assert client.address.lower() == child.ready["oximeter"]
        assert (await client.read_gatt_char(sig(0x2A25))).decode() == "SIM-OX-0001"
        assert (await client.read_gatt_char(sig(0x2A19)))[0] == 87
        assert bytes(await client.read_gatt_char(sig(0x2A60))).hex() == "4b00e0e0800800"
        assert {service.uuid for service in client.services} >= {sig(0x1822), sig(0x180A), sig(0x180F)}


async def test_the_log_equals_what_was_received_both_ways(child: AirChild, radio: Radio) -> None:
    heard = Heard()
    async with linked(radio) as client:
        await heard.listen(client, CONTINUOUS, SPOT)
        await child.do("resume")
        await until(lambda: len(heard.values) >= 3)
        await child.do("spot")
        await child.do("hold")
        await child.do("send", device="oximeter", hex="0061004800")
    await until(lambda: len(child.values()) >= len(heard.values))
    assert delivered(child) == heard.values
    assert [line["n"] for line in child.values()] == list(range(1, len(heard.values) + 1))
    assert {line["device"] for line in child.values()} == {child.ready["oximeter"]}


async def test_garbage_passes_through_raw(child: AirChild, radio: Radio) -> None:
    broken = ["", "00", "ff", "deadbeef", "aa" * 20, "55" * 200]
    heard = Heard()
    async with linked(radio) as client:
        await heard.listen(client, CONTINUOUS)
        for payload in broken:
            await child.do("send", device="oximeter", hex=payload)
        await until(lambda: len(heard.values) == len(broken))
    assert heard.of(CONTINUOUS) == broken


async def test_a_value_that_nobody_subscribed_to_is_neither_sent_nor_logged(child: AirChild, radio: Radio) -> None:
    async with linked(radio):
        answer = await child.ask("send", device="oximeter", hex="0061004800")
    assert answer["because"] == "nobody took it"
    assert child.values() == []


async def test_the_cuff_can_be_found_only_while_it_measures_and_hangs_up_by_itself(
    child: AirChild, radio: Radio
) -> None:
    found = await BleakScanner.discover(timeout=0.5, backend=radio.scanner_backend)
    assert child.ready["cuff"] not in {device.address.lower() for device in found}
    await child.do("measure", systolic=168, diastolic=104, mean=125, pulse=92, inflate_s=3)
    heard, gone = Heard(), asyncio.Event()
    device = await find(radio, 0x1810)
    client = BleakClient(device, disconnected_callback=lambda _: gone.set(), backend=radio.client_backend)
    await client.connect()
    assert bytes(await client.read_gatt_char(sig(0x2A49))).hex() == "1f00"
    await heard.listen(client, INTERMEDIATE, FINISHED)
    await asyncio.wait_for(gone.wait(), LIMIT_S)
    (finished,) = heard.of(FINISHED)
    assert finished.startswith("16a80068007d00")  # 168/104, mean 125
    assert finished.endswith("5c000000")  # pulse 92, status 0
    assert heard.of(INTERMEDIATE)
    assert all(value.endswith("ff07ff07") for value in heard.of(INTERMEDIATE))
    assert heard.values == delivered(child)
    assert "no link" in (await child.ask("drop", device="cuff"))["because"]
    found = await BleakScanner.discover(timeout=0.5, backend=radio.scanner_backend)
    assert child.ready["cuff"] not in {device.address.lower() for device in found}


async def test_a_second_measurement_is_refused_while_the_cuff_measures(child: AirChild) -> None:
    await child.do("measure", inflate_s=3)
    assert (await child.ask("measure"))["because"] == "the cuff is measuring"


async def test_a_reading_that_met_a_lost_link_is_indicated_again_after_the_reconnect(
    child: AirChild, radio: Radio
) -> None:
    await child.do("measure", inflate_s=1, hex="0078005000ff07")
    heard = Heard()
    async with linked(radio, 0x1810):
        await child.do("drop", device="cuff")  # before anybody subscribed: it is kept
    async with linked(radio, 0x1810) as client:
        await heard.listen(client, FINISHED)
        await until(lambda: heard.values)
    assert heard.of(FINISHED) == ["0078005000ff07"]


async def test_a_lost_link_is_reported_and_the_device_can_be_found_again(child: AirChild, radio: Radio) -> None:
    lost = asyncio.Event()
    device = await find(radio, 0x1822)
    client = BleakClient(device, disconnected_callback=lambda _: lost.set(), backend=radio.client_backend)
    await client.connect()
    await child.do("drop", device="oximeter")
    await asyncio.wait_for(lost.wait(), LIMIT_S)
    assert not client.is_connected
    with pytest.raises(BleakError):
        await client.read_gatt_char(sig(0x2A19))
    await client.connect()
    assert (await client.read_gatt_char(sig(0x2A19)))[0] == 87
    await client.disconnect()
    reasons = [line["reason"] for line in child.events("dropped")]
    assert reasons[0] == "CONNECTION_TIMEOUT_ERROR"


async def test_a_link_lost_in_mid_request_ends_the_request_with_an_error(child: AirChild, radio: Radio) -> None:
    device = await find(radio, 0x1822)
    for pause_s in (0.0, 0.001, 0.003, 0.01, 0.03):
        client = BleakClient(device, timeout=LIMIT_S, backend=radio.client_backend)
        connecting = asyncio.create_task(client.connect())
        links = len(child.events("connected"))
        await until(lambda links=links: len(child.events("connected")) > links)
        await asyncio.sleep(pause_s)
        await child.ask("drop", device="oximeter")
        try:
            await asyncio.wait_for(connecting, LIMIT_S)
        except BleakError:
            assert not client.is_connected
        else:
            await until(lambda client=client: not client.is_connected)


async def test_an_absent_device_costs_the_time_limit_and_leaves_no_ghost(child: AirChild, radio: Radio) -> None:
    device = await find(radio, 0x1822)
    await child.do("advertise", device="oximeter", wanted=False)
    with pytest.raises(TimeoutError):
        await BleakClient(device, timeout=0.3, backend=radio.client_backend).connect()
    with pytest.raises(BleakDeviceNotFoundError):
        await BleakClient("F9:00:00:00:00:00", timeout=0.3, backend=radio.client_backend).connect()
    await child.do("advertise", device="oximeter", wanted=True)
    async with linked(radio) as client:  # a ghost would hold the only link
        assert client.is_connected
    assert len(child.events("connected")) == 1


async def test_two_monitors_attach_and_the_device_serves_one_at_a_time(child: AirChild, radio: Radio) -> None:
    async with attached(child) as other:
        async with linked(radio) as client:
            assert client.is_connected
            with pytest.raises((TimeoutError, BleakError)):
                await BleakClient(child.ready["oximeter"], timeout=0.3, backend=other.client_backend).connect()
        async with linked(other) as client:
            assert (await client.read_gatt_char(sig(0x2A19)))[0] == 87


async def test_when_two_monitors_answer_one_advertisement_one_is_refused(child: AirChild, radio: Radio) -> None:
    async with attached(child) as other:
        device = await find(radio, 0x1822)
        await child.do("advertise", device="oximeter", wanted=False)
        clients = [BleakClient(device, timeout=3, backend=each.client_backend) for each in (radio, other)]
        attempts = [asyncio.create_task(client.connect()) for client in clients]
        await until(lambda: radio.central.is_le_connecting and other.central.is_le_connecting)
        await child.do("advertise", device="oximeter", wanted=True)
        results = await asyncio.gather(*attempts, return_exceptions=True)
        assert sum(result is None for result in results) == 1
        assert sum(isinstance(result, BleakError | TimeoutError) for result in results) == 1
        for client in clients:
            await client.disconnect()


async def test_a_lost_air_is_told_and_every_use_afterwards_is_a_typed_error(tmp_path: Path) -> None:
    async with air(tmp_path / "air.jsonl", "--hold") as child, attached(child) as radio:
        lost = asyncio.Event()
        device = await find(radio, 0x1822)
        client = BleakClient(device, disconnected_callback=lambda _: lost.set(), backend=radio.client_backend)
        await client.connect()
        child.process.kill()
        await asyncio.wait_for(radio.lost.wait(), LIMIT_S)
        await asyncio.wait_for(lost.wait(), LIMIT_S)
        for use in (client.connect, BleakScanner(backend=radio.scanner_backend).start):
            with pytest.raises(BleakBluetoothNotAvailableError):
                await asyncio.wait_for(use(), LIMIT_S)
        await child.process.wait()
        child.end = lambda: asyncio.sleep(0, 0)  # killed on purpose


async def test_a_missing_air_is_a_typed_error(child: AirChild) -> None:
    with pytest.raises(NoAdapter) as nowhere:
        await attach("127.0.0.1:1")
    assert nowhere.value.reason is Reason.UNREACHABLE
    for address in ("", "nonsense", "127.0.0.1:", ":80", "127.0.0.1:0", "127.0.0.1:99999"):
        with pytest.raises(NoAdapter) as wrong:
            await attach(address)
        assert wrong.value.reason is Reason.BAD_ADDRESS


async def test_orders_that_make_no_sense_are_refused_and_the_air_goes_on(child: AirChild) -> None:
    for do, data in (
        ("nonsense", {}),
        ("drop", {"device": "toaster"}),
        ("send", {"device": "oximeter", "hex": "xyz"}),
        ("send", {"device": "oximeter", "hex": "00", "characteristic": "2AFF"}),
        ("send", {"device": "oximeter", "hex": "00", "characteristic": "?"}),
        ("scenario", {"name": "nonsense"}),
    ):
        assert "refused" in await child.ask(do, **data)
    await child.do("scenario", name="desaturation", length=120)


@pytest.mark.parametrize("how", ["quit", "terminate"])
async def test_the_air_ends_cleanly_and_its_monitor_is_told(tmp_path: Path, how: str) -> None:
    async with air(tmp_path / "air.jsonl") as child, attached(child) as radio, linked(radio) as client:
        await Heard().listen(client, CONTINUOUS)
        if how == "quit":
            await child.do("quit")
        else:
            child.process.terminate()
        await asyncio.wait_for(radio.lost.wait(), LIMIT_S)
        assert await asyncio.wait_for(child.process.wait(), LIMIT_S) == 0
        assert child.lines()[-1]["event"] == "closed"


async def test_the_air_ends_by_itself_after_its_seconds(tmp_path: Path) -> None:
    async with air(tmp_path / "air.jsonl", "--seconds", "0.2") as child:
        assert await asyncio.wait_for(child.process.wait(), LIMIT_S) == 0
        assert child.lines()[-1]["event"] == "closed"
