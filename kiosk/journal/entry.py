"""What the journal holds: entries, each of one prompt. Values only."""

from __future__ import annotations

import secrets

import msgspec

PROMPTS = ("surfaced", "images", "feelings", "realisations", "week", "")  # "" : free words
LONGEST = 20_000  # letters of one entry; what may be shared in one piece


class Entry(msgspec.Struct, frozen=True):
    """id: random. begun and changed: UTC nanoseconds; offset_min: local zone when it was begun. shared_utc_ns 0: not.

    prompt: one of `PROMPTS`.
    """

    id: str
    begun_utc_ns: int
    changed_utc_ns: int
    offset_min: int
    prompt: str
    text: str
    shared_utc_ns: int = 0

    @property
    def is_shared(self) -> bool:
        """Whether it went into the record as it stands."""
        return self.shared_utc_ns >= self.changed_utc_ns and self.shared_utc_ns > 0

    def with_text(self, text: str, now_utc_ns: int) -> Entry:
        """With other words."""
        return self if text == self.text else msgspec.structs.replace(self, text=text, changed_utc_ns=now_utc_ns)

    def as_shared(self, now_utc_ns: int) -> Entry:
        """In the record now."""
        return msgspec.structs.replace(self, shared_utc_ns=now_utc_ns)


class Content(msgspec.Struct, frozen=True):
    """All of it, the oldest entry first."""

    entries: tuple[Entry, ...] = ()

    def put(self, entry: Entry) -> Content:
        """With an entry added, or in the place of the one with its id."""
        if any(e.id == entry.id for e in self.entries):
            return Content(tuple(entry if e.id == entry.id else e for e in self.entries))
        return Content((*self.entries, entry))

    def without(self, entry_id: str) -> Content:
        """With an entry gone."""
        return Content(tuple(e for e in self.entries if e.id != entry_id))


def begin(prompt: str, now_utc_ns: int, offset_min: int) -> Entry:
    """A new entry, still empty."""
    return Entry(secrets.token_hex(8), now_utc_ns, now_utc_ns, offset_min, prompt, "")
