"""`kiosk devices`: find, choose and forget oximeter and cuff. Only chosen devices are ever recorded in a session."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from typing import TYPE_CHECKING, Any

import msgspec

from kiosk.command import Subparsers, new
from kiosk.failure import Reason, Refusal
from kiosk.text.pairing import SENTENCES, filled, not_paired

if TYPE_CHECKING:
    from kiosk.settings import ChosenDevice

ROLES = ("oximeter", "cuff", "strap")
PAIR_WITHIN_S = 60.0


def add(subparsers: Subparsers) -> None:
    """Grammar of the command."""
    parser = new(
        subparsers,
        "devices",
        "Find and choose devices.",
        "kiosk devices add F0:F1:F2:F3:F4:01 --role oximeter",
        json=True,
    )
    parser.add_argument("action", nargs="?", choices=("scan", "list", "add", "forget", "supported"), default="list")
    parser.add_argument(
        "address", nargs="?", default=None, help="the device's address, for add and forget; add without one asks"
    )
    parser.add_argument("--role", choices=ROLES, default=None, help="what it is used as (add)")
    parser.add_argument("--driver", default=None, help="driver, if the advertisement does not tell (add)")
    parser.add_argument("--pair", action="store_true", help="pair it now; done anyway where it must be (add)")
    parser.add_argument("--no-pair", action="store_true", help="choose it without pairing (add)")
    parser.add_argument("--pair-again", action="store_true", help="forget an old bond first (add)")
    parser.add_argument("--no-look", action="store_true", help="choose it without comparing its number (add)")
    parser.add_argument("--adapter", default="auto", metavar="A", help="auto, hci0, or virtual:HOST:PORT")
    parser.add_argument("--seconds", type=float, default=8.0, metavar="N", help="how long to look (scan, add)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Do one action; prints what is known after it."""
    rows = {"scan": _scan, "list": _list, "add": _add, "forget": _forget, "supported": _supported}[args.action](args)
    if args.json:
        sys.stdout.write(json.dumps(rows) + "\n")
        return 0
    for row in rows:
        shown = [str(value) for value in row.values() if not isinstance(value, bool) and value not in (None, "", [])]
        sys.stdout.write("  ".join(shown) + "\n")
    if not rows:
        sys.stdout.write(_EMPTY.get(args.action, "") + "\n")
    return 0


_EMPTY = {
    "scan": "No device in range. Switch the device on; cuffs can be seen only right after a measurement.",
    "list": "No device is chosen yet. `kiosk devices scan` finds them.",
    "forget": "No device is chosen now.",
}


def _scan(args: argparse.Namespace) -> list[dict[str, Any]]:
    from devices.adapter import AdapterError
    from devices.scan import scan

    try:
        seen = asyncio.run(scan(args.adapter, args.seconds))
    except AdapterError as error:
        raise Refusal(Reason.NO_ADAPTER, adapter_sentence(str(error.fault), error.detail)) from error
    rows = [msgspec.to_builtins(one) for one in sorted(seen, key=lambda one: -one.rssi)]
    for row in rows:
        row["supported"] = row["driver_id"] is not None
    return rows


def adapter_sentence(fault: str, detail: str) -> str:
    """Why the computer's Bluetooth cannot be used, and what to do."""
    first = {
        "off": "Bluetooth is switched off. Switch it on in the system's settings.",
        "missing": "No Bluetooth was found. Plug in an adapter, or switch Bluetooth on; `kiosk doctor` looks closer.",
        "denied": "This user may not use Bluetooth. Allow it in the system's settings.",
    }.get(fault, "Bluetooth cannot be used. `kiosk doctor` looks closer.")
    return f"{first} ({detail})" if detail else first


def _list(args: argparse.Namespace) -> list[dict[str, Any]]:
    devices = _load(args)[1].devices
    return [{**msgspec.to_builtins(device), "known_by": _known_by(device)} for device in devices]


def _known_by(device: ChosenDevice) -> str:
    """By what a session knows it again."""
    return "known by its bond" if device.bonded else f"known by its {'serial number' if device.serial else 'address'}"


def _add(args: argparse.Namespace) -> list[dict[str, Any]]:
    from kiosk.settings import ChosenDevice, save_state

    if not args.address:
        args.address = _picked(args)
    address, driver, name = _needed_address(args), args.driver, ""
    if driver is None:
        driver, name = _recognised(args, address)
    driver_kind = _drivers().get(driver or "")
    if driver is None or driver_kind is None:
        raise Refusal(Reason.NOT_FOUND, f"{address} is not supported. `kiosk devices supported` lists what is.")
    chosen = ChosenDevice(address, args.role or driver_kind, driver, name)
    folder, state = _load(args)
    _pair(args, chosen)
    chosen = _looked_at(args, chosen)
    others = tuple(d for d in state.devices if d.address != address and d.role != chosen.role)
    save_state(folder, msgspec.structs.replace(state, devices=(*others, chosen)))
    return _list(args)


def _recognised(args: argparse.Namespace, address: str) -> tuple[str | None, str]:
    """Driver and name of a device in range; one that could be several families' is asked."""
    found = next((row for row in _scan(args) if row["address"].lower() == address), None)
    if found is None:
        raise Refusal(Reason.NOT_FOUND, f"{address} is not in range. Switch it on and try again, or give --driver.")
    if found["refused"]:
        raise Refusal(Reason.NOT_FOUND, f"{found['name'] or address} cannot be used. {found['refused']}")
    return found["driver_id"] or _asked(args, address, found["candidates"]), found["name"]


def _asked(args: argparse.Namespace, address: str, candidates: list[str]) -> str | None:
    if not candidates:
        return None
    from devices.adapter import RADIO_ERRORS, AdapterError
    from devices.catalog import DRIVERS
    from devices.error import DeviceError
    from devices.probe import probe

    try:
        found = asyncio.run(probe(args.adapter, address, [DRIVERS[one] for one in candidates]))
    except AdapterError as error:
        raise Refusal(Reason.NO_ADAPTER, adapter_sentence(str(error.fault), error.detail)) from error
    except (DeviceError, *RADIO_ERRORS) as error:
        raise Refusal(Reason.NOT_FOUND, f"{address} could not be asked what it is. Try again.") from error
    return found.id if found else None


def _pair(args: argparse.Namespace, chosen: ChosenDevice) -> None:
    """Before it is chosen: a device that must be paired and is not would never be heard. Raises Refusal."""
    from devices.catalog import DRIVERS

    driver = DRIVERS[chosen.driver]
    if args.no_pair or not (driver.needs_bond or args.pair or args.pair_again):
        return
    from devices.adapter import RADIO_ERRORS, AdapterError
    from devices.pair import pair
    from devices.pairing import PairingError
    from kiosk.command.asking import Terminal

    name = f"the {chosen.role}"
    try:
        paired = asyncio.run(
            pair(args.adapter, chosen.address, Terminal(name).ask, PAIR_WITHIN_S, forget=args.pair_again)
        )
    except AdapterError as error:
        raise Refusal(Reason.NO_ADAPTER, adapter_sentence(str(error.fault), error.detail)) from error
    except PairingError as error:
        raise Refusal(Reason.NOT_PAIRED, not_paired(str(error.fault), name, driver.note)) from error
    except RADIO_ERRORS as error:
        raise Refusal(Reason.NOT_PAIRED, not_paired("away", name, driver.note)) from error
    sys.stderr.write(filled(SENTENCES["paired"] if paired else SENTENCES["heard"], name) + "\n")


def _picked(args: argparse.Namespace) -> str:
    """The address of a device in range that the person names by its place in a list; "" without a terminal."""
    if not sys.stdin.isatty():
        return ""
    rows = [row for row in _scan(args) if row["driver_id"] or row["candidates"]]
    if not rows:
        raise Refusal(Reason.NOT_FOUND, _EMPTY["scan"])
    for place, row in enumerate(rows, 1):
        sys.stderr.write(f"{place}  {row['name'] or '(no name)'}  {row['address']}  {row['rssi']} dBm\n")
    sys.stderr.write("Which one? Its place in this list: ")
    sys.stderr.flush()
    answer = sys.stdin.readline().strip()
    if not answer.isdecimal() or not 1 <= int(answer) <= len(rows):
        raise Refusal(Reason.NEEDS_ANSWER, "Nothing was chosen.")
    return str(rows[int(answer) - 1]["address"])


def _looked_at(args: argparse.Namespace, chosen: ChosenDevice) -> ChosenDevice:
    """Chosen by looking, with what it is known by; unseen where nobody can look. Raises Refusal."""
    if args.no_look or not sys.stdin.isatty():
        sys.stderr.write("Chosen without looking: compare its number with the device's own before a session.\n")
        return chosen
    from devices.adapter import AdapterError
    from devices.pairing import PairingError
    from kiosk.command.looking import look

    name = f"the {chosen.role}"
    try:
        looked = asyncio.run(look(args.adapter, chosen))
    except AdapterError as error:
        raise Refusal(Reason.NO_ADAPTER, adapter_sentence(str(error.fault), error.detail)) from error
    except PairingError as error:
        raise Refusal(Reason.NOT_PAIRED, not_paired(str(error.fault), name, "")) from error
    except TimeoutError as error:
        sentence = f"No number of {name} came. Is it on, near and worn? To choose it without looking: --no-look."
        raise Refusal(Reason.NOT_FOUND, sentence) from error
    finally:
        sys.stderr.write("\n")
    if not looked.same:
        raise Refusal(Reason.NEEDS_ANSWER, f"Not chosen: {name} shows another number, so it may be another device.")
    return msgspec.structs.replace(chosen, serial=looked.serial, bonded=looked.bonded)


def _forget(args: argparse.Namespace) -> list[dict[str, Any]]:
    from kiosk.settings import save_state

    address = _needed_address(args)
    folder, state = _load(args)
    kept = tuple(d for d in state.devices if d.address != address)
    if len(kept) == len(state.devices):
        raise Refusal(Reason.NOT_FOUND, f"{address} is not a chosen device. `kiosk devices list` shows them.")
    save_state(folder, msgspec.structs.replace(state, devices=kept))
    return _list(args)


def _supported(args: argparse.Namespace) -> list[dict[str, Any]]:
    """Every family with how well it is known, then those that are recognised and cannot be used, with the reason."""
    from devices.catalog import DRIVERS
    from devices.drivers.refused import REFUSED

    rows = [
        {"driver": d.id, "kind": d.kind, "title": d.title, "tested_by": d.tested_by, "note": d.note}
        for d in sorted(DRIVERS.values(), key=lambda driver: (driver.kind, driver.id))
    ]
    refused = [{"driver": None, "kind": "refused", "title": r.title, "tested_by": None, "note": r.why} for r in REFUSED]
    return rows + refused


def _drivers() -> dict[str, str]:
    from devices.catalog import DRIVERS

    return {driver.id: driver.kind for driver in DRIVERS.values()}


def _needed_address(args: argparse.Namespace) -> str:
    if not args.address:
        raise Refusal(Reason.NOT_FOUND, f"Say which device: kiosk devices {args.action} ADDRESS.")
    return str(args.address).lower()


def _load(args: argparse.Namespace) -> tuple[Any, Any]:
    from kiosk.launch import prepare_folder
    from kiosk.settings import SettingsError, load_state

    folder = prepare_folder(args.data_dir)
    try:
        return folder, load_state(folder)
    except SettingsError as error:
        raise Refusal(Reason.BAD_SETTING, str(error)) from error
