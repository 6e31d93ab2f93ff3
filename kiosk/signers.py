"""Whose sessions are known here: the signing keys that a person trusted, and whose patients they recorded.

Kept in the data folder; used by `verify` and `key`. It never trusts by itself. The first signer of a patient stays the
patient's own: another one is told, because a file rebuilt by somebody else is signed well, too.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import msgspec

from kiosk.failure import Reason, Refusal

SIGNERS = "signers.json"
FINGERPRINT = re.compile(r"[0-9a-f]{5}(-[0-9a-f]{5}){4}")

Known = Literal["true", "false", "changed"]


class Trusted(msgspec.Struct, frozen=True):
    """One signer. patients: ids of those whose sessions it signed when a person trusted it.

    signs: what it is trusted for. A room's key vouches for no plan, a provider's for no session.
    """

    fingerprint: str
    name: str = ""
    trusted_utc: str = ""
    patients: tuple[str, ...] = ()
    signs: Literal["sessions", "plans"] = "sessions"


def load(folder: Path) -> tuple[Trusted, ...]:
    """The trusted signers, in the order in which they were trusted. Raises Refusal where the file is damaged."""
    path = folder / SIGNERS
    try:
        return msgspec.json.decode(path.read_bytes(), type=tuple[Trusted, ...])
    except FileNotFoundError:
        return ()
    except (OSError, msgspec.MsgspecError) as error:
        raise Refusal(
            Reason.FAILED, f"{path} cannot be read ({error}). Move it away and trust the keys anew."
        ) from error


def save(folder: Path, trusted: tuple[Trusted, ...]) -> None:
    """Keep them; whole or not at all."""
    part = folder / f".{SIGNERS}.part"
    part.write_bytes(msgspec.json.format(msgspec.json.encode(trusted), indent=1) + b"\n")
    part.chmod(0o600)
    part.replace(folder / SIGNERS)


def trust(trusted: tuple[Trusted, ...], new: Trusted) -> tuple[Trusted, ...]:
    """With this one; a signer known already keeps its patients and its day, and gets the new name if there is one."""
    kept: list[Trusted] = []
    is_known = False
    for one in trusted:
        if (one.fingerprint, one.signs) == (new.fingerprint, new.signs):
            is_known = True
            patients = tuple(dict.fromkeys((*one.patients, *new.patients)))
            kept.append(msgspec.structs.replace(one, name=new.name or one.name, patients=patients))
        else:
            kept.append(one)
    return tuple(kept) if is_known else (*kept, new)


def known(trusted: tuple[Trusted, ...], fingerprint: str, patient_id: str) -> Known:
    """Whether the signer of a session is known. patient_id: "" where there is none.

    "changed": this patient's sessions were signed by another key that is trusted.
    """
    sessions = rooms(trusted)
    of_patient = [
        one.fingerprint for one in trusted if one.signs == "sessions" and patient_id and patient_id in one.patients
    ]
    if of_patient:
        return "true" if fingerprint in of_patient else "changed"
    return "true" if fingerprint in sessions else "false"


def rooms(trusted: tuple[Trusted, ...]) -> frozenset[str]:
    """Fingerprints of those who are trusted to sign sessions."""
    return frozenset(one.fingerprint for one in trusted if one.signs == "sessions")


def provider(trusted: tuple[Trusted, ...], fingerprint: str) -> Trusted | None:
    """Whose key signed a plan, None where it is not known here."""
    return next((one for one in trusted if one.signs == "plans" and one.fingerprint == fingerprint), None)
