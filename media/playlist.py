"""Which tracks belong to now. Pure: tracks and a phase in, a queue out; owned by nobody, remembers nothing."""

from __future__ import annotations

from media.message import Track


def for_phase(
    tracks: tuple[Track, ...], phase: str, words: frozenset[str] = frozenset(), filler: Track | None = None
) -> tuple[Track, ...]:
    """The queue for a phase: its own tracks in order, else those of no phase, else the filler, so it never runs out.

    Its own are those of its name, and those that carry one of the plan's words for it. Tracks of other phases are never
    used as a substitute: music for the peak must not meet someone on the way back.
    """
    own = tuple(track for track in tracks if phase and (track.phase == phase or words.intersection(track.tags)))
    anywhere = tuple(track for track in tracks if not track.phase)
    return own or anywhere or ((filler,) if filler else ())


def after(queue: tuple[Track, ...], index: int, refused: frozenset[str] = frozenset()) -> int | None:
    """Index of the track that follows, round and round; tracks whose path is refused are passed over.

    None when nothing can be played. index -1: the first one.
    """
    for step in range(1, len(queue) + 1):
        following = (index + step) % len(queue)
        if queue[following].path not in refused:
            return following
    return None
