"""`kiosk monitor --capture`: the raw traffic of kept devices as lines of JSON, for a device that the authors lack.

Owned by the monitor, on the terminal only. The first line says what the file is; each further one is one `Line`. It
never holds anything of a device that is not kept, and a file that cannot be written any more ends the capture and
nothing else.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import msgspec

from devices.reading import DeviceDoubted, DeviceRecognised, Report
from devices.traffic import Advertised, Connected, Connecting, Disconnected, Kept, Passed, Traffic
from kiosk import __version__
from kiosk.failure import Reason, Refusal
from kiosk.standin import StandIns, Withholder

VERSION = 1
_encode = msgspec.json.Encoder().encode


class Header(msgspec.Struct, frozen=True):
    """The first line. capture: the form of the file. utc_offset_min: the local time that devices are judged by."""

    capture: int
    program: str
    utc_offset_min: int
    addresses: Literal["replaced", "real"]
    session: bool = False


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that passed. what: which; device: its address or a stand-in; utc_ns, boot_ns: when, by both clocks.

    hex: the bytes; withheld: how many bytes are left out because they name the device.
    """

    what: Literal["kept", "advertisement", "connecting", "connected", "notified", "read", "written", "disconnected"]
    device: str
    utc_ns: int
    boot_ns: int
    driver: str = ""
    name: str = ""
    rssi: int = 0
    services: tuple[str, ...] = ()
    makers: dict[str, str] = {}
    data: dict[str, str] = {}
    characteristics: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    characteristic: str = ""
    hex: str = ""
    withheld: int = 0


class Capture:
    """The open file. say: a sentence for the person at the terminal, when it cannot be written on."""

    def __init__(
        self, path: Path, utc_offset_min: int, say: Callable[[str], object], *, is_real: bool, is_session: bool
    ) -> None:
        """Raises Refusal when the file exists or cannot be made; it is made at once, readable by its owner only."""
        self._say = say
        self._path = path
        self._stand_ins = StandIns(is_real)
        self._withholders: dict[str, Withholder] = {}
        self._shown: dict[str, object] = {}
        self._doubted: set[str] = set()
        try:
            self._file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb", buffering=0)
        except FileExistsError as error:
            raise Refusal(Reason.FAILED, f"{path} exists already; a capture never overwrites. Name another.") from error
        except OSError as error:
            raise Refusal(Reason.FAILED, f"{path} cannot be written ({error.strerror}). Name another file.") from error
        addresses = "real" if is_real else "replaced"
        self._write(Header(VERSION, __version__, utc_offset_min, addresses, is_session))

    def take(self, traffic: Traffic) -> None:
        """One thing that passed, in the order of passing; of devices that are not kept nothing is written."""
        device = traffic.device
        if isinstance(traffic, Kept):
            self._withholders[device] = Withholder(traffic.driver, self._stand_ins)
        if device not in self._withholders or (device in self._doubted and isinstance(traffic, Passed)):
            return
        match traffic:
            case Kept(driver=driver):
                self._line("kept", traffic, driver=driver)
            case Advertised():
                self._advertised(traffic)
            case Connecting(name=name):
                self._decided(self._withholders[device].connecting())
                self._line("connecting", traffic, name=self._stand_ins.name(name))
            case Connected(characteristics=found):
                self._line("connected", traffic, characteristics=tuple(tuple(one) for one in found))
            case Passed(how="notified"):
                self._decided(self._withholders[device].take(traffic))
            case Passed():
                self._decided([(traffic, False)])
            case Disconnected():
                self._line("disconnected", traffic)

    def hear(self, report: Report) -> None:
        """Of a device that may be another one than the chosen no byte is written until it is known again."""
        match report:
            case DeviceDoubted(device=device):
                self._doubted.add(device)
            case DeviceRecognised(device=device):
                self._doubted.discard(device)
            case _:
                pass

    def close(self) -> None:
        """What still waits for the rest of its frame is written; then the file is given back."""
        for withholder in self._withholders.values():
            self._decided(withholder.connecting())
        self._file.close()

    def _advertised(self, shown: Advertised) -> None:
        """Once each way that the device shows itself: signal strength alone is no news."""
        said = (shown.name, shown.services, shown.makers, shown.data)
        if self._shown.get(shown.device) == said:
            return
        self._shown[shown.device] = said
        self._line(
            "advertisement",
            shown,
            name=self._stand_ins.name(shown.name),
            rssi=shown.rssi,
            services=shown.services,
            makers={str(company): self._hex(raw) for company, raw in shown.makers.items()},
            data={uuid: self._hex(raw) for uuid, raw in shown.data.items()},
        )

    def _hex(self, raw: bytes) -> str:
        return "00" * len(raw) if self._stand_ins.gives_away(raw) else raw.hex()

    def _decided(self, passed: list[tuple[Passed, bool]]) -> None:
        for one, tells in passed:
            shown = None if tells else self._stand_ins.payload(one.characteristic, one.raw)
            rest = {"withheld": len(one.raw)} if shown is None else {"hex": shown.hex()}
            self._line(one.how, one, characteristic=one.characteristic, **rest)

    def _line(self, what: str, traffic: Traffic, **fields: object) -> None:
        device, stamp = self._stand_ins.address(traffic.device), traffic.stamp
        self._write(Line(what, device, stamp.utc_ns, stamp.boot_ns, **fields))  # pyright: ignore[reportArgumentType]

    def _write(self, line: Header | Line) -> None:
        if self._file.closed:
            return
        text, reason = _encode(line) + b"\n", os.strerror(errno.ENOSPC)
        try:
            if self._file.write(text) == len(text):
                return  # else the disk took a part of it
        except OSError as error:
            reason = error.strerror
        self._file.close()
        self._say(f"The capture ended: {self._path} cannot be written ({reason}). Monitoring goes on.")
