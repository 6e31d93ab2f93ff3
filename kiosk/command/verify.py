"""`kiosk verify FILE`: is a session file complete and unaltered, and by whom is it signed?"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.command import Subparsers, new
from kiosk.command.envelope import add_identity, identities_of
from kiosk.failure import Reason, Refusal
from kiosk.text.export import plan_signed

if TYPE_CHECKING:
    from kiosk.exchange.envelope import Identity
    from kiosk.exchange.verify import Verdict
    from kiosk.signers import Known

NOT_OPENED = 3
"""Exit code where a file is encrypted for others: whoever asks must not take that for an altered one."""
_WHO = {
    "true": "a key that is known here",
    "false": "a key that is not known here: compare it with what the sitter reads out, then `kiosk key trust`",
    "changed": "ANOTHER key than the one known for this patient or session: ask why before you believe it",
}


def add(subparsers: Subparsers) -> None:
    """Grammar of the command."""
    parser = new(
        subparsers,
        "verify",
        "Say whether a session file is complete and unaltered.",
        "kiosk verify 2026-11-24-s-0123.session.zip --trusted-only",
        json=True,
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="the session file")
    add_identity(parser)
    parser.add_argument("--trusted-only", action="store_true", help="exit 1 also where the signer is not known here")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Exit 0: complete and unaltered (and by a known signer, if that is asked for); NOT_OPENED: nobody could look."""
    from kiosk import datadir

    verdict = verdict_of(args.file, identities_of(args))
    known = signer_known(verdict, Path(args.data_dir) if args.data_dir else datadir.default())
    if args.trusted_only and verdict.ok and known != "true":
        verdict.problems.append(f"It is signed with {_WHO[known].split(':')[0]}.")
    if args.json:
        sys.stdout.write(json.dumps(_facts(verdict, known)) + "\n")
    else:
        sys.stdout.write("\n".join(_words(verdict, known)) + "\n")
    if verdict.ok:
        return 0
    if verdict.closed:
        sys.stderr.write(f"kiosk: {args.file} was not looked at: {verdict.problems[0]}\n")
        return NOT_OPENED
    sys.stderr.write(f"kiosk: {args.file} is not to be relied on: {verdict.problems[0]}\n")
    return 1


def verdict_of(path: Path, keys: Sequence[Identity] = ()) -> Verdict:
    """Look at a file. keys: for one that is encrypted. Raises Refusal where it cannot be read."""
    from kiosk.exchange.verify import verify

    try:
        return verify(path, keys)
    except OSError as error:
        raise Refusal(Reason.NOT_FOUND, f"{path} cannot be read ({error.strerror}).") from error


def signer_known(verdict: Verdict, folder: Path) -> Known:
    """This computer's own key and the trusted ones are known; who signed but did not record is a change."""
    from kiosk import signers
    from kiosk.record.fault import RecordError
    from kiosk.record.seal import KEY_FILE, load_signer

    looked = verdict.looked
    if not verdict.signer or looked is None or looked.opened is None:
        return "false"
    if not verdict.is_of_one_signer:
        return "changed"
    trusted = signers.load(folder)
    if (folder / KEY_FILE).exists():
        try:
            trusted = (*trusted, signers.Trusted(load_signer(folder).fingerprint))
        except RecordError:
            pass  # the own key is damaged: then it is not known, which is what is said
    return signers.known(trusted, verdict.signer, "" if looked.opened.simulated else looked.opened.patient_id)


def _facts(verdict: Verdict, known: Known) -> dict[str, object]:
    looked = verdict.looked
    counts = looked.counts if looked else None
    return {
        "ok": verdict.ok,
        "opened": not verdict.closed,
        "session": looked.session_id if looked else "",
        "events": counts.events if counts else 0,
        "readings": counts.readings if counts else 0,
        "waveforms": counts.waveforms if counts else 0,
        "gaps": counts.gaps if counts else 0,
        "simulated": bool(looked and looked.opened and looked.opened.simulated),
        "ended": bool(looked and looked.ended),
        "plan_signer": verdict.manifest.plan_signer if verdict.manifest else "",
        "signer": verdict.signer,
        "signer_known": known,
        "problems": verdict.problems,
        "notes": verdict.notes,
    }


def _words(verdict: Verdict, known: Known) -> list[str]:
    lines = [*verdict.problems]
    looked = verdict.looked
    if verdict.ok and looked and looked.opened:
        c = looked.counts
        lines.append(f"Complete and unaltered: session {looked.session_id}, {c.rows} rows.")
        lines.append(f"Events {c.events}, readings {c.readings}, blocks of waveform {c.waveforms}, gaps {c.gaps}.")
        if verdict.manifest:
            lines.append(plan_signed(verdict.manifest.plan_signer))
        if looked.opened.simulated:
            lines.append("SIMULATED DEVICES. The values mean nobody.")
    if verdict.signer:
        lines.append(f"Signed by {verdict.signer}, {_WHO[known]}.")
    return [*lines, *verdict.notes]
