"""The waveform between device and record: nothing lost, nothing doubled, nothing invented; a hole stays a hole."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from devices.reading import DecodeFailed, LinkChanged, LinkState, Stamp, Waveform
from kiosk.line.chart import Sweep
from kiosk.waveform import BLOCK_S, Waveforms

HZ = 50.0


def at(second: float) -> Stamp:
    return Stamp(utc_ns=1_790_000_000_000_000_000 + round(second * 1e9), boot_ns=round(second * 1e9))


def piece(
    second: float, *samples: int | None, beats: tuple[int, ...] = (), device: str = "aa", hz: float = HZ
) -> Waveform:
    return Waveform(device, at(second), hz, 127, samples, beats)


class Kept:
    """What came out of it."""

    def __init__(self, speed: float = 1.0) -> None:
        self.blocks: list[Waveform] = []
        self.runs: list[Sweep] = []
        self.waves = Waveforms(self.blocks.append, lambda _, run: self.runs.append(run), speed)

    def samples(self) -> list[int | None]:
        return [sample for block in self.blocks for sample in block.samples]


def stream(kept: Kept, seconds: float, start_s: float = 0.0) -> list[int | None]:
    """Five samples each tenth of a second."""
    sent: list[int | None] = []
    for tenth in range(round(seconds * 10)):
        samples = [(tenth * 5 + n) % 128 for n in range(5)]
        kept.waves.take(piece(start_s + tenth / 10, *samples))
        sent += samples
    return sent


def test_pieces_become_blocks_of_five_seconds_each_under_the_stamp_of_its_first_sample() -> None:
    kept = Kept()
    sent = stream(kept, 12)
    assert [len(block.samples) for block in kept.blocks] == [250, 250]
    assert [block.stamp for block in kept.blocks] == [at(0), at(5)]
    kept.waves.end()
    assert kept.samples() == sent
    assert kept.blocks[-1].stamp == at(10)


def test_a_hole_ends_the_block_and_counts_on_by_its_true_length() -> None:
    kept = Kept()
    stream(kept, 1)
    stream(kept, 1, start_s=4)
    kept.waves.end()
    assert [block.stamp for block in kept.blocks] == [at(0), at(4)]
    places = [place for run in kept.runs for place in range(run.first, run.first + len(run.samples))]
    assert places == [*range(50), *range(200, 250)]


def test_late_and_early_notifications_are_no_hole() -> None:
    kept = Kept()
    for second in (0.0, 0.1, 0.8, 0.81, 0.82, 0.83, 0.9):
        kept.waves.take(piece(second, 1, 2, 3, 4, 5))
    kept.waves.end()
    assert len(kept.blocks) == 1
    assert [run.first for run in kept.runs] == [0, 10, 20, 30]


def test_refused_bytes_and_a_lost_link_end_the_block_and_leave_a_gap_in_the_sweep() -> None:
    kept = Kept()
    stream(kept, 1)
    kept.waves.take(DecodeFailed("aa", at(1), b"?", "", "bad checksum"))
    stream(kept, 1, start_s=1.1)
    kept.waves.take(LinkChanged("aa", at(3), LinkState.STREAMING))
    kept.waves.take(LinkChanged("aa", at(3), LinkState.LOST))
    stream(kept, 1, start_s=3)
    kept.waves.end()
    assert [len(block.samples) for block in kept.blocks] == [50, 50, 50]
    firsts = [run.first for run in kept.runs]
    assert (firsts[4], firsts[5]) == (40, 50 + 5)  # 0.1 s behind the end of the first fifty


def test_a_sample_that_the_device_did_not_have_stays_none_and_beats_keep_their_places() -> None:
    kept = Kept()
    kept.waves.take(piece(0, 7, 8, beats=(1,)))
    kept.waves.take(piece(0.04, None, None))
    kept.waves.take(piece(0.08, 9, 9, beats=(0,)))
    kept.waves.end()
    assert kept.samples() == [7, 8, None, None, 9, 9]
    assert kept.blocks[0].beats == (1, 4)


def test_another_rate_is_another_block() -> None:
    kept = Kept()
    kept.waves.take(piece(0, 1, 2))
    kept.waves.take(piece(0.04, 3, 4, hz=100.0))
    kept.waves.end()
    assert [(block.rate_hz, block.samples) for block in kept.blocks] == [(50.0, (1, 2)), (100.0, (3, 4))]


def test_two_devices_are_two_strands() -> None:
    kept = Kept()
    kept.waves.take(piece(0, 1))
    kept.waves.take(piece(0, 2, device="bb"))
    kept.waves.take(LinkChanged("aa", at(1), LinkState.LOST))
    assert [(block.device, block.samples) for block in kept.blocks] == [("aa", (1,))]
    kept.waves.end()
    assert [(block.device, block.samples) for block in kept.blocks] == [("aa", (1,)), ("bb", (2,))]


@given(st.lists(st.tuples(st.floats(0, 3), st.lists(st.none() | st.integers(0, 127), min_size=1, max_size=120))))
def test_whatever_comes_every_sample_comes_out_once_in_order_in_both_ways(
    pieces: list[tuple[float, list[int | None]]],
) -> None:
    kept, second, sent = Kept(), 0.0, []
    for pause, samples in pieces:
        second += pause
        kept.waves.take(piece(second, *samples))
        sent += samples
    kept.waves.end()
    assert kept.samples() == sent == [sample for run in kept.runs for sample in run.samples]
    ends = [(run.first, run.first + len(run.samples)) for run in kept.runs]
    assert all(end <= first for (_, end), (first, _) in pairwise(ends))
    assert all(len(block.samples) < BLOCK_S * HZ + 120 for block in kept.blocks)
