"""A million random and mutated payloads over all framers and decoders (ten by `make fuzz`)."""

import pytest

from tests.fuzz import run


@pytest.mark.parametrize("seed", range(101, 105))
def test_whatever_comes_only_the_typed_error_is_raised_and_memory_stays_bounded(seed: int) -> None:
    counts = run(250_000, seed)
    print(dict(counts))
    assert counts["chunks"] == 250_000
    assert counts["refused"] > 50_000
    assert counts["measurements"] > 50_000
    assert counts["whole frames"] > 5_000
