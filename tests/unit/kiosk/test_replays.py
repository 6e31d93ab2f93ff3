"""Every replay in `tests/replays` in simulated time: what is written happens at its second, and nothing else does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.replays.script import Stage, differences, parse

REPLAYS = sorted((Path(__file__).parents[2] / "replays").glob("*.txt"))


@pytest.mark.parametrize("path", REPLAYS, ids=lambda path: path.stem)
def test_exactly_what_is_written_happens(path: Path) -> None:
    stage = Stage(parse(path.read_text(encoding="utf-8")))
    wrong: list[str] = []
    for now, happened, lines in stage.play():
        wrong += differences(happened, lines, stage.alarms, now)
    assert not wrong, "\n".join(wrong)


def test_a_replay_that_means_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="limt"):
        parse("limt spo2_low below 88 for 10 s")


def test_something_that_happens_unasked_fails_a_replay() -> None:
    stage = Stage(parse("limit spo2_low below 88 for 10 s\nat 0 spo2 84\nat 30"))
    wrong = [d for now, happened, lines in stage.play() for d in differences(happened, lines, stage.alarms, now)]
    assert any("unasked: 'raised spo2_low high'" in line for line in wrong)
