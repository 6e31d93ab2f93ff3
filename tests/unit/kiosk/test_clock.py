"""The clock: both clocks together, scaled for a demo, going on after a restart."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.reading import Stamp
from kiosk import clock


def test_both_clocks_are_read_at_the_same_instant():
    before = time.time_ns(), clock._boot_ns()
    stamp = clock.Clock().now()
    after = time.time_ns(), clock._boot_ns()
    assert before[0] <= stamp.utc_ns <= after[0]
    assert before[1] <= stamp.boot_ns <= after[1]


def test_the_boot_clock_never_steps_back():
    now = clock.Clock().now
    stamps = [now().boot_ns for _ in range(200)]
    assert stamps == sorted(stamps)


def test_at_speed_60_both_clocks_run_60_times_as_fast_from_the_origin(monkeypatch):
    origin = Stamp(utc_ns=1_000, boot_ns=500)
    monkeypatch.setattr(clock, "_read_both", lambda: Stamp(utc_ns=1_000 + 7, boot_ns=500 + 7))
    assert clock.Clock(60, origin).now() == Stamp(utc_ns=1_000 + 420, boot_ns=500 + 420)


@given(st.floats(0.1, 1000), st.lists(st.integers(0, 10**14), min_size=2, max_size=20))
def test_a_restarted_clock_with_the_same_origin_goes_on_and_never_back(speed, steps):
    origin = Stamp(utc_ns=1_764_000_000 * clock.NS, boot_ns=10**12)
    seen = []
    with pytest.MonkeyPatch.context() as patch:
        for step in sorted(steps):
            real = Stamp(utc_ns=origin.utc_ns + step, boot_ns=origin.boot_ns + step)
            patch.setattr(clock, "_read_both", lambda real=real: real)
            seen.append(clock.Clock(speed, origin).now().boot_ns)
    assert seen == sorted(seen)


def test_without_a_boot_clock_the_monotonic_clock_serves(monkeypatch):
    monkeypatch.delattr(time, "CLOCK_BOOTTIME", raising=False)
    before = time.monotonic_ns()
    assert before <= clock.Clock().now().boot_ns <= time.monotonic_ns()


def test_the_boot_id_is_the_same_all_boot_long_and_has_a_fallback(monkeypatch, tmp_path):
    assert clock.boot_id() == clock.boot_id() != ""
    monkeypatch.setattr(clock, "BOOT_ID", tmp_path / "none")
    assert clock.boot_id().startswith("boot-")


def test_the_offset_follows_the_zone_and_its_summer_time(monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        assert clock.utc_offset_min(1_767_225_600 * clock.NS) == 60  # 2026-01-01
        assert clock.utc_offset_min(1_782_864_000 * clock.NS) == 120  # 2026-07-01
    finally:
        monkeypatch.undo()
        time.tzset()


def test_an_instant_is_written_with_its_offset():
    assert clock.iso(0) == "1970-01-01T00:00:00.000+00:00"
    assert clock.iso(1_764_020_585_120_999_999, 60) == "2025-11-24T22:43:05.120+01:00"


def test_a_speed_of_zero_is_refused():
    with pytest.raises(ValueError, match="above 0"):
        clock.Clock(0)
