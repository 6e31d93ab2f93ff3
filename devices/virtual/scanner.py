"""bleak's scanner over a bumble host: what the simulated air advertises, as bleak's devices.

Runs in the process that uses bleak. It hands on what was heard and remembers nothing beyond bleak's own list.
"""

# pyright: standard
# bumble is typed in part only.

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bumble.core import AdvertisingData
from bumble.device import Advertisement

from devices.virtual.uuid import uuid_text

if TYPE_CHECKING:
    from devices.virtual.radio import Radio

Type = AdvertisingData.Type
UUID_LISTS = (
    Type.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
    Type.INCOMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
    Type.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
    Type.INCOMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
)


class BumbleScanner(BaseBleakScanner):
    """bleak's scanner; `radio` is bound by `Radio`."""

    radio: Radio

    def __init__(self, detection_callback: Any, service_uuids: list[str] | None, scanning_mode: str, **_: Any) -> None:
        super().__init__(detection_callback, service_uuids)

    async def start(self) -> None:
        self.seen_devices = {}
        await self.radio.add_scanner(self)

    async def stop(self) -> None:
        await self.radio.remove_scanner(self)

    def on_advertisement(self, advertisement: Advertisement) -> None:
        """One advertisement from the air."""
        seen = _advertisement_data(advertisement)
        if not self.is_allowed_uuid(seen.service_uuids):
            return
        address = advertisement.address.to_string(with_type_qualifier=False)
        device = self.create_or_update_device(address, address, seen.local_name, advertisement.address, seen)
        self.call_detection_callbacks(device, seen)


def _advertisement_data(advertisement: Advertisement) -> AdvertisementData:
    data = advertisement.data
    # A dict, because bumble joins advertisement and scan response, which repeat each other.
    uuids = {uuid_text(uuid): None for kind in UUID_LISTS for found in data.get_all(kind) for uuid in found}
    return AdvertisementData(
        local_name=data.get(Type.COMPLETE_LOCAL_NAME) or data.get(Type.SHORTENED_LOCAL_NAME),
        manufacturer_data=dict(data.get_all(Type.MANUFACTURER_SPECIFIC_DATA)),
        service_data={uuid_text(uuid): value for uuid, value in data.get_all(Type.SERVICE_DATA_16_BIT_UUID)},
        service_uuids=list(uuids),
        tx_power=data.get(Type.TX_POWER_LEVEL),
        rssi=advertisement.rssi,
        platform_data=(advertisement,),
    )
