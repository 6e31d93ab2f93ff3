"""The calendar of a series: done, due, missed and planned, and what is left. Composes; decides nothing.

Before the start this session is not in it; once its dose is marked it is.
"""

from __future__ import annotations

from datetime import date

from kiosk.line.calendar import Calendar, CalendarLine
from kiosk.session.appointment import FOLLOW_UPS_H
from kiosk.session.course import HOUR_NS, Course, Slot, course, day_of, local
from kiosk.session.events import Earlier
from kiosk.session.spacing import against_series
from kiosk.text import series as words
from kiosk.text.care import Care
from kiosk.text.catalogue import _
from kiosk.view.scene import Scene

SHOWN = 12  # lines of one page
BEFORE = 4  # of them before the first that is not done or missed


def known(scene: Scene) -> tuple[Earlier, ...]:
    """Earlier sessions, and this one once it has a dose."""
    earlier = scene.state.series.sessions if scene.state.series else ()
    dose, opened = scene.state.dose, scene.state.opened
    if dose is None or opened is None:
        return earlier
    offset = opened.utc_offset_min
    return (*earlier, Earlier(opened.session_id, dose.at_utc_ns, scene.now_utc_ns, offset))


def course_now(scene: Scene) -> Course:
    """Where the series stands at this instant."""
    return course(scene.plan, known(scene), scene.now_utc_ns, _today(scene))


def _today(scene: Scene) -> date:
    return local(scene.now_utc_ns, scene.offset_min).date()


def calendar(scene: Scene) -> Calendar | None:
    """None where the plan has no series and nothing was recorded."""
    found = course_now(scene)
    if not found.slots and not found.beside:
        return None
    dated = [(slot.from_on, _slot_line(slot, found)) for slot in found.slots]
    dated += [(day_of(one), _beside_line(one)) for one in found.beside]
    lines = [line for _day, line in sorted(dated, key=lambda pair: pair[0])]
    ahead = next((i for i, line in enumerate(lines) if line.stands in ("due", "planned")), len(lines))
    first = max(0, min(ahead - BEFORE, len(lines) - SHOWN))
    facts = (words.doses(found), words.renewal(found), words.earliest(found, scene.offset_min))
    return Calendar(
        title=words.following(found),
        pattern=words.pattern(scene.plan.series),
        lines=tuple(lines[first : first + SHOWN]),
        earlier=first,
        facts=tuple(fact for fact in facts if fact),
        against=() if scene.started else tuple(words.against(against_series(scene.state, scene.plan), found)),
    )


def _slot_line(slot: Slot, found: Course) -> CalendarLine:
    return CalendarLine(
        words.session_of(slot.number, found.planned),
        words.short_days(slot.from_on, slot.to_on),
        _(words.STANDS[slot.stands]),
        slot.stands,
    )


def _beside_line(session: Earlier) -> CalendarLine:
    return CalendarLine(_("Beside the plan"), words.day(day_of(session)), _("done"), "done")


def following(scene: Scene) -> tuple[Care, ...]:
    """What comes in the days after this session: the questions, and the next session."""
    rows: list[Care] = []
    if scene.plan.scores.follow_ups and scene.dose_utc_ns:
        for kind, hours in FOLLOW_UPS_H.items():
            when = local(scene.dose_utc_ns + hours * HOUR_NS, scene.offset_min)
            at = _("{day}, {time}, after {h} h").format(
                day=words.day(when.date()), time=when.strftime("%H:%M"), h=hours
            )
            rows.append(Care("clock", _(words.ASKED[kind]), at))
    found = course_now(scene)
    if found.next is not None:
        free_on = local(found.earliest_utc_ns, scene.offset_min).date()
        detail = words.earliest(found, scene.offset_min) if free_on > found.next.from_on else ""
        planned = words.short_days(found.next.from_on, found.next.to_on)
        rows.append(Care("list-checks", words.session_of(found.next.number, found.planned), planned))
        if detail:
            rows[-1] = Care("list-checks", rows[-1].say, f"{planned}, {detail}")
    return tuple(rows)
