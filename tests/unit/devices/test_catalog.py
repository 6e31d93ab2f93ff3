"""The catalog: which advertisement is whose, and what may be written to whom."""

import pytest

from devices.catalog import BLS, DRIVERS, PLX, match, service_uuids
from devices.drivers.payload import long_uuid, short_uuid


@pytest.mark.parametrize("driver", DRIVERS.values(), ids=list(DRIVERS))
def test_an_advertised_service_finds_exactly_its_driver(driver) -> None:
    for service in driver.services:
        for uuid in (service, service.upper(), long_uuid(service), long_uuid(service).upper()):
            assert match("whatever", [uuid], {}) is driver


def test_a_stranger_has_no_driver() -> None:
    assert match("Headphones", [long_uuid("110b")], {76: b"\x02"}) is None
    assert match(None, [], {}) is None


def test_no_two_drivers_share_a_service() -> None:
    assert len(service_uuids()) == len(set(service_uuids()))


def test_only_the_exact_bytes_of_the_list_may_be_written() -> None:
    assert PLX.may_write(long_uuid("2a52"), b"\x04\x01")
    for characteristic, data in (("2a52", b"\x02\x01"), ("2a52", b"\x04\x01\x00"), ("2a5f", b"\x04\x01")):
        assert not PLX.may_write(characteristic, data)
    assert not BLS.may_write("2a52", b"\x02\x01")


def test_no_driver_may_delete_records() -> None:
    for driver in DRIVERS.values():
        assert not any(data.startswith(b"\x02") for data in driver.allowed_writes.get("2a52", ()))


def test_a_cuff_is_asked_for_its_measurement_last() -> None:
    assert BLS.streams[-1] == "2a35"
    assert not BLS.live


def test_uuids_are_shortened_only_when_they_are_the_sig_s() -> None:
    assert short_uuid("00002A5F-0000-1000-8000-00805F9B34FB") == "2a5f"
    other = "6e400001-b5a3-f393-e0a9-e50e24dcca9e"
    assert short_uuid(other.upper()) == long_uuid(other) == other
