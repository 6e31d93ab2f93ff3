"""The PIN: set by a person, five tries, lock-outs that grow and survive a restart, and never a default."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from kiosk import pin, settings
from kiosk.pin import NS, PinError, PinState, Reason

NOW = 1_795_544_580 * NS


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """The same hash at the least cost that argon2 allows: these tests are about the counting."""
    monkeypatch.setattr(pin, "_hasher", lambda: PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def state() -> PinState:
    return pin.set_pin("4711")


def miss(state: PinState, times: int, now: int = NOW) -> tuple[list[pin.PinResult], PinState]:
    results = []
    for _ in range(times):
        result, state = pin.check_pin(state, "0815", now)
        results.append(result)
    return results, state


def test_there_is_no_default_pin():
    for typed in ("", "0000", "1234"):
        with pytest.raises(PinError) as refused:
            pin.check_pin(PinState(), typed, NOW)
        assert refused.value.reason is Reason.NOT_SET


def test_the_pin_is_kept_as_an_argon2id_hash_and_never_as_it_is(state, monkeypatch):
    monkeypatch.undo()
    assert pin.set_pin("4711").hash.startswith("$argon2id$v=19$m=65536,t=3,")
    assert "4711" not in repr(state)
    assert pin.set_pin("4711").hash != state.hash


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", Reason.NOT_DIGITS),
        ("47a1", Reason.NOT_DIGITS),
        ("٤٧١١", Reason.NOT_DIGITS),
        ("471", Reason.TOO_SHORT),
        ("4" * 13, Reason.TOO_LONG),
        ("0000", Reason.TOO_SIMPLE),
        ("1234", Reason.TOO_SIMPLE),
        ("98765", Reason.TOO_SIMPLE),
    ],
)
def test_a_pin_that_anyone_guesses_is_refused(typed, reason):
    with pytest.raises(PinError) as refused:
        pin.set_pin(typed)
    assert refused.value.reason is reason


def test_the_right_pin_opens_and_clears_what_was_wrong_before(state):
    results, after = miss(state, 4)
    assert [result.tries_left for result in results] == [4, 3, 2, 1]
    result, cleared = pin.check_pin(after, "4711", NOW)
    assert result.ok
    assert cleared == PinState(hash=state.hash)


def test_five_wrong_ones_lock_for_30_s_in_which_even_the_right_one_waits(state):
    results, locked = miss(state, 5)
    assert (results[-1].ok, results[-1].locked_s) == (False, 30)
    result, same = pin.check_pin(locked, "4711", NOW + 29 * NS)
    assert (result.ok, result.locked_s, same) == (False, 1, locked)
    result, _ = pin.check_pin(locked, "4711", NOW + 30 * NS)
    assert result.ok


def test_lock_outs_double_up_to_15_minutes(state):
    now, seen = NOW, []
    for _ in range(7):
        results, state = miss(state, 5, now)
        seen.append(results[-1].locked_s)
        now += round(results[-1].locked_s * NS)
    assert seen == [30, 60, 120, 240, 480, 900, 900]


def test_a_lock_out_survives_a_restart(state, tmp_path):
    _, locked = miss(state, 5)
    settings.save_state(tmp_path, settings.State(pin=locked))
    after = settings.load_state(tmp_path).pin
    assert pin.locked_for_s(after, NOW + 10 * NS) == 20


def test_a_wall_clock_set_back_does_not_lock_out_for_days(state):
    _, locked = miss(state, 5)
    assert pin.locked_for_s(locked, NOW - 86_400 * NS) == 0


def test_a_very_long_typed_text_is_just_wrong(state):
    result, _ = pin.check_pin(state, "4711" * 10_000, NOW)
    assert not result.ok


def test_a_damaged_hash_is_told_as_what_it_is():
    with pytest.raises(PinError) as refused:
        pin.check_pin(PinState(hash="4711"), "4711", NOW)
    assert refused.value.reason is Reason.DAMAGED
