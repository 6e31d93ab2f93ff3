"""`kiosk decode --capture`: a capture goes through the same interpreter again, and says what a live run says.

Runs in the command's own process; never opens a radio. The whole file is looked over before the first line is given
out, so that a file that is no capture is refused in one sentence and not after half of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from devices.catalog import DRIVERS
from devices.interpreter import Interpreter
from devices.reading import BatteryRead, DecodeFailed, Reading, Report, Stamp, Waveform
from kiosk.capture import VERSION, Header, Line
from kiosk.decode import measured
from kiosk.failure import Reason, Refusal
from kiosk.text.measure import iso_time
from kiosk.waveform import Waveforms

_header = msgspec.json.Decoder(Header)
_line = msgspec.json.Decoder(Line)


class Recapture:
    """A capture that was looked over and found good. cut_off: its last line is not whole and was left out."""

    def __init__(self, path: Path) -> None:
        """Raises Refusal with what is wrong and in which line."""
        self._path = path
        self.cut_off = False
        self.header = self._read_header()
        count = 0
        for number, line in self._lines():
            _checked(path, number, line)
            count += 1
        if not count:
            raise Refusal(Reason.FAILED, f"{path} holds no traffic: no device was connected while it was captured.")

    def rows(self) -> Iterator[dict[str, Any]]:
        """What the interpreter reports, in order: readings, refused bytes, waveform blocks, battery levels."""
        replay = _Replay(self.header.utc_offset_min)
        for _, line in self._lines():
            replay.take(line)
            yield from replay.taken()
        replay.end()
        yield from replay.taken()

    def _read_header(self) -> Header:
        raw = next(self._raw(), b"")
        try:
            header = _header.decode(raw)
        except msgspec.MsgspecError as error:
            raise Refusal(
                Reason.FAILED, f"{self._path} is not a capture. `kiosk monitor --capture FILE` writes one."
            ) from error
        if header.capture > VERSION:
            raise Refusal(Reason.FAILED, f"{self._path} was written by a newer version ({header.program}). Update.")
        return header

    def _lines(self) -> Iterator[tuple[int, Line]]:
        raws = self._raw()
        next(raws)
        for number, raw in enumerate(raws, 2):
            if not raw.endswith(b"\n"):
                self.cut_off = True
                return
            try:
                yield number, _line.decode(raw)
            except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                raise Refusal(Reason.FAILED, f"{self._path}, line {number} is not of a capture: {error}.") from error

    def _raw(self) -> Iterator[bytes]:
        try:
            with self._path.open("rb") as file:
                yield from file
        except OSError as error:
            raise Refusal(Reason.NOT_FOUND, f"{self._path} cannot be read ({error.strerror}).") from error


def _checked(path: Path, number: int, line: Line) -> None:
    if line.what == "kept" and line.driver not in DRIVERS:
        raise Refusal(Reason.FAILED, f"{path}, line {number}: there is no driver {line.driver!r} in this version.")
    try:
        bytes.fromhex(line.hex)
    except ValueError as error:
        raise Refusal(Reason.FAILED, f"{path}, line {number}: {line.hex[:20]!r} are no bytes.") from error


class _Replay:
    """The interpreters of one capture."""

    def __init__(self, utc_offset_min: int) -> None:
        self._offset = timedelta(minutes=utc_offset_min)
        self._interpreters: dict[str, Interpreter] = {}
        self._drivers: dict[str, str] = {}
        self._rows: list[dict[str, Any]] = []
        self._waveforms = Waveforms(self._block, lambda _device, _run: None)
        self._offset_min = utc_offset_min
        self._began_ns: int | None = None

    def take(self, line: Line) -> None:
        """One line of the file."""
        if self._began_ns is None:
            self._began_ns = line.boot_ns
        device = line.device
        if line.what == "kept" and device not in self._interpreters:
            self._drivers[device] = line.driver
            self._interpreters[device] = Interpreter(device, DRIVERS[line.driver], self._report, self._local)
        interpreter = self._interpreters.get(device)
        if interpreter is None:
            return
        if line.what == "connecting":
            interpreter.connected()
        elif line.what == "disconnected":
            interpreter.ended(Stamp(line.utc_ns, line.boot_ns))
            self._waveforms.cut(device)
        elif line.what in ("notified", "read") and not line.withheld:
            interpreter.take(line.characteristic, bytes.fromhex(line.hex), Stamp(line.utc_ns, line.boot_ns))

    def end(self) -> None:
        """The last block of waveform."""
        self._waveforms.end()

    def taken(self) -> list[dict[str, Any]]:
        """The rows since the last call."""
        rows, self._rows = self._rows, []
        return rows

    def _local(self, utc_ns: int) -> datetime:
        return datetime.fromtimestamp(utc_ns / 1e9, UTC).replace(tzinfo=None) + self._offset

    def _report(self, report: Report) -> None:
        self._waveforms.take(report)
        match report:
            case Reading(measurement=measurement):
                said = {**measured(measurement), "source": str(report.source)}
                self._add("reading", report, said, characteristic=report.characteristic, hex=report.raw.hex())
            case DecodeFailed(reason=reason, detail=detail):
                said = {"error": reason, "detail": detail}
                self._add("refused", report, said, characteristic=report.characteristic, hex=report.raw.hex())
            case BatteryRead(percent=percent):
                self._add("battery", report, {"percent": percent})
            case _:
                pass

    def _block(self, block: Waveform) -> None:
        fields = ("rate_hz", "full_scale", "samples", "beats")
        self._add("waveform", block, {name: getattr(block, name) for name in fields})

    def _add(
        self, row_type: str, report: Reading | DecodeFailed | BatteryRead | Waveform, said: dict[str, Any], **raw: str
    ) -> None:
        stamp = report.stamp
        self._rows.append(
            {
                "type": row_type,
                "utc": iso_time(stamp.utc_ns, self._offset_min),
                "t_s": round((stamp.boot_ns - (self._began_ns or 0)) / 1e9, 3),
                "device": report.device,
                "driver": self._drivers[report.device],
                **said,
                **raw,
            }
        )
