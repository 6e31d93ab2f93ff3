"""Waiting times: session seconds shrink with the session's clock, but never below what a busy computer needs."""

from devices.pace import SHORTEST_SILENCE_S, Pace


def test_a_faster_session_waits_less() -> None:
    assert Pace().silence() == 10
    assert Pace(speed=4).silence() == 2.5
    assert Pace(speed=10).silence() == SHORTEST_SILENCE_S
    assert Pace(speed=1000).silence() == SHORTEST_SILENCE_S


def test_the_back_off_grows_to_its_last_step_and_stays() -> None:
    assert [Pace().back_off(failures) for failures in range(1, 8)] == [1, 2, 4, 8, 15, 15, 15]
