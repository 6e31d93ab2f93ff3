"""VLC as a decoder, and nothing else of it. The only importer of vlc.

Its frames go into our own mixer (`media.music`), because VLC's own volume is the server's and survives a crash at the
wrong level, and because its loops have gaps. VLC is called by one thread at a time and polled; its callbacks append
to a queue and return.
"""

from __future__ import annotations

import ctypes
import os
import select
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from media import plugins
from media.error import MediaError, MediaReason
from media.fifo import Fifo
from media.frames import Frames
from media.message import Track
from media.pulse import CHANNELS, RATE_HZ

VLC_OPTIONS = ("--no-video", "--no-xlib", "--quiet", "--aout=amem")
FRAME = 2 * CHANNELS
PIPE_READ = 1 << 18
POLL_S = 0.05
SLOW_AFTER_S = 20.0


class Decoder:
    """VLC itself. Raises MediaError(NO_VLC) where it is not installed, or finds no plugins (its instance is None)."""

    def __init__(self) -> None:
        try:
            import vlc  # pyright: ignore[reportMissingTypeStubs]
        # without a libvlc the binding raises these, and where it was told a wrong path it asks to exit
        except (ImportError, OSError, NotImplementedError, AttributeError, NameError, SystemExit) as error:
            raise MediaError(MediaReason.NO_VLC, "libvlc", str(error)) from error
        self.vlc: Any = vlc
        self._instance: Any = self._begin()
        if self._instance is None:
            raise MediaError(MediaReason.NO_VLC, "plugins")

    def _begin(self) -> Any:
        folder = plugins.listed()
        if folder:
            os.environ[plugins.VARIABLE] = str(folder)
            instance = self.vlc.Instance(*VLC_OPTIONS, "--no-plugins-scan")
            if instance is not None:
                return instance
            del os.environ[plugins.VARIABLE]  # a list that this VLC does not read
        return self.vlc.Instance(*VLC_OPTIONS)

    @property
    def version(self) -> str:
        return self.vlc.libvlc_get_version().decode("ascii", "replace")

    def close(self) -> None:
        """Give VLC back; no deck may be open any more."""
        self._instance.release()

    def frames(self, path: str, each_round: Callable[[], object]) -> Iterator[Frames]:
        """The whole file, as fast as it can be decoded. each_round(): called often, may raise to stop.

        Raises MediaError: UNREADABLE, or TOO_SLOW when nothing comes for SLOW_AFTER_S.
        """
        read_fd, write_fd = os.pipe()
        media = self._instance.media_new_path(path)
        player = self._instance.media_player_new()
        stopper = threading.Thread(target=player.stop, name="stop")
        try:
            media.add_option(
                f":sout=#transcode{{acodec=s16l,channels={CHANNELS},samplerate={RATE_HZ}}}"
                f":std{{access=file,mux=dummy,dst=/dev/fd/{write_fd}}}"
            )
            player.set_media(media)
            player.play()
            rest = b""
            for raw in self._blocks(player, stopper, read_fd, path, each_round):
                raw = rest + raw
                whole = len(raw) // FRAME * FRAME
                rest = raw[whole:]
                yield np.frombuffer(raw[:whole], "<i2").reshape(-1, CHANNELS).astype(np.float32) / np.float32(32768)
        finally:
            _drain_and_stop(stopper, read_fd)
            player.release()
            media.release()
            os.close(read_fd)
            os.close(write_fd)

    def _blocks(
        self, player: Any, stopper: threading.Thread, read_fd: int, path: str, each_round: Callable[[], object]
    ) -> Iterator[bytes]:
        """All that VLC writes. It says that it has ended before the last is written; only `stop` waits for that."""
        moved_s = time.monotonic()
        while True:
            each_round()
            if stopper.ident is None and player.get_state() in (self.vlc.State.Ended, self.vlc.State.Error):
                failed = player.get_state() == self.vlc.State.Error
                stopper.start()
                if failed:
                    raise MediaError(MediaReason.UNREADABLE, path)
            stopped = stopper.ident is not None and not stopper.is_alive()
            if select.select([read_fd], [], [], 0 if stopped else POLL_S)[0]:
                moved_s = time.monotonic()
                yield os.read(read_fd, PIPE_READ)
            elif stopped:
                return
            elif time.monotonic() - moved_s > SLOW_AFTER_S:
                raise MediaError(MediaReason.TOO_SLOW, path)

    def encode(self, source: str, target: str, each_round: Callable[[], object]) -> None:
        """Write a sound file as FLAC in Ogg: a quarter of the size, without loss. Raises MediaError(UNREADABLE)."""
        media = self._instance.media_new_path(source)
        player = self._instance.media_player_new()
        try:
            media.add_option(f":sout=#transcode{{acodec=flac}}:std{{access=file,mux=ogg,dst='{target}'}}")
            player.set_media(media)
            player.play()
            while player.get_state() not in (self.vlc.State.Ended, self.vlc.State.Error):
                each_round()
                time.sleep(POLL_S)
            if player.get_state() == self.vlc.State.Error:
                raise MediaError(MediaReason.UNREADABLE, source)
        finally:
            player.stop()
            player.release()
            media.release()

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
        self.fifo = Fifo(track.gain_db)
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


def _drain_and_stop(stopper: threading.Thread, read_fd: int) -> None:
    """VLC's thread may be waiting for room in the pipe; `stop` waits for that thread, so somebody has to read."""
    if stopper.ident is None:
        stopper.start()
    while stopper.is_alive():
        if select.select([read_fd], [], [], POLL_S)[0]:
            os.read(read_fd, PIPE_READ)
    stopper.join()
