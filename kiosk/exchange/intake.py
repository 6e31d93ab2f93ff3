"""Takes a session file into a library: verified first, only what is new, and aside with its reason what fails.

The same file twice adds nothing, a longer copy of a session adds its new rows, one that tells another history is
quarantined. Nothing of a file comes in before all of it was verified.
"""

from __future__ import annotations

import hashlib
import shutil
import stat
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from time import monotonic
from typing import Literal

import msgspec

from kiosk.exchange import container
from kiosk.exchange.envelope import Identity
from kiosk.exchange.inspection import Inspection, inspect, inspected
from kiosk.exchange.verify import Verdict
from kiosk.newfile import whole_file
from kiosk.record.library import Import, Library
from kiosk.record.lying import laid
from kiosk.signers import Known

BATCH_S = 0.5
"""Files of about so long are written together: whoever else writes to the library waits no longer."""
VERIFIED: dict[Known, str] = {"true": "known", "false": "unknown", "changed": "changed"}


class Outcome(msgspec.Struct, frozen=True):
    """What became of a file. rows: how many came in. reason: why it did not. verified: see `Import`.

    closed: it is encrypted and could not be opened: it stays where it is, and nothing is said against it.
    """

    file: str
    what: Literal["added", "extended", "same", "quarantined", "closed"]
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

    Raises RecordError.
    """
    return place(inspect(path, keys), library, known, now_utc_ns)


def taken(
    paths: Sequence[Path],
    library: Library,
    known: Callable[[Verdict], Known],
    now_utc_ns: Callable[[], int],
    keys: Sequence[Identity] = (),
    vouched: Collection[str] = (),
) -> Iterator[Outcome]:
    """Many files, in their order; an outcome is yielded when it is on the disk. vouched: see `kiosk.exchange.verify`.

    Raises RecordError.
    """
    looking = inspected(paths, keys, vouched=vouched)
    with closing(looking):
        rest = iter(looking)
        while outcomes := _batch(rest, library, known, now_utc_ns()):
            yield from outcomes


def _batch(
    looked: Iterator[Inspection], library: Library, known: Callable[[Verdict], Known], now_utc_ns: int
) -> list[Outcome]:
    """What comes within `BATCH_S`, together; empty when nothing is left."""
    first = next(looked, None)
    if first is None:
        return []
    end_s = monotonic() + BATCH_S
    with library.batch():
        outcomes = [place(first, library, known, now_utc_ns)]
        while monotonic() < end_s and (found := next(looked, None)):
            outcomes.append(place(found, library, known, now_utc_ns))
    return outcomes


def place(found: Inspection, library: Library, known: Callable[[Verdict], Known], now_utc_ns: int) -> Outcome:
    """A file that was looked at. Raises RecordError."""
    path, verdict = Path(found.path), found.verdict
    if found.unreadable:
        return Outcome(found.path, "quarantined", reason=f"It cannot be read ({found.unreadable}).")
    if verdict.closed:
        return Outcome(found.path, "closed", reason=verdict.problems[0])
    looked = verdict.looked
    if not verdict.ok or looked is None or looked.opened is None:
        return _quarantine(path, library, verdict.problems[0] if verdict.problems else "The file holds no session.")
    session_id = looked.session_id
    before = library.signer_of(session_id)
    if before and before != verdict.signer:
        return _quarantine(path, library, f"Session {session_id} is here already, signed with another key ({before}).")
    first = "" if looked.opened.simulated else library.first_signer(looked.opened.patient_id)
    verified = "changed" if first and first != verdict.signer else VERIFIED[known(verdict)]
    head = bytes.fromhex(looked.head)
    new = Import(session_id, looked.counts.rows, head, verdict.signer, verified, now_utc_ns, found.parts)
    return _place(path, library, found, new)


def _place(path: Path, library: Library, found: Inspection, new: Import) -> Outcome:
    here, head = library.chain_end(new.session_id)
    shared = min(here, new.rows)
    rows = found.rows.rows() if here else []
    at_shared = rows[shared - 1][3] if shared else head
    if at_shared != (head if shared == here else library.hash_at(new.session_id, shared)):
        return _quarantine(path, library, f"Session {new.session_id} is here already with another history.")
    if shared == new.rows:
        return Outcome(str(path), "same", new.session_id, 0, new.verified)
    behind = laid((seq, kind, text.encode(), digest) for seq, kind, text, digest in rows[shared:])
    library.add(new, shared, behind if shared else found.rows)
    return Outcome(str(path), "extended" if here else "added", new.session_id, new.rows - shared, new.verified)


def _quarantine(path: Path, library: Library, reason: str) -> Outcome:
    """A copy beside the library, once, and its reason; of what is no file, nothing but the reason is told."""
    try:
        _put_aside(path, library.path, reason)
    except OSError as error:
        reason = f"{reason} It could not be put aside ({error.strerror})."
    return Outcome(str(path), "quarantined", reason=reason)


def _put_aside(path: Path, library: Path, reason: str) -> None:
    if stat.S_ISREG(path.lstat().st_mode) and path.stat().st_size <= container.MOST_BYTES:
        folder = library.with_name(f"{library.stem}-quarantine")
        folder.mkdir(mode=0o700, exist_ok=True)
        with path.open("rb") as file:
            name = f"{hashlib.file_digest(file, 'sha256').hexdigest()[:12]}-{path.name}"
        for target, content in ((folder / name, path), (folder / f"{name}.txt", reason)):
            _once(target, content)


def _once(target: Path, content: Path | str) -> None:
    try:
        with whole_file(target) as part:
            if isinstance(content, str):
                part.write_text(content + "\n", encoding="utf-8")
            else:
                shutil.copyfile(content, part)
    except FileExistsError:
        pass  # the same file was brought before
