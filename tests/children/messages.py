"""The messages of the tests' own children."""

from __future__ import annotations

import msgspec


class Word(msgspec.Struct, frozen=True, tag="word"):
    text: str
    n: int = 0


class State(msgspec.Struct, frozen=True, tag="state"):
    n: int
    padding: str = ""


class Page(msgspec.Struct, frozen=True, tag="page"):
    n: int
    padding: str = ""


class Leave(msgspec.Struct, frozen=True, tag="leave"):
    pass


ToTest = Word | State | Page | Leave
FromTest = Word | State
