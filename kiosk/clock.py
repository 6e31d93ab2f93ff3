"""The only caller of the system's clock: wall clock and boot clock, read together.

Why: every row, age and delay must be told by the same two clocks. Each process that needs the time owns one `Clock`;
below it time is a parameter. It never sleeps, never steps back within a run, and never hides a jump of the wall clock.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, timezone
from functools import cache, lru_cache
from pathlib import Path

from devices.reading import Stamp

NS = 1_000_000_000
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
# Both clocks count as read together when the boot clock moved less than this in between; else read again.
TOGETHER_NS = 50_000
ATTEMPTS = 5


def _boot_ns() -> int:
    """CLOCK_BOOTTIME counts suspend; where a system lacks it, its monotonic clock is the nearest there is."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic_ns() if clock is None else time.clock_gettime_ns(clock)


def _read_both() -> Stamp:
    """The wall clock between two readings of the boot clock; the tightest of a few attempts."""
    best: tuple[int, Stamp] | None = None
    for _ in range(ATTEMPTS):
        before = _boot_ns()
        utc = time.time_ns()
        width = _boot_ns() - before
        if best is None or width < best[0]:
            best = width, Stamp(utc_ns=utc, boot_ns=before + width // 2)
        if width < TOGETHER_NS:
            break
    assert best is not None
    return best[1]


class Clock:
    """The session's clock. speed: session seconds per real second, 1 except in a demo.

    origin: the real instant from which a scaled clock counts. Hand `clock.origin` to a restarted monitor, so that
    its clock goes on where the old one stood.
    """

    def __init__(self, speed: float = 1.0, origin: Stamp | None = None) -> None:
        if speed <= 0:
            raise ValueError(f"speed must be above 0, not {speed}")
        self.speed = speed
        self.origin = origin or _read_both()

    def now(self) -> Stamp:
        """This instant by both clocks; at a speed other than 1 both run scaled from the origin."""
        real = _read_both()
        if self.speed == 1:
            return real
        return Stamp(
            utc_ns=self.origin.utc_ns + round((real.utc_ns - self.origin.utc_ns) * self.speed),
            boot_ns=self.origin.boot_ns + round((real.boot_ns - self.origin.boot_ns) * self.speed),
        )

    def real_s(self, session_s: float) -> float:
        """How many real seconds a stretch of session time takes, e.g. for a timer."""
        return session_s / self.speed


def boot_id() -> str:
    """This boot of the machine: boot clocks are comparable only where it is the same."""
    try:
        return BOOT_ID.read_text().strip()
    except OSError:
        import psutil  # 10 ms of every process that reads the clock, for systems without this file

        return f"boot-{psutil.boot_time():.0f}"


def utc_offset_min(utc_ns: int | None = None) -> int:
    """The local zone's offset from UTC in minutes, now or at a given instant."""
    seconds = time.time() if utc_ns is None else utc_ns / NS
    return round(time.localtime(seconds).tm_gmtoff / 60)


def iso(utc_ns: int, offset_min: int = 0) -> str:
    """ISO 8601 with milliseconds and offset: "2026-11-24T21:43:05.120+00:00". Cut off, not rounded."""
    minute, ms = divmod(utc_ns // 1_000_000, 60_000)
    begun, offset = _minute(minute, offset_min)
    return f"{begun}:{ms // 1000:02d}.{ms % 1000:03d}{offset}"


def iso_both(utc_ns: int, offset_min: int) -> tuple[str, str]:
    """The same instant in UTC and with the offset, as `iso` writes them; most rows of a table need both."""
    minute, ms = divmod(utc_ns // 1_000_000, 60_000)
    begun, zulu, here, offset = _minute_both(minute, offset_min)
    seconds, thousandths = _digits()
    rest = seconds[ms // 1000] + thousandths[ms % 1000]
    return f"{begun}{rest}{zulu}", f"{here}{rest}{offset}"


@cache
def _digits() -> tuple[list[str], list[str]]:
    """Written once, and only where there are tables: both times of a row take 0.7 us instead of 1.5."""
    return [f":{n:02d}." for n in range(60)], [f"{n:03d}" for n in range(1000)]


@lru_cache(maxsize=64)
def _minute_both(utc_min: int, offset_min: int) -> tuple[str, str, str, str]:
    return *_minute(utc_min, 0), *_minute(utc_min, offset_min)


@lru_cache(maxsize=64)
def _minute(utc_min: int, offset_min: int) -> tuple[str, str]:
    """ "2026-11-24T21:43" and "+00:00". A table of a night asks for each minute some hundred times."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=utc_min)
    text = moment.astimezone(timezone(timedelta(minutes=offset_min))).isoformat(timespec="minutes")
    return text[:16], text[16:]


def suspended_s() -> float:
    """Seconds that this boot spent in suspend, 0 where the system does not tell; only its growth means something."""
    return (_boot_ns() - time.monotonic_ns()) / NS
