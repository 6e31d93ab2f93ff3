"""What goes to and comes from the two sound children, one tagged frozen struct a line.

Unions: `ToSound`/`FromSound` for the music child (`media.worker`), `ToTone`/`FromTone` for the alarm tones
(`media.tone`), `ToLibrary`/`FromLibrary` for the scanner of the person's own music (`media.scanner`). Shared by the
monitor and the children; holds no behaviour. An output is always named by its stable name at the audio server
(`alsa_output.pci-0000_00_1f.3.analog-stereo`), never by number or position.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

import msgspec

State = Literal["playing", "paused", "stopped"]
Severity = Literal["none", "low", "medium", "high", "call", "failure"]


class MusicReason(StrEnum):
    """Why there is no music."""

    NO_VLC = "no_vlc"
    NO_SERVER = "no_server"
    OUTPUT_GONE = "output_gone"
    NO_AUDIO = "no_audio"
    UNREADABLE = "unreadable"
    NO_AMBIENT = "no_ambient"


class ToneReason(StrEnum):
    """Why a tone was not, or could not be, heard."""

    NO_SERVER = "no_server"
    OUTPUT_GONE = "output_gone"
    MUTED = "muted"
    TOO_QUIET = "too_quiet"
    NOT_PLAYED = "not_played"


class _Line(msgspec.Struct, frozen=True, tag_field="type"):
    pass


class Output(msgspec.Struct, frozen=True):
    """One output of the audio server. description: the words a desktop shows for it.

    level_percent, muted: the mixer's volume (100 = full scale) and mute at the time of the report.
    """

    name: str
    description: str
    default: bool
    level_percent: int | None = None
    muted: bool | None = None


class Track(msgspec.Struct, frozen=True):
    """One local sound file. phase: key of the phase it belongs to, "" for any. tags: lower-case words it is asked by.

    gain_db: what brings it to the common loudness; 0 while that was not measured.
    seamless: the file's end continues in its own beginning, so a repeat is joined sample to sample, without a
    crossfade.
    """

    path: str
    title: str
    phase: str = ""
    seamless: bool = False
    gain_db: float = 0.0
    tags: tuple[str, ...] = ()


class PrepareAmbient(_Line, frozen=True, tag="prepare_ambient"):
    """Make the ambient piece in this folder unless it is there; answered by `Preparing`, then `AmbientReady`."""

    cache_dir: str


class Queue(_Line, frozen=True, tag="queue"):
    """Replace what comes next. A track that is already sounding and is in the new queue goes on undisturbed.

    index, position_s: where to begin if nothing sounds yet, so that a new child goes on where its predecessor fell.
    """

    tracks: tuple[Track, ...]
    index: int = 0
    position_s: float = 0.0


class KeepPlace(_Line, frozen=True, tag="keep_place"):
    """Keep where the music is in this file, for a monitor that comes after this one (`media.place`)."""

    file: str


class Play(_Line, frozen=True, tag="play"):
    """Start the queue from silence, or go on after a pause."""


class Pause(_Line, frozen=True, tag="pause"):
    """Fade out within half a second and hold the position."""


class Resume(_Line, frozen=True, tag="resume"):
    """Fade in from where `Pause` held; the same as `Play`."""


class Skip(_Line, frozen=True, tag="skip"):
    """Cross over to the next track now."""


class Volume(_Line, frozen=True, tag="volume"):
    """Nominal loudness 0..100 (cubic, as the desktop's own sliders), reached in `fade_s` seconds."""

    percent: int
    fade_s: float = 0.5


class Crossfade(_Line, frozen=True, tag="crossfade"):
    """How long a track melts into the next, at equal power: 0 (joined without a gap) to 15 s."""

    seconds: float


class Preview(_Line, frozen=True, tag="preview"):
    """Let the sitter hear some of a track at an output of theirs, while the patient's music goes on; None: stop it.

    Answered by `Previewing`. Nothing of it reaches the music's own output unless both are the same one.
    """

    track: Track | None
    output: str = ""


class Previewing(_Line, frozen=True, tag="previewing"):
    """A preview began (its path), or is over ("")."""

    path: str


class Duck(_Line, frozen=True, tag="duck"):
    """Music steps back for an alarm or a call (on), and comes back (off); answered by `Ducked`."""

    on: bool


class FadeOut(_Line, frozen=True, tag="fade_out"):
    """Fade to silence in `seconds`, then stop; `Play` starts again at nominal volume."""

    seconds: float


class ChooseMusicOutput(_Line, frozen=True, tag="choose_music_output"):
    """The one output that music may use; None: the server's default at this moment, kept from then on."""

    name: str | None


class SoundReady(_Line, frozen=True, tag="sound_ready"):
    """The music child runs and VLC works; the outputs as they are now. Sent again when the outputs change."""

    outputs: tuple[Output, ...]
    vlc_version: str = ""


class Preparing(_Line, frozen=True, tag="preparing"):
    """How far the ambient piece is."""

    percent: int


class AmbientReady(_Line, frozen=True, tag="ambient_ready"):
    """The ambient piece exists, whole."""

    track: Track


class Playing(_Line, frozen=True, tag="playing"):
    """Where the music is: once a second and at each change. left_s is None while the length is not known.

    position_s counts frames that went to the audio server, not what VLC has decoded.
    """

    title: str
    index: int
    position_s: float
    left_s: float | None
    state: State
    path: str = ""
    output: str = ""


class Ducked(_Line, frozen=True, tag="ducked"):
    """The answer to `Duck`: the ramp is under way. No answer in 1 s: end the music."""

    on: bool


class Ended(_Line, frozen=True, tag="ended"):
    """Music has faded out and is silent."""


class MusicFailed(_Line, frozen=True, tag="music_failed"):
    """There is no music, or one track of it could not be played (detail: which)."""

    reason: MusicReason
    detail: str = ""


class Signal(_Line, frozen=True, tag="signal"):
    """The tone that is due now, until the next `Signal`. A function of state, so it may be sent again at any time.

    id: names the occurrence; a new id starts a burst at once. everywhere: every output, the patient's included.
    escalation: 0 as raised, 1 and 2 louder and closer together.
    """

    severity: Severity
    id: str = ""
    everywhere: bool = False
    escalation: int = 0


class Test(_Line, frozen=True, tag="test"):
    """One burst at the chosen output only, for the sound test; answered by `Played` or `ToneFailed` with this id."""

    __test__ = False

    severity: Severity
    id: str = "test"


class ChooseOutput(_Line, frozen=True, tag="choose_output"):
    """The sitter's output; None: the server's default at this moment, kept from then on.

    too_quiet_below_percent: mixer level below which a tone counts as not heard (40 is -24 dB on a cubic slider).
    """

    name: str | None
    too_quiet_below_percent: int = 40


class Played(_Line, frozen=True, tag="played"):
    """A burst is being heard: the server took `frames` of it, the output exists, is not muted and not too quiet.

    Sent when the first pulse of the burst was taken (a burst that stops later becomes `ToneFailed`). late_s:
    from the arrival of the `Signal` to that, for the first burst of a signal, else None. level_percent: mixer level
    times the stream's own, None when the server did not answer in time.
    """

    id: str
    severity: Severity
    output: str
    frames: int
    level_percent: int | None
    muted: bool | None
    late_s: float | None = None
    chosen: bool = True


class ToneFailed(_Line, frozen=True, tag="tone_failed"):
    """A tone is not heard at this output, or would not be: sent when it becomes so, and for each burst lost.

    chosen: it is the sitter's output, so the tone goes to every other one. id: "" when nothing was due.
    """

    reason: ToneReason
    output: str = ""
    chosen: bool = True
    id: str = ""


class ToneReady(_Line, frozen=True, tag="tone_ready"):
    """The sitter's output is open, not muted and loud enough: sent at the start and after each failure."""

    output: str
    level_percent: int | None
    muted: bool | None


class Outputs(_Line, frozen=True, tag="outputs"):
    """Every output of the server, at the start and whenever that changes (level and mute included)."""

    outputs: tuple[Output, ...]


class Scan(_Line, frozen=True, tag="scan"):
    """Look into each file of this folder or list that `cache` does not know yet."""

    place: str
    cache: str


class StopScan(_Line, frozen=True, tag="stop_scan"):
    """Leave it at what is known so far; answered by `Scanned`."""


class Compose(_Line, frozen=True, tag="compose"):
    """Make the pieces of all phases in this folder, unless they are there; each is told by `Composed`."""

    cache: str


class Composed(_Line, frozen=True, tag="composed"):
    """A piece for its phase (track.phase) exists, whole. track None: that was all of them; problem says why not."""

    track: Track | None
    problem: str = ""


class Scanning(_Line, frozen=True, tag="scanning"):
    """How far: `done` of `total` files, now at `title`."""

    done: int
    total: int
    title: str = ""


class Scanned(_Line, frozen=True, tag="scanned"):
    """The cache holds what could be learned. problem: why the place itself could not be read, "" if it could."""

    playable: int
    refused: int
    stopped: bool = False
    problem: str = ""


ToSound = (
    PrepareAmbient
    | Queue
    | KeepPlace
    | Play
    | Pause
    | Resume
    | Skip
    | Volume
    | Crossfade
    | Preview
    | Duck
    | FadeOut
    | ChooseMusicOutput
)
FromSound = SoundReady | Preparing | AmbientReady | Playing | Previewing | Ducked | Ended | MusicFailed
ToTone = Signal | Test | ChooseOutput
FromTone = Played | ToneFailed | ToneReady | Outputs
ToLibrary = Scan | StopScan | Compose
FromLibrary = Scanning | Scanned | Composed
