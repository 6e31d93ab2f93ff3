"""Words about whose device it is: how the chosen one was known again, what is in doubt, and what a person said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.session import events as e
from kiosk.text.catalogue import _

if TYPE_CHECKING:
    from kiosk.text.event import Names

_BY = {"bond": "its bond", "serial": "its serial number", "address": "its address"}


def doubt(v: e.DeviceDoubted) -> str:
    """ "Its serial number is 5678, not 1234.", for a log and for a person who looks."""
    if v.address != v.device:
        return _("The same serial number, {serial}, at another address.").format(serial=v.serial)
    if not v.serial:
        return _("It says no serial number; it was {expected}.").format(expected=v.expected)
    return _("Its serial number is {serial}, not {expected}.").format(serial=v.serial, expected=v.expected)


def doubted(v: e.DeviceDoubted, names: Names) -> str:
    """As an event."""
    return _capital(_("{device} may be another one. ").format(device=names.device(v.device)) + doubt(v))


def recognised(v: e.DeviceRecognised, names: Names) -> str:
    """As an event."""
    by = _(_BY.get(v.by, v.by))
    return _capital(_("{device} is the chosen one, known by {by}.").format(device=names.device(v.device), by=by))


def confirmed(v: e.DeviceConfirmed, names: Names) -> str:
    """As an event."""
    words = _("{sitter} looked: {device} is ours.") if v.is_chosen else _("{sitter} looked: {device} is another one.")
    return words.format(sitter=names.sitter, device=names.device(v.device))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
