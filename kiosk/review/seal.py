"""What is known of a session's wholeness and of its signer, as one word and a sentence for the window's header."""

from __future__ import annotations

from pathlib import Path

from kiosk import signers
from kiosk.line.review import Seal
from kiosk.record.fault import RecordError
from kiosk.record.reader import SessionLine
from kiosk.record.seal import KEY_FILE, load_signer
from kiosk.record.shelf import Shelf
from kiosk.signers import Known
from kiosk.text import review as words

CHECKING = Seal("checking", words.checking())


def of_session(shelf: Shelf, line: SessionLine, folder: Path) -> Seal:
    """Look at every row of a session of a record or library. folder: where trusted keys and the own one lie."""
    problems = shelf.problems(line.session_id)
    if problems:
        return Seal("bad", words.altered(words.row(problems[0].seq, problems[0].what)))
    return of_line(line, folder)


def of_line(line: SessionLine, folder: Path) -> Seal:
    """What the list itself says: nothing of the session was looked at."""
    if not line.signer:
        return Seal("unknown", words.unsigned())
    if line.verified == "changed":
        return of_signer("changed", line.signer)
    patient = "" if line.simulated else line.patient_id
    return of_signer("true" if line.verified == "known" else known_here(line.signer, patient, folder), line.signer)


def known_here(signer: str, patient_id: str, folder: Path) -> Known:
    """This computer's own key and the trusted ones are known."""
    trusted = signers.load(folder)
    if (folder / KEY_FILE).exists():
        try:
            trusted = (*trusted, signers.Trusted(load_signer(folder).fingerprint))
        except RecordError:
            pass  # the own key is damaged: then it is not known, which is what is said
    return signers.known(trusted, signer, patient_id)


def of_signer(known: Known, signer: str) -> Seal:
    """Nothing was altered; by whom it is signed."""
    state, said = {
        "true": ("good", words.whole()),
        "false": ("unknown", words.unknown_signer()),
        "changed": ("changed", words.changed_signer()),
    }[known]
    return Seal(state, said, words.signed(signer))  # pyright: ignore[reportArgumentType]
