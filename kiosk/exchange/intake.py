"""Takes a session file into a library: verified first, only what is new, and aside with its reason what fails.

The same file twice adds nothing, a longer copy of a session adds its new rows, one that tells another history is
quarantined. Nothing of a file comes in before all of it was verified.
"""

from __future__ import annotations

import hashlib
import mmap
import shutil
import stat
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import Literal

import msgspec

from kiosk.exchange import container, manifest
from kiosk.exchange.chain import Chain
from kiosk.exchange.envelope import Identity
from kiosk.exchange.verify import Verdict, verified
from kiosk.newfile import whole_file
from kiosk.record import body
from kiosk.record.library import Import, Library
from kiosk.record.summary import Summing, summed
from kiosk.signers import Known

VERIFIED: dict[Known, str] = {"true": "known", "false": "unknown", "changed": "changed"}


class Outcome(msgspec.Struct, frozen=True):
    """What became of a file. rows: how many came in. reason: why it was quarantined. verified: see `Import`."""

    file: str
    what: Literal["added", "extended", "same", "quarantined"]
    session: str = ""
    rows: int = 0
    verified: str = ""
    reason: str = ""


def take(
    path: Path,
    library: Library,
    known: Callable[[Verdict], Known],
    now_utc_ns: int,
    keys: Sequence[Identity] = (),
) -> Outcome:
    """One file. known: what is known of a verdict's signer beside this library. keys: for one that is encrypted.

    Raises OSError, RecordError.
    """
    with verified(path, keys) as (verdict, mapped):
        return _judge(path, library, verdict, mapped, known, now_utc_ns)


def _judge(
    path: Path,
    library: Library,
    verdict: Verdict,
    mapped: mmap.mmap | None,
    known: Callable[[Verdict], Known],
    now_utc_ns: int,
) -> Outcome:
    looked = verdict.looked
    if not verdict.ok or looked is None or looked.opened is None or mapped is None:
        return _quarantine(path, library, verdict.problems[0] if verdict.problems else "The file holds no session.")
    session_id = looked.session_id
    before = library.signer_of(session_id)
    if before and before != verdict.signer:
        return _quarantine(path, library, f"Session {session_id} is here already, signed with another key ({before}).")
    first = "" if looked.opened.simulated else library.first_signer(looked.opened.patient_id)
    verified = "changed" if first and first != verdict.signer else VERIFIED[known(verdict)]
    head = bytes.fromhex(looked.head)
    new = Import(session_id, looked.counts.rows, head, 0, verdict.signer, verified, now_utc_ns, Summing())
    return _take(path, library, _chain(mapped), new)


def _chain(mapped: mmap.mmap) -> Chain:
    member = next(m for m in container.read(mapped) if m.name == manifest.CHAIN)
    return Chain(mapped, member.start, member.start + member.size)


def _take(path: Path, library: Library, chain: Chain, new: Import) -> Outcome:
    here, head = library.chain_end(new.session_id)
    shared = min(here, new.rows)
    digest = body.first_hash(new.session_id)
    for line in islice(chain.lines(), shared):
        digest = body.next_hash(digest, line.decode())
    if digest != (head if shared == here else library.hash_at(new.session_id, shared)):
        return _quarantine(path, library, f"Session {new.session_id} is here already with another history.")
    if shared == new.rows:
        return Outcome(str(path), "same", new.session_id, 0, new.verified)
    opened = body.decode(next(chain.lines()).decode())
    rows = ((chain.kind(line), line.decode()) for line in islice(chain.lines(), shared, None))
    summing = summed(chain.source().rows())
    library.add(new._replace(opened_utc_ns=opened.utc_ns, summing=summing), shared, rows)
    return Outcome(str(path), "extended" if here else "added", new.session_id, new.rows - shared, new.verified)


def _quarantine(path: Path, library: Library, reason: str) -> Outcome:
    """A copy beside the library, once, and its reason; of what is no file, nothing but the reason is told."""
    if stat.S_ISREG(path.lstat().st_mode) and path.stat().st_size <= container.MOST_BYTES:
        folder = library.path.with_name(f"{library.path.stem}-quarantine")
        folder.mkdir(mode=0o700, exist_ok=True)
        with path.open("rb") as file:
            name = f"{hashlib.file_digest(file, 'sha256').hexdigest()[:12]}-{path.name}"
        for target, content in ((folder / name, path), (folder / f"{name}.txt", reason)):
            _once(target, content)
    return Outcome(str(path), "quarantined", reason=reason)


def _once(target: Path, content: Path | str) -> None:
    try:
        with whole_file(target) as part:
            if isinstance(content, str):
                part.write_text(content + "\n", encoding="utf-8")
            else:
                shutil.copyfile(content, part)
    except FileExistsError:
        pass  # the same file was brought before
