"""An export killed anywhere leaves the whole file or none, and the next run completes (a hundred: `bench.killed`)."""

from __future__ import annotations

from pathlib import Path

from bench import killed


def test_a_killed_export_leaves_a_whole_file_or_none_and_the_next_run_completes(tmp_path: Path) -> None:
    ground = killed.Ground(tmp_path, hours=0.05)
    points = [*killed.STEPS, *killed.points(ground.rows, len(ground.whole), 11, seed=4)]
    wrong = {point: ground.try_once(point, closed=bool(n % 2)) for n, point in enumerate(points)}
    assert {point: found for point, found in wrong.items() if found} == {}
