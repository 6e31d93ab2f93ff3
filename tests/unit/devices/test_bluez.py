"""The adapter's state asked over a real bus, from a stand-in for BlueZ that holds adapters and nothing else."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from dbus_fast import BusType, PropertyAccess
from dbus_fast.aio import MessageBus
from dbus_fast.service import ServiceInterface, dbus_property

from devices.adapter import Adapter, AdapterError, AdapterFault
from devices.bluez import Bluez, Power


class Adapter1(ServiceInterface):
    def __init__(self, powered: bool) -> None:
        super().__init__("org.bluez.Adapter1")
        self.powered = powered

    @dbus_property(access=PropertyAccess.READ)
    def Powered(self) -> "b":  # type: ignore[name-defined]  # noqa: F821, N802 - D-Bus names
        return self.powered


@pytest.fixture
async def adapters(system_bus: None) -> AsyncIterator[dict[str, Adapter1]]:
    """BlueZ's two adapters: hci0 off, hci1 on."""
    bus = await MessageBus(bus_type=BusType.SYSTEM).connect()
    made = {"hci0": Adapter1(False), "hci1": Adapter1(True)}
    for name, adapter in made.items():
        bus.export(f"/org/bluez/{name}", adapter)
    await bus.request_name("org.bluez")
    yield made
    bus.disconnect()
    await bus.wait_for_disconnect()


@pytest.fixture
def bluez() -> Iterator[Bluez]:
    asked = Bluez()
    yield asked
    asked.close()


async def test_without_a_bus_the_adapter_is_missing(
    bluez: Bluez, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/nobody")
    assert (await bluez.power(None)).state == "missing"
    with pytest.raises(AdapterError) as caught:
        await Adapter.open("auto")
    assert caught.value.fault is AdapterFault.MISSING


async def test_without_the_bluetooth_service_the_adapter_is_missing(bluez: Bluez, system_bus: None) -> None:
    power = await bluez.power("hci0")
    assert (power.state, "bluetoothd" in power.detail) == ("missing", True)


async def test_auto_takes_the_first_adapter_that_is_on(bluez: Bluez, adapters: dict[str, Adapter1]) -> None:
    assert await bluez.power(None) == Power("hci1", "on")
    async with await Adapter.open("auto") as adapter:
        assert adapter.name == "hci1"


async def test_an_adapter_that_is_off_or_not_there_is_told_apart(bluez: Bluez, adapters: dict[str, Adapter1]) -> None:
    assert (await bluez.power("hci0")).state == "off"
    missing = await bluez.power("hci7")
    assert (missing.state, missing.detail) == ("missing", "there is no adapter hci7; there: hci0, hci1")
    adapters["hci1"].powered = False
    assert (await bluez.power(None)) == Power("hci0", "off", "Bluetooth is switched off")


async def test_switching_off_ends_the_watch(adapters: dict[str, Adapter1]) -> None:
    async with await Adapter.open("hci1") as adapter:
        adapters["hci1"].powered = False
        with pytest.raises(AdapterError) as caught:
            await adapter.watch()
    assert caught.value.fault is AdapterFault.OFF
