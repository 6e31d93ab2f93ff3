"""The desktop's keyring, by the `keyring` library: asked in a thread, because it may open a dialog and wait.

The library is imported in that thread, too: it takes a third of a second.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from kiosk.vault.fault import Reason, VaultError
from kiosk.vault.key import Key

SERVICE = "session-room record"


class Asking:
    """One question to the keyring, on its way or answered. found: told of the key in the asking thread."""

    def __init__(self, key_id: str, found: Callable[[Key], object]) -> None:
        self.key: Key | None = None
        self.why = "the keyring has not answered yet"
        self._done = threading.Event()
        self._key_id, self._found = key_id, found
        threading.Thread(target=self._ask, name="keyring", daemon=True).start()

    def wait(self, within_s: float) -> Key | None:
        """The key, None where none came within the time; `why` says the rest."""
        self._done.wait(within_s)
        return self.key

    def _ask(self) -> None:
        """Top of the thread: whatever a backend raises is told as "no key", for nothing else may come of it."""
        try:
            self.key = get(self._key_id)
            self._found(self.key)
        except VaultError as error:
            self.why = error.detail or str(error.reason)
        except Exception as error:  # noqa: BLE001 - backends raise what their system raises
            self.why = type(error).__name__
        finally:
            self._done.set()


def get(key_id: str) -> Key:
    """The key of this id. Raises VaultError LOCKED, or what the backend raises."""
    import keyring

    text = keyring.get_password(SERVICE, key_id)
    if text is None:
        raise VaultError(Reason.LOCKED, detail="the keyring does not hold it")
    try:
        key = Key(bytes.fromhex(text))
    except ValueError as error:
        raise VaultError(Reason.DAMAGED, detail="in the keyring") from error
    if key.id != key_id:
        raise VaultError(Reason.DAMAGED, detail="in the keyring")
    return key


def put(key: Key) -> str:
    """Keep the key there, look whether it really is, and say which keyring that was. Raises VaultError NO_KEYRING."""
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(SERVICE, key.id, key.secret.hex())
        get(key.id)
    except (KeyringError, VaultError, OSError) as error:
        raise VaultError(Reason.NO_KEYRING, detail=str(error).split("\n")[0][:120]) from error
    return str(keyring.get_keyring().name)


def forget(key_id: str) -> None:
    """Take it out again, where it is."""
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.delete_password(SERVICE, key_id)
    except KeyringError:
        pass  # it was not there, or the keyring is closed: the key elsewhere is what counts
