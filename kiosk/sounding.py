"""What sounds, and for whom: the tone that is due, the call until it is confirmed, music that steps back for both.

Owned by the room. What is due comes from the alarms; what was heard comes from the tones and the music, and what was
not heard is an alarm of its own.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import msgspec

from kiosk.crew import Crew
from kiosk.jukebox import Jukebox
from kiosk.session import events as e
from kiosk.settings import Settings
from kiosk.soundness import Heard, due_tone
from media import message as m

if TYPE_CHECKING:
    from kiosk.monitor import Monitor

CONFIRM_WITHIN_S = 1.0
CARD_AT = 2  # escalation at which the emergency card opens by itself


class Sounding:
    """Times here are of the monotonic clock: a person waits in real seconds, whatever speed a demo has."""

    def __init__(self, owner: Monitor, crew: Crew, jukebox: Jukebox, asked: Settings) -> None:
        self._owner, self._crew, self._jukebox, self._asked = owner, crew, jukebox, asked
        self._heard = Heard()
        self._tone = m.Signal("none")
        self._duck_asked_s = 0.0
        self._duck_answered = True
        self._call_at_s = 0.0
        self._call_confirmed = False
        self._card_is_due = False

    @property
    def trouble(self) -> str:
        """Why tones do not reach the sitter, "" while they do."""
        return self._heard.trouble

    @property
    def is_call_overdue(self) -> bool:
        """Whether a call was not heard and seen within a second."""
        return not self._call_confirmed and time.monotonic() - self._call_at_s > CONFIRM_WITHIN_S

    def begin(self) -> None:
        """First messages to new tones: where they sound, and what is due now."""
        output = self._owner.options.sitter_output or self._asked.text("sound.sitter_output")
        self._crew.to_tone(m.ChooseOutput(output or None, self._asked.number("sound.least_level_percent")))
        self._crew.to_tone(self._tone)

    def tell(self) -> bool:
        """What must sound now goes to the tones at once, and music steps back for it. True: it is another tone.

        Time alone changes it, too: an alarm that nobody answers grows louder and opens the card.
        """
        tone = due_tone(self._owner.desk.alarms.signal(self._owner.t_s()))
        if self.trouble and tone.severity not in ("none", "low"):
            tone = msgspec.structs.replace(tone, everywhere=True)
        is_other = tone != self._tone
        if is_other:
            self._tone = tone
            self._crew.to_tone(tone)
            if self._jukebox.duck(tone.severity != "none"):
                self._duck_asked_s, self._duck_answered = time.monotonic(), False
        is_due, was_due = tone.escalation >= CARD_AT, self._card_is_due
        if is_due and not was_due:
            self._owner.note(e.EmergencyCardShown("alarm"))
        self._card_is_due = is_due
        return is_other

    def called(self) -> None:
        """The patient calls."""
        self._call_at_s, self._call_confirmed, self._heard.played_call = time.monotonic(), False, False

    def confirm_call(self, is_seen: bool) -> bool:
        """A call is confirmed when it was heard and a screen shows it. True: that is overdue."""
        if self._call_confirmed or self._owner.desk.alarms.standing.call != "calling":
            return False
        if self._heard.played_call and is_seen:
            self._call_confirmed = True
            self._owner.note(e.CallSignalled())
        return self.is_call_overdue

    def music_stands_in_the_way(self) -> bool:
        """Music was told to step back for a tone and did not: said once, to whoever ends it."""
        if self._duck_answered or time.monotonic() - self._duck_asked_s <= CONFIRM_WITHIN_S:
            return False
        self._duck_answered = self._crew.has("sound")
        return self._duck_answered

    def music_stepped_back(self) -> None:
        """Or came back again, as it was told."""
        self._duck_answered = True

    def take(self, message: m.FromTone) -> bool:
        """A message of the tones. True: whether they are heard has changed."""
        before = self.trouble
        self._owner.note_all(self._heard.take(message))
        return self.trouble != before

    def tones_ended(self) -> None:
        """Their process is gone, and nobody asked for it."""
        self._heard.trouble = "the tone part ended"
