"""What no code path may send: opcodes that reset, wipe, inflate, unpair or brick, against every driver's list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.catalog import DRIVERS, Driver
from devices.drivers import bp2, oxyii, viatom
from devices.drivers.checksum import crc8_ccitt
from devices.drivers.cuffs import QARDIO_CONTROL

OMRON = [f"{head}-0002a5d5c51b" for head in ("db5b55e0-aee7-11e1-965e", "b305b680-aee7-11e1-a730")]
CUSTOM_AND = "233bf001-5a34-1b6d-975c-000d5690abe4"
EVERYWHERE = sorted(
    {uuid for driver in DRIVERS.values() for uuid in (*driver.allowed_writes, *driver.streams)}
    | {"2a52", "2a08", "2a2b", "ff01", "fff2", "ffe9", CUSTOM_AND, QARDIO_CONTROL, *OMRON}
)


def aa(command: int, payload: bytes = b"") -> bytes:
    body = bytes((0xAA, command, command ^ 0xFF, 0, 0)) + len(payload).to_bytes(2, "little") + payload
    return body + bytes([crc8_ccitt(body)])


def a5(command: int, sequence: int = 0, payload: bytes = b"") -> bytes:
    body = bytes((0xA5, command, command ^ 0xFF, 0, sequence)) + len(payload).to_bytes(2, "little") + payload
    return body + bytes([crc8_ccitt(body)])


NEVER_ANYWHERE = {
    "ring: factory reset": aa(0x18),
    "ring: change a setting": aa(0x16, b'{"SetMotor":"100"}'),
    "ring: set its time": aa(0x16, b'{"SetTIME":"2026-11-05,14:30:00"}'),
    "A5: wipe all": a5(0xE3),
    "A5: off until charged": a5(0xEE),
    "A5: reset": a5(0xE2),
    "records: delete all": b"\x02\x01",
    "records: delete the first": b"\x02\x05",
    "A&D: delete all": bytes.fromhex("020112"),
    "A&D: unpair": bytes.fromhex("020110"),
    "Qardio: inflate": b"\xf1\x01",
    "Omron: unlock with a new key": b"\x02" + bytes(16),
    "Omron: program a key": b"\x00" + bytes(16),
    "BPM-188: start": bytes.fromhex("0240DC01A13C"),
    "Contec: stop, or set the clock": bytes.fromhex("831A0B050E1E00000050"),
}
CUFF_NEVER = {
    "factory reset": 0x04,
    "start by switching state": 0x09,
    "0A": 0x0A,
    "Wi-Fi password": 0x13,
    "24": 0x24,
    "25": 0x25,
    "inflate": 0x39,
    "E2": 0xE2,
    "wipe": 0xE3,
    "EE": 0xEE,
}


@pytest.mark.parametrize("driver", DRIVERS.values(), ids=list(DRIVERS))
@pytest.mark.parametrize("what", NEVER_ANYWHERE)
def test_a_harmful_request_is_on_no_list(driver: Driver, what: str) -> None:
    for uuid in EVERYWHERE:
        assert not driver.may_write(uuid, NEVER_ANYWHERE[what])


@pytest.mark.parametrize("what", CUFF_NEVER)
@given(sequence=st.integers(0, 255), payload=st.binary(max_size=24))
def test_a_bp2_cannot_be_inflated_reset_or_read_out(what: str, sequence: int, payload: bytes) -> None:
    command = CUFF_NEVER[what]
    for frame in (a5(command, sequence, payload), aa(command, payload), bytes([command]) + payload):
        assert not bp2.DRIVER.may_write(bp2.WRITE, frame)


@given(command=st.integers(0, 255), sequence=st.integers(0, 255), payload=st.binary(max_size=24))
def test_an_oxyii_ring_is_sent_its_four_requests_only(command: int, sequence: int, payload: bytes) -> None:
    allowed = oxyii.DRIVER.may_write(oxyii.WRITE, a5(command, sequence, payload))
    assert not allowed or command in (oxyii.LIVE, oxyii.SETUP, oxyii.CONFIG, oxyii.AUTH)


@given(command=st.integers(0, 255), payload=st.binary(max_size=24))
def test_a_legacy_ring_is_sent_its_two_requests_only(command: int, payload: bytes) -> None:
    allowed = viatom.DRIVER.may_write(viatom.WRITE, aa(command, payload))
    assert not allowed or (command in (0x14, 0x17) and payload == b"")


@pytest.mark.parametrize("driver", DRIVERS.values(), ids=list(DRIVERS))
@given(data=st.data())
def test_nothing_that_a_list_allows_is_harmful(driver: Driver, data: st.DataObject) -> None:
    for uuid, allowed in driver.allowed_writes.items():
        for one in allowed:
            frame = one if isinstance(one, bytes) else data.draw(st.from_regex(one, fullmatch=True))
            assert driver.may_write(uuid, frame)
            assert frame not in NEVER_ANYWHERE.values()
            if driver.id == "bp2":
                assert frame[1] in (bp2.LIVE, bp2.INFO)
            if frame[:1] == b"\xa5":
                assert frame[1] not in (0xE2, 0xE3, 0xEE)
            if driver.kind == "cuff" and driver.id not in ("bp2", "qardio"):
                assert (uuid, len(frame)) in {("2a08", 7), ("2a2b", 10)}


@given(data=st.binary(max_size=40), uuid=st.sampled_from(EVERYWHERE))
def test_random_bytes_may_be_written_to_nobody(data: bytes, uuid: str) -> None:
    for driver in DRIVERS.values():
        exact = [one for one in driver.allowed_writes.get(uuid, ()) if isinstance(one, bytes)]
        if driver.may_write(uuid, data):
            assert data in exact or any(not isinstance(one, bytes) for one in driver.allowed_writes[uuid])


def test_questions_for_strangers_are_on_their_own_lists() -> None:
    for driver in DRIVERS.values():
        assert driver.question is None or driver.may_write(*driver.question)
