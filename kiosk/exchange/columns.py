"""The tables of a session and their columns: one list, from which headers and the data dictionary are made."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Column(NamedTuple):
    """kind: what its cells hold. unit: UCUM, "" for none."""

    name: str
    kind: Literal["text", "number", "time", "json"]
    meaning: str
    unit: str = ""


class Table(NamedTuple):
    """One file: its name without ".csv", and its columns."""

    name: str
    columns: tuple[Column, ...]


_SESSION = Column("session_id", "text", "the session; the same in every table")
_WHEN = (
    Column("utc", "time", "when it was received, UTC"),
    Column("local", "time", "the same instant, with the local offset that held then"),
    Column("t_s", "number", "seconds since the session's first row; counts on while the computer sleeps", "s"),
)
_DEVICE = Column("device", "text", "the device's address; typed where a person typed it")
_QUALITY = Column("quality", "text", "valid, questionable, stored, test or invalid; the worst of a pair")
_REASONS = Column(
    "reasons", "text", "why a value is not simply valid, the most important first; separated by semicolons"
)
_ORIGIN = Column("source", "text", "device: live; stored: out of the device's memory; typed: by the sitter")
_PULSE = Column("pulse_bpm", "number", "pulse", "/min")

SESSION = Table(
    "session",
    (
        _SESSION,
        Column("patient_id", "text", "random; joins the sessions of one patient"),
        Column("patient_label", "text", "how the sitter calls the patient"),
        Column("kind", "text", "patient, trial or demo"),
        Column("started_utc", "time", "when the record of the session began"),
        Column("ended_utc", "time", "when it ended; empty while it had not"),
        Column("utc_offset_min", "number", "the local offset when it began", "min"),
        Column("plan", "text", "name of the plan's file"),
        Column("plan_author", "text", "who set the limits"),
        Column(
            "limits_confirmed", "text", "which provider confirmed the plan, when and in which role, or that nobody did"
        ),
        Column("medication", "text", "what the plan says is taken"),
        Column("route", "text", "how"),
        Column("dose_mg", "number", "how much, by the plan; empty if it does not say", "mg"),
        Column("simulated", "text", "true: the devices were simulated, the values mean nobody"),
        Column("speed", "number", "1, or how much faster the clock of a demo ran"),
        Column("ended_how", "text", "how it ended"),
        Column("program_version", "text", "of the program that recorded it"),
    ),
)
VITALS = Table(
    "vitals",
    (
        _SESSION,
        *_WHEN,
        _DEVICE,
        Column("spo2_percent", "number", "oxygen saturation", "%"),
        _PULSE,
        Column("perfusion_percent", "number", "perfusion: size of the pulse wave", "%"),
        Column("quality", "text", "of spo2_percent: valid, questionable, stored, test or invalid"),
        Column("quality_pulse", "text", "of pulse_bpm"),
        _REASONS,
        _ORIGIN,
    ),
)
BLOOD_PRESSURE = Table(
    "blood_pressure",
    (
        _SESSION,
        *_WHEN,
        _DEVICE,
        Column("systolic_mmhg", "number", "upper pressure", "mm[Hg]"),
        Column("diastolic_mmhg", "number", "lower pressure", "mm[Hg]"),
        Column("mean_mmhg", "number", "mean pressure as the device says it, never computed", "mm[Hg]"),
        _PULSE,
        _QUALITY,
        _REASONS,
        Column("device_time", "text", "the device's own clock, without zone; not to be trusted"),
        _ORIGIN,
    ),
)
HEART_RATE = Table("heart_rate", (_SESSION, *_WHEN, _DEVICE, _PULSE, _QUALITY, _REASONS, _ORIGIN))
EVENTS = Table(
    "events",
    (
        _SESSION,
        Column("seq", "number", "place in the record's chain; readings have the numbers between"),
        *_WHEN,
        Column("kind", "text", "what happened, as the program calls it"),
        Column("text", "text", "the sentence as it was shown; read in order they tell the session"),
        Column("data", "json", "its facts"),
    ),
)
ALARMS = Table(
    "alarms",
    (
        _SESSION,
        Column("name", "text", "which alarm, as the program calls it"),
        Column("severity", "text", "low, medium or high: the highest it reached"),
        Column("raised_utc", "time", "when it began"),
        Column("raised_local", "time", "the same instant, with the local offset that held then"),
        Column("acknowledged_utc", "time", "when the sitter first took it on; empty if never"),
        Column("cleared_utc", "time", "when it ended; empty if it had not"),
        Column("limit_text", "text", "the limit behind it and who set it, as shown; empty if there is none"),
        Column("limits_confirmed", "text", "which provider confirmed the limits, or that nobody did"),
    ),
)
WAVEFORM = Table(
    "waveform",
    (
        _SESSION,
        _WHEN[0],
        _WHEN[2],
        _DEVICE,
        Column("rate_hz", "number", "samples a second; the nth (from 0) lies n / rate_hz behind t_s", "Hz"),
        Column("full_scale", "number", "the most that a sample can be, in the device's own units"),
        Column("samples", "json", "the samples as sent; null where the device had none"),
        Column("beats", "json", "places in samples where the device heard a beat"),
    ),
)
TABLES = (SESSION, VITALS, BLOOD_PRESSURE, HEART_RATE, EVENTS, ALARMS, WAVEFORM)
ALWAYS = (SESSION, VITALS, BLOOD_PRESSURE, EVENTS, ALARMS)
"""These are written even when they have no line; the others only if a device sent such values."""


DICTIONARY = Table(
    "dictionary",
    (
        Column("file", "text", "name of the file"),
        Column("column", "text", "name of the column"),
        Column("kind", "text", "text, number, time (ISO 8601 with offset) or json"),
        Column("unit", "text", "as UCUM code"),
        Column("meaning", "text", "what it holds; an empty cell: nothing was known"),
    ),
)
