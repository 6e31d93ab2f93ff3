"""A heart-rate strap: compared with the oximeter's pulse, never judged, shown or counted as a signal itself."""

from decimal import Decimal

from devices.reading import HeartRate, Oximetry, Reading, Stamp, Value
from kiosk.latest import Latest
from kiosk.session.alarm.watch import Watch
from kiosk.session.limits import Limits

ROLES = {"ring": "oximeter", "strap": "strap"}


def reading(device: str, measurement: Oximetry | HeartRate) -> Reading:
    return Reading(device, Stamp(0, 0), measurement)


def watching(pulse: int, rate: int, seconds: int) -> Watch:
    watch = Watch(Limits(), ROLES, "required")
    for second in range(seconds):
        watch.feed(reading("ring", Oximetry(Value(Decimal(97)), Value(Decimal(pulse)))), second, second)
        watch.feed(reading("strap", HeartRate(Value(Decimal(rate)))), second, second)
        watch.rivals.now(second)
    return watch


def test_a_strap_that_says_another_pulse_for_long_is_said() -> None:
    watch = watching(70, 150, 300)
    assert watch.rivals.now(299)
    assert dict(watch.rivals.facts()) == {"what": "Pulse", "source": "heart-rate strap", "other": "150", "mine": "70"}


def test_a_strap_that_agrees_is_silent() -> None:
    assert not watching(70, 72, 300).rivals.now(299)


def test_a_strap_is_never_the_judged_source_and_never_the_newest_pulse() -> None:
    watch, latest = Watch(Limits(), ROLES, "required"), Latest()
    strap = reading("strap", HeartRate(Value(Decimal(150))))
    watch.feed(strap, 1, 1)
    latest.take(strap, 1)
    assert watch.judged_device == ""
    assert latest.pulse.seen is None
