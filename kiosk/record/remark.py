"""What a provider says of a session, in a library: signed rows in a chain of their own, beside the sessions' chains.

A session's chain is never touched. Each remark is signed with the provider's key (Ed25519) over its own body, which
names the hash before it, so that a changed, hidden, added or moved remark shows; the last ones cut off do not. Taking
one back is another remark.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from kiosk.record import body
from kiosk.record.fault import Reason, RecordError
from kiosk.record.library import FIRST_REMARK, Library
from kiosk.record.seal import Signer, fingerprint, is_signed

LONGEST = 20_000
"""Letters of one remark."""


class Remark(msgspec.Struct, frozen=True):
    """One remark. t_s: the session second it is about, None: all of the session. withdraws: seq of one taken back.

    previous: hash before it, in hex. key: fingerprint of public_key (hex).
    """

    seq: int
    utc_ns: int
    session_id: str
    t_s: float | None
    author: str
    text: str
    withdraws: int
    previous: str
    key: str
    public_key: str
    signature: str = ""


class Read(msgspec.Struct, frozen=True):
    """One row as it was found. problem: why it is not to be relied on, "" where it stands as it was signed.

    withdrawn: a later remark took it back.
    """

    remark: Remark
    problem: str = ""
    withdrawn: bool = False

    @property
    def counts(self) -> bool:
        """Whether it is to be shown as what the provider says."""
        return not (self.problem or self.withdrawn or self.remark.withdraws)


_encoder = msgspec.json.Encoder(order="deterministic")
_decoder = msgspec.json.Decoder(Remark)


def write(
    library: Path,
    signer: Signer,
    author: str,
    text: str,
    session_id: str,
    utc_ns: int,
    t_s: float | None = None,
    withdraws: int = 0,
    home: Path | None = None,
) -> Remark:
    """Put a remark into a library, signed; it is on the disk when this returns. home: whose key the library has.

    Raises RecordError UNKNOWN_SESSION, NOT_WRITABLE_AS_TEXT (empty or too long), NOT_A_LIBRARY, CANNOT_OPEN, NOT_SAVED.
    """
    if not (text.strip() or withdraws) or not author.strip() or len(text) > LONGEST:
        raise RecordError(Reason.NOT_WRITABLE_AS_TEXT, "a remark needs an author and a text")
    with Library(library, home) as opened:
        return opened.add_remark(
            session_id,
            lambda seq, previous: _signed(
                signer,
                Remark(
                    seq,
                    utc_ns,
                    session_id,
                    t_s,
                    author.strip(),
                    text.strip(),
                    withdraws,
                    previous.hex(),
                    signer.fingerprint,
                    signer.public_key.hex(),
                ),
            ),
        )


def _signed(signer: Signer, remark: Remark) -> tuple[Remark, str]:
    try:
        line = _encoder.encode(remark).decode()
    except (UnicodeEncodeError, msgspec.MsgspecError) as error:
        raise RecordError(Reason.NOT_WRITABLE_AS_TEXT, str(error)) from error
    signature = signer.sign_bytes(_message(line)).hex()
    made = msgspec.structs.replace(remark, signature=signature)
    return made, _encoder.encode(made).decode()


def _message(unsigned: str) -> bytes:
    return f"session-room remark 1\n{unsigned}".encode()


def read(rows: Iterable[tuple[int, str, str, bytes]]) -> tuple[list[Read], list[str]]:
    """Every remark in order, and what is wrong with them. What cannot be read at all is only told.

    rows: `Reader.remarks`.
    """
    problems: list[str] = []
    found = list(_looked(rows, problems))
    taken_back = {one.remark.withdraws for one in found if one.remark.withdraws and not one.problem}
    return [msgspec.structs.replace(one, withdrawn=one.remark.seq in taken_back) for one in found], problems


def _looked(rows: Iterable[tuple[int, str, str, bytes]], problems: list[str]) -> Iterator[Read]:
    previous, place = FIRST_REMARK, 0
    for seq, session_id, text, digest in rows:
        place += 1
        try:
            remark = _decoder.decode(text)
        except msgspec.MsgspecError:
            problems.append(f"Remark {seq} cannot be read.")
            previous, place = digest, seq
            continue
        problem = _problem(remark, (seq, session_id, text, digest), previous, place)
        if problem:
            problems.append(f"Remark {seq}: {problem}.")
        yield Read(remark, problem)
        previous, place = digest, seq


def _problem(remark: Remark, row: tuple[int, str, str, bytes], previous: bytes, place: int) -> str:
    seq, session_id, text, digest = row
    if seq != place:
        return f"remark {place} is missing before it"
    if (remark.seq, remark.session_id) != (seq, session_id):
        return "it is filed as another one"
    if remark.previous != previous.hex() or body.next_hash(previous, text) != digest:
        return "it is not what was written, or one before it is missing"
    return "" if _holds(remark, text) else "its signature does not hold"


def _holds(remark: Remark, text: str) -> bool:
    try:
        key, signature = bytes.fromhex(remark.public_key), bytes.fromhex(remark.signature)
    except ValueError:
        return False
    unsigned = _encoder.encode(msgspec.structs.replace(remark, signature="")).decode()
    is_as_written = text == _encoder.encode(remark).decode()
    return is_as_written and remark.key == fingerprint(key) and is_signed(key, signature, _message(unsigned))
