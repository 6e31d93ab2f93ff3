"""A keyring for tests, and a data folder with a key."""

from __future__ import annotations

import threading
from pathlib import Path

from keyring.backend import KeyringBackend

from kiosk.vault import place
from kiosk.vault.key import Key, new_key


class Drawer(KeyringBackend):
    """Keeps what is put into it. opened: while it is not set, it waits, as a dialog does. broken: raises."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[tuple[str, str], str] = {}
        self.opened = threading.Event()
        self.opened.set()
        self.asked = 0
        self.broken = False
        self.forgetful = False

    def get_password(self, service: str, username: str) -> str | None:
        """What was put there."""
        self.asked += 1
        self.opened.wait()
        if self.broken:
            raise RuntimeError("the service is gone")
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Put it there."""
        if not self.forgetful:
            self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        """Take it out."""
        self.held.pop((service, username), None)


def with_key(folder: Path) -> Key:
    """A key in a file of this folder."""
    key = new_key()
    place.save(folder, place.in_file(key))
    return key
