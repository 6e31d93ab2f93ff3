"""An alarm that nobody answers, end to end. Each alarm by itself: the modules beside this one, and their table in
`docs/safety.md`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.session import events as e
from tests.end_to_end.alarm_run import watched_room
from tests.end_to_end.ear import HEARD_DB, QUIET_DB
from tests.sound import PATIENT, SITTER, SoundServer

pytestmark = pytest.mark.sound
SPEED = 6.0
LATE_S = 1.0 + 0.5 * SPEED  # session seconds: the second of the tick, and half a real second to the tone


def test_an_alarm_that_nobody_answers_grows_louder_sounds_everywhere_and_opens_the_card(
    tmp_path: Path, server: SoundServer
) -> None:
    with watched_room(tmp_path, server, SPEED) as watched:
        room, ears, seq = watched.room, watched.ears, watched.await_calm()
        with room.air.feeding("oximeter", "0050005800", 1 / SPEED):
            raised = room.await_row(lambda w: isinstance(w, e.AlarmRaised) and w.alarm == "spo2_very_low", "alarm", seq)
            first_ns = ears[SITTER].onset_ns(room.real_ns(raised.stamp))
            assert ears[PATIENT].loudest_db(first_ns) < QUIET_DB
            as_raised_db = ears[SITTER].loudest_db(first_ns)
            played = room.await_row(lambda w: isinstance(w, e.TonePlayed) and w.output == PATIENT, "everywhere", seq)
            card = room.await_row(lambda w: isinstance(w, e.EmergencyCardShown) and w.by == "alarm", "the card", seq)
        louder_ns = room.real_ns(played.stamp)
    assert ears[PATIENT].loudest_db(louder_ns) > HEARD_DB
    assert ears[SITTER].loudest_db(louder_ns) > as_raised_db + 3
    assert 30 <= played.t_s - raised.t_s < 30 + LATE_S
    assert 60 <= card.t_s - raised.t_s < 60 + LATE_S
    assert card.text == "Nobody answered: the emergency card opened by itself."
