"""The sound child: the monitor's words to the music, VLC as the decoder. The only importer of vlc.

VLC only decodes here: its frames go into our own mixer (`media.music`) and one stream that stays open, because VLC's
own volume is the server's and survives a crash at the wrong level, and because its loops have gaps. VLC is called from
the main thread alone and polled; its callbacks append to a queue and return. When the line is lost the music fades
out within a second and this process stays silent until it is ended.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import threading
import time
from pathlib import Path
from typing import Any

from media import ambient
from media.error import MediaError, MediaReason
from media.fifo import Fifo
from media.line import Line
from media.message import (
    AmbientReady,
    ChooseMusicOutput,
    Duck,
    Ducked,
    FadeOut,
    MusicFailed,
    MusicReason,
    Output,
    Pause,
    Play,
    PrepareAmbient,
    Preparing,
    Queue,
    Resume,
    Skip,
    SoundReady,
    Track,
    Volume,
)
from media.music import Music
from media.pulse import CHANNELS, RATE_HZ
from media.speaker import Speaker

PROGRAM = "Session room music"
TURN_S = 0.02
HELD_UP_S = 0.5
LOST_FADE_S = 0.8
VLC_OPTIONS = ("--no-video", "--no-xlib", "--quiet", "--aout=amem")


class Decoder:
    """VLC itself. Raises MediaError(NO_VLC) where it is not installed, or finds no plugins (its instance is None)."""

    def __init__(self) -> None:
        try:
            import vlc  # pyright: ignore[reportMissingTypeStubs]
        # without a libvlc the binding raises these, and where it was told a wrong path it asks to exit
        except (ImportError, OSError, NotImplementedError, AttributeError, NameError, SystemExit) as error:
            raise MediaError(MediaReason.NO_VLC, "libvlc", str(error)) from error
        self.vlc: Any = vlc
        self._instance: Any = self.vlc.Instance(*VLC_OPTIONS)
        if self._instance is None:
            raise MediaError(MediaReason.NO_VLC, "plugins")

    @property
    def version(self) -> str:
        return self.vlc.libvlc_get_version().decode("ascii", "replace")

    def close(self) -> None:
        """Give VLC back; no deck may be open any more."""
        self._instance.release()

    def open(self, track: Track, begin_s: float) -> VlcDeck:
        """A player that decodes the track from `begin_s` on, now. Raises MediaError(UNREADABLE)."""
        player, media = self._instance.media_player_new(), self._instance.media_new_path(track.path)
        if player is None or media is None:
            raise MediaError(MediaReason.UNREADABLE, track.path)
        if begin_s > 0:
            media.add_option(f":start-time={begin_s:.3f}")
        return VlcDeck(self.vlc, player, media, track)


class VlcDeck:
    """One VLC player on one file. Frames come by themselves, about 1.2 s ahead."""

    def __init__(self, vlc: Any, player: Any, media: Any, track: Track) -> None:
        self.track = track
        self.fifo = Fifo()
        self._vlc, self._player = vlc, player
        # VLC keeps bare pointers to these: they must live as long as the player
        self._callbacks = _callbacks(vlc.CallbackDecorators, self.fifo)
        player.audio_set_callbacks(*self._callbacks, None)
        player.audio_set_format("S16N", RATE_HZ, CHANNELS)
        player.set_media(media)
        media.release()
        player.play()

    def hold(self) -> None:
        self._player.set_pause(1)

    def go_on(self) -> None:
        self._player.set_pause(0)

    def close(self) -> None:
        self._player.stop()
        self._player.release()

    def failed(self) -> bool:
        """An ended player that gave frames is no failure: the fifo knows its end."""
        if self._player.get_state() == self._vlc.State.Ended:
            self.fifo.finish()
        return bool(self._player.get_state() == self._vlc.State.Error)

    def length_s(self) -> float | None:
        length_ms = self._player.get_length()
        return length_ms / 1000 if length_ms > 0 else None


def _callbacks(decorators: Any, fifo: Fifo) -> tuple[Any, ...]:
    """play, pause, resume, flush, drain: run on VLC's threads, so they touch nothing but the fifo."""

    def play(_data: object, samples: int, count: int, _pts: int) -> None:
        fifo.push(ctypes.string_at(samples, count * 2 * CHANNELS))

    def ignore(_data: object, _pts: int) -> None:
        """What is decoded stays: the mixer holds it."""

    def drain(_data: object) -> None:
        fifo.finish()

    return (
        decorators.AudioPlayCb(play),
        decorators.AudioPauseCb(ignore),
        decorators.AudioResumeCb(ignore),
        decorators.AudioFlushCb(ignore),
        decorators.AudioDrainCb(drain),
    )


class Worker:
    """Takes messages, turns the music. Without VLC it still answers, and says that there is no music."""

    def __init__(self, line: Line) -> None:
        self._send = line.send
        self._speaker = Speaker(PROGRAM)
        self._decoder = self._open_decoder()
        self._music = Music(self._open, self._speaker, self._tell) if self._decoder else None
        self._outputs: tuple[Output, ...] | None = None
        self._making: threading.Thread | None = None
        self._turned_at = time.monotonic()

    def _open_decoder(self) -> Decoder | None:
        try:
            return Decoder()
        except MediaError as error:
            self._send(MusicFailed(MusicReason.NO_VLC, error.subject))
            return None

    def _open(self, track: Track, begin_s: float) -> VlcDeck:
        if self._decoder is None:
            raise MediaError(MediaReason.NO_VLC)
        return self._decoder.open(track, begin_s)

    def _tell(self, message: Any) -> None:
        self._send(message)

    def take(self, message: object) -> None:
        """One message of the monitor; anything that is not ours is left alone."""
        match message:
            case PrepareAmbient():
                self._prepare_ambient(Path(message.cache_dir))
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
            case Volume():
                music.volume(message.percent, message.fade_s)
            case FadeOut():
                music.fade_out(message.seconds)
            case _:
                pass

    def turn(self) -> None:
        """One round of at most TURN_S."""
        self._speaker.turn(TURN_S)
        now = time.monotonic()
        if now - self._turned_at > HELD_UP_S:
            self._speaker.forgive()
        self._turned_at = now
        if self._music:
            self._music.turn()
        if self._speaker.tried and self._outputs != self._speaker.outputs:
            self._outputs = self._speaker.outputs
            self._send(SoundReady(self._outputs, self._decoder.version if self._decoder else ""))

    def fall_silent(self) -> None:
        """Nobody is listening any more: fade out within a second, then wait for the end."""
        self._send = _say_nothing
        end = time.monotonic() + 1.0
        if self._music:
            self._music.fade_out(LOST_FADE_S)
            while not self._music.silent and time.monotonic() < end:
                self.turn()
        self.close()

    def close(self) -> None:
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


def _say_nothing(message: object) -> None:
    """There is no one to tell."""


def main(line: Line) -> int:
    """The sound child. Returns only when it is interrupted; a lost line makes it fall silent, not end."""
    worker = Worker(line)
    try:
        while True:
            line.beat()
            while (message := line.get(0)) is not None:
                worker.take(message)
            worker.turn()
    except line.Lost:
        worker.fall_silent()
        threading.Event().wait()
        return 0
    except KeyboardInterrupt:
        worker.close()
        return 0
