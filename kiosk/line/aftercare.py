"""The hours after as the screen draws them: a part of `View`, words ready to be shown."""

from __future__ import annotations

import msgspec

from kiosk.text.care import Care, Page


class After(msgspec.Struct, frozen=True):
    """After the release. times: what and how it is told ("Ready 23:12", "2:10 after the dose"), two of them.

    next: what comes in the days after. given: when the patient was given the page, "" while they were not.
    fingerprint: of the key that seals this session, "" where none is known.
    """

    say: str
    times: tuple[tuple[str, str], ...]
    page: Page
    next: tuple[Care, ...] = ()
    given: str = ""
    fingerprint: str = ""
