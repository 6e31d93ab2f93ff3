"""Alarm tones at the sitter's output. Owned by the tone child; nothing else plays an alarm, and music never does.

Streams stand open at every output from the start and carry silence, so that a tone needs no opening and a sleeping
or vanished output is known before it is needed. A burst counts as played only when the output drew it, is not muted
and not too quiet; else the tone goes to every other output and the monitor is told. When the line to the monitor is
lost the failure tone sounds at once and until this process is ended. It must never wait for the server, never touch
the mixer, and never play at the patient's output while the sitter's is heard and nobody asked for everywhere.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Any

from media.burst import LOUDEST, Pattern, pattern, prepare
from media.error import MediaError
from media.heard import Heard, judge
from media.line import Line
from media.message import ChooseOutput, Outputs, Played, Severity, Signal, Test, ToneFailed, ToneReady, ToneReason
from media.outputs import OutputWatch
from media.pulse import LinkState, Server
from media.voice import Voice

PROGRAM = "Session room alarms"
TURN_S = 0.01
FILLING_TURN_S = 0.04
SILENT_TURN_S = 0.08
"""A fault of an output is seen with the turn behind it; a message of the monitor is taken at once."""
RETRY_S = 1.0
REPEAT_FAILURE_S = 5.0
LATE_AFTER_S = 1.0
STALLED_AFTER_S = 0.9
"""Since it was last seen to move, which is some turns behind the move itself: a second in all."""
STARVED_AFTER_S = 3.0
"""A server that a busy computer keeps from running takes nothing for a moment; that is no news while nothing is due."""
FAILURE_EVERYWHERE_AFTER_S = 30.0
HELD_UP_S = 0.5
QUIET = Signal("none")


class Tone:
    """What is due, the voices, and what has been said about them. One thread; `turn` does one round."""

    def __init__(self, send: Callable[[Any], None], now: Callable[[], float] = time.monotonic) -> None:
        self._send = send
        self._now = now
        self._watch = OutputWatch(PROGRAM)
        self._server: Server | None = None
        self._connect_at = 0.0
        self._voices: dict[str, Voice] = {}
        self._retry_at: dict[str, float] = {}
        self._signal = QUIET
        self._due_since = self._turn_due = now()
        self._late_open = False
        self._tests: deque[tuple[Test, float]] = deque()
        self._chosen = ChooseOutput(None)
        self._output: str | None = None
        self._said: ToneReason | str | None = None
        self._said_at = 0.0
        self._outputs: Outputs | None = None

    def take(self, message: object) -> None:
        """One message of the monitor; anything that is not ours is left alone."""
        match message:
            case Signal():
                self._take_signal(message)
            case Test():
                self._tests.append((message, self._now()))
            case ChooseOutput():
                self._chosen, self._output, self._said = message, message.name, None
            case _:
                pass

    def lose_line(self) -> None:
        """Nobody is listening any more: the failure tone, from now until the end of this process."""
        self._send = _say_nothing
        self._take_signal(Signal("failure", id="line lost", escalation=1))

    def _take_signal(self, signal: Signal) -> None:
        before, self._signal = self._signal, signal
        fresh = (signal.severity, signal.id) != (before.severity, before.id)
        if fresh:
            self._due_since, self._late_open = self._now(), True
        if fresh or signal.escalation > before.escalation:
            for voice in self._voices.values():
                voice.hush()
                voice.next_at = 0.0

    @property
    def pause_s(self) -> float:
        """How long nothing needs a turn, unless a message comes."""
        bursts = [(voice, voice.burst) for voice in self._voices.values() if voice.burst]
        due = self._signal.severity != "none"
        if self._tests or (due and not bursts) or any(v.sounding or not burst.reported for v, burst in bursts):
            return TURN_S
        soon_s = min(voice.next_at for voice, _ in bursts) - self._now() if due else SILENT_TURN_S
        are_full = bool(self._voices) and all(voice.is_full for voice in self._voices.values())
        return min(SILENT_TURN_S if are_full else FILLING_TURN_S, max(TURN_S, soon_s))

    def turn(self, wait_s: float = TURN_S) -> None:
        """One round: listen to the server, judge the outputs, let sound what is due, report."""
        self._connect()
        if self._server:
            self._server.turn(wait_s)
        else:
            time.sleep(wait_s)
        now = self._now()
        if now - self._turn_due > HELD_UP_S:
            for voice in self._voices.values():
                voice.forgive(now)
        self._keep_voices(now)
        heard = self._judge(self._output, now)
        self._announce(heard, now)
        self._sound(heard, now)
        for voice in self._voices.values():
            voice.pump(now)
            self._report(voice, now)
        if self._server:
            self._server.turn(0)  # lets go what was given: the next turn may be far
        self._turn_due = now + self.pause_s

    def close(self) -> None:
        for voice in self._voices.values():
            voice.close()
        if self._server:
            self._server.close()
        self._watch.stop()

    def _connect(self) -> None:
        if self._server and self._server.state is LinkState.CLOSED:
            for voice in self._voices.values():
                voice.close()
            self._voices.clear()
            self._server.close()
            self._server = None
        if self._server is None and self._now() >= self._connect_at:
            self._connect_at = self._now() + RETRY_S
            try:
                self._server = Server(PROGRAM)
            except MediaError:
                self._server = None

    def _keep_voices(self, now: float) -> None:
        """A voice at every output of the server; dead ones are replaced when their output is there again."""
        snapshot = self._watch.newest
        if snapshot is None or self._server is None or self._server.state is not LinkState.READY:
            return
        if self._output is None:
            self._output = snapshot.default
        if self._outputs is None or self._outputs.outputs != snapshot.outputs:
            self._outputs = Outputs(snapshot.outputs)
            self._send(self._outputs)
        for name in [name for name, voice in self._voices.items() if voice.state is LinkState.CLOSED]:
            self._voices.pop(name).close()
        for output in snapshot.outputs:
            if output.name not in self._voices and now >= self._retry_at.get(output.name, 0.0):
                self._retry_at[output.name] = now + RETRY_S / 4
                self._voices[output.name] = Voice(self._server, output.name, now)

    def _judge(self, output: str | None, now: float) -> Heard:
        snapshot, server = self._watch.newest, self._server
        if not self._watch.tried or (server and server.state is LinkState.OPENING):
            return Heard(None)
        if snapshot is None or server is None or server.state is not LinkState.READY or output is None:
            reason = ToneReason.NO_SERVER if snapshot is None or snapshot.outputs else ToneReason.OUTPUT_GONE
            return Heard(reason)
        voice = self._voices.get(output)
        waits = self._signal.severity == "none" and output not in snapshot.asleep
        return judge(
            snapshot,
            output,
            voice.index if voice else None,
            stalled=voice is not None and voice.stalled(now, STARVED_AFTER_S if waits else STALLED_AFTER_S),
            too_quiet_below=self._chosen.too_quiet_below_percent,
        )

    def _announce(self, heard: Heard, now: float) -> None:
        """Say once that the sitter's output fails or is well again, and repeat a failure while a tone is due."""
        voice = self._voices.get(self._output or "")
        if heard.reason is None and (voice is None or voice.state is not LinkState.READY):
            return
        due = self._signal.severity != "none"
        news = heard.reason or "ready"
        if news == self._said and not (heard.reason and due and now - self._said_at >= REPEAT_FAILURE_S):
            return
        self._said, self._said_at = news, now
        if heard.reason:
            self._send(ToneFailed(heard.reason, self._output or "", id=self._signal.id if due else ""))
        else:
            self._send(ToneReady(self._output or "", heard.level_percent, heard.muted))

    def _sound(self, heard: Heard, now: float) -> None:
        due = self._signal.severity != "none"
        targets = self._targets(heard, now) if due else set[str]()
        if not due:
            self._sound_test(heard, now)
        for name, voice in self._voices.items():
            if name in targets:
                self._keep_sounding(voice, now)
            elif due and voice.burst:
                voice.hush()

    def _targets(self, heard: Heard, now: float) -> set[str]:
        failure = self._signal.severity == "failure" and now - self._due_since > FAILURE_EVERYWHERE_AFTER_S
        if self._signal.everywhere or heard.reason or failure:
            return set(self._voices)
        return {self._output} if self._output else set[str]()

    def _keep_sounding(self, voice: Voice, now: float) -> None:
        if voice.state is not LinkState.READY or voice.sounding or now < voice.next_at:
            return
        burst, step = pattern(self._signal.severity), min(self._signal.escalation, LOUDEST)
        self._begin(voice, burst, self._signal.severity, self._signal.id, step, now)

    def _begin(self, voice: Voice, burst: Pattern, severity: Severity, burst_id: str, step: int, now: float) -> None:
        voice.begin(burst, severity, burst_id, burst.amplitudes[step], now)
        gap_s = burst.gaps_s[step]
        voice.next_at = now + burst.seconds + gap_s if gap_s else 0.0

    def _sound_test(self, heard: Heard, now: float) -> None:
        voice = self._voices.get(self._output or "")
        if not self._tests or (voice and voice.sounding):
            return
        test, asked_at = self._tests[0]
        if voice and voice.state is LinkState.READY and test.severity != "none":
            self._tests.popleft()
            self._begin(voice, pattern(test.severity), test.severity, test.id, 0, now)
        elif heard.reason or now - asked_at > LATE_AFTER_S:
            self._tests.popleft()
            self._send(ToneFailed(heard.reason or ToneReason.NOT_PLAYED, self._output or "", id=test.id))

    def _report(self, voice: Voice, now: float) -> None:
        """Once a burst: played when its first pulse was drawn, failed when it should have been by now."""
        burst = voice.burst
        if burst is None or burst.reported:
            return
        taken = voice.taken_of_burst()
        if taken < burst.first_pulse and now - voice.begun_at < LATE_AFTER_S:
            return
        burst.reported = True
        heard, chosen = self._judge(voice.output, now), voice.output == self._output
        reason = heard.reason or (ToneReason.NOT_PLAYED if taken < burst.first_pulse else None)
        if reason:
            self._send(ToneFailed(reason, voice.output, chosen, burst.id))
            return
        late_s = now - self._due_since if self._late_open and burst.id == self._signal.id else None
        self._late_open = self._late_open and late_s is None
        level, muted = (heard.level_percent, heard.muted) if self._watch.fresh else (None, None)
        self._send(Played(burst.id, burst.severity, voice.output, taken, level, muted, late_s, chosen))


def _say_nothing(message: object) -> None:
    """There is no one to tell."""


def main(line: Line) -> int:
    """The tone child. Returns only when it is interrupted; a lost line makes it sound, not end."""
    tone, lost = Tone(line.send), False
    prepare()
    try:
        while True:
            try:
                if lost:
                    tone.turn()
                    continue
                line.beat()
                message = line.get(tone.pause_s)
                while message is not None:
                    tone.take(message)
                    message = line.get(0)
                tone.turn(0)
            except line.Lost:
                lost = True
                tone.lose_line()
    except KeyboardInterrupt:
        return 0
    finally:
        tone.close()
