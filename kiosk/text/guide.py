"""What a sitter has to know about any night: when to call, what never to do, what is normal, what comes after.

Shipped text of 2026-11, educational, not a provider's order; a plan's provider reads it first. It is shortened from
published texts (`SOURCES`), where they agree; a number of the plan goes before every word here. One line a point, the
verb or the sign first, because it is read in a dim room by somebody who is frightened.
"""

from __future__ import annotations

from kiosk.text.catalogue import _

DATED = "2026-11"
SOURCES = (
    "esketamine label and REMS (US)",
    "CANMAT recommendations on ketamine",
    "physicians' college of British Columbia on ketamine",
    "APA consensus statement 2017",
    "FDA notice of 2023 on compounded ketamine",
    "home programmes' guides for sitters (Mindbloom, Innerwell, Nue Life, My Ketamine Home)",
)


def call_now() -> tuple[str, ...]:
    """Signs for the emergency number; what each alarm asks first is in `kiosk.text.action`."""
    return (
        _("{patient} does not wake to voice and touch"),
        _("Breathing is slow, stops and starts, or snores; lips look blue"),
        _("Oxygen stays low after the steps below"),
        _("Chest pain, severe headache, fainting, one side weak"),
        _("A movement like a seizure"),
        _("Swollen lips or throat, wheezing"),
        _("Vomiting, and choking or not answering"),
        _("A fall, and head, neck or strong pain"),
        _("You cannot keep {patient} safe, or you are not sure"),
    )


def dark_thoughts() -> tuple[str, str]:
    """A sign of its own: the provider first. Sign, and what to do."""
    return (
        _("{patient} speaks of suicide"),
        _("Stay, listen, take away what could harm. Call the provider now; in doubt the crisis line or {number}."),
    )


def never() -> tuple[tuple[str, str], ...]:
    """What not to do, each with its detail."""
    return (
        (_("Leave {patient} alone."), _("Somebody sober stays within reach to the end. No headphones for you.")),
        (_("Bath, shower, pool, open water."), ""),
        (_("Food or drink"), _("before {patient} is fully awake and sits up.")),
        (_("More medicine,"), _("alcohol, or anything that makes sleepy.")),
        (_("Getting up without your hands."), ""),
        (_("Holding down."), _("Block falls with your body.")),
        (_("Driving before tomorrow,"), _("after a night's sleep.")),
    )


def normal() -> tuple[str, ...]:
    """What comes with the medicine and passes. The plan's limits count all the same."""
    return (
        _("Still, eyes closed, far away; answers late or little, but wakes to the name"),
        _("Dizzy and unsteady; slurred words; blurred or double sight, eyes that flick"),
        _("Nausea; tears, laughter, fear that comes and goes"),
        _("Time and body feel strange. “I am not breathing” while the chest rises and numbers are good"),
        _("Pulse and blood pressure a little higher for an hour or two"),
    )


def call_after() -> str:
    """Signs on the days after."""
    return _("Chest pain, bad headache, fainting, blood in urine, thoughts of suicide: call at once.")


def own_alarms() -> str:
    """What goes before this program."""
    return _("The devices' own alarms come first: when one sounds, look at {patient} and at the device.")


def not_a_device() -> str:
    """What this is not."""
    return _(
        "Educational. Not a medical device, and not cleared or approved as one by anybody. It does not replace a "
        "provider, a trained sitter or the devices' own alarms."
    )


def text_of() -> str:
    """The date of the shipped text and what it comes from."""
    return _("Shipped text of {date}, shortened from: {sources}.").format(date=DATED, sources="; ".join(SOURCES))
