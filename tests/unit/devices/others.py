"""Decoders of the same bytes that other people wrote, to compare ours with. For tests only; nothing of them is shipped.

labmcp-ble-health takes its error classes from a package that would bring a web server along; they are stood in for
here, and nothing of its decoding is. o2ring-analyzer computes with pandas what it has read: here it only finds
encoding, delimiter, header and columns, which it does by itself.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any
from unittest import mock

from berry_oximeter.parser import BCIProtocolParser
from emay_sleepo2 import protocol as emay

__all__ = ["BCIProtocolParser", "emay", "o2", "sig", "sig_error"]

ERRORS = ("InstrumentError", "InstrumentConnectionError", "InstrumentProtocolError", "InstrumentTimeout")


def _sig() -> Any:
    stand_in = ModuleType("labmcp")
    for name in ERRORS:
        setattr(stand_in, name, type(name, (Exception,), {}))
    with mock.patch.dict(sys.modules, {"labmcp": stand_in}):
        return importlib.import_module("labmcp_ble_health.driver")


def _o2() -> Any:
    with mock.patch.dict(sys.modules, {"pandas": ModuleType("pandas")}):
        return importlib.import_module("o2ring_analyzer.parser")


o2 = _o2()
"""Reads the CSV of the O2 Insight program: `detect_encoding`, `detect_delimiter_and_header`, `_match_column`, ..."""

sig = _sig()
"""The standard characteristics: `parse_plx_continuous`, `parse_blood_pressure_measurement`, ..."""

sig_error: type[Exception] = sig.InstrumentProtocolError
