"""The checks of the preparation as data: which there are, in which order, what answers pass, what a plan drops.

Pure. What each check says to a person is in `kiosk.text.preparation`; whether it is passed is worked out in
`kiosk.session.preparation`. Nothing here has an answer of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

import msgspec

from kiosk.session.scores import own_key

if TYPE_CHECKING:
    from kiosk.session.plan import Plan

Group = Literal["since", "patient", "feel", "room", "you", "devices", "baseline"]
Kind = Literal["ask", "time", "named", "sound", "oximetry", "pressures", "plan", "form"]
GROUPS: tuple[Group, ...] = ("since", "patient", "feel", "room", "you", "devices", "baseline")


class Check(msgspec.Struct, frozen=True):
    """One check. passes, fails: the answers a person can give. device: without it in the plan the check is dropped.

    measured: it judges numbers, so a failed answer holds the start even where the plan asks for none.
    """

    key: str
    group: Group
    kind: Kind = "ask"
    passes: tuple[str, ...] = ("yes",)
    fails: tuple[str, ...] = ("no",)
    device: Literal["", "oximeter", "cuff"] = ""
    measured: bool = False
    required: bool = True


def _form(key: str, group: Group = "feel") -> Check:
    """A set of questions: passed once each was put. Its own answers go by `AnswerItem`."""
    return Check(key, group, "form", (), ())


ALL = (
    _form("follow_24h", "since"),
    _form("follow_72h", "since"),
    _form("bladder", "since"),
    Check("person", "patient"),
    Check("plan_confirmed", "patient", "plan", (), ()),
    Check("gap", "patient", "plan", (), ()),
    Check("series", "patient", "plan", (), (), required=False),
    Check("solids", "patient", "time", ("time",), ()),
    Check("clear_liquids", "patient", "time", ("time",), ()),
    Check("medication_list", "patient"),
    _form("feel_before"),
    _form("phq9"),
    _form("gad7"),
    Check("thoughts", "feel", "plan", (), (), measured=True),
    Check("no_water", "room"),
    Check("dim_quiet", "room"),
    Check("bed", "room"),
    Check("mask_headphones", "room"),
    Check("music", "room"),
    Check("patient_phone", "room"),
    Check("sitter", "you", "named"),
    Check("sitter_phone", "you"),
    Check("comfort", "you", passes=("touch", "hand only", "no touch"), fails=()),
    Check("card_read", "you"),
    Check("probe", "devices", passes=("left", "right"), device="oximeter"),
    Check("same_number", "devices", device="oximeter"),
    Check("cuff", "devices", passes=("left", "right"), device="cuff"),
    Check("sound", "devices", "sound", ("heard",), ("not heard",)),
    Check("baseline", "baseline", "oximetry", ("take", "typed"), ("no",), "oximeter", True),
    Check("pressures", "baseline", "pressures", (), ("no", "again"), "cuff", True),
    Check("same_pressure", "baseline", device="cuff"),
    Check("page_read", "baseline"),
)
KEYS = tuple(check.key for check in ALL)
_FOR_PATIENTS = (
    "plan_confirmed",
    "gap",
)  # a demonstration and a trial only note these, and ask no questions in earnest
Tone = Literal["low", "medium", "high", "call"]
TONES: tuple[Tone, ...] = ("low", "medium", "call", "high")
"""The tones of the sound test, in the order in which they are played; the longest last."""


def checks(plan: Plan, session_kind: str, has_sound: bool = True) -> tuple[Check, ...]:
    """The checks of this plan in order. session_kind: patient, demo or trial. has_sound: a tone child runs."""
    uses = {"oximeter": plan.devices.oximeter.use, "cuff": plan.devices.cuff.use}
    found = (
        msgspec.structs.replace(check, required=_is_required(check, plan, uses, session_kind))
        for check in _all(plan)
        if uses.get(check.device) != "unused" and (has_sound or check.kind != "sound") and _is_asked(check, plan)
    )
    return tuple(found)


def _all(plan: Plan) -> Iterator[Check]:
    """The shipped checks; a plan's own sets of questions come behind the shipped ones."""
    for check in ALL:
        if check.key == "thoughts":
            yield from (_form(own_key(file)) for file in plan.scores.questionnaires)
        yield check


def _is_asked(check: Check, plan: Plan) -> bool:
    if check.kind == "form":
        return plan.scores.asks(check.key)
    if check.key == "thoughts":
        return plan.scores.asks_for_thoughts
    series = plan.series
    return check.key != "series" or any(x is not None for x in (series.starts_on, series.renewal_every, series.doses))


def _is_required(check: Check, plan: Plan, uses: dict[str, str], session_kind: str) -> bool:
    if not check.required or check.key in plan.checks.optional or uses.get(check.device) == "wanted":
        return False
    return session_kind == "patient" or (check.key not in _FOR_PATIENTS and check.kind != "form")
