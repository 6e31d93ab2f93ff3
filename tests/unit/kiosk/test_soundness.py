"""What tone is due, and what the record learns of how it was heard."""

from __future__ import annotations

from kiosk.session import events as e
from kiosk.session.alarms import Listed, Signal
from kiosk.session.events import Severity
from kiosk.soundness import Heard, due_tone
from media import message as m


def signal(severity: Severity, *listed: Listed, call: bool = False, escalation: int = 0) -> Signal:
    return Signal(severity=severity, call=call, call_s=7.0, occurrences=listed, escalation=escalation)


HIGH = Listed("spo2_low", Severity.HIGH, 60.0)


def test_nothing_signalled_is_quiet() -> None:
    assert due_tone(signal(Severity.NONE)).severity == "none"


def test_an_answered_alarm_is_quiet_and_the_next_one_is_not() -> None:
    answered = Listed("spo2_low", Severity.HIGH, 60.0, answered=True)
    other = Listed("pulse_high", Severity.MEDIUM, 70.0)
    assert due_tone(signal(Severity.NONE, answered)).severity == "none"
    assert due_tone(signal(Severity.MEDIUM, answered, other)) == m.Signal("medium", "pulse_high 70.000")


def test_an_alarm_that_comes_again_within_a_second_is_another_signal() -> None:
    first, again = (Listed("no_sound", Severity.MEDIUM, raised_s) for raised_s in (7.6, 8.4))
    assert due_tone(signal(Severity.MEDIUM, first)).id != due_tone(signal(Severity.MEDIUM, again)).id


def test_a_call_sounds_above_a_medium_alarm_and_below_a_high_one() -> None:
    medium = Listed("no_signal", Severity.MEDIUM, 5.0)
    assert due_tone(signal(Severity.MEDIUM, medium, call=True)).severity == "call"
    assert due_tone(signal(Severity.HIGH, HIGH, call=True)).severity == "high"


def test_an_unanswered_high_alarm_goes_everywhere() -> None:
    tone = due_tone(signal(Severity.HIGH, HIGH, escalation=1))
    assert (tone.everywhere, tone.escalation) == (True, 1)


def played(ident: str = "a", output: str = "sitter", chosen: bool = True, severity: m.Severity = "high") -> m.Played:
    return m.Played(ident, severity, output, 4800, 80, False, 0.1, chosen)


def test_only_the_first_burst_of_a_signal_is_an_event() -> None:
    heard = Heard()
    assert heard.take(played()) == [e.TonePlayed(3, "sitter", 4800, 80, False)]
    assert heard.take(played()) == []
    assert len(heard.take(played("b"))) == 1


def test_the_record_learns_that_the_tone_of_an_alarm_grew_to_a_higher_one() -> None:
    heard = Heard()
    heard.take(played("look_in_due 120", severity="medium"))
    assert heard.take(played("look_in_due 120", severity="high")) == [e.TonePlayed(3, "sitter", 4800, 80, False)]


def test_bursts_at_two_outputs_are_one_event_each_and_not_one_a_burst() -> None:
    heard = Heard()
    bursts = [played(), played(output="patient", chosen=False)] * 5
    assert [event.output for burst in bursts for event in heard.take(burst)] == ["sitter", "patient"]


def test_a_tone_that_was_not_heard_is_a_trouble_until_it_is_heard_again() -> None:
    heard = Heard()
    assert heard.take(m.ToneFailed(m.ToneReason.MUTED, "sitter")) == [e.ToneFailed("the output is muted", "sitter")]
    assert heard.trouble == "the output is muted"
    heard.take(m.ToneReady("sitter", 80, False))
    assert heard.trouble == ""


def test_another_output_that_plays_does_not_hide_that_the_sitters_is_silent() -> None:
    heard = Heard()
    heard.take(m.ToneFailed(m.ToneReason.OUTPUT_GONE, "sitter"))
    heard.take(played(output="patient", chosen=False))
    assert heard.trouble == "the output is gone"
