"""Is a session file complete and unaltered? Every byte is accounted for, and each problem is one sentence.

The container is packed again and compared, the signature held against the manifest, each member against its checksum,
the chain against its seals, and tables, plan and bundle made again from the chain. Nothing is ever unpacked to a disk.
Seals by the very key that signed the file are not verified one by one: its signature is over all of them.

vouched: fingerprints of signers who are believed about tables, plan and bundle as well, so that these need not be made
again. Who forges such a file has to sign it, and who has the signer's key could as well write another chain.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import stat
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

import msgspec

from kiosk.exchange import archive, container, envelope, manifest, members
from kiosk.exchange.chain import Chain, Looked
from kiosk.exchange.container import Member, NotAsPackedError, Packed
from kiosk.exchange.envelope import Identity
from kiosk.exchange.fault import ExchangeError, Reason
from kiosk.exchange.manifest import Manifest
from kiosk.exchange.remade import Remade, no_tables
from kiosk.record.reader import Row
from kiosk.record.seal import fingerprint, is_signed
from kiosk.signature import signer_of

_READ_BYTES = 1 << 24  # a session of some hours


class Verdict(msgspec.Struct):
    """What is known of a file. problems: why it is not complete and unaltered. notes: what else a reader should know.

    signer: fingerprint, "" where none signed it. chain: what was looked at, to be read for as long as it is mapped.
    closed: it is encrypted and nobody here can open it, so nothing is known of it, good or bad.
    """

    path: str
    problems: list[str] = []
    notes: list[str] = []
    manifest: Manifest | None = None
    looked: Looked | None = None
    signer: str = ""
    chain: Chain | None = None
    closed: bool = False

    @property
    def ok(self) -> bool:
        """Complete and unaltered since it was signed, whoever signed it."""
        return not self.problems

    @property
    def is_of_one_signer(self) -> bool:
        """Whether who recorded the session also signed the file."""
        return self.looked is None or all(key == self.signer for key in self.looked.signers)


def verify(path: Path, keys: Sequence[Identity] = ()) -> Verdict:
    """Look at all of it. keys: for a file that is encrypted. Raises OSError where the file cannot be read."""
    with verified(path, keys) as (verdict, _):
        return verdict


@contextmanager
def verified(
    path: Path, keys: Sequence[Identity] = (), vouched: Collection[str] = (), *heard: Callable[[Row], None]
) -> Generator[tuple[Verdict, Packed | None]]:
    """The same, and what was looked at, mapped, as long as the caller reads on; None where it is no session file.

    heard: get each event and reading on the way, before anybody knows whether all of it holds.
    """
    verdict = Verdict(str(path))
    refusal = _outside(path)
    if refusal:
        verdict.problems.append(refusal)
        yield verdict, None
        return
    with ExitStack() as stack:
        try:
            file = stack.enter_context(envelope.opened(path, keys))
        except ExchangeError as error:
            verdict.problems.append(_CLOSED[error.reason])
            verdict.closed = error.reason is not Reason.BROKEN
            yield verdict, None
            return
        begun = file.read(4)
        file.seek(0)
        if begun != b"PK\3\4":
            verdict.problems.append("This is not a session file." if begun else "This file is empty.")
            yield verdict, None
            return
        size = os.fstat(file.fileno()).st_size
        # looked at four times: to map a few MB anew each time costs more than to read them once
        mapped = (
            file.read()
            if size <= _READ_BYTES
            else stack.enter_context(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        )
        _inside(verdict, file, mapped, vouched, *heard)
        yield verdict, mapped


_CLOSED = {
    Reason.NEEDS_IDENTITY: "This session file is encrypted. Give the key file of one of its readers: --identity FILE.",
    Reason.OTHER_READER: "None of the given identities opens it: it is encrypted for other readers, or its beginning "
    "is damaged.",
    Reason.BROKEN: "This session file is encrypted, and damaged or cut off.",
}


def _outside(path: Path) -> str:
    """Why this is not even opened, "" if it is."""
    state = path.lstat()
    if stat.S_ISLNK(state.st_mode):
        return "This is a link, not a file. Give the file itself."
    if not stat.S_ISREG(state.st_mode):
        return "This is not a file."
    if state.st_size > container.MOST_BYTES:
        return "This is larger than a session file can be (2 GiB)."
    return ""


def _inside(
    verdict: Verdict, file: IO[bytes], mapped: Packed, vouched: Collection[str], *heard: Callable[[Row], None]
) -> None:
    strange = members.strange(file)
    if strange:
        verdict.problems.append(strange)
        return
    try:
        found = {member.name: member for member in container.read(mapped)}
    except NotAsPackedError as error:
        verdict.problems.append(f"The container was changed at byte {error.at}: it is not as the program packs it.")
        return
    made = _manifest(verdict, mapped, found)
    if made is None:
        return
    verdict.problems += _members(made, mapped, found)
    member = found[manifest.CHAIN]
    chain = Chain(mapped, member.start, member.start + member.size)
    derived = None if verdict.signer in vouched else Remade(made, mapped, found)
    try:
        looked = chain.look(*((derived.take,) if derived else ()), *heard, vouched=verdict.signer)
    except archive.MADE_UP as error:
        looked = chain.look()
        looked.problems.append(no_tables(error))
    verdict.looked, verdict.chain = looked, chain
    verdict.problems += looked.problems
    if not looked.problems:
        verdict.problems += _told(made, looked)
        if derived is None:
            verdict.notes.append("Its signer is trusted: tables, plan and bundle were not made again.")
        else:
            verdict.problems += derived.differing(chain, verdict.notes)
    verdict.notes += _notes(looked)


# --- manifest and members ---------------------------------------------------------------------------------------------


def _manifest(verdict: Verdict, mapped: Packed, found: dict[str, Member]) -> Manifest | None:
    content = _bytes(mapped, found[manifest.MANIFEST])
    try:
        made = msgspec.json.decode(content, type=Manifest)
        key = bytes.fromhex(made.signer)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        verdict.problems.append("The manifest cannot be read.")
        return None
    if made.format != manifest.FORMAT or made.version != manifest.VERSION:
        verdict.problems.append("The manifest is not that of a session file.")
        return None
    if is_signed(key, _bytes(mapped, found[manifest.SIGNATURE]), content):
        verdict.signer = fingerprint(key)
    else:
        verdict.problems.append("The manifest was changed after it was signed, or was never signed.")
    verdict.manifest = made
    return made


def _bytes(mapped: Packed, member: Member) -> bytes:
    return mapped[member.start : member.start + member.size]


def _members(made: Manifest, mapped: Packed, found: dict[str, Member]) -> Iterator[str]:
    names = [one.name for one in made.members]
    if names != [name for name in found if name not in (manifest.MANIFEST, manifest.SIGNATURE)]:
        yield "The manifest does not list just these members."
    for one in made.members:
        member = found.get(one.name)
        if member and (one.size, one.sha256) != (member.size, _sha256(mapped, member)):
            yield f"{one.name} is not what the manifest lists."


def _sha256(mapped: Packed, member: Member) -> str:
    digest = hashlib.sha256()
    for piece in _pieces(mapped, member):
        digest.update(piece)
    return digest.hexdigest()


def _pieces(mapped: Packed, member: Member) -> Iterator[bytes]:
    return container.slices(mapped, member.start, member.start + member.size)


# --- chain ------------------------------------------------------------------------------------------------------------


def _told(made: Manifest, looked: Looked) -> Iterator[str]:
    """What the manifest says of the chain."""
    opened = looked.opened
    if made.session_id != looked.session_id:
        yield f"The chain is that of another session ({looked.session_id[:40]!a})."
    if made.counts != looked.counts:
        yield f"The chain has {looked.counts.rows} rows and other counts than the manifest says ({made.counts.rows})."
    if made.head != looked.head:
        yield "The chain does not end with the row that the manifest names."
    if opened and made.plan_signer != signer_of(opened.plan_toml):
        yield "The manifest names another signer of the plan than the plan does."
    if opened and (made.kind, made.simulated) != (opened.kind, opened.simulated):
        yield "The manifest calls the session another kind than the chain does."


def _notes(looked: Looked) -> Iterator[str]:
    behind = looked.counts.rows - looked.sealed
    if looked.sealing_failed:
        yield "The session went on without its signing key for a time, as the chain tells."
    if not looked.sealed:
        yield "The session was not sealed while it was recorded: the signature is that of the export alone."
    elif behind:
        yield f"{behind} rows behind the last seal are signed by the export alone."
    if not looked.ended:
        yield "The session had not ended when the file was made."
