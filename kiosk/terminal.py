"""The terminal as a screen: one JSON object a line, for `kiosk monitor`, research and tests."""

from __future__ import annotations

import json
import sys
from typing import Any

import msgspec

from devices.reading import CuffPressure, HeartRate, Oximetry, Pressure, Reading, Source, Stamp, Value
from kiosk.line.screen import View
from kiosk.session.events import Event
from kiosk.text.measure import iso_time


class Terminal:
    """Writes lines to stdout. Every line is flushed: it may be the last."""

    def __init__(self, offset_min: int) -> None:
        self._offset_min = offset_min
        self._is_open = True

    def reading(self, reading: Reading, t_s: float) -> None:
        """One reading, as far as it has the values; quality is the worst of them, reasons all of them."""
        fields = _fields(reading)
        values = [v for v in fields.values() if v is not None]
        worst = max((str(v.quality) for v in values), key=_ORDER.index, default="valid")
        if reading.source is Source.STORED:
            worst = "stored"
        row = {name: _plain(value) for name, value in fields.items() if value is not None}
        reasons = list(dict.fromkeys(r for v in values for r in v.reasons))
        self._write("reading", reading.stamp, t_s, device=reading.device, **row, quality=worst, reasons=reasons)

    def event(self, event: Event, seq: int, stamp: Stamp, t_s: float, text: str) -> None:
        """One event with its sentence."""
        data = msgspec.to_builtins(event, str_keys=True)
        kind = data.pop("type", "")
        self._write("event", stamp, t_s, kind=kind, seq=seq, text=text, data=data)

    def state(self, view: View, stamp: Stamp) -> None:
        """What a screen would show, in short."""
        self._write(
            "state", stamp, view.t_s, stage=view.stage, armed=view.armed, sentence=view.sentence.title,
            severity=view.sentence.kind, spo2=view.spo2.number or None, pulse=view.pulse.number or None,
        )  # fmt: skip

    def _write(self, line_type: str, stamp: Stamp, t_s: float, **fields: Any) -> None:
        row = {"type": line_type, "utc": iso_time(stamp.utc_ns, self._offset_min), "t_s": round(t_s, 3), **fields}
        line = json.dumps(row, default=str) + "\n"
        if not self._is_open:
            return
        try:
            sys.stdout.write(line)
            sys.stdout.flush()
        except (OSError, ValueError):
            self._is_open = False  # a closed pipe must not end the monitor


_ORDER = ("valid", "questionable", "stored", "test", "invalid")


def _fields(reading: Reading) -> dict[str, Value | None]:
    match reading.measurement:
        case Oximetry(spo2=spo2, pulse=pulse, perfusion=perfusion):
            return {"spo2": spo2, "pulse": pulse, "perfusion": perfusion}
        case Pressure(systolic=systolic, diastolic=diastolic, mean=mean, pulse=pulse):
            return {"systolic": systolic, "diastolic": diastolic, "mean": mean, "pulse": pulse}
        case CuffPressure(pressure=pressure):
            return {"cuff_pressure": pressure}
        case HeartRate(pulse=pulse):
            return {"heart_rate": pulse}


def _plain(value: Value) -> float | int | None:
    if value.number is None:
        return None
    return int(value.number) if value.number == value.number.to_integral_value() else float(value.number)
