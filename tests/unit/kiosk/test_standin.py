"""What names a device, and so its owner, does not leave: replaced, or withheld where a replacement breaks a frame."""

from __future__ import annotations

import pytest

from devices.drivers.checksum import crc8_ccitt
from devices.reading import Stamp
from devices.traffic import Passed
from kiosk.standin import StandIns, Withholder

NOTIFY = "0734594a-a8e7-4b1a-a6b1-cd5243059a57"
SERIAL = "00002a25-0000-1000-8000-00805f9b34fb"


def passed(raw: bytes) -> Passed:
    return Passed("f1:00", Stamp(0, 0), "notified", NOTIFY, raw)


def answer(payload: bytes) -> bytes:
    frame = bytes((0x55, 0, 0xFF, 0, 0)) + len(payload).to_bytes(2, "little") + payload
    return frame + bytes((crc8_ccitt(frame),))


INFO = answer(b'{"Model":"1641","SN":"2012345678","SoftwareVer":"1.5.0"}')
NUMBERS = answer(bytes.fromhex("614800000000000000000b0501")[:13])


def test_an_address_has_the_same_stand_in_throughout_and_two_have_two() -> None:
    stand_ins = StandIns()
    shown = [stand_ins.address(one) for one in ("f1:5e:55:10:00:11", "f1:5e:55:10:00:12", "f1:5e:55:10:00:11")]
    assert shown == ["02:00:00:00:00:01", "02:00:00:00:00:02", "02:00:00:00:00:01"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("O2Ring 0421", "O2Ring 0000"),
        ("Nonin3230_502123456", "Nonin3230_000000000"),
        ("A&D_UA-651BLE_1A2B3C", "A&D_UA-651BLE_000000"),
        ("BM1000", "BM1000"),
        ("CMS50D-BT", "CMS50D-BT"),
        ("PC-60FW", "PC-60FW"),
        ("Checkme O2", "Checkme O2"),
        ("", ""),
    ],
)
def test_digits_at_the_end_of_a_name_become_zeros_and_a_model_stays(name: str, shown: str) -> None:
    assert StandIns().name(name) == shown


def test_a_serial_number_that_is_read_becomes_a_text_of_the_same_length_and_is_known_from_then_on() -> None:
    stand_ins = StandIns()
    assert stand_ins.payload(SERIAL, b"502123456\0") == b"SERIAL-000"
    assert stand_ins.payload(NOTIFY, b"..502123456..") is None
    assert stand_ins.payload(NOTIFY, b"anything else") == b"anything else"


def test_bytes_that_contain_the_address_either_way_round_are_withheld() -> None:
    stand_ins = StandIns()
    stand_ins.address("f1:5e:55:10:00:11")
    for raw in ("00f15e5510001100", "1100105 55ef1".replace(" ", "")):
        assert stand_ins.payload(NOTIFY, bytes.fromhex(raw)) is None
    assert stand_ins.payload(NOTIFY, b"MAC=F15E55100011") is None


def test_with_real_addresses_nothing_is_replaced() -> None:
    stand_ins = StandIns(is_real=True)
    assert stand_ins.address("f1:5e:55:10:00:11") == "f1:5e:55:10:00:11"
    assert stand_ins.name("O2Ring 0421") == "O2Ring 0421"
    assert stand_ins.payload(SERIAL, b"502123456") == b"502123456"
    assert Withholder("viatom", stand_ins).take(passed(INFO)) == [(passed(INFO), False)]


@pytest.mark.parametrize("step", [1, 7, 20, 500])
def test_every_piece_of_a_frame_that_tells_the_serial_number_is_withheld_and_no_other(step: int) -> None:
    withholder = Withholder("viatom", StandIns())
    pieces = [frame[at : at + step] for frame in (NUMBERS, INFO, NUMBERS) for at in range(0, len(frame), step)]
    decided = [one for piece in pieces for one in withholder.take(passed(piece))]
    assert b"".join(one.raw for one, _ in decided) == NUMBERS + INFO + NUMBERS
    assert b"".join(one.raw for one, is_told in decided if is_told) == INFO


def test_half_a_frame_at_the_end_of_a_link_is_given_out() -> None:
    withholder = Withholder("viatom", StandIns())
    assert withholder.take(passed(NUMBERS[:9])) == []
    assert withholder.connecting() == [(passed(NUMBERS[:9]), False)]
