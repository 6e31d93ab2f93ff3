"""The words of pairing: one instruction for each question, what became of it, and what to do then.

Shipped text of 2026-11. Instructions have seven words or fewer. {device} is "the cuff" or "the oximeter".
"""

from __future__ import annotations

import msgspec

from kiosk.text.catalogue import _


class PairingWords(msgspec.Struct, frozen=True):
    """say: seven words. detail: below. yes: label of the button that goes on, "" for none."""

    say: str
    detail: str
    yes: str = ""


QUESTIONS = {
    "shown": PairingWords("Type this number on {device}.", "Then press its key that confirms, if it has one."),
    "asked": PairingWords("Type the number that {device} shows.", "Six digits on its display.", "Pair"),
    "compared": PairingWords(
        "Same number on {device}?", "Look at both, digit by digit. Another number is another device.", "The same"
    ),
    "allowed": PairingWords(
        "Pair with {device} now?", "It shows no number. Let only one such device be switched on near you.", "Pair"
    ),
}
FAULTS = {
    "declined": PairingWords("{Device} is not paired.", "It was called off.", "Pair again"),
    "unanswered": PairingWords(
        "Nobody answered in time.", "{Device} waits half a minute only. Have it in your hand.", "Pair again"
    ),
    "refused": PairingWords(
        "{Device} refused.", "Another number was typed, or it is not ready to be paired.", "Pair again"
    ),
    "bond mismatch": PairingWords(
        "{Device} forgot this computer.",
        "It was reset, or paired with a phone since. Make it ready to be paired, then forget and pair again.",
        "Forget and pair again",
    ),
    "link lost": PairingWords("{Device} went away meanwhile.", "Bring it near and switch it on.", "Pair again"),
    "nobody to ask": PairingWords("{Device} is not paired.", "It wants a number that somebody looks at.", "Pair again"),
}
"""`devices.pairing.PairingFault` -> words."""

SENTENCES = {
    "shown": "{Device} wants to be paired: a number was shown to be typed on it.",
    "asked": "{Device} wants to be paired: the number on it was asked for.",
    "compared": "{Device} wants to be paired: two numbers were shown to be compared.",
    "allowed": "{Device} wants to be paired, without a number.",
    "declined": "{Device} was not paired: called off.",
    "unanswered": "{Device} was not paired: nobody answered in time.",
    "refused": "{Device} was not paired: it refused, or another number was typed.",
    "bond mismatch": "{Device} does not know this computer any more. It must be forgotten and paired again.",
    "link lost": "{Device} was not paired: its link was lost.",
    "nobody to ask": "{Device} was not paired: nobody could be asked. Pair it before a session.",
    "paired": "{Device} and this computer are paired.",
    "heard": "{Device} is heard; it was paired before, or wants no pairing.",
    "forgotten": "The bond with {device} was removed from this computer.",
}
"""For the record: question, fault or outcome -> sentence."""

PROMPTS = {
    "shown": "Type this number on {device}: {{number}}. (Enter here calls it off.)",
    "asked": "Type the six digits that {device} shows (Enter alone calls it off):",
    "compared": "Does {device} show {{number}}? Type yes if it is exactly this:",
    "allowed": "Pair with {device} now? It shows no number. [y/N]",
    "not six": "Six digits, please (Enter alone calls it off):",
}
"""At a terminal: question -> one line."""


_THEN = {
    "bond mismatch": "Make it ready to be paired, then: kiosk devices add ADDRESS --pair-again.",
    "nobody to ask": "Run it at a terminal, where the number can be looked at.",
    "away": "It did not show itself in time, or went away. Switch it on, make it ready to be paired, and try again.",
}


def not_paired(why: str, device: str, note: str) -> str:
    """Why a device could not be paired at the terminal, and what to do. note: what its family needs, "" for nothing."""
    what = filled(SENTENCES.get(why, "{Device} was not paired."), device)
    then = _(_THEN.get(why, "Make it ready to be paired and try again."))
    hint = _("To choose it all the same: --no-pair.")
    return " ".join(part for part in (what, then, note, hint) if part)


def filled(text: str, device: str) -> str:
    """A text of here with the device's name in it."""
    return _(text).format(device=device, Device=device[:1].upper() + device[1:])


def digits(number: int) -> str:
    """A passkey as every device shows it: six digits, in two groups of three to be read off."""
    return f"{number // 1000:03d} {number % 1000:03d}"
