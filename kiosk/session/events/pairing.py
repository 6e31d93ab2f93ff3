"""Bonds between a device and this computer."""

from __future__ import annotations

from kiosk.session.events.event import Event


class PairingAsked(Event, frozen=True, tag="pairing_asked"):
    """A person was asked before a device was paired: a number "shown", "asked", "compared", or none ("allowed").

    The number itself is never recorded.
    """

    device: str
    question: str


class Paired(Event, frozen=True, tag="paired"):
    """Device and computer have a bond from now on."""

    device: str


class PairingFailed(Event, frozen=True, tag="pairing_failed"):
    """There is no bond, or none that the device knows (`devices.pairing.PairingFault` as word)."""

    device: str
    why: str
    detail: str = ""


class BondForgotten(Event, frozen=True, tag="bond_forgotten"):
    """The computer's side of a bond was removed, because a person asked for it."""

    device: str


PairingEvent = PairingAsked | Paired | PairingFailed | BondForgotten
