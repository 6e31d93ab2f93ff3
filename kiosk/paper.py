"""Which paper the computer's region prints on."""

from __future__ import annotations

import locale
import os

_LETTER = frozenset(["US", "CA", "MX", "PH"])  # the others print on A4


def uses_letter(code: str) -> bool:
    """Whether a region prints on Letter."""
    return code in _LETTER


def region() -> str:
    """The region of the computer's language setting ("US"), "" if it says none."""
    name = os.environ.get("LC_ALL") or os.environ.get("LANG") or locale.getlocale()[0] or ""
    language = name.split(".")[0]
    return language.split("_")[1].upper() if "_" in language else ""
