"""logind over D-Bus, as far as the room needs it: set a backlight without root, keep the computer awake.

Used by the supervisor (and by a monitor whose supervisor is gone). The connection stays open: opening it again for each
step of a ramp costs thirty times the step. Every call is bounded; nothing is ever asked of the user by polkit.
"""

from __future__ import annotations

import contextlib
import importlib
from enum import StrEnum
from typing import Any

from devices.error import DeviceError

CALL_WITHIN_S = 2.0
BUS_NAME = "org.freedesktop.login1"


class LogindFault(StrEnum):
    """Why logind did not do it."""

    ABSENT = "absent"
    DENIED = "denied"
    REFUSED = "refused"
    SILENT = "silent"


class LogindError(DeviceError):
    """fault, and the D-Bus error's name or the system's words as detail."""

    def __init__(self, fault: LogindFault, detail: str = "") -> None:
        super().__init__(fault, detail)
        self.fault, self.detail = fault, detail


class Inhibitor:
    """One inhibitor that is held: logind lets go of it when its file descriptor closes, however that happens."""

    def __init__(self, what: str, held: Any) -> None:
        self.what = what
        self._held = held

    def release(self) -> None:
        """Let go; a second time does nothing."""
        held, self._held = self._held, None
        if held is not None:
            held.close()


class Logind:
    """A connection to logind, opened at the first call and again after one that failed. One thread at a time."""

    def __init__(self, within_s: float = CALL_WITHIN_S) -> None:
        self._within_s = within_s
        self._connection: Any = None

    def set_brightness(self, device: str, raw: int) -> None:
        """Set a backlight of the caller's own session to the device's own number. Raises LogindError."""
        arguments = ("backlight", device, raw)
        self._call("/org/freedesktop/login1/session/auto", "Session", "SetBrightness", "ssu", arguments)

    def inhibit(self, what: str, who: str, why: str) -> Inhibitor:
        """Hold `what` ("sleep", "idle", "handle-lid-switch", joined by colons) in mode block. Raises LogindError."""
        arguments = (what, who, why, "block")
        (held,) = self._call("/org/freedesktop/login1", "Manager", "Inhibit", "ssss", arguments)
        return Inhibitor(what, held)

    def close(self) -> None:
        """Close the connection; inhibitors have descriptors of their own and stay."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(OSError):
                connection.close()

    def _call(self, path: str, interface: str, method: str, signature: str, arguments: tuple[Any, ...]) -> Any:
        jeepney = _jeepney()
        address = jeepney.DBusAddress(path, bus_name=BUS_NAME, interface=f"{BUS_NAME}.{interface}")
        message = jeepney.new_method_call(address, method, signature, arguments)
        try:
            return jeepney.wrappers.unwrap_msg(self._open().send_and_get_reply(message, timeout=self._within_s))
        except jeepney.DBusErrorResponse as error:
            raise LogindError(_fault_of(str(error.name)), str(error.name)) from error
        except TimeoutError as error:
            self.close()  # a reply that comes too late would be taken for the next call's
            raise LogindError(LogindFault.SILENT, method) from error
        except (OSError, RuntimeError, KeyError, StopIteration) as error:
            self.close()
            raise LogindError(LogindFault.ABSENT, str(error)) from error

    def _open(self) -> Any:
        if self._connection is None:
            self._connection = _jeepney().io.blocking.open_dbus_connection("SYSTEM", enable_fds=True)
        return self._connection


def _jeepney() -> Any:
    importlib.import_module("jeepney.io.blocking")  # late: only Linux has it; as Any: it has no types
    return importlib.import_module("jeepney")


def _fault_of(name: str) -> LogindFault:
    word = name.rpartition(".")[2]
    if word in ("AccessDenied", "InteractiveAuthorizationRequired", "NotInControl", "PermissionDenied"):
        return LogindFault.DENIED
    if word in ("ServiceUnknown", "NameHasNoOwner", "UnknownObject", "NoSessionForPID", "NoSuchSession"):
        return LogindFault.ABSENT
    return LogindFault.SILENT if word in ("NoReply", "Timeout") else LogindFault.REFUSED
