"""`kiosk key`: the key that seals this computer's sessions, whose sessions are known here, and the record's own key.

show, trust and list are about signing; new, code, lock, unlock and restore about encryption (`safekeeping`).
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from kiosk.command import Subparsers, new
from kiosk.failure import Reason, Refusal

if TYPE_CHECKING:
    from kiosk.signers import Trusted

SAFEKEEPING = ("new", "code", "lock", "unlock", "restore")


def add(subparsers: Subparsers) -> None:
    """Grammar of the command."""
    parser = new(
        subparsers,
        "key",
        "Signing: show this computer's key, trust another one's, list the trusted ones. "
        "Encryption of the record: new, code, lock, unlock, restore.",
        "kiosk key trust 1f0c4-77a1b-03e9d-5520f-c3d18 --name 'Robin at home'; kiosk key lock keyring",
        json=True,
    )
    parser.add_argument(
        "action",
        choices=("show", "trust", "list", *SAFEKEEPING),
        metavar=f"show|trust|list|{'|'.join(SAFEKEEPING)}",
        help="show: this computer's fingerprint; trust: know another one from now on; list: all that are known; new: "
        "encrypt this data folder; code: show its recovery code; lock: keep its key elsewhere; unlock: give it to a "
        "room that runs; restore: take it from its recovery code",
    )
    parser.add_argument(
        "key",
        nargs="?",
        metavar="FINGERPRINT|FILE|PLACE",
        help="for trust: as read out, or a session file signed with it; for new, lock and restore: file, keyring or "
        "passphrase",
    )
    parser.add_argument("--name", default="", help="for trust: whose it is")
    parser.add_argument(
        "--provider",
        action="store_true",
        help="the key that signs plans: show a provider's own, or trust one by its fingerprint or by a plan signed "
        "with it",
    )
    parser.add_argument("--yes", action="store_true", help="for trust FILE: the fingerprint was compared already")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """One of them; exit 1 where nothing was shown or done."""
    from kiosk.launch import prepare_folder

    if args.action in SAFEKEEPING:
        from kiosk.command.safekeeping import run as keep

        return keep(args, prepare_folder(args.data_dir))
    if (args.key is None) == (args.action == "trust"):
        wanted = "FINGERPRINT or a session FILE" if args.key is None else "nothing behind it"
        raise Refusal(Reason.BAD_SETTING, f"kiosk key {args.action} takes {wanted}.")
    folder = prepare_folder(args.data_dir)
    return {"show": _show, "trust": _trust, "list": _list}[args.action](args, folder)


def _show(args: argparse.Namespace, folder: Path) -> int:
    from kiosk.record.fault import RecordError
    from kiosk.record.seal import KEY_FILE, PROVIDER_FILE, load_signer

    file = PROVIDER_FILE if args.provider else KEY_FILE
    try:
        signer = load_signer(folder, file)
    except RecordError as error:
        raise Refusal(Reason.FAILED, f"The signing key cannot be used ({error.detail}).") from error
    facts = {"fingerprint": signer.fingerprint, "public_key": signer.public_key.hex(), "file": str(folder / file)}
    what = (
        "Read it out to the household: the plans that you sign are known by it."
        if args.provider
        else "Tell it to the provider by voice: each session file is signed with it."
    )
    _print(args, facts, f"{signer.fingerprint}\n{what}")
    if sys.stdout.isatty() and not args.json:
        import segno

        segno.make(signer.fingerprint.upper(), error="m", micro=False).terminal(sys.stdout, compact=True)
    return 0


def _trust(args: argparse.Namespace, folder: Path) -> int:
    from kiosk import signers

    typed = "".join(args.key.split()).lower()
    if signers.FINGERPRINT.fullmatch(typed):
        new_one = _of(typed, args.name)
    else:
        new_one = _of_plan(args) if args.provider else _of_file(args)
    if args.provider:
        new_one = msgspec.structs.replace(new_one, signs="plans")
    trusted = signers.trust(signers.load(folder), new_one)
    signers.save(folder, trusted)
    _print(args, msgspec.to_builtins(new_one), f"{new_one.fingerprint} is trusted from now on.")
    return 0


def _of(fingerprint: str, name: str, patients: tuple[str, ...] = ()) -> Trusted:
    from kiosk.clock import Clock, iso
    from kiosk.signers import Trusted

    return Trusted(fingerprint, name, iso(Clock().now().utc_ns), patients)


def _of_plan(args: argparse.Namespace) -> Trusted:
    """The signer of a plan that is as it was signed, once a person says that the fingerprint is the right one."""
    from kiosk.planfile import read_plan

    found = read_plan(args.key).signature
    if found is None:
        raise Refusal(Reason.FAILED, f"{args.key} is not signed: there is no key in it to trust.")
    if not args.yes and not _agreed(found.key, "provider"):
        raise Refusal(Reason.NEEDS_ANSWER, f"Compare {found.key} with what the provider reads out, then add --yes.")
    return _of(found.key, args.name)


def _of_file(args: argparse.Namespace) -> Trusted:
    """The signer of a session file that is whole, once a person says that the fingerprint is the right one."""
    from kiosk.command.verify import verdict_of

    path = Path(args.key)
    if not path.exists():
        raise Refusal(Reason.NOT_FOUND, f"{args.key} is neither a fingerprint nor a file.")
    verdict = verdict_of(path)
    looked = verdict.looked
    if not verdict.ok or looked is None or looked.opened is None:
        raise Refusal(Reason.FAILED, f"{path} is not complete and unaltered: {' '.join(verdict.problems)}")
    if not verdict.is_of_one_signer:
        raise Refusal(Reason.FAILED, f"{path} was recorded with another key than it is signed with.")
    if not args.yes and not _agreed(verdict.signer):
        raise Refusal(Reason.NEEDS_ANSWER, f"Compare {verdict.signer} with what the sitter reads out, then add --yes.")
    opened = looked.opened
    patients = (opened.patient_id,) if opened.patient_id and not opened.simulated else ()
    return _of(verdict.signer, args.name, patients)


def _agreed(fingerprint: str, who: str = "sitter") -> bool:
    if not sys.stdin.isatty():
        return False
    sys.stderr.write(f"{fingerprint}\nDoes the {who} read out the same? Type yes: ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() == "yes"


def _list(args: argparse.Namespace, folder: Path) -> int:
    from kiosk import signers

    trusted = signers.load(folder)
    lines = [f"{one.fingerprint}  {one.name or '-'}  {one.signs}, since {one.trusted_utc[:10]}" for one in trusted]
    _print(args, msgspec.to_builtins(trusted), "\n".join(lines) or "No other computer's key is trusted yet.")
    return 0


def _print(args: argparse.Namespace, facts: object, words: str) -> None:
    sys.stdout.write((json.dumps(facts) if args.json else words) + "\n")
