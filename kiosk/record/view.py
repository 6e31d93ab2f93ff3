"""The views of the record: what other programs read. Names and columns are a contract; add, never rename.

Made from `body` alone (only `stored` comes from beside it: when the row was written). A number is NULL where the
device gave no valid one, even if bytes came: an oximeter goes on sending 97 % after the finger is out.
"""

# ruff: noqa: S608 -- SQL is put together here from this file's own constants, nothing else

from __future__ import annotations


def utc(ns: str) -> str:
    """SQL for ISO 8601 in UTC with milliseconds, e.g. 2026-11-24T20:43:05.120+00:00."""
    return (
        f"strftime('%Y-%m-%dT%H:%M:%S', {ns} / 1000000000, 'unixepoch') || printf('.%03d+00:00', {ns} / 1000000 % 1000)"
    )


def _field(path: str) -> str:
    return f"json_extract(body, '$.{path}')"


def _number(path: str) -> str:
    """SQL for an exact decimal as a number; NULL for what is no number (NaN), never 0."""
    text = _field(path)
    return f"CASE WHEN {text} GLOB '[-0-9]*[0-9]' OR {text} GLOB '[0-9]' THEN CAST({text} AS NUMERIC) END"


def _value(name: str) -> str:
    """SQL for a value's number, NULL where its own quality says that it is none of this patient."""
    quality = _field(f"data.measurement.{name}.quality")
    return f"CASE WHEN {quality} NOT IN ('invalid', 'test') THEN {_number(f'data.measurement.{name}.number')} END"


_UTC = utc(_field("utc_ns"))

# A typed value that was withdrawn stays in the table and leaves the views.
_COUNTS = """chain_seq NOT IN (
    SELECT json_extract(w.body, '$.data.reading_seq') FROM event w
    WHERE w.session_id = reading.session_id AND w.kind = 'value_withdrawn')"""

_SESSIONS = f"""CREATE VIEW v_sessions AS
SELECT session_id, {_field("data.patient_id")} AS patient_id, {_field("data.patient_label")} AS patient_label,
    {_field("data.kind")} AS kind, {_UTC} AS started_utc,
    (SELECT {utc("json_extract(e.body, '$.utc_ns')")} FROM event e WHERE e.session_id = event.session_id
        AND e.kind = 'session_ended' ORDER BY e.chain_seq LIMIT 1) AS ended_utc,
    {_field("data.utc_offset_min")} AS utc_offset_min, {_field("data.plan")} AS plan,
    {_field("data.plan_author")} AS plan_author, {_field("data.medication")} AS medication,
    {_field("data.route")} AS route, {_number("data.dose_mg")} AS dose_mg,
    {_field("data.simulated")} AS simulated, {_field("data.speed")} AS speed,
    (SELECT json_extract(e.body, '$.data.how') FROM event e WHERE e.session_id = event.session_id
        AND e.kind = 'session_ended' ORDER BY e.chain_seq LIMIT 1) AS ended_how,
    {_field("data.program_version")} AS program_version,
    NULL AS signer, NULL AS verified, NULL AS imported_utc
FROM event WHERE kind = 'session_opened'"""

# As above, with who sealed it; in a library also whether the signer was known there, and when it was imported.
_IMPORTED = "FROM imported i WHERE i.session_id = event.session_id ORDER BY i.rowid DESC LIMIT 1)"
_SEALED = """(SELECT json_extract(e.body, '$.data.key') FROM event e WHERE e.session_id = event.session_id
        AND e.kind = 'chain_sealed' ORDER BY e.chain_seq DESC LIMIT 1)"""
SIGNED_SESSIONS = _SESSIONS.replace(
    "NULL AS signer, NULL AS verified, NULL AS imported_utc",
    f"""coalesce((SELECT i.signer {_IMPORTED}, {_SEALED}) AS signer,
    (SELECT i.verified {_IMPORTED} AS verified,
    (SELECT {utc("i.imported_utc_ns")} {_IMPORTED} AS imported_utc""",
)

_VITALS = f"""CREATE VIEW v_vitals AS
SELECT session_id, {_UTC} AS utc, {_field("t_s")} AS t_s, {_field("data.device")} AS device,
    {_value("spo2")} AS spo2_percent, {_value("pulse")} AS pulse_bpm, {_value("perfusion")} AS perfusion_percent,
    {_field("data.measurement.spo2.quality")} AS quality, {_field("data.measurement.pulse.quality")} AS quality_pulse,
    {_field("data.source")} AS source
FROM reading WHERE {_field("data.measurement.type")} = 'oximetry' AND {_COUNTS}"""

_BOTH = f"({_field('data.measurement.systolic.quality')}, {_field('data.measurement.diastolic.quality')})"
_WORST = f"""CASE WHEN 'invalid' IN {_BOTH} THEN 'invalid' WHEN 'test' IN {_BOTH} THEN 'test'
    WHEN 'questionable' IN {_BOTH} THEN 'questionable' WHEN 'stored' IN {_BOTH} THEN 'stored' ELSE 'valid' END"""

_PRESSURE = f"""CREATE VIEW v_blood_pressure AS
SELECT session_id, {_UTC} AS utc, {_field("t_s")} AS t_s, {_field("data.device")} AS device,
    {_value("systolic")} AS systolic_mmhg, {_value("diastolic")} AS diastolic_mmhg, {_value("mean")} AS mean_mmhg,
    {_value("pulse")} AS pulse_bpm, {_WORST} AS quality,
    {_field("data.measurement.device_time")} AS device_time, {_field("data.source")} AS source
FROM reading WHERE {_field("data.measurement.type")} = 'pressure' AND {_COUNTS}"""

_EVENTS = f"""CREATE VIEW v_events AS
SELECT session_id, chain_seq AS seq, {_UTC} AS utc, {_field("t_s")} AS t_s, kind, {_field("text")} AS text,
    {_field("data")} AS data, {utc("stored_utc_ns")} AS stored
FROM event"""


def _first(kind: str) -> str:
    """SQL for when an occurrence was first answered by an event of this kind."""
    return f"""(SELECT {utc("json_extract(e.body, '$.utc_ns')")} FROM event e WHERE e.session_id = o.session_id
        AND e.kind = '{kind}' AND e.chain_seq > o.seq AND e.chain_seq < o.until
        AND json_extract(e.body, '$.data.alarm') = o.name ORDER BY e.chain_seq LIMIT 1)"""


# One row an occurrence: it lasts until the same alarm is raised again; severity is the highest it reached.
_ALARMS = f"""CREATE VIEW v_alarms AS
WITH o AS (SELECT session_id, chain_seq AS seq, {_field("data.alarm")} AS name,
    {_field("data.severity")} AS severity, {_UTC} AS raised_utc, {_field("data.limit_text")} AS limit_text,
    lead(chain_seq, 1, 9223372036854775807) OVER (
        PARTITION BY session_id, {_field("data.alarm")} ORDER BY chain_seq) AS until
    FROM event WHERE kind = 'alarm_raised')
SELECT session_id, name,
    CASE max(severity, coalesce((SELECT max(json_extract(e.body, '$.data.severity')) FROM event e
        WHERE e.session_id = o.session_id AND e.kind = 'alarm_stepped' AND e.chain_seq > o.seq
        AND e.chain_seq < o.until AND json_extract(e.body, '$.data.alarm') = o.name), 0))
        WHEN 3 THEN 'high' WHEN 2 THEN 'medium' WHEN 1 THEN 'low' ELSE 'none' END AS severity,
    raised_utc, {_first("alarm_acknowledged")} AS acknowledged_utc, {_first("alarm_cleared")} AS cleared_utc, limit_text
FROM o"""

VIEWS = (_SESSIONS, _VITALS, _PRESSURE, _EVENTS, _ALARMS)

# One line a block. samples: a JSON array in the device's own units, null where it had none; the nth of them (from 0)
# was taken n / rate_hz seconds behind t_s. Between two blocks nothing is known. beats: a JSON array of such ns.
WAVEFORM = f"""CREATE VIEW v_waveform AS
SELECT session_id, {_UTC} AS utc, {_field("t_s")} AS t_s, {_field("data.device")} AS device,
    {_field("data.rate_hz")} AS rate_hz, {_field("data.samples")} AS samples, {_field("data.beats")} AS beats,
    {_field("data.full_scale")} AS full_scale
FROM waveform"""

# What a provider wrote about sessions of a library; seq in the order of writing, t_s NULL where it is about all of one.
# withdraws: the seq of an earlier remark that this one takes back. signer: fingerprint; `kiosk verify` is for files,
# the remarks' own chain and signatures are held against each other by whoever reads them with this program.
REMARKS = f"""CREATE VIEW v_remarks AS
SELECT session_id, seq, {_UTC} AS utc, {_field("t_s")} AS t_s, {_field("author")} AS author, {_field("text")} AS text,
    {_field("withdraws")} AS withdraws, {_field("key")} AS signer
FROM remark"""

# A line for each session that a person had deleted: how many rows it had, and the last one's hash, in hex.
DELETED = f"""CREATE VIEW v_deleted AS
SELECT session_id, {utc("deleted_utc_ns")} AS deleted_utc, deleted_by, rows, lower(hex(hash)) AS head FROM deleted"""

BOOKKEEPING = ("chain_sealed", "child_started", "device_recognised", "run_anchored", "tone_played", "windows_shown")
"""Kinds of events that tell of the program and not of the session: one in three of a quiet session's, each minute a
seal. They stay in `v_events`; who reads what happened reads `v_story`."""

STORY = f"""CREATE VIEW v_story AS
SELECT session_id, seq, utc, t_s, kind, text FROM v_events
WHERE kind NOT IN ({", ".join(f"'{kind}'" for kind in BOOKKEEPING)}) AND text <> ''"""


def _every(kind: str) -> str:
    """Rows that lie one by one, and those of a library's stretches."""
    seq = "json_extract(j.value, '$.seq')"
    own = "coalesce(nullif(substr(s.hashes, 32 * j.key + 1, 32), x''), s.hash)"
    return f"""CREATE VIEW every_{kind} AS
SELECT session_id, chain_seq, body, hash, stored_utc_ns FROM {kind}
UNION ALL SELECT s.session_id, {seq}, j.value, {own}, s.stored_utc_ns
FROM stretch s, json_each('[' || replace(s.bodies, char(10), ',') || ']') j WHERE s.kind = '{kind}'"""


_CHAIN = """CREATE VIEW chain AS
    SELECT session_id, chain_seq, kind, body, hash, stored_utc_ns FROM event
    UNION ALL SELECT session_id, chain_seq, 'reading' AS kind, body, hash, stored_utc_ns FROM every_reading
    UNION ALL SELECT session_id, chain_seq, 'waveform' AS kind, body, hash, stored_utc_ns FROM every_waveform"""

STRETCHED = (
    *(f"DROP VIEW {name}" for name in ("chain", "v_vitals", "v_blood_pressure", "v_waveform")),
    *map(_every, ("reading", "waveform")),
    _CHAIN,
    *(view.replace("FROM reading WHERE", "FROM every_reading AS reading WHERE") for view in (_VITALS, _PRESSURE)),
    WAVEFORM.replace("FROM waveform", "FROM every_waveform"),
)
"""The views over rows, once more, of every place where rows lie."""
