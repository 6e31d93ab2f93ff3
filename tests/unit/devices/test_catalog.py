"""The catalog: which advertisement is whose, who is asked, who is refused."""

import pytest

from devices.catalog import BLS, DRIVERS, PLX, candidates, match, refusal, service_uuids
from devices.drivers import aa55, bci, eb, jumper, masimo, nonin, oxyii, viatom
from devices.drivers.cuffs import QARDIO_CONTROL
from devices.drivers.payload import long_uuid, short_uuid
from devices.probe import Judge

# name, services, company identifier -> driver
ADVERTISEMENTS = [
    ("Nonin3230_502644651", ["1822"], None, "plx"),
    ("Nonin3230_502644651", [nonin.SERVICE], None, "nonin"),
    ("Nonin3150_501", [], None, "nonin"),
    ("Medical", [nonin.SERVICE], None, "nonin"),
    ("MightySat", [masimo.SERVICE], 0x0243, "masimo"),
    ("MightySat Rx", ["1822", masimo.SERVICE], 0x0243, "plx"),
    ("O2Ring 1234", [viatom.SERVICE], None, "viatom"),
    ("O2 2345", [viatom.SERVICE], None, "viatom"),
    ("Checkme O2 0012", [viatom.SERVICE], None, "viatom"),
    ("SleepU 2243", [], None, "viatom"),
    ("WearO2 1111", [viatom.SERVICE], None, "viatom"),
    ("BP2 0815", [viatom.SERVICE], 0xF34E, "bp2"),
    ("BP2A 0815", [viatom.SERVICE], 0xF34E, "bp2"),
    ("LP-BP2W 4711", [viatom.SERVICE], 0xF34E, "bp2"),
    ("Checkme BP2", [viatom.SERVICE], None, "bp2"),
    ("S8-AW 0001", [], 0xF34E, "oxyii"),
    ("SHQO2Pro 0042", [oxyii.SERVICE, "180d"], 0xF34E, "oxyii"),
    ("SHQO2Pro 0042", ["180d"], 0xF34E, "oxyii"),
    ("PC-60F_SN103258", [aa55.NORDIC], None, "aa55"),
    ("OxySmart 5128", [aa55.NORDIC], None, "aa55"),
    ("PC-60NW-SN0815", ["fff0"], None, "aa55"),
    ("SP-20", ["fff0"], None, "aa55"),
    ("BerryMed", [bci.SERVICE], None, "bci"),
    ("BerryMed", [], None, "bci"),
    ("SleepO2_0123", ["ff12"], None, "eb"),
    ("CMS50D-BT", [], None, "eb"),
    ("SpO2083456", ["ff12"], None, "eb"),
    ("My Oximeter", [jumper.SERVICE], None, "jumper"),
    ("JPD-500F", [], None, "jumper"),
    ("Polar H10 1234", ["180d"], 0x006B, "strap"),
    ("BM57", ["1810"], 0x0611, "bls"),
    ("BPM Wrist", ["1810"], None, "bls"),
    ("A&D_UA-651BLE_D1DBAB", ["1810"], 0x0169, "and"),
    ("A&D_UA-651BLE_D1DBAB", [], 0x0169, "and"),
    ("NBP-1", ["1810"], None, "nipro"),
    ("BLESmart_0000023000", ["1810"], 0x020E, "omron"),
    ("X4 Smart", ["1810"], None, "omron"),
    ("QardioArm 1", ["1810"], None, "qardio"),
]
# what several families may be: asked, never guessed
AMBIGUOUS = [
    ("", [viatom.SERVICE], None, {"viatom", "bp2"}),
    ("Unknown", [aa55.NORDIC], None, {"aa55"}),
    ("Unknown", ["fff0"], None, {"aa55"}),
    ("Unknown", ["ff12"], None, {"eb"}),
    ("Printer", [bci.SERVICE], None, {"bci"}),
    ("BLESmart_0000023000", [], 0x020E, {"omron"}),
]
REFUSED = [
    ("PO3M", [], None, "ihealth"),
    ("", ["636f6d2e-6a69-7561-6e2e-646576000000"], None, "ihealth"),
    ("BP7 1234", [], None, "ihealth"),
    ("Withings BPM Connect", [], None, "withings"),
    ("Beurer PO60", ["ff12"], None, "po60"),
    ("BLEsmart_0000011F", ["ecbe3980-c9a2-11e1-b1bd-0002a5d5c51b"], 0x020E, "omron-classic"),
    ("T8520_0815", [], 0x036F, "o2ring-recording"),
    ("ER1 0815", [viatom.SERVICE], None, "er1"),
]


def makers(company: int | None) -> dict[int, bytes]:
    return {} if company is None else {company: b""}


@pytest.mark.parametrize(("name", "services", "company", "driver"), ADVERTISEMENTS)
def test_a_known_advertisement_is_exactly_one_driver_s(name, services, company, driver) -> None:
    for shown in (services, [long_uuid(service).upper() for service in services]):
        found = match(name, shown, makers(company))
        assert found is not None
        assert found.id == driver
        assert candidates(name, shown, makers(company)) == (found,)


@pytest.mark.parametrize(("name", "services", "company", "drivers"), AMBIGUOUS)
def test_an_ambiguous_advertisement_is_nobody_s_until_it_was_asked(name, services, company, drivers) -> None:
    assert match(name, services, makers(company)) is None
    assert {driver.id for driver in candidates(name, services, makers(company))} == drivers


@pytest.mark.parametrize(("name", "services", "company", "refused"), REFUSED)
def test_what_cannot_be_used_is_refused_with_its_reason(name, services, company, refused) -> None:
    found = refusal(name, services, makers(company))
    assert found is not None
    assert found.id == refused
    assert found.why.endswith(".")
    assert match(name, services, makers(company)) is None
    assert candidates(name, services, makers(company)) == ()


@pytest.mark.parametrize(("name", "services", "company", "driver"), ADVERTISEMENTS)
def test_what_is_supported_is_not_refused(name, services, company, driver) -> None:
    assert refusal(name, services, makers(company)) is None


@pytest.mark.parametrize("driver", DRIVERS.values(), ids=list(DRIVERS))
def test_an_advertised_service_finds_exactly_its_driver(driver) -> None:
    for service in driver.services:
        for uuid in (service, service.upper(), long_uuid(service), long_uuid(service).upper()):
            assert match("whatever", [uuid], {}) is driver


def test_a_stranger_has_no_driver() -> None:
    assert match("Headphones", [long_uuid("110b")], {76: b"\x02"}) is None
    assert match(None, [], {}) is None
    assert candidates("O2-Sensor", [], {}) == ()


def test_each_service_is_looked_for_once() -> None:
    assert len(service_uuids()) == len(set(service_uuids()))


def test_only_the_exact_bytes_of_the_list_may_be_written() -> None:
    assert PLX.may_write(long_uuid("2a52"), b"\x04\x01")
    for characteristic, data in (("2a52", b"\x02\x01"), ("2a52", b"\x04\x01\x00"), ("2a5f", b"\x04\x01")):
        assert not PLX.may_write(characteristic, data)
    assert not BLS.may_write("2a52", b"\x02\x01")
    assert not DRIVERS["qardio"].may_write(QARDIO_CONTROL, b"\xf1\x01")


def test_a_cuff_is_asked_for_its_measurement_last() -> None:
    for driver in (BLS, DRIVERS["and"], DRIVERS["omron"], DRIVERS["qardio"]):
        assert driver.streams[-1] == "2a35"
        assert not driver.live


def test_uuids_are_shortened_only_when_they_are_the_sig_s() -> None:
    assert short_uuid("00002A5F-0000-1000-8000-00805F9B34FB") == "2a5f"
    other = "6e400001-b5a3-f393-e0a9-e50e24dcca9e"
    assert short_uuid(other.upper()) == long_uuid(other) == other


@pytest.mark.parametrize(
    ("answer", "driver"),
    [
        ("5500FF00000D00624200000000006100920A01002F", "viatom"),
        ("A508F7010020000400503C0F000000000000393000480000000000000000000000000000000000AE", "bp2"),
    ],
)
def test_the_answer_with_a_right_checksum_decides_who_it_is(answer: str, driver: str) -> None:
    judge = Judge(candidates("", [viatom.SERVICE], {}))
    judge.look(frozenset({viatom.NOTIFY}))
    frame = bytes.fromhex(answer)
    judge.take(viatom.NOTIFY, frame[:-1] + bytes([frame[-1] ^ 1]))
    assert judge.found is None
    judge.take(viatom.NOTIFY, frame[:9])
    judge.take(viatom.NOTIFY, frame[9:])
    assert judge.found is DRIVERS[driver]


def test_one_packet_without_a_checksum_proves_nothing() -> None:
    judge = Judge([DRIVERS["bci"]])
    judge.look(frozenset({bci.NOTIFY}))
    for _ in range(49):
        judge.take(bci.NOTIFY, bytes.fromhex("8532054861"))
    assert judge.found is None
    judge.take(bci.NOTIFY, bytes.fromhex("8532054861"))
    assert judge.found is DRIVERS["bci"]


def test_who_measures_elsewhere_is_out_and_a_lone_standard_cuff_is_it() -> None:
    judge = Judge([DRIVERS["omron"]])
    judge.look(frozenset({"2a35", "2a19"}))
    assert judge.found is DRIVERS["omron"]
    judge = Judge([DRIVERS["eb"]])
    judge.look(frozenset({"2a19"}))
    assert judge.candidates == ()
    assert eb.DRIVER.question is not None
