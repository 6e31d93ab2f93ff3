"""Frames in pieces and back: each boundary once, each bit once, and the ledger knows what arrived whole."""

import pytest

from devices.virtual.faults import Faults, Spoiler
from devices.virtual.ledger import Frame, Ledger, Owed

A, B = Frame(bytes(range(10))), Frame(b"xyz", Owed.OTHER)


def test_each_frame_is_cut_once_at_every_boundary() -> None:
    spoiler = Spoiler(Faults(at_every_boundary=True))
    cuts = [tuple(map(len, spoiler.pieces([A], 20, 244))) for _ in range(10)]
    assert cuts == [*((at, 10 - at) for at in range(1, 10)), (1, 9)]
    assert spoiler.pieces([B], 20, 244) == [b"x", b"yz"]  # each length has its own places


@pytest.mark.parametrize(("faults", "sizes"), [({}, [6, 6, 1]), ({"fragment": 4}, [4, 4, 4, 1]), ({"merge": 2}, [13])])
def test_frames_one_behind_the_other_are_cut_as_the_device_does_it_or_as_ordered(
    faults: dict[str, int], sizes: list[int]
) -> None:
    pieces = Spoiler(Faults(**faults)).pieces([A, B], 6, 244)  # type: ignore[arg-type]
    assert [len(piece) for piece in pieces] == sizes
    assert b"".join(pieces) == A.data + B.data


def test_no_piece_is_longer_than_the_link_carries() -> None:
    assert [len(piece) for piece in Spoiler(Faults(merge=2)).pieces([A, B], 0, 5)] == [5, 5, 3]


def test_bits_are_wrong_one_after_the_other_in_frames_with_a_value_only() -> None:
    faults = Faults(flips=3)
    spoiler = Spoiler(faults)
    assert spoiler.flip(B) == B
    flipped = [spoiler.flip(A) for _ in range(4)]
    wrong = [int.from_bytes(one.data, "little") ^ int.from_bytes(A.data, "little") for one in flipped]
    assert wrong == [1, 2, 4, 0]
    assert [one.owed for one in flipped] == [Owed.BROKEN] * 3 + [Owed.VALUE]


def test_a_frame_is_delivered_when_all_its_bytes_are() -> None:
    ledger = Ledger()
    for frame in (A, B, A, Frame(b"")):
        ledger.enter(frame)
    assert ledger.take(4, delivered=True) == []
    assert ledger.take(8, delivered=True) == [(A, True)]
    assert ledger.take(3, delivered=False) == [(B, False)]
    assert ledger.take(6, delivered=True) == []
    assert ledger.abandon() == [(A, False)]
    assert ledger.abandon() == []


def test_mending_ends_every_fault() -> None:
    faults = Faults(fragment=1, at_every_boundary=True, merge=2, flips=3, finger_out=True, silent=True, break_off=True)
    faults.mend()
    assert faults == Faults()
