"""How a run of the monitor begins: a new session, or the open one taken up where it was.

Owned by the monitor. Resume is the fold of the recorded rows and nothing else; the gap is recorded, never filled.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
from datetime import datetime
from pathlib import Path

import msgspec

from devices.reading import Reading, Stamp
from kiosk import __version__, signers
from kiosk.clock import boot_id, utc_offset_min
from kiosk.failure import Refusal
from kiosk.history import history, thoughts_since
from kiosk.options import MonitorOptions
from kiosk.planfile import ReadPlan, read_plan
from kiosk.record.reader import Reader, Row
from kiosk.session import events as e
from kiosk.session.plan import Plan
from kiosk.zone import zone_name

PARTS: tuple[str, ...] = ("bleak", "bumble", "PySide6_Essentials", "python-vlc", "sqlcipher3", "sqlite-utils")


class Resumed(msgspec.Struct, frozen=True):
    """The open session: its id, its opening, and all of its rows in order."""

    session_id: str
    opened: e.SessionOpened
    first: Stamp
    rows: tuple[Row, ...]

    @property
    def plan(self) -> ReadPlan:
        """The plan as it was at the start: a file changed since then does not change a running session."""
        return ReadPlan(Plan.from_toml(self.opened.plan_toml), self.opened.plan, self.opened.plan_toml)

    @property
    def last_reading(self) -> Row | None:
        """The newest recorded reading: from it a resumed session counts silence."""
        return next((row for row in reversed(self.rows) if isinstance(row.what, Reading)), None)


def find_open(record: Path, kind: str) -> Resumed | None:
    """The open session of this kind, None where all are ended or there is no record. Raises RecordError."""
    if not record.exists():
        return None
    with Reader(record) as reader:
        found = reader.open_session()
        if found is None:
            return None
        rows = tuple(reader.rows(found.session_id))
    opened = rows[0].what if rows else None
    if not isinstance(opened, e.SessionOpened) or opened.kind != kind:
        return None
    return Resumed(found.session_id, opened, rows[0].stamp, rows)


def is_ended(record: Path, session_id: str) -> bool:
    """Whether this session's end is in the record. Raises RecordError."""
    if not record.exists():
        return False
    with Reader(record) as reader:
        return any(s.session_id == session_id and s.ended_utc for s in reader.sessions())


def last_end_utc_ns(record: Path, patient_id: str) -> int:
    """When this patient's last session with a dose ended (began, if it never ended), 0 if none is known here.

    Raises RecordError.
    """
    if not record.exists():
        return 0
    with Reader(record) as reader:
        dosed = reader.dosed_sessions()
        ends = [
            s.ended_utc or s.started_utc
            for s in reader.sessions()
            if s.kind == "patient" and s.patient_id == patient_id and s.session_id in dosed
        ]
    return max((round(datetime.fromisoformat(end).timestamp() * 1000) * 1_000_000 for end in ends), default=0)


def opened_event(
    options: MonitorOptions, read: ReadPlan, settings: dict[str, str], last_end: int | None = 0
) -> e.SessionOpened:
    """The first event of a new session: everything that a reader needs to judge the rest.

    last_end: of the same patient's last session (`last_end_utc_ns`), None where the record is locked.
    """
    plan = read.plan
    return e.SessionOpened(
        session_id=f"s-{secrets.token_hex(8)}",
        kind=options.kind,
        simulated=options.simulated,
        speed=options.speed,
        patient_id=plan.patient.id if options.kind != "trial" else "",
        patient_label=plan.patient.label if options.kind != "trial" else "",
        sitter_label=plan.sitter.label,
        program_version=__version__,
        utc_offset_min=utc_offset_min(),
        plan=read.name,
        plan_toml=read.text,
        plan_author=plan.limits.author,
        plan_confirmed=plan.confirmed_text,
        medication=plan.medication.name,
        route=plan.medication.route,
        dose_mg=plan.medication.dose_mg,
        limits=plan.limits.sentences(),
        settings=settings,
        versions=versions(),
        last_session_end_utc_ns=last_end or 0,
        record_locked=last_end is None,
    )


def known_before(options: MonitorOptions, read: ReadPlan, record: Path) -> tuple[e.Event, ...]:
    """What is known of this patient before a session, and the plan's own sets of questions: events at its opening.

    A report of thoughts of self-harm that came after the last session holds this start, too.
    A demonstration and a trial have no past. Raises RecordError.
    """
    questions = tuple(e.QuestionnaireRead(form) for form in read.questions)
    if options.kind != "patient":
        return questions
    past = history(record, read.plan.patient.id)
    thoughts = thoughts_since(record, past.sessions[-1]) if past.sessions else ()
    return (msgspec.structs.replace(past, zone=zone_name()), *questions, *thoughts)


def signature_event(read: ReadPlan, folder: Path) -> e.PlanSignatureRead:
    """Whose plan it is, and whether that is known in this data folder."""
    if read.signature is None:
        return e.PlanSignatureRead("")
    try:
        known = signers.provider(signers.load(folder), read.signature.key)
    except Refusal:
        known = None  # a damaged list holds up no session: the key is not known then, which is what is said
    return e.PlanSignatureRead(read.signature.key, known is not None, known.name if known else "")


def anchor_event(plain: bool) -> e.RunAnchored:
    """Which boot, zone and process this run is."""
    return e.RunAnchored(boot_id(), utc_offset_min(), os.getpid(), plain)


def versions() -> dict[str, str]:
    """What this run is made of, for whoever reads the record later; nothing of it is imported.

    Installers name a package's folder of facts by its version; looked up by `importlib.metadata` these six are 20 ms
    and 3 MiB, which alarms would wait for. That is asked only for one without such a folder.
    """
    names = {_folder_name(part): part for part in PARTS}
    found = dict.fromkeys(PARTS, "")
    for folder in reversed(sys.path):
        with contextlib.suppress(OSError):  # one that cannot be looked into: Python passes it over as well
            for facts in Path(folder).glob("*-*.dist-info"):
                name, _, version = facts.stem.partition("-")
                if _folder_name(name) in names:
                    found[names[_folder_name(name)]] = version
    return {"python": sys.version.split()[0], **{part: version or _version(part) for part, version in found.items()}}


def _folder_name(part: str) -> str:
    return part.lower().replace("-", "_").replace(".", "_")


def _version(part: str) -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(part)
    except PackageNotFoundError:
        return "missing"


def plan_for(options: MonitorOptions, resumed: Resumed | None) -> ReadPlan:
    """The running session's own plan, else the one that the options name."""
    return resumed.plan if resumed else read_plan(options.plan)
