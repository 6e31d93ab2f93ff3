"""A session as a folder of CSV: the tables, the oximetry tools' form, and a text for whoever opens it by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from kiosk.exchange import o2insight, tables
from kiosk.exchange.source import Source, whole
from kiosk.record.reader import SessionLine
from kiosk.text.export import csv_readme


def name(session: SessionLine) -> str:
    """ "2026-11-24-s-0123": the local day on which it began, and its id."""
    begun = datetime.fromisoformat(session.started_utc) + timedelta(minutes=session.utc_offset_min)
    return f"{begun.date().isoformat()}-{session.session_id}"


def fill(source: Source, folder: Path, told: Callable[[int], None] = lambda _: None) -> dict[str, int]:
    """Writes everything into an empty folder; lines by table. told: how many lines so far, now and then."""
    counts = tables.write(source, folder, told)
    devices = o2insight.write(source, folder)
    known = whole(source.rows())
    readme = csv_readme(
        known.opened.session_id,
        known.opened.plan_confirmed,
        known.opened.simulated,
        known.ended_ns is not None,
        devices,
    )
    (folder / "README.txt").write_bytes(readme.encode())
    return counts
