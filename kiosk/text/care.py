"""What the page of the hours after consists of; its words are `kiosk.text.aftercare`'s.

Apart from them, because whoever only shows a page need not load the plan that it is made of.
"""

from __future__ import annotations

import msgspec


class Care(msgspec.Struct, frozen=True):
    """One thing for the hours after. icon: its sign on the screen; detail: small, may be ""."""

    icon: str
    say: str
    detail: str = ""


class Page(msgspec.Struct, frozen=True):
    """The patient's page, on the screen and on paper. people: name, role and number of whom to call."""

    title: str
    subtitle: str
    cares: tuple[Care, ...]
    call_title: str
    number: str
    signs: tuple[str, ...]
    people: tuple[tuple[str, str, str], ...]
    quiet: str
    foot: tuple[str, ...]
