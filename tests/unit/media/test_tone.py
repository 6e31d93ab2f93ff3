"""Alarm tones at real null sinks: heard where they should be, nowhere else, and honest about it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from media.burst import pattern
from media.message import ChooseOutput, Outputs, Played, Severity, Signal, Test, ToneFailed, ToneReady, ToneReason
from media.tone import SILENT_TURN_S, TURN_S
from media.voice import BUFFER_S
from tests import sound

from .conftest import ToneTurner

pytestmark = pytest.mark.sound
MakeTone = Callable[[], ToneTurner]


def ready(tone: MakeTone, output: str | None = sound.SITTER) -> ToneTurner:
    turner = tone()
    turner.take(ChooseOutput(output))
    turner.until_said(ToneReady)
    return turner


@pytest.mark.parametrize(("severity", "pulses"), [("high", 10), ("medium", 3), ("low", 2)])
def test_a_tone_is_at_the_sitters_output_and_nothing_of_it_at_the_patients(
    server: sound.SoundServer, tone: MakeTone, severity: Severity, pulses: int
) -> None:
    turner = ready(tone)
    with sound.capture(server, sound.SITTER) as sitters, sound.capture(server, sound.PATIENT) as patients:
        turner.take(Signal(severity, id="one"))
        heard = turner.until_captured(sitters, pattern(severity).seconds + 0.6)
        assert len(sound.onsets(heard, -35)) == pulses
        loud = [hertz for hertz, level in sound.partials(heard, 6) if level > -15]
        assert len([hertz for hertz in loud if 150 <= hertz <= 4000]) >= 4
        assert sound.peak(heard) < 1.0
        assert sound.peak(patients.samples()) == 0.0
        assert len(patients.samples()) > len(heard) // 2
    played = turner.until_said(Played, id="one")
    assert (played.severity, played.output, played.muted, played.level_percent) == (severity, "sitter", False, 100)
    assert played.frames >= pattern(severity).first_pulse
    assert played.late_s < 1.0
    assert not turner.kinds(ToneFailed)


@pytest.mark.parametrize("severity", ["call", "failure"])
def test_the_call_and_the_failure_tone_sound_at_the_sitters_output_only(
    server: sound.SoundServer, tone: MakeTone, severity: Severity
) -> None:
    turner = ready(tone)
    with sound.capture(server, sound.SITTER) as sitters, sound.capture(server, sound.PATIENT) as patients:
        turner.take(Signal(severity, id="one"))
        heard = turner.until_captured(sitters, 1.0)
        assert sound.rms_db(heard) > -40
        assert sound.peak(patients.samples()) == 0.0
    assert turner.until_said(Played, id="one").late_s < 1.0


def test_a_tone_begins_within_half_a_second_of_its_condition(server: sound.SoundServer, tone: MakeTone) -> None:
    turner = ready(tone)
    with sound.capture(server, sound.SITTER) as sitters:
        turner.take(Signal("high", id="one"))
        assert sound.onsets(turner.until_captured(sitters, 1.0), -35)[0] < 0.5


def test_a_tone_takes_the_place_of_the_silence_that_was_given_ahead_and_the_failure_tone_has_no_hole(
    server: sound.SoundServer, tone: MakeTone
) -> None:
    turner = ready(tone)
    turner.until(lambda: turner.tone.pause_s == SILENT_TURN_S, what="streams that play")
    with sound.capture(server, sound.SITTER) as sitters:
        turner.until_captured(sitters, 1.0)
        turner.take(Signal("failure", id="one"))
        heard = turner.until_captured(sitters, 5.0)
    onset_s = sound.onsets(heard, -35)[0]
    assert onset_s < 0.8 * BUFFER_S
    assert sound.envelope_db(heard[round((onset_s + 0.05) * sound.RATE_HZ) :], 0.05).min() > -25


def test_a_tone_ends_when_nothing_is_due_and_comes_back_in_bursts_while_it_is(
    server: sound.SoundServer, tone: MakeTone
) -> None:
    turner = ready(tone)
    with sound.capture(server, sound.SITTER) as sitters:
        turner.take(Signal("medium", id="one", escalation=2))
        turner.until(lambda: len(turner.kinds(Played)) >= 2, 10, "a second burst")
        turner.take(Signal("none"))
        turner.until_captured(sitters, 0.4)
        assert sound.peak(turner.until_captured(sitters, 0.5)) == 0.0
    assert [played.late_s is None for played in turner.kinds(Played)] == [False, True]


@pytest.mark.parametrize("sounded_s", [0.6, 1.2, 2.3])
def test_a_tone_without_a_pause_ends_at_once_also_where_its_next_burst_is_given_already(
    server: sound.SoundServer, tone: MakeTone, sounded_s: float
) -> None:
    turner = ready(tone)
    turner.until(lambda: turner.tone.pause_s == SILENT_TURN_S, what="streams that play")
    with sound.capture(server, sound.SITTER) as sitters:
        turner.take(Signal("failure", id="one"))
        turner.until_captured(sitters, sounded_s)
        turner.take(Signal("none"))
        turner.until_captured(sitters, 0.4)
        assert sound.peak(turner.until_captured(sitters, 0.5)) == 0.0


def test_a_voice_is_filled_again_before_it_is_looked_at_less_often(server: sound.SoundServer, tone: MakeTone) -> None:
    """What is taken back is missing: a quarter of a second later nothing of it would be left."""
    turner = ready(tone)
    turner.until(lambda: turner.tone.pause_s == SILENT_TURN_S, what="streams that play")
    turner.take(Signal("high", id="one"))
    turner.until_said(Played, id="one")
    turner.take(Signal("none"))
    turner.tone.turn(0)
    voice = turner.tone._voices[sound.SITTER]
    assert voice._stream.ahead > 2 * turner.tone.pause_s * sound.RATE_HZ
    turner.until(lambda: turner.tone.pause_s == SILENT_TURN_S, what="a full voice")
    assert voice._stream.ahead > 2 * SILENT_TURN_S * sound.RATE_HZ


def test_it_rests_in_silence_and_between_bursts_and_never_while_one_is_due_or_unproven(
    server: sound.SoundServer, tone: MakeTone
) -> None:
    turner = ready(tone)
    turner.until(lambda: turner.tone.pause_s == SILENT_TURN_S, what="streams that play")
    turner.take(Signal("low", id="one"))
    while not turner.kinds(Played):
        assert turner.tone.pause_s == TURN_S
        turner.turn()
    turner.until(lambda: turner.tone.pause_s == SILENT_TURN_S, what="the pause between two bursts")
    turner.take(Signal("high", id="two"))
    assert turner.tone.pause_s == TURN_S


def test_everywhere_reaches_the_patients_output_too_and_escalation_is_louder(
    server: sound.SoundServer, tone: MakeTone
) -> None:
    turner = ready(tone)
    with sound.capture(server, sound.SITTER) as sitters, sound.capture(server, sound.PATIENT) as patients:
        turner.take(Signal("high", id="one"))
        quiet = turner.until_captured(sitters, 0.8)
        turner.take(Signal("high", id="one", everywhere=True, escalation=2))
        loud = turner.until_captured(sitters, 0.8)
        assert sound.rms_db(loud) > sound.rms_db(quiet) + 5
        turner.until_said(Played, output="patient", chosen=False)
        assert sound.peak(patients.samples()) > 0.5


def test_a_muted_output_is_reported_and_the_tone_goes_elsewhere_until_it_is_unmuted(
    server: sound.SoundServer, tone: MakeTone
) -> None:
    server.pactl("set-sink-mute", sound.SITTER, "1")
    turner = tone()
    turner.take(ChooseOutput(sound.SITTER))
    assert turner.until_said(ToneFailed).reason is ToneReason.MUTED
    turner.take(Signal("high", id="one"))
    turner.until_said(Played, id="one", output="patient", chosen=False)
    turner.until_said(ToneFailed, id="one", output="sitter", reason=ToneReason.MUTED)
    assert not [played for played in turner.kinds(Played) if played.output == "sitter"]
    server.pactl("set-sink-mute", sound.SITTER, "0")
    turner.until_said(ToneReady)
    turner.take(Signal("medium", id="two"))
    turner.until_said(Played, id="two", output="sitter")
    with sound.capture(server, sound.PATIENT) as patients:
        assert sound.peak(turner.until_captured(patients, 0.5)[9600:]) == 0.0


def test_a_muted_stream_of_ours_counts_as_muted(server: sound.SoundServer, tone: MakeTone) -> None:
    turner = ready(tone)
    for line in server.pactl("list", "short", "sink-inputs").splitlines():
        server.pactl("set-sink-input-mute", line.split("\t")[0], "1")
    assert turner.until_said(ToneFailed).reason is ToneReason.MUTED


def test_an_output_below_the_limit_is_too_quiet(server: sound.SoundServer, tone: MakeTone) -> None:
    turner = ready(tone)
    server.pactl("set-sink-volume", sound.SITTER, "39%")
    assert turner.until_said(ToneFailed).reason is ToneReason.TOO_QUIET
    server.pactl("set-sink-volume", sound.SITTER, "41%")
    turner.until_said(ToneReady, level_percent=41)


def test_a_vanished_output_is_reported_the_tone_goes_elsewhere_and_returns_with_it(
    server: sound.SoundServer, tone: MakeTone
) -> None:
    turner = ready(tone)
    turner.take(Signal("high", id="one"))
    turner.until_said(Played, id="one", output="sitter")
    server.remove_sink(sound.SITTER)
    turner.until_said(ToneFailed, id="one", reason=ToneReason.OUTPUT_GONE, chosen=True)
    turner.until_said(Played, id="one", output="patient")
    before = len(turner.said)
    server.add_sink(sound.SITTER)
    turner.until_said(ToneReady, after=before)
    turner.until_said(Played, after=before, output="sitter")
    with sound.capture(server, sound.PATIENT) as patients:
        assert sound.peak(turner.until_captured(patients, 0.5)[9600:]) == 0.0


@pytest.mark.skipif(os.environ.get("SOUND_SERVER") == "pipewire", reason="PipeWire wakes an output that is played to")
def test_an_output_that_is_asleep_takes_nothing_and_that_is_said_without_any_alarm(
    server: sound.SoundServer, tone: MakeTone
) -> None:
    turner = ready(tone)
    server.pactl("suspend-sink", sound.SITTER, "1")
    assert turner.until_said(ToneFailed).reason is ToneReason.NOT_PLAYED
    server.pactl("suspend-sink", sound.SITTER, "0")
    turner.until_said(ToneReady, after=len(turner.said))


def pass_time(turner: ToneTurner, seconds: float) -> None:
    """Time passes in steps that are no hold-up of the tone child's own."""
    for _step in range(round(seconds / 0.25)):
        turner.ahead_s += 0.25
        turner.turn()


@pytest.mark.parametrize(("due", "patience_s"), [("none", 3.0), ("medium", 1.0)])
def test_a_server_that_stands_still_for_a_moment_is_news_at_once_only_while_a_tone_is_due(
    server: sound.SoundServer, tone: MakeTone, due: Severity, patience_s: float
) -> None:
    turner = ready(tone)
    turner.until(lambda: turner.tone._voices[sound.SITTER].index is not None, what="a stream that plays")
    server.freeze()
    turner.take(Signal(due, id="one"))
    pass_time(turner, patience_s - 0.5)
    assert not turner.kinds(ToneFailed)
    pass_time(turner, 1.5)
    assert turner.until_said(ToneFailed).reason is ToneReason.NOT_PLAYED
    server.thaw()
    turner.until_said(ToneReady, after=len(turner.said))


def test_a_frozen_server_is_not_waited_for(server: sound.SoundServer, tone: MakeTone) -> None:
    turner = ready(tone)
    server.freeze()
    turner.take(Signal("medium", id="one", escalation=2))
    assert turner.until_said(ToneFailed, chosen=True).reason is ToneReason.NOT_PLAYED
    server.thaw()
    turner.until_said(Played, id="one", output="sitter")


@pytest.mark.usefixtures("no_server")
def test_without_a_server_every_signal_fails_with_that_reason(tone: MakeTone) -> None:
    turner = tone()
    turner.take(Signal("high", id="one"))
    assert turner.until_said(ToneFailed).reason is ToneReason.NO_SERVER
    turner.take(Test("low"))
    turner.take(Signal("none"))
    assert turner.until_said(ToneFailed, id="test").reason is ToneReason.NO_SERVER
    assert not turner.kinds(Played)


def test_a_killed_server_is_found_again_when_it_comes_back(server: sound.SoundServer, tone: MakeTone) -> None:
    turner = ready(tone)
    server.kill()
    turner.until_said(ToneFailed, reason=ToneReason.NO_SERVER)
    before = len(turner.said)
    server.start()
    turner.take(Signal("medium", id="two"))
    assert turner.until_said(Played, id="two", after=before).output == "sitter"


def test_the_sound_test_plays_one_burst_at_the_sitters_output_only(server: sound.SoundServer, tone: MakeTone) -> None:
    turner = ready(tone)
    with sound.capture(server, sound.SITTER) as sitters, sound.capture(server, sound.PATIENT) as patients:
        turner.take(Test("medium"))
        heard = turner.until_captured(sitters, 2.0)
        assert len(sound.onsets(heard, -35)) == 3
        assert sound.peak(patients.samples()) == 0.0
    assert turner.until_said(Played, id="test").severity == "medium"


def test_with_no_choice_the_servers_default_is_kept_even_when_the_default_moves(
    server: sound.SoundServer, tone: MakeTone
) -> None:
    server.pactl("set-default-sink", sound.SITTER)
    turner = ready(tone, None)
    server.pactl("set-default-sink", sound.PATIENT)
    turner.until_said(Outputs, after=len(turner.said))
    turner.take(Signal("low", id="one"))
    assert turner.until_said(Played, id="one").output == "sitter"


def test_two_sinks_are_listed_by_name_with_level_and_mute(server: sound.SoundServer, tone: MakeTone) -> None:
    listed = ready(tone).kinds(Outputs)[0].outputs
    assert {(output.name, output.level_percent, output.muted) for output in listed} == {
        ("patient", 100, False),
        ("sitter", 100, False),
    }


def test_a_lost_line_is_the_failure_tone_at_once(server: sound.SoundServer, tone: MakeTone, tmp_path: Path) -> None:
    turner = ready(tone)
    with sound.capture(server, sound.SITTER) as sitters, sound.capture(server, sound.PATIENT) as patients:
        turner.tone.lose_line()
        heard = turner.until_captured(sitters, 3.0)
        assert sound.onsets(heard, -35)[0] < 0.5
        assert sound.envelope_db(heard[24000:], 0.1).min() > -25
        assert sound.peak(patients.samples()) == 0.0
