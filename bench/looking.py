"""What a provider waits for: the list, one session and a series of a library with a hundred sessions.

Each is asked of the process that reads as the window asks it, and held against the same question in plain SQL on the
record's own views, as any program can ask it. *Shown* is the whole way: asked, sent as lines, taken and painted by the
window. Seconds are the process's CPU for one look, the mean of half a second of them; the very first one, which loads
code, does not count.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from bench import practice
from bench.figure import Figure, Goal
from bench.program import program, seconds_until

if TYPE_CHECKING:
    from kiosk.review.collection import Collection

SESSIONS, LEAST_S = 100, 0.5
DRAWN = "SELECT * FROM v_vitals WHERE session_id = ?", "SELECT * FROM v_blood_pressure WHERE session_id = ?"
HAPPENED = "SELECT * FROM v_events WHERE session_id = ?", "SELECT * FROM v_alarms WHERE session_id = ?"
SIGNS = "SELECT session_id, name, severity, count(*) AS alarms FROM v_alarms GROUP BY session_id, name, severity"
COUNTS = """SELECT session_id, kind, count(*) AS times FROM v_events WHERE kind IN ('start_overridden', 'note_added')
    GROUP BY session_id, kind"""
BY_MINUTE = """SELECT session_id, t_s / 60 AS minute, min(spo2_percent) AS spo2, avg(pulse_bpm) AS pulse
    FROM v_vitals WHERE session_id IN (SELECT session_id FROM v_sessions WHERE patient_id = ?)
    AND quality = 'valid' GROUP BY session_id, CAST(t_s / 60 AS INTEGER)"""


@cache
def folder() -> Path:
    """A provider's data folder with the library; the first session by `kiosk import`, which makes its key."""
    from bench.importing import imported
    from kiosk.record import summary
    from kiosk.record.library import Library

    made = Path(tempfile.mkdtemp(prefix="bench-looking-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    signer, data = practice.signer_of(), made / "data"
    imported(practice.fill(made / "files", signer, 1), data)
    with Library(data / "library.db", data) as library:
        for n in range(1, SESSIONS):
            new, rows = practice.addition(n, signer)
            parts = summary.encode(summary.summed(practice.rows_of(text for _, _, text, _ in rows.rows())))
            library.add(new._replace(parts=parts), 0, rows)
    return data


def _cpu_s(what: str) -> float:
    with program(["-m", "bench.looking", what, str(folder())], {"QT_QPA_PLATFORM": "offscreen"}) as looking:
        found: list[float] = []

        def is_told(line: bytes) -> bool:
            found.append(float(line))
            return True

        seconds_until(looking, time.perf_counter(), is_told)
    return found[0]


# --- in the process that looks ----------------------------------------------------------------------------------------


def listed(collection: Collection, _data: Path, _n: int) -> list[msgspec.Struct]:
    """The list, and what happened in each session."""
    from kiosk.review import answer

    found = answer.listed(collection)
    assert not found.unread
    return list(found.entries)


def opened(collection: Collection, _data: Path, n: int) -> list[msgspec.Struct]:
    """One session: heading, curves, lines."""
    from kiosk.review import answer, seal

    return answer.session(collection, practice.session_id(n), seal.CHECKING).messages


def in_series(collection: Collection, data: Path, n: int) -> list[msgspec.Struct]:
    """All sessions of a patient: table and minutes."""
    from kiosk.review import answer

    return answer.series(collection, data, practice.patient_id(n), "dose")


def _asking(ask: Callable[[Collection, Path, int], Sequence[msgspec.Struct]], data: Path) -> Callable[[int], None]:
    from kiosk.review.collection import open_collection

    collection = open_collection(data / "library.db", data)

    def look(n: int) -> None:
        ask(collection, data, n)

    return look


def _showing(ask: Callable[[Collection, Path, int], Sequence[msgspec.Struct]], data: Path) -> Callable[[int], None]:
    from kiosk.line import review as m
    from kiosk.line.codec import Decoder, encode
    from kiosk.review.collection import open_collection
    from ui.review.app import make_application
    from ui.review.window import ReviewWindow

    collection, app, window = open_collection(data / "library.db", data), make_application(), ReviewWindow()
    window.resize(1366, 768)
    window.show()
    window.take(m.Opening(collection.words))
    window.header.tabs.show_chosen("series" if ask is in_series else "session")
    lines = Decoder(m.ToReview)

    def look(n: int) -> None:
        for message in ask(collection, data, n):
            window.take(lines.decode(encode(message)))
        app.processEvents()

    return look


def _by_sql(data: Path, queries: Sequence[str], key: Callable[[int], tuple[str, ...]]) -> Callable[[int], None]:
    from kiosk.record import opener

    connection = opener.connect(data / "library.db", read_only=True, home=data)

    def rows(query: str, n: int) -> Iterator[dict[str, Any]]:
        found = connection.execute(query, key(n) if "?" in query else ())
        names = [column[0] for column in found.description]
        return (dict(zip(names, row, strict=True)) for row in found)

    def look(n: int) -> None:
        assert all(list(rows(query, n)) for query in queries)

    return look


WAYS: dict[str, Callable[[Path], Callable[[int], None]]] = {
    "list read": lambda data: _asking(listed, data),
    "session read": lambda data: _asking(opened, data),
    "series read": lambda data: _asking(in_series, data),
    "session shown": lambda data: _showing(opened, data),
    "series shown": lambda data: _showing(in_series, data),
    "list by SQL": lambda data: _by_sql(data, ("SELECT * FROM v_sessions", SIGNS, COUNTS), lambda _n: ()),
    "session by SQL": lambda data: _by_sql(data, (*DRAWN, *HAPPENED), lambda n: (practice.session_id(n),)),
    "series by SQL": lambda data: _by_sql(data, (BY_MINUTE,), lambda n: (practice.patient_id(n),)),
}


def _figure(name: str, ours_is: str, reference: str, reference_is: str, goal: Goal) -> Figure:
    return Figure(name, ours_is, reference_is, lambda: _cpu_s(name), lambda: _cpu_s(reference), goal)


OF = f"of a library of {SESSIONS} encrypted sessions of two hours"
SQL = "by plain SQL on the views of the same library"
FIGURES = (
    _figure("list read", f"the list {OF}, with the signs of each", "list by SQL",
            f"sessions, their alarms by name and severity, overrides and notes, no gaps, {SQL}", Goal("times", 1.5)),
    _figure("session read", f"heading, curves, lines and facts of one session {OF}", "session by SQL",
            f"vitals, pressures, events and alarms of one session {SQL}", Goal("times", 1.5)),
    _figure("session shown", "the same, taken and painted by the window", "session by SQL",
            f"the same rows {SQL}, shown nowhere", Goal("itself", 0.3)),
    _figure("series read", f"table, scores and minutes of a patient's sessions {OF}", "series by SQL",
            f"the minutes of the same sessions {SQL}", Goal("times", 1.5)),
    _figure("series shown", "the same, taken and painted by the window", "series by SQL",
            f"the same minutes {SQL}, shown nowhere", Goal("itself", 0.2)),
)  # fmt: skip

if __name__ == "__main__":
    look = WAYS[sys.argv[1]](Path(sys.argv[2]))
    look(0)
    looks, began = 0, time.process_time()
    while time.process_time() < began + LEAST_S:
        looks += 1
        look(looks % SESSIONS)
    print((time.process_time() - began) / looks, flush=True)
    os._exit(0)  # nothing of Qt's end belongs to the figure
