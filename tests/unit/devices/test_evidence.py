"""What is claimed of each family, against the drivers: the page, single wrong bits, and every published request."""

import json

import pytest

from devices.catalog import DRIVERS
from devices.drivers import DecodeError
from devices.drivers.framing import Framer
from tests.evidence import CHECKSUMS, PAGE, PAYLOADS, Fate, Vector, fates, flips, page, received, valid_values, vectors

FAMILIES = sorted({vector.driver.id for vector in vectors()})
UNPROTECTED = [family for family in FAMILIES if family not in CHECKSUMS]


def of_family(family: str) -> list[Vector]:
    return [vector for vector in vectors() if vector.driver.id == family]


def test_the_page_of_devices_is_what_is_counted() -> None:
    assert PAGE.read_text() == page(), "run: python -m tests.evidence"


@pytest.mark.parametrize("family", sorted(CHECKSUMS))
def test_no_single_wrong_bit_gets_past_a_family_s_checksum(family: str) -> None:
    counts = fates(family)
    assert counts[Fate.REFUSED] > 250
    assert counts[Fate.DOUBTED] == counts[Fate.SAME] == counts[Fate.OTHER] == 0


@pytest.mark.parametrize("family", UNPROTECTED)
def test_without_a_checksum_what_looks_plausible_is_counted_and_printed(family: str) -> None:
    counts = fates(family)
    print(f"{family}: {counts[Fate.OTHER]} of {sum(counts[fate] for fate in Fate)} flips give another plausible value")
    assert counts[Fate.OTHER] > 0


@pytest.mark.parametrize("family", sorted(CHECKSUMS))
@pytest.mark.parametrize("piece", [1, 7, 20, 999])
def test_in_a_stream_a_wrong_bit_costs_its_own_frame_only(family: str, piece: int) -> None:
    """A wrong length makes a frame reach into the next one; eight bits of checksum could then fit by chance."""
    frames = of_family(family)
    behind = frames[0].data * 2
    honest = valid_values(frames[0], [frames[0].data] * 2)
    broken = [(vector, flipped) for vector in frames for flipped in flips(vector.data)]
    for vector, flipped in broken:
        stream = flipped + behind
        found = received(vector, *(stream[at : at + piece] for at in range(0, len(stream), piece)))
        assert valid_values(vector, found) == honest, flipped.hex()
    print(f"{family} in pieces of {piece}: {len(broken)} flips, no value of any, both frames behind it came")
    assert len(broken) > 250


@pytest.mark.parametrize("vector", list(vectors()), ids=lambda one: f"{one.driver.id}-{one.data.hex()[:40]}")
def test_every_prefix_raises_and_in_a_stream_it_yields_nothing_and_the_next_frame_comes(vector: Vector) -> None:
    framing = vector.driver.framings.get(vector.driver.main)
    for length in range(len(vector.data)):
        prefix = vector.data[:length]
        if framing is not None:
            framer = Framer(framing)
            assert framer.feed(prefix) == []
            assert framer.feed(vector.data) == [vector.data]
        if not is_a_shorter_measurement(vector, length):
            with pytest.raises(DecodeError):
                vector.driver.decode(vector.characteristic, prefix)


def is_a_shorter_measurement(vector: Vector, length: int) -> bool:
    """What a payload may go without: Beurer's 19th byte, and what our own vectors append to show that it is noted."""
    if vector.data.hex().startswith("56") and vector.driver.id == "bls":
        return length >= 18
    ends = {"007800500000005d": 7, "4278005000ff07050000004800": 11}
    return length >= ends.get(vector.data.hex(), len(vector.data))


REQUESTS = [json.loads(line) for line in (PAYLOADS / "requests.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("request_row", REQUESTS, ids=lambda row: f"{row['family']}-{row['what']}")
def test_a_published_request_is_sent_as_published_or_can_not_be_sent(request_row: dict[str, str | bool]) -> None:
    driver, data = DRIVERS[str(request_row["family"])], bytes.fromhex(str(request_row["hex"]))
    allowed = [uuid for uuid in driver.allowed_writes if driver.may_write(uuid, data)]
    assert bool(allowed) == request_row["sent"]
