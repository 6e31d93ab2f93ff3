"""From a number and what the device says about it to a `Value`: quality, reasons, and no number where none is usable.

Runs in the monitor. The limits are what a living person and a working device can show; outside them a number is
refused, never corrected. Invariant: an invalid value has no number (its raw bytes stay in the reading).
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from decimal import Decimal
from typing import NamedTuple

from devices.drivers.sfloat import SPECIAL_WORDS, Special
from devices.reading import QUALITY_ORDER, Quality, Value


class Finding(NamedTuple):
    """One thing that is known about a number: how bad, and the fixed word for it."""

    quality: Quality
    word: str


class Flag(NamedTuple):
    """A bit of a status field and what it says."""

    bit: int
    finding: Finding


class Limits(NamedTuple):
    """Plausible range, both ends included. zero_is_suspect: an exact 0 is often a placeholder, so questionable."""

    low: Decimal
    high: Decimal
    zero_is_suspect: bool = False


SPO2 = Limits(Decimal(0), Decimal(100), zero_is_suspect=True)  # %
PULSE = Limits(Decimal(0), Decimal(300), zero_is_suspect=True)  # beats per minute
PERFUSION = Limits(Decimal(0), Decimal(100))  # %
CUFF = Limits(Decimal(-10), Decimal(300))  # mmHg
SYSTOLIC = Limits(Decimal(40), Decimal(300))  # mmHg
DIASTOLIC = Limits(Decimal(20), Decimal(200))  # mmHg

IMPLAUSIBLE = Finding(Quality.INVALID, "implausible")
READS_ZERO = Finding(Quality.QUESTIONABLE, "reads zero")


FINGER_OFF = Finding(Quality.INVALID, "finger off")
SEARCHING = Finding(Quality.INVALID, "searching pulse")
NO_BEAT = Finding(Quality.INVALID, "no pulse beat")
POOR_SIGNAL = Finding(Quality.QUESTIONABLE, "poor signal")
DISPLACED = Finding(Quality.QUESTIONABLE, "sensor displaced")


def sent(number: int, missing: Container[int] = (), exponent: int = 0) -> Decimal | Special:
    """A whole number from the wire times ten to `exponent`; those in `missing` are the device's words for none."""
    return Special.NAN if number in missing else Decimal(number).scaleb(exponent)


def worsened(value: Value, finding: Finding) -> Value:
    """The same value with one more finding; an invalid one keeps no number."""
    if QUALITY_ORDER.index(finding.quality) <= QUALITY_ORDER.index(value.quality):
        return Value(value.number, value.quality, tuple(dict.fromkeys((*value.reasons, finding.word))))
    number = None if finding.quality is Quality.INVALID else value.number
    return Value(number, finding.quality, tuple(dict.fromkeys((finding.word, *value.reasons))))


def flagged(bits: int | None, flags: Iterable[Flag]) -> list[Finding]:
    """The findings whose bits are set, in the order of `flags`."""
    return [flag.finding for flag in flags if bits >> flag.bit & 1] if bits else []


def judged(number: Decimal | Special, limits: Limits, findings: Iterable[Finding] = ()) -> Value:
    """The value with its worst quality; reasons worst first. The number is None when that quality is invalid."""
    found = [*findings, *_of_number(number, limits)]
    if not found and isinstance(number, Decimal):
        return Value(number)
    ranked = sorted(found, key=lambda finding: -QUALITY_ORDER.index(finding.quality))
    quality = ranked[0].quality if ranked else Quality.VALID
    usable = number if isinstance(number, Decimal) and quality is not Quality.INVALID else None
    return Value(usable, quality, tuple(dict.fromkeys(finding.word for finding in ranked)))


def _of_number(number: Decimal | Special, limits: Limits) -> list[Finding]:
    if isinstance(number, Special):
        return [Finding(Quality.INVALID, SPECIAL_WORDS[number])]
    if not limits.low <= number <= limits.high:
        return [IMPLAUSIBLE]
    return [READS_ZERO] if limits.zero_is_suspect and number == 0 else []


def noted(value: Value, trailing: int) -> Value:
    """The same value with a note that bytes followed the last known field; quality and number do not change."""
    if not trailing:
        return value
    return Value(value.number, value.quality, (*value.reasons, "trailing bytes"))
