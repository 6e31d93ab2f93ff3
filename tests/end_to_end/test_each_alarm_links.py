"""Alarms of links that are not as they should be, end to end: a cuff that refuses the bond, an oximeter gone silent."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.session import events as e
from kiosk.session.events import Severity
from tests.end_to_end import device_cause as by
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


@contextlib.contextmanager
def silence_until_high(watched: Watched) -> Iterator[Begin]:
    """The oximeter is linked and sends nothing, and the medium alarm has sounded."""
    with by.silence(watched) as begin:
        watched.hear_out(begin())
        yield begin


CASES = (
    Case("cuff_lost", Severity.LOW, 0, "the cuff refuses to pair, until its button is held", bond_refused),
    Case("no_signal", Severity.HIGH, 60, "the oximeter is linked and sends nothing", silence_until_high),
)


def test_a_cuff_that_refuses_to_pair_and_an_oximeter_that_stays_silent(tmp_path: Path, server: SoundServer) -> None:
    with watched_room(tmp_path, server, 6.0, cuff=("aand", "and")) as watched:
        for case in CASES:
            measure(watched, case)
