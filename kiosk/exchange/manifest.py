"""`manifest.json` of a session file: what the file holds and by which key it is signed."""

from __future__ import annotations

import hashlib
from typing import IO

import msgspec

from kiosk.exchange.chain import Counts
from kiosk.exchange.container import pieces

FORMAT = "session-room session"
VERSION = 1
TABLES_FORM = 2
"""Raised with each change of a table, the bundle or an event: only tables of the same form can be made again."""

MANIFEST, SIGNATURE, CHAIN, PLAN, BUNDLE, REPORT, README = (
    "manifest.json",
    "manifest.sig",
    "chain.jsonl",
    "plan.toml",
    "bundle.fhir.json",
    "report.pdf",
    "README.txt",
)
CSV = ("vitals.csv", "blood_pressure.csv", "events.csv", "alarms.csv")
ORDER = (MANIFEST, SIGNATURE, CHAIN, *CSV, PLAN, BUNDLE, REPORT, README)
OPTIONAL = frozenset({REPORT})


class Listed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One member. sha256 in hex."""

    name: str
    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """tables_form: see `TABLES_FORM`. head: last hash of the chain. signer: the public key, Ed25519; both in hex.

    plan_signer: fingerprint of the provider's key that signed the plan, "" where nobody did.

    program_version: of the program that packed the file; that of the recording one is in the chain.
    """

    format: str
    version: int
    tables_form: int
    program_version: str
    session_id: str
    kind: str
    simulated: bool
    counts: Counts
    head: str
    signer: str
    members: tuple[Listed, ...]
    plan_signer: str = ""


def encode(manifest: Manifest) -> bytes:
    """The bytes that are signed."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"


def listed(name: str, content: IO[bytes]) -> Listed:
    """A member's line, from its content as a whole."""
    digest, size = hashlib.sha256(), 0
    for piece in pieces(content):
        digest.update(piece)
        size += len(piece)
    return Listed(name, size, digest.hexdigest())
