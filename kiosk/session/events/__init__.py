"""What happened: past tense, frozen, versioned by tag. The append-only log of these is the whole truth.

Every event is one row of the record (`kiosk.record`), in order, with its stamp beside it; state is their fold
(`kiosk.session.state.apply`). A correction is a new event that names the seq it corrects. Fields are facts, not
sentences: `kiosk.text` makes the sentence. New fields get defaults; a tag is never reused for another meaning.

A topic a module. They are taken in whole, so that a new event touches only its topic's module: its class, and the
union at the module's end.
"""

from __future__ import annotations

from kiosk.session.events.alarm import *
from kiosk.session.events.call import *
from kiosk.session.events.device import *
from kiosk.session.events.event import *
from kiosk.session.events.medication import *
from kiosk.session.events.music import *
from kiosk.session.events.note import *
from kiosk.session.events.observation import *
from kiosk.session.events.pairing import *
from kiosk.session.events.preparation import *
from kiosk.session.events.program import *
from kiosk.session.events.record import *
from kiosk.session.events.release import *
from kiosk.session.events.room import *
from kiosk.session.events.score import *
from kiosk.session.events.series import *
from kiosk.session.events.session import *

AnyEvent = (
    SessionEvent
    | MedicationEvent
    | DeviceEvent
    | PairingEvent
    | AlarmEvent
    | CallEvent
    | NoteEvent
    | ObservationEvent
    | PreparationEvent
    | ReleaseEvent
    | MusicEvent
    | RoomEvent
    | ProgramEvent
    | RecordEvent
    | SeriesEvent
    | ScoreEvent
)
