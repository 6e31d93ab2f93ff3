"""The pulse wave on the pane: what was sent, at a fixed scale, with gaps of their true length."""

from __future__ import annotations

import numpy as np
import pytest

from kiosk.line.chart import Sweep
from kiosk.line.tile import Tile
from ui.sitter.sweep import ERASED_S, SWEEP_S, Wave
from ui.sitter.tiles import VitalTile

HZ = 50.0
SIZE = round(SWEEP_S * HZ)
ERASED = round(ERASED_S * HZ)


def run(first: int, *samples: int | None) -> Sweep:
    return Sweep(first, HZ, 127, samples)


@pytest.fixture
def wave(room_app, clock) -> Wave:
    found = Wave(clock)
    found.resize(360, 34)
    return found


def feed(wave: Wave, clock, seconds: float, first: int = 0, sample: int = 60) -> int:
    """Runs of a fifth of a second, drawn as time goes; returns the next number."""
    for _ in range(round(seconds * 5)):
        wave.take(run(first, *[sample] * 10))
        first += 10
        for _ in range(5):
            clock.go(0.04)
            wave.advance()
    return first


def test_every_sample_is_drawn_at_its_place_and_a_gap_is_erased_before_the_newest(wave, clock):
    feed(wave, clock, 8, sample=60)
    shown = wave.drawn()
    head = 400 % SIZE
    assert np.isnan(shown[head : head + ERASED]).all()
    assert (np.delete(shown, np.arange(head, head + ERASED)) == 60).all()


def test_it_is_never_drawn_beyond_what_came(wave, clock):
    wave.take(run(0, *range(10)))
    clock.go(0.9)
    wave.advance()
    shown = wave.drawn()
    assert shown[:10].tolist() == list(range(10))
    assert np.isnan(shown[10:]).all()


def test_a_hole_has_its_true_length(wave, clock):
    after = feed(wave, clock, 1)
    feed(wave, clock, 1, after + 50)
    shown = wave.drawn()
    assert np.isfinite(shown[:50]).all()
    assert np.isnan(shown[50:100]).all()
    assert np.isfinite(shown[100:140]).all()


def test_what_has_waited_too_long_is_drawn_at_once(wave, clock):
    wave.take(run(0, *[60] * 200))
    clock.go(0.04)
    wave.advance()
    assert np.isfinite(wave.drawn()[:175]).all()
    assert np.isnan(wave.drawn()[176:200]).all()


def test_where_nothing_comes_it_goes_on_over_emptiness_and_takes_up_where_the_numbers_say(wave, clock):
    first = feed(wave, clock, 6)
    for _ in range(75):
        clock.go(0.04)
        wave.advance()
    assert np.isnan(wave.drawn()[:90]).all()  # 3 s, the first of them waited
    feed(wave, clock, 1, first + 150)
    shown = wave.drawn()
    assert np.isnan(shown[: 150 - 1]).all()
    assert np.isfinite(shown[150:190]).all()


def test_a_sample_that_the_device_did_not_have_breaks_the_line(wave, clock):
    wave.take(run(0, 5, None, 6))
    clock.go(0.1)
    wave.advance()
    assert [wave.drawn()[0], wave.drawn()[2]] == [5, 6]
    assert np.isnan(wave.drawn()[1])


def test_numbers_that_go_back_are_another_strand(wave, clock):
    feed(wave, clock, 3, sample=60)
    wave.take(run(0, *[90] * 10))
    clock.go(0.2)
    wave.advance()
    assert np.nanmin(wave.drawn()) == 90


def test_a_weak_wave_looks_weak_and_the_scale_is_stated(wave, clock):
    def height(swing: int) -> int:
        for part in range(30):
            wave.take(run(3000 * swing + 10 * part, *[60, 60 + swing] * 5))
            clock.go(0.2)
            wave.advance()
        picture = wave.grab().toImage()
        left = round(wave.area().left()) + 2
        rows = [
            y
            for y in range(picture.height())
            if any(picture.pixelColor(x, y).red() > 90 for x in range(left, left + 60))
        ]
        return rows[-1] - rows[0]

    weak, strong = height(8), height(64)
    assert strong > 3 * weak
    assert "0 to 127" in wave.accessibleName()


def test_a_tile_shows_the_wave_where_one_is_sent_else_its_ticks_and_with_reduced_motion_only_ticks(room_app, clock):
    tile = VitalTile("spo2Value", "SpO2", "%", 184, (78, 22), with_foot=True)
    tile.wave._now = clock
    tile.show_tile(Tile("live", "97", age_s=0, count=3))
    assert (tile.wave.isHidden(), tile.beat.isHidden()) == (True, False)
    tile.take_wave(run(0, 1, 2, 3))
    assert (tile.wave.isHidden(), tile.beat.isHidden()) == (False, True)
    clock.go(SWEEP_S + 0.1)
    tile.count_on(0.5)
    assert (tile.wave.isHidden(), tile.beat.isHidden()) == (True, False)
    tile.still = True
    tile.take_wave(run(3, 4))
    assert tile.wave.isHidden()
    tile.deleteLater()
