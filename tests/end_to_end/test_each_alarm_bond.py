"""A cuff that refuses the bond, end to end: what it refuses, the tone, the row, and its end when its button is held."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.session import events as e
from kiosk.session.events import Severity
from tests.end_to_end.alarm_run import Begin, Case, Watched, measure, watched_room
from tests.sound import SoundServer

pytestmark = pytest.mark.sound


@contextlib.contextmanager
def bond_refused(watched: Watched) -> Iterator[Begin]:
    """It measures, can be found, and refuses to pair; later somebody holds its button."""
    room = watched.room
    refused = room.await_row(lambda w: isinstance(w, e.LinkMoved) and w.state == "refused", "the refusal", timeout_s=30)
    yield lambda: room.real_ns(refused.stamp)
    room.air.order("pair", device="aand")


def test_a_cuff_that_refuses_to_pair(tmp_path: Path, server: SoundServer) -> None:
    case = Case("cuff_lost", Severity.LOW, 0, "the cuff refuses to pair, until its button is held", bond_refused)
    with watched_room(tmp_path, server, 6.0, cuff=("aand", "and")) as watched:
        measure(watched, case)
