"""The words that go with what leaves this computer: what it holds, who answers for it, what it does not show."""

from __future__ import annotations

from collections.abc import Sequence

from kiosk.text.catalogue import _
from kiosk.text.guide import not_a_device

NOT_CONFIRMED = "limits not confirmed by a provider"


def csv_readme(session_id: str, confirmed: str, simulated: bool, ended: bool, devices: list[str]) -> str:
    """`README.txt` beside the tables. devices: whose values are in o2-insight-1.csv and on."""
    notes = [
        _("The session's tables as CSV (RFC 4180, UTF-8). Session {id}.").format(id=session_id),
        _("Limits confirmed by {who}.").format(who=confirmed)
        if confirmed
        else _("LIMITS NOT CONFIRMED BY A PROVIDER."),
        _("SIMULATED DEVICES. The values mean nobody.") if simulated else "",
        "" if ended else _("The session had not ended when this was written."),
        _("dictionary.csv says what each column holds. An empty cell: nothing was known. A gap in time: no line."),
        _("A text that begins with an apostrophe could be taken for a formula without it: take the first one away."),
        _("events.csv, column text, read in order, tells the session."),
        _("A cuff's momentary pressures and the exact bytes of every reading are in the SQLite copy only."),
        *(
            _("o2-insight-{n}.csv: valid live values of {device} in the form that oximetry tools read.").format(
                n=n, device=device
            )
            for n, device in enumerate(devices, 1)
        ),
        _("These files hold a person's health and are not encrypted. Keep them like a letter from a doctor."),
        not_a_device(),
    ]
    return "\r\n".join(note for note in notes if note) + "\r\n"


def plan_signed(signer: str) -> str:
    """Whose plan it was. signer: fingerprint of the key that signed it, "" where nobody did."""
    if not signer:
        return _("The plan was not signed by a provider.")
    return _("The plan was signed with the provider's key {key}.").format(key=signer)


def session_readme(
    session_id: str,
    confirmed: str,
    plan_signer: str,
    simulated: bool,
    ended: bool,
    signer: str,
    members: Sequence[str],
) -> str:
    """`README.txt` of a session file. signer: fingerprint of the key that signed it; plan_signer: of the plan's, ""."""
    meanings = _members()
    notes = [
        _("A session of the session room. Session {id}.").format(id=session_id),
        _("Limits confirmed by {who}.").format(who=confirmed)
        if confirmed
        else _("LIMITS NOT CONFIRMED BY A PROVIDER."),
        plan_signed(plan_signer),
        _("SIMULATED DEVICES. The values mean nobody.") if simulated else "",
        "" if ended else _("The session had not ended when this was written."),
        _("Signed with the key {key}. Ask the sitter to read it out: it must be the same.").format(key=signer),
        _("`kiosk verify` with this file says whether it is complete and unaltered. Taken out of the container, the"),
        _("files show nothing of that any more."),
        *(f"{name}: {meanings[name]}" for name in members if name in meanings),
        _("An empty cell: nothing was known. A gap in time: no line."),
        _("A text that begins with an apostrophe could be taken for a formula without it: take the first one away."),
        _("These files hold a person's health and are not encrypted. Keep them like a letter from a doctor."),
        not_a_device(),
    ]
    return "\r\n".join(note for note in notes if note) + "\r\n"


def _members() -> dict[str, str]:
    return {
        "manifest.json": _("what this file holds, with a checksum of each part"),
        "manifest.sig": _("the signature over manifest.json (Ed25519, 64 bytes)"),
        "chain.jsonl": _("every row of the record as it was written, in order; the rest is made from it"),
        "vitals.csv": _("oxygen saturation and pulse"),
        "blood_pressure.csv": _("blood pressures"),
        "events.csv": _("what happened; its column text, read in order, tells the session"),
        "alarms.csv": _("each alarm from its beginning to its end, with the limit behind it"),
        "plan.toml": _("the plan of the session, as it was at its start"),
        "bundle.fhir.json": _("the session as FHIR R4"),
        "report.pdf": _("the session as a form, a chart and lists, to be read or printed"),
    }


def copy_holds(sessions: int, patients: int, path: str) -> str:
    """Said before a plain copy is made."""
    return _(
        "A plain copy of the whole record, not encrypted. Sessions: {sessions}, patients: {patients}, with names, "
        "plans, every value and every note. It goes to {path}."
    ).format(sessions=sessions, patients=patients, path=path)


def written(path: str, what: str) -> str:
    """Said when it is there."""
    return _("{path} is written: {what}.").format(path=path, what=what)
