"""Alarm tones and music, from the monitor's side: what is due goes to the children, what was heard comes back.

Owned by the monitor. It sends a function of the signal and remembers what the audio server last said; a tone that was
not heard becomes an alarm of its own, because silence must not look like calm.
"""

from __future__ import annotations

from kiosk.session import events as e
from kiosk.session.alarms import Signal
from kiosk.session.events import Severity
from media import message as m

_WORDS: dict[Severity, m.Severity] = {
    Severity.NONE: "none",
    Severity.LOW: "low",
    Severity.MEDIUM: "medium",
    Severity.HIGH: "high",
}
TROUBLE = {
    m.ToneReason.NO_SERVER: "no sound server",
    m.ToneReason.OUTPUT_GONE: "the output is gone",
    m.ToneReason.MUTED: "the output is muted",
    m.ToneReason.TOO_QUIET: "the output is too quiet",
    m.ToneReason.NOT_PLAYED: "the sound server took nothing",
}


TEST = "sound test "  # id of a burst that was asked for by the sitter, followed by its tone


def _number(word: str) -> int:
    """A tone as the record has it: 1 to 3, 0 for the call."""
    return next((int(s) for s, known in _WORDS.items() if known == word), 0)


def due_tone(signal: Signal) -> m.Signal:
    """The tone due for a signal: a call above everything but a high alarm; quiet when all is answered or paused."""
    if signal.call and signal.severity < Severity.HIGH:
        return m.Signal("call", f"call {signal.call_s:.3f}")
    sounding = next((o for o in signal.occurrences if not o.latched and not o.answered), None)
    if signal.severity is Severity.NONE or sounding is None:
        return m.Signal("none")
    ident = f"{sounding.name} {sounding.raised_s:.3f}"
    return m.Signal(_WORDS[signal.severity], ident, signal.escalation >= 1, signal.escalation)


class Heard:
    """What the tone child last said of the sitter's output. trouble: "" while tones are (or would be) heard."""

    def __init__(self) -> None:
        self.trouble = ""
        self.output = ""
        self._told: dict[str, tuple[str, str, bool | None]] = {}  # output -> what was told of it last
        self.played_call = False

    def take(self, message: m.FromTone) -> list[e.Event]:
        """The events of one message; most bursts say nothing new and give none."""
        match message:
            case m.Played():
                return self._played(message)
            case m.ToneFailed():
                return self._failed(message)
            case m.ToneReady():
                self.trouble, self.output = "", message.output
            case m.Outputs():
                pass
        return []

    def _played(self, p: m.Played) -> list[e.Event]:
        if p.id.startswith(TEST):
            return [e.SoundTested(_number(p.severity), p.output, p.level_percent, p.muted)] if p.chosen else []
        self.played_call = self.played_call or p.severity == "call"
        if p.chosen:
            self.trouble, self.output = "", p.output
        told = (p.id, p.severity, p.muted)
        if told == self._told.get(p.output):
            return []
        self._told[p.output] = told
        return [e.TonePlayed(_number(p.severity), p.output, p.frames, p.level_percent, p.muted)]

    def _failed(self, f: m.ToneFailed) -> list[e.Event]:
        reason = TROUBLE[f.reason]
        if f.id.startswith(TEST):
            muted = f.reason is m.ToneReason.MUTED
            return [e.SoundTested(_number(f.id.removeprefix(TEST)), f.output, None, muted, reason)] if f.chosen else []
        if f.chosen:
            self.trouble = reason
        return [e.ToneFailed(reason, f.output)]
