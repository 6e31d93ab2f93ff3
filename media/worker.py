"""The sound child: the monitor's words to the music. When the line is lost the music fades out within a second.

Files are decoded by `media.decoder`; their frames go into our own mixer (`media.music`) and one stream that stays
open. After its line this process stays silent until it is ended.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from pathlib import Path
from typing import Any

from media import ambient
from media.decks import Deck
from media.decoder import Decoder
from media.error import MediaError, MediaReason
from media.heap import give_back, keep_together
from media.line import Line
from media.message import (
    AmbientReady,
    ChooseMusicOutput,
    Crossfade,
    Duck,
    Ducked,
    FadeOut,
    KeepPlace,
    MusicFailed,
    MusicReason,
    Output,
    Pause,
    Play,
    PrepareAmbient,
    Preparing,
    Preview,
    Queue,
    Resume,
    Skip,
    SoundReady,
    Track,
    Volume,
)
from media.music import Music
from media.place import Keeper
from media.plain import open_plain
from media.preview import Previewer
from media.speaker import Speaker

PROGRAM = "Session room music"
TURN_S = 0.02
PAUSE_S, EVEN_PAUSE_S = 0.05, 0.25
"""Between two turns, unless a message comes: well within what the speaker was given."""
HELD_UP_S = 1.0
LOST_FADE_S = 0.8


class Worker:
    """Takes messages, turns the music. Without VLC it still answers, and says that there is no music."""

    def __init__(self, line: Line) -> None:
        self._send = line.send
        self._speaker = Speaker(PROGRAM)
        self._decoder = self._open_decoder()
        self._music = Music(self._open, self._speaker, self._tell) if self._decoder else None
        self._previewer = Previewer(self._open, self._tell)
        self._keeper: Keeper | None = None
        self._outputs: tuple[Output, ...] | None = None
        self._making: threading.Thread | None = None
        self._turned_at = time.monotonic()

    def _open_decoder(self) -> Decoder | None:
        try:
            return Decoder()
        except MediaError as error:
            self._send(MusicFailed(MusicReason.NO_VLC, error.subject))
            return None

    def _open(self, track: Track, begin_s: float) -> Deck:
        if self._decoder is None:
            raise MediaError(MediaReason.NO_VLC)
        return open_plain(track, begin_s) or self._decoder.open(track, begin_s)

    def _tell(self, message: Any) -> None:
        self._send(message)

    def take(self, message: object) -> None:
        """One message of the monitor; anything that is not ours is left alone."""
        match message:
            case PrepareAmbient():
                self._prepare_ambient(Path(message.cache_dir))
            case KeepPlace():
                self._keeper = Keeper(Path(message.file))
            case ChooseMusicOutput():
                self._speaker.choose(message.name)
            case Duck():
                if self._music:
                    self._music.duck(message.on)
                self._send(Ducked(message.on))
            case _:
                self._steer(message)

    def _steer(self, message: object) -> None:
        music = self._music
        if music is None:
            if isinstance(message, Play | Resume):
                self._send(MusicFailed(MusicReason.NO_VLC))
            return
        match message:
            case Queue():
                music.queue(message.tracks, message.index, message.position_s)
            case Play() | Resume():
                music.play()
            case Pause():
                music.pause()
            case Skip():
                music.skip()
            case Crossfade():
                music.crossfade(message.seconds)
            case Preview():
                self._previewer.take(message)
            case Volume():
                music.volume(message.percent, message.fade_s)
            case FadeOut():
                music.fade_out(message.seconds)
            case _:
                pass

    @property
    def pause_s(self) -> float:
        """How long nothing needs a turn, unless a message comes."""
        is_even = self._music is not None and self._music.is_even and not self._previewer.active
        return EVEN_PAUSE_S if is_even else PAUSE_S

    def turn(self, wait_s: float = TURN_S) -> None:
        """One round."""
        self._speaker.turn(wait_s)
        now = time.monotonic()
        if now - self._turned_at > HELD_UP_S:
            self._speaker.forgive()
        self._turned_at = now
        if music := self._music:
            music.turn()
            if self._keeper:
                self._keeper.turn(lambda: music.place)
        if self._previewer.active:
            self._previewer.turn()
        if self._speaker.tried and self._outputs != self._speaker.outputs:
            self._outputs = self._speaker.outputs
            self._send(SoundReady(self._outputs, self._decoder.version if self._decoder else ""))

    def fall_silent(self) -> None:
        """Nobody is listening any more: fade out within a second, then wait for the end."""
        self._send = _say_nothing
        self._previewer.close()
        end = time.monotonic() + 1.0
        if self._music and self._keeper:
            self._keeper.keep(self._music.place)
            self._keeper = None
        if self._music:
            self._music.fade_out(LOST_FADE_S)
            while not self._music.silent and time.monotonic() < end:
                self.turn()
        self.close()

    def close(self) -> None:
        self._previewer.close()
        if self._music:
            self._music.close()
        if self._decoder:
            self._decoder.close()
        self._music = self._decoder = None
        self._speaker.close()

    def _prepare_ambient(self, cache_dir: Path) -> None:
        if self._making is None or not self._making.is_alive():
            self._making = threading.Thread(target=self._make, args=(cache_dir,), name="ambient", daemon=True)
            self._making.start()

    def _make(self, cache_dir: Path) -> None:
        """In its own thread, behind everything else that the computer does."""
        with contextlib.suppress(OSError, AttributeError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
        try:
            path = ambient.ensure(cache_dir, lambda percent: self._send(Preparing(percent)))
        except MediaError as error:
            self._send(MusicFailed(MusicReason.NO_AMBIENT, f"{error.subject}: {error.detail}"))
        else:
            self._send(AmbientReady(ambient.track(path)))
        give_back()


def _say_nothing(message: object) -> None:
    """There is no one to tell."""


def main(line: Line) -> int:
    """The sound child. Returns only when it is interrupted; a lost line makes it fall silent, not end."""
    keep_together()
    worker = Worker(line)
    try:
        while True:
            line.beat()
            message = line.get(worker.pause_s)
            while message is not None:
                worker.take(message)
                message = line.get(0)
            worker.turn(0)
    except line.Lost:
        worker.fall_silent()
        threading.Event().wait()
        return 0
    except KeyboardInterrupt:
        worker.close()
        return 0
