"""`kiosk plan check|show|new|page|sign FILE`: the provider's plan, before anybody depends on it.

`check` tells every mistake with its line and what a plan leaves open; `show` says in words what it will do; `new`
writes one to be filled in, with the phases of its route; `page` makes the sitter's sheet for the night as PDF, or with
`--patient` the patient's page for the hours after, in large type; `sign` puts the provider's signature under it.
Neither `new` nor `page` overwrites a file; `sign` adds a line, or takes the place of an older one.
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
from kiosk.paper import region, uses_letter

if TYPE_CHECKING:
    from kiosk.exchange.fault import ExchangeError
    from kiosk.planfile import ReadPlan


def add(subparsers: Subparsers) -> None:
    """Grammar of the command."""
    parser = new(
        subparsers,
        "plan",
        "Check, show, begin, print or sign the provider's plan.",
        "kiosk plan page plan.toml --to tonight.pdf --paper a4",
        json=True,
    )
    parser.add_argument(
        "action",
        choices=("check", "show", "new", "page", "sign"),
        metavar="check|show|new|page|sign",
        help="look it over; say it in words; begin one to be filled in; make the sitter's one-page sheet (PDF); sign "
        "it with the provider's key of this data folder, made on the first need",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="the plan (TOML)")
    parser.add_argument("--route", default="sublingual", metavar="ROUTE", help="for new: how the medicine is taken")
    parser.add_argument(
        "--to", type=Path, metavar="PATH", help="for page: where to; without it FILE-page.pdf, FILE-patient.pdf"
    )
    parser.add_argument("--paper", choices=("a4", "letter"), help="for page; without it what the region uses")
    parser.add_argument("--patient", action="store_true", help="for page: the patient's, for the hours after")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """One of them; exit 1 where the plan cannot be used or the file is there already."""
    if args.action == "new":
        return _new(args.file, args.route)
    if args.action == "page":
        return _page(args)
    if args.action == "sign":
        return _sign(args)
    from kiosk.planfile import read_plan
    from kiosk.text.plan import described

    if args.action == "check":
        return _check(args)
    read = read_plan(str(args.file))
    facts, words = _signature(args, read)
    if args.json:
        sys.stdout.write(json.dumps(msgspec.to_builtins(read.plan) | {"signature": facts}) + "\n")
    else:
        sys.stdout.write("\n".join([*described(read.plan), "", words]) + "\n")
    return 0


def _signature(args: argparse.Namespace, read: ReadPlan) -> tuple[dict[str, object], str]:
    """Whose plan it is, as facts and in words."""
    from kiosk import datadir
    from kiosk.opening import signature_event
    from kiosk.text.told import signature

    found = signature_event(read, Path(args.data_dir) if args.data_dir else datadir.default())
    return {"key": found.key, "known": found.known, "name": found.name}, signature(found.key, found.known, found.name)


def _sign(args: argparse.Namespace) -> int:
    """A plan that was changed since it was signed is signed anew: by whoever has the key, who looked at it."""
    from kiosk import signature
    from kiosk.launch import prepare_folder
    from kiosk.newfile import replaced
    from kiosk.planfile import read_text, usable
    from kiosk.record.fault import RecordError
    from kiosk.record.seal import PROVIDER_FILE, load_signer

    path: Path = args.file
    text = read_text(str(path))
    plan = usable(str(path), text)
    try:
        signer = load_signer(prepare_folder(args.data_dir), PROVIDER_FILE)
        with replaced(path) as part:
            part.write_bytes(signature.signed(text, signer).encode())
    except signature.SignatureError as error:
        raise Refusal(
            Reason.BAD_PLAN, f"{path} holds what is left of an older signature. Delete that line, then sign it again."
        ) from error
    except RecordError as error:
        raise Refusal(
            Reason.FAILED, f"The provider's key cannot be used ({error.detail}). Nothing was signed."
        ) from error
    except OSError as error:
        raise Refusal(Reason.FAILED, f"{path} cannot be written ({error.strerror}). It is as it was.") from error
    facts = {"plan": str(path), "key": signer.fingerprint, "confirmed": plan.confirmed is not None}
    said = (
        f"{path} is signed with {signer.fingerprint}. Read that out to the household once; they say: "
        f"kiosk key trust {signer.fingerprint} --provider --name YOU"
    )
    if plan.confirmed is None:
        said += "\nIts table [confirmed] is missing: a session started with it says that no provider confirmed it."
    sys.stdout.write((json.dumps(facts) if args.json else said) + "\n")
    return 0


def _check(args: argparse.Namespace) -> int:
    """As JSON a plan that cannot be used is an answer, too; exit 1 either way."""
    from kiosk.planfile import read_plan
    from kiosk.text.plan import left_open

    path, as_json = args.file, args.json
    try:
        read = read_plan(str(path))
        open_ = left_open(read.plan)
        facts, words = _signature(args, read)
    except Refusal as refusal:
        if not as_json:
            raise
        sys.stdout.write(json.dumps({"ok": False, "problems": refusal.sentence}) + "\n")
        return 1
    if as_json:
        sys.stdout.write(json.dumps({"ok": True, "left_open": open_, "signature": facts}) + "\n")
    else:
        sys.stdout.write(f"{path} can be used. {words}\n" + "".join(f"  left open: {line}\n" for line in open_))
    return 0


def _new(path: Path, route: str) -> int:
    from kiosk.planform import ROUTES, form

    if route not in ROUTES:
        raise Refusal(Reason.BAD_SETTING, f"--route {route!r} is not one of: {', '.join(ROUTES)}.")
    number, why = suggested_number(region())
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(form(route, number, why))
    except FileExistsError as error:
        raise Refusal(Reason.BAD_PLAN, f"{path} is there already and is left as it is. Choose another name.") from error
    except OSError as error:
        raise Refusal(Reason.BAD_PLAN, f"Cannot write {path} ({error.strerror}). Choose another place.") from error
    sys.stdout.write(f'{path} is written. Fill in every "<...>", then: kiosk plan check {path}\n')
    return 0


def _page(args: argparse.Namespace) -> int:
    """Writes the sheet and says where it is."""
    from kiosk.exchange.fault import ExchangeError
    from kiosk.exchange.page import page
    from kiosk.exchange.patient_page import patient_page
    from kiosk.exchange.pdf import Paper
    from kiosk.newfile import whole_file
    from kiosk.planfile import read_plan

    plan = read_plan(str(args.file)).plan
    paper = Paper(args.paper) if args.paper else Paper.LETTER if uses_letter(region()) else Paper.A4
    ending = "patient" if args.patient else "page"
    target: Path = args.to or args.file.with_name(f"{args.file.stem}-{ending}.pdf")
    try:
        content = patient_page(plan, paper) if args.patient else page(plan, paper)
        with whole_file(target) as part:
            part.write_bytes(content)
    except ExchangeError as error:
        raise Refusal(Reason.BAD_PLAN, _unprintable(error)) from error
    except FileExistsError as error:
        raise Refusal(Reason.FAILED, f"{target} is there already and is left as it is. Choose --to PATH.") from error
    except OSError as error:
        raise Refusal(Reason.FAILED, f"Cannot write {target} ({error.strerror}). Choose another --to PATH.") from error
    facts = {"page": str(target), "paper": paper.value, "confirmed": plan.confirmed is not None}
    said = f"{target} is one page on {_PAPER[paper]}."
    if plan.confirmed is None:
        said += " It says that no provider has confirmed the limits."
    sys.stdout.write((json.dumps(facts) if args.json else said) + "\n")
    return 0


def _unprintable(error: ExchangeError) -> str:
    """What to change in the plan so that the sheet can be made."""
    from kiosk.exchange.fault import Reason as Unmade

    if error.reason is Unmade.NO_LETTER:
        return f"The page's letters do not have {error.detail}. Write it in Latin, Greek or Cyrillic letters."
    return f"The plan does not fit on one page that can be read. Shorten the longest of it: {error.detail}."


_PAPER = {"a4": "A4", "letter": "Letter"}
_NUMBERS = {"US": "911", "CA": "911", "GB": "999", "IE": "112", "AU": "000", "NZ": "111", "CH": "144"}
_EUROPE = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IS",
        "IT",
        "LI",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "NO",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    ]
)


def suggested_number(region: str) -> tuple[str, str]:
    """Emergency number of a region, and why it is suggested; 112 where the region is not known."""
    if region in _NUMBERS:
        return _NUMBERS[region], f"suggested for {region}"
    if region in _EUROPE:
        return "112", f"suggested for {region}"
    return "112", "the region is not known"
