"""The checks of the preparation as data: which there are, in which order, what answers pass, what a plan drops.

Pure. What each check says to a person is in `kiosk.text.preparation`; whether it is passed is worked out in
`kiosk.session.preparation`. Nothing here has an answer of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from kiosk.session.plan import Plan

Group = Literal["patient", "room", "you", "devices", "baseline"]
Kind = Literal["ask", "time", "named", "sound", "oximetry", "pressures", "plan"]
GROUPS: tuple[Group, ...] = ("patient", "room", "you", "devices", "baseline")


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


ALL = (
    Check("person", "patient"),
    Check("plan_confirmed", "patient", "plan", (), ()),
    Check("gap", "patient", "plan", (), ()),
    Check("solids", "patient", "time", ("time",), ()),
    Check("clear_liquids", "patient", "time", ("time",), ()),
    Check("medication_list", "patient"),
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
_FOR_PATIENTS = ("plan_confirmed", "gap")  # a demonstration and a trial only note these
Tone = Literal["low", "medium", "high", "call"]
TONES: tuple[Tone, ...] = ("low", "medium", "call", "high")
"""The tones of the sound test, in the order in which they are played; the longest last."""


def checks(plan: Plan, session_kind: str, has_sound: bool = True) -> tuple[Check, ...]:
    """The checks of this plan in order. session_kind: patient, demo or trial. has_sound: a tone child runs."""
    uses = {"oximeter": plan.devices.oximeter.use, "cuff": plan.devices.cuff.use}
    found = (
        msgspec.structs.replace(check, required=_is_required(check, plan, uses, session_kind))
        for check in ALL
        if uses.get(check.device) != "unused" and (has_sound or check.kind != "sound")
    )
    return tuple(found)


def _is_required(check: Check, plan: Plan, uses: dict[str, str], session_kind: str) -> bool:
    if check.key in plan.checks.optional or uses.get(check.device) == "wanted":
        return False
    return check.key not in _FOR_PATIENTS or session_kind == "patient"
