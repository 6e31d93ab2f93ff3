"""Two hands that do the same acts: one presses the key that a button shows, the other clicks the button's name."""

from __future__ import annotations

import time
from typing import Protocol

from stage import NeverError, Stage

_KEYSYMS = {"Enter": "Return", "Esc": "Escape", "Space": "space", "→": "Right", "Tab": "Tab"}
MEANT_S = 0.45  # no faster than a person: a second press within 0.3 s is taken for a double one


def _keysym(key: str) -> str:
    return _KEYSYMS.get(key, key.lower() if len(key) == 1 else key)


class Hand(Protocol):
    """key: as the button shows it; name: its words."""

    def press(self, key: str, name: str) -> None:
        """One press."""
        ...

    def digits(self, digits: str) -> None:
        """Digits into the field that has the focus."""
        ...

    def onward(self) -> None:
        """To the next field."""
        ...

    def words(self, words: str) -> None:
        """Words into the field that has the focus."""
        ...

    def hold(self, key: str, name: str, seconds: float) -> None:
        """A press that is held."""
        ...


class Keys:
    """The keyboard alone."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def press(self, key: str, name: str) -> None:
        time.sleep(MEANT_S)
        self._stage.key(_keysym(key))

    def digits(self, digits: str) -> None:
        time.sleep(MEANT_S)
        self._stage.type(digits)

    def onward(self) -> None:
        self._stage.key("Tab")

    def words(self, words: str) -> None:
        time.sleep(MEANT_S)
        self._stage.type(words)

    def hold(self, key: str, name: str, seconds: float) -> None:
        time.sleep(MEANT_S)
        with self._stage.holding("key", _keysym(key)):
            time.sleep(seconds)


class Mouse:
    """The mouse alone: not one key is pressed."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def press(self, key: str, name: str) -> None:
        time.sleep(MEANT_S)
        self._stage.click(*self._stage.place(name))

    def digits(self, digits: str) -> None:
        for digit in digits:
            self.press("", digit)

    def onward(self) -> None:
        self.press("", "Next field" if is_shown(self._stage, "Next field") else "Next")

    def words(self, words: str) -> None:
        for letter in words:
            name = {" ": "Space"}.get(letter, letter)  # the first letter stands there as a capital
            self.press("", name if is_shown(self._stage, name) else name.upper())

    def hold(self, key: str, name: str, seconds: float) -> None:
        time.sleep(MEANT_S)
        self._stage.point(*self._stage.place(name))
        with self._stage.holding("mouse", 1):
            time.sleep(seconds)


def is_shown(stage: Stage, name: str) -> bool:
    """Whether a button of this name can be pressed now."""
    try:
        stage.place(name, 0.5)
    except NeverError:
        return False
    return True
