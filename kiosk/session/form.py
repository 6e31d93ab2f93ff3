"""Sets of questions as data: which there are, which answers each takes, how a total is made. No words, no rule.

Pure. The words of the shipped ones are in `kiosk.text.form`; an imported one (`kiosk.session.questionnaire`) brings
its own. PHQ-9 and GAD-7 are the public instruments, unchanged: nine and seven items, 0 to 3 each.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Kind = Literal["choice", "scale", "number", "text"]
Value = int | str | bool


class Choice(msgspec.Struct, frozen=True):
    """One answer. label: as shown, "" where the words are shipped."""

    value: Value
    label: str = ""


class Item(msgspec.Struct, frozen=True):
    """One question. kind "scale": 0 to 10 with two named ends. risk: an answer above 0 is told at once.

    text: as asked, "" where the words are shipped. counts: its value is part of the total. least, most: of a number.
    """

    key: str
    kind: Kind = "choice"
    choices: tuple[Choice, ...] = ()
    text: str = ""
    risk: bool = False
    counts: bool = False
    least: int | None = None
    most: int | None = None
    code: str = ""  # LOINC


class Form(msgspec.Struct, frozen=True):
    """A set of questions. code, total_code: LOINC. title, notice: of an imported one. digest: SHA-256 of its file."""

    key: str
    items: tuple[Item, ...]
    code: str = ""
    total_code: str = ""
    title: str = ""
    notice: str = ""
    url: str = ""
    digest: str = ""

    @property
    def highest(self) -> int:
        """The largest total that can be, 0 where none is made."""
        return sum(max(c.value for c in item.choices if type(c.value) is int) for item in self.items if item.counts)

    def item(self, key: str) -> Item | None:
        """The question with that key."""
        return next((item for item in self.items if item.key == key), None)


def _choices(*values: Value) -> tuple[Choice, ...]:
    return tuple(Choice(value) for value in values)


def _scales(*keys: str) -> tuple[Item, ...]:
    return tuple(Item(key, "scale", _choices(*range(11))) for key in keys)


FEELINGS = ("nausea", "dizziness", "anxiety", "dissociation", "mood")
"""What is asked from 0 to 10 before and after; own items, no published instrument."""

_0_TO_3 = _choices(0, 1, 2, 3)

PHQ9 = Form(
    "phq9",
    tuple(
        Item(f"phq9_{n}", choices=_0_TO_3, risk=n == 9, counts=True, code=code)
        for n, code in enumerate(
            ("44250-9", "44255-8", "44259-0", "44254-1", "44251-7", "44258-2", "44252-5", "44253-3", "44260-8"), 1
        )
    ),
    "44249-1",
    "44261-6",
)
GAD7 = Form(
    "gad7",
    tuple(
        Item(f"gad7_{n}", choices=_0_TO_3, counts=True, code=code)
        for n, code in enumerate(("69725-0", "68509-9", "69733-4", "69734-2", "69735-9", "69689-8", "69736-7"), 1)
    ),
    "69737-5",
    "70274-6",
)
_THOUGHTS = Item("thoughts", choices=_choices(0, 1), risk=True)
FOLLOW_24H = Form(
    "follow_24h",
    (
        Item("slept", choices=_choices(0, 1, 2)),
        Item("unsteady", choices=_choices(0, 1, 2)),
        *_scales("nausea", "mood"),
        _THOUGHTS,
    ),
)
FOLLOW_72H = Form(
    "follow_72h",
    (
        *_scales("mood", "anxiety"),
        Item("slept", choices=_choices(0, 1, 2)),
        Item("one_thing", choices=_choices(0, 1, 2)),
        _THOUGHTS,
    ),
)
BLADDER = Form(
    "bladder",
    (
        Item("frequency", choices=_choices(0, 1, 2)),
        Item("urgency_pain", choices=_choices(0, 1, 2)),
        Item("blood", choices=_choices(0, 1)),
    ),
)
SHIPPED = {form.key: form for form in (FOLLOW_24H, FOLLOW_72H, BLADDER, PHQ9, GAD7)}
FOLLOW_UPS = ("follow_24h", "follow_72h", "bladder")
FEEL = ("feel_before", "feel_after")

# Published bands: lowest total of each, then its key. PHQ-9: Kroenke, Spitzer, Williams, J Gen Intern Med 2001;16:606.
# GAD-7: Spitzer, Kroenke, Williams, Löwe, Arch Intern Med 2006;166:1092.
BANDS: dict[str, tuple[tuple[int, str], ...]] = {
    "phq9": ((0, "minimal"), (5, "mild"), (10, "moderate"), (15, "moderately severe"), (20, "severe")),
    "gad7": ((0, "minimal"), (5, "mild"), (10, "moderate"), (15, "severe")),
}


def feelings(key: str, items: tuple[str, ...]) -> Form:
    """The 0 to 10 items of a plan as a form; key "feel_before" or "feel_after"."""
    return Form(key, _scales(*items))


def band(form: str, total: int | None) -> str:
    """The published severity band of a total; "" where there is none."""
    if total is None:
        return ""
    return next((name for least, name in reversed(BANDS.get(form, ())) if total >= least), "")
