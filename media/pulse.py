"""A stream that stays open at one named output of the audio server, and knows how much the server really took.

Owned by whichever sound child's main thread created it: no locks, no callbacks into Python, nothing here ever
blocks. Written against libpulse itself (PulseAudio and PipeWire both speak it) because an alarm needs three things
that ready-made players do not give: a stream that is never moved to another output behind our back (`DONT_MOVE`),
the server's own count of frames played, and a closed server as a state instead of a hang.
"""

from __future__ import annotations

import ctypes as c
import time
from enum import IntEnum
from typing import Any

from media.error import MediaError, MediaReason

RATE_HZ = 48_000
CHANNELS = 2
FRAME_BYTES = 4 * CHANNELS

MOST_STEPS = 40
"""A message takes the library two or three; a server that never stops talking must not hold us."""

_FLOAT32LE = 5
_NOAUTOSPAWN = 0x0001
_DONT_MOVE, _ADJUST_LATENCY, _START_UNMUTED = 0x0200, 0x2000, 0x10000
_VOLUME_NORM = 0x10000
_UNSET = 0xFFFFFFFF
_FROM_WHERE_IT_IS = 0  # PA_SEEK_RELATIVE

MARGIN_S = 0.02
"""For what is written in the place of other frames to reach the server before it draws them."""
MOST_DRAWN_AT_ONCE_S = 0.2
MOST_AGE_S = 1.0
"""Of the server's word: a frozen one is not filled for longer."""


class _SampleSpec(c.Structure):
    _fields_ = (("format", c.c_int), ("rate", c.c_uint32), ("channels", c.c_uint8))


class _BufferAttr(c.Structure):
    _fields_ = tuple((name, c.c_uint32) for name in ("maxlength", "tlength", "prebuf", "minreq", "fragsize"))


class _Volume(c.Structure):
    _fields_ = (("channels", c.c_uint8), ("values", c.c_uint32 * 32))


class _Timing(c.Structure):
    _fields_ = (
        ("timestamp_s", c.c_long),
        ("timestamp_us", c.c_long),
        ("synchronized_clocks", c.c_int),
        ("sink_us", c.c_uint64),
        ("source_us", c.c_uint64),
        ("transport_us", c.c_uint64),
        ("playing", c.c_int),
        ("write_index_corrupt", c.c_int),
        ("write_index", c.c_int64),
        ("read_index_corrupt", c.c_int),
        ("read_index", c.c_int64),
        ("configured_sink_us", c.c_uint64),
    )


_P, _S, _I, _U = c.c_void_p, c.c_char_p, c.c_int, c.c_uint32
_SIGNATURES: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "pa_mainloop_new": (_P, ()),
    "pa_mainloop_free": (None, (_P,)),
    "pa_mainloop_get_api": (_P, (_P,)),
    "pa_mainloop_prepare": (_I, (_P, _I)),
    "pa_mainloop_poll": (_I, (_P,)),
    "pa_mainloop_dispatch": (_I, (_P,)),
    "pa_proplist_new": (_P, ()),
    "pa_proplist_free": (None, (_P,)),
    "pa_proplist_sets": (_I, (_P, _S, _S)),
    "pa_context_new_with_proplist": (_P, (_P, _S, _P)),
    "pa_context_connect": (_I, (_P, _S, _I, _P)),
    "pa_context_get_state": (_I, (_P,)),
    "pa_context_disconnect": (None, (_P,)),
    "pa_context_unref": (None, (_P,)),
    "pa_stream_new_with_proplist": (_P, (_P, _S, _P, _P, _P)),
    "pa_stream_connect_playback": (_I, (_P, _S, _P, _I, _P, _P)),
    "pa_stream_get_state": (_I, (_P,)),
    "pa_stream_get_index": (_U, (_P,)),
    "pa_stream_writable_size": (c.c_size_t, (_P,)),
    "pa_stream_write": (_I, (_P, _P, c.c_size_t, _P, c.c_int64, _I)),
    "pa_stream_update_timing_info": (_P, (_P, _P, _P)),
    "pa_stream_get_timing_info": (c.POINTER(_Timing), (_P,)),
    "pa_stream_disconnect": (_I, (_P,)),
    "pa_stream_unref": (None, (_P,)),
    "pa_operation_unref": (None, (_P,)),
}


def _load() -> c.CDLL:
    """libpulse with its signatures declared. Raises MediaError(NO_SERVER) where the library is not installed."""
    try:
        library = c.CDLL("libpulse.so.0")
    except OSError as error:
        raise MediaError(MediaReason.NO_SERVER, "libpulse.so.0", str(error)) from error
    for name, (result, arguments) in _SIGNATURES.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


class LinkState(IntEnum):
    """Life of a connection or of a stream, as one."""

    OPENING = 0
    READY = 1
    CLOSED = 2


def _link_state(number: int, ready: int) -> LinkState:
    if number == ready:
        return LinkState.READY
    return LinkState.CLOSED if number > ready or number == 0 else LinkState.OPENING


class Server:
    """One connection to the user's audio server. `turn()` does its work; nothing happens between turns."""

    def __init__(self, program: str) -> None:
        self.library = _load()
        self._loop: Any = self.library.pa_mainloop_new()
        names = proplist(self.library, {"application.name": program, "application.id": "session-room"})
        api = self.library.pa_mainloop_get_api(self._loop)
        self.context: Any = self.library.pa_context_new_with_proplist(api, program.encode(), names)
        self.library.pa_proplist_free(names)
        # A daemon is the desktop's to start: one of our own would have other outputs and outlive us.
        self.library.pa_context_connect(self.context, None, _NOAUTOSPAWN, None)

    @property
    def state(self) -> LinkState:
        if not self.context:
            return LinkState.CLOSED
        return _link_state(self.library.pa_context_get_state(self.context), ready=4)

    def turn(self, wait_s: float) -> None:
        """Talk to the server until it has nothing more to say, waiting at most `wait_s` for its first word."""
        for wait_us in (int(wait_s * 1e6), *[0] * MOST_STEPS):
            if self.library.pa_mainloop_prepare(self._loop, wait_us) < 0:
                return
            if self.library.pa_mainloop_poll(self._loop) < 0 or self.library.pa_mainloop_dispatch(self._loop) <= 0:
                return

    def close(self) -> None:
        """Drop the connection. Streams of it must be closed first."""
        if self.context:
            self.library.pa_context_disconnect(self.context)
            self.library.pa_context_unref(self.context)
            self.library.pa_mainloop_free(self._loop)
            self.context = None


def proplist(library: c.CDLL, names: dict[str, str]) -> Any:
    """libpulse's property list; the caller frees it."""
    made = library.pa_proplist_new()
    for key, value in names.items():
        library.pa_proplist_sets(made, key.encode(), value.encode())
    return made


class Stream:
    """48 kHz stereo float frames to one output by name: never moved, starts unmuted at full stream volume.

    Volume is set at the opening because the server would otherwise bring back what an earlier run (or its crash in
    the middle of a fade) left behind. buffer_s: how far ahead the server may be filled. latency_s: how much of that the
    output itself is to hold, of which nothing can be taken back any more; a quarter of the buffer if not said.
    """

    def __init__(
        self,
        server: Server,
        output: str,
        *,
        title: str,
        role: str,
        buffer_s: float,
        latency_s: float | None = None,
    ) -> None:
        self.output = output
        self.written = 0
        self._back = 0
        self._lib = server.library
        self._handle: Any = None
        spec = _SampleSpec(_FLOAT32LE, RATE_HZ, CHANNELS)
        names = proplist(self._lib, {"media.role": role, "media.name": title})
        handle = self._lib.pa_stream_new_with_proplist(server.context, title.encode(), c.byref(spec), None, names)
        self._lib.pa_proplist_free(names)
        if not handle:
            return
        latency_s = buffer_s / 4 if latency_s is None else latency_s
        # the server gives the output half of what is left when it has put aside twice what it asks for at once
        spans_s = buffer_s, buffer_s / 2 - latency_s, 2 * latency_s
        target, ask, begin = (int(seconds * RATE_HZ) * FRAME_BYTES for seconds in spans_s)
        attributes = _BufferAttr(_UNSET, target, begin, ask, _UNSET)
        volume = _Volume(CHANNELS, (c.c_uint32 * 32)(*[_VOLUME_NORM] * CHANNELS))
        flags = _DONT_MOVE | _ADJUST_LATENCY | _START_UNMUTED
        self._handle = handle
        self._lib.pa_stream_connect_playback(handle, output.encode(), c.byref(attributes), flags, c.byref(volume), None)

    @property
    def state(self) -> LinkState:
        if not self._handle:
            return LinkState.CLOSED
        return _link_state(self._lib.pa_stream_get_state(self._handle), ready=2)

    @property
    def index(self) -> int:
        """The server's number of this stream, to find its own volume and mute."""
        return int(self._lib.pa_stream_get_index(self._handle))

    @property
    def writable(self) -> int:
        """Frames the server asks for now."""
        if self.state is not LinkState.READY:
            return 0
        size = self._lib.pa_stream_writable_size(self._handle)
        return 0 if size == c.c_size_t(-1).value else int(size) // FRAME_BYTES

    def write(self, raw: bytes) -> None:
        """Hand whole frames over, interleaved 32-bit floats of this machine; the server copies them."""
        back, self._back = self._back * FRAME_BYTES, 0
        if self._lib.pa_stream_write(self._handle, raw, len(raw), None, -back, _FROM_WHERE_IT_IS) == 0:
            self.written += len(raw) // FRAME_BYTES

    def take_back(self, most: int) -> int:
        """Take back what was handed over last and is not about to be drawn, `most` frames; how many these are.

        What is written next takes their place; until then they play.
        """
        timing = self._timing()
        if timing is None or self._back:
            return 0
        soon_s = min(timing.configured_sink_us / 1e6, MOST_DRAWN_AT_ONCE_S) + MARGIN_S
        self._back = max(0, min(most, self.ahead - round(soon_s * RATE_HZ)))
        self.written -= self._back
        return self._back

    @property
    def is_timed(self) -> bool:
        """Whether the server has said how much it has drawn; before that nothing can be taken back."""
        return self._timing() is not None

    @property
    def ahead(self) -> int:
        """Frames that were handed over and not drawn yet, if the output goes on as at the server's last word."""
        timing = self._timing()
        if timing is None:
            return self.written
        age_s = min(MOST_AGE_S, max(0.0, time.time() - timing.timestamp_s - timing.timestamp_us / 1e6))
        return max(0, self.written - self.taken - round(age_s * RATE_HZ))

    def ask_taken(self) -> None:
        """Ask the server for a new count; the answer is in `taken` some turns later."""
        if self.state is LinkState.READY:
            operation = self._lib.pa_stream_update_timing_info(self._handle, None, None)
            if operation:
                self._lib.pa_operation_unref(operation)

    @property
    def taken(self) -> int:
        """Frames that the output itself has drawn from the server's buffer, by the server's last word."""
        timing = self._timing()
        return max(0, int(timing.read_index) // FRAME_BYTES) if timing else 0

    def _timing(self) -> _Timing | None:
        """The server's last word, None before there is one."""
        if self.state is not LinkState.READY:
            return None
        timing = self._lib.pa_stream_get_timing_info(self._handle)
        return None if not timing or timing.contents.read_index_corrupt else timing.contents

    def close(self) -> None:
        if self._handle:
            self._lib.pa_stream_disconnect(self._handle)
            self._lib.pa_stream_unref(self._handle)
            self._handle = None
