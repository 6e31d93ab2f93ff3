"""What leaves with an export, said before anything is written: each part, and what of a person is in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kiosk.text.catalogue import _

SHARED = "entry_shared"
"""The kind of the events by which a journal's entry came into the record."""


def holds() -> dict[str, str]:
    """Member of a session file, or format of an export -> what personal data it holds."""
    values = _("oxygen and pulse by the second, with the device's address")
    return {
        "manifest.json": _("the session's id and counts; no name"),
        "manifest.sig": _("a signature"),
        "chain.jsonl": _("all that was recorded: names, the plan, every value, note, sentence and device's address"),
        "vitals.csv": values,
        "blood_pressure.csv": _("every blood pressure"),
        "events.csv": _("what happened in words: names, notes, what the sitter saw and answered"),
        "alarms.csv": _("each alarm and its limit"),
        "plan.toml": _("the plan as it was written: names, address, telephone numbers, medicines, allergies, dose"),
        "bundle.fhir.json": _("names, values, dose, notes, addresses and serial numbers of devices"),
        "report.pdf": _("the session in print: names, dose, values, alarms, notes"),
        "README.txt": _("the session's id and the key's fingerprint"),
        "csv": _("tables of every value, note, sentence and alarm, with names"),
        "fhir": _("names, values, dose, notes, addresses and serial numbers of devices"),
        "pdf": _("the session in print: names, dose, values, alarms, notes"),
        "sqlite": _("the whole record: names, plans, every value and every note"),
    }


def journal(kinds: Mapping[str, int]) -> str:
    """What of the patient's journal leaves. kinds: how many events of each kind there are."""
    shared = kinds.get(SHARED, 0)
    if not shared:
        return _("Nothing of the patient's journal: no entry was shared.")
    return _("Of the patient's journal, only what was shared entry by entry: {n}.").format(n=shared)


def leaves(session_id: str, parts: Sequence[str], kinds: Mapping[str, int]) -> list[str]:
    """A line a part, and one for the journal."""
    meanings = holds()
    lines = [_("Session {id} leaves this computer with:").format(id=session_id)]
    lines += [f"  {part}: {meanings[part]}" for part in parts if part in meanings]
    return [*lines, f"  {journal(kinds)}"]


def readers(recipients: Sequence[str]) -> str:
    """Who will be able to read it."""
    if not recipients:
        return _("Whoever has the file can read it. With --recipient only the named readers can.")
    return _("Only these readers can open it, not even this computer: {who}.").format(who=", ".join(recipients))


def asked() -> str:
    """The question before it is written."""
    return _("Write it? Type yes: ")


def not_written() -> str:
    """The answer was no."""
    return _("Nothing was written.")
