"""A session as the review's process would send it, for the tests of the provider's window."""

from __future__ import annotations

from typing import Any

from kiosk.line import review as m
from kiosk.line.chart import Bar, LimitLine, Mark, Phase, Point, Trend

LOW = LimitLine("spo2", 90, "low", "low 90", "Dr. Okafor, 3 Nov 2026")
ORIGIN_MS = 1_795_544_580_000  # 2026-11-24 18:23 UTC


def points(start: int, end: int, hole: tuple[int, int] = (0, 0)) -> tuple[Point, ...]:
    """A reading a second; in the hole none comes at all."""
    return tuple(
        Point(t, 97 if t < 1200 else 86, "valid", 72, "valid") for t in range(start, end) if not hole[0] < t < hole[1]
    )


def trend(hole: tuple[int, int] = (600, 700)) -> Trend:
    """Half an hour with a dropout, and a fall in the twentieth minute."""
    bars = (Bar(100, 126, 80, 95, False, False, "126/80"), Bar(900, 164, 98, None, True, True, "164/98"))
    return Trend(points(0, 1260, hole), bars, reset=True)


def session(session_id: str = "s-1", **changes: Any) -> m.SessionView:
    """Its heading."""
    given: dict[str, Any] = {
        "session_id": session_id,
        "title": "Session 3",
        "when": "Sat 14 Nov 2026, 20:38 to 23:21",
        "patient": "R. M.",
        "series": "6 sessions, plan by Dr. A. Okafor",
        "seal": m.Seal("good", "Complete and unaltered", "signed 7f3a0"),
        "tags": ("Simulated",),
        "origin_utc_ms": ORIGIN_MS,
        "offset_min": 60,
        "zero_s": 300.0,
        "has_dose": True,
        "start_s": 0.0,
        "end_s": 1300.0,
        "ageing_after_s": 5,
        "gone_after_s": 15,
        "simulated": True,
        "planned": (Phase("Onset", 300, 900, False),),
        "marked": (Phase("Preparation", 0, 300, True), Phase("Onset", 300, 1300, True)),
        "marks": (Mark(300, "dose", "none", "dose"), Mark(1215, "low", "high", "low oxygen")),
        "notes": (Mark(800, "note", "none", "talked"),),
        "limits": (LOW,),
        "facts": (m.Fact("Dose", "120 mg, 21:02"), m.Fact("Below 90", "0:15, for 1 min", "red")),
        "gaps": "One gap without a usable SpO2: 1 min 40 s.",
        "has_wave": False,
        "file_stem": "2026-11-14-s-1",
    }
    return m.SessionView(**(given | changes))


def lines(session_id: str = "s-1") -> m.Lines:
    """What happened in it."""
    return m.Lines(
        session_id,
        (
            m.Happening(300, "19:28:00", "0:00", "phase", "dose", "none", "Robin took the dose."),
            m.Happening(800, "19:36:20", "0:08", "note", "note", "none", "Note: talked."),
            m.Happening(1215, "19:43:15", "0:15", "alarm", "low", "high", "Oxygen is low, lowest 86", "for 45 s"),
        ),
        reset=True,
    )


def entry(n: int, **changes: Any) -> m.Entry:
    """One line of the list."""
    given: dict[str, Any] = {
        "session_id": f"s-{n}",
        "patient_id": "p-1",
        "patient": "R. M.",
        "number": n,
        "title": f"Sat {n} Nov 2026",
        "detail": "120 mg",
        "notices": "",
        "signs": (),
        "flags": (),
        "words": f"sat {n} nov 2026 120 mg ketamine",
    }
    return m.Entry(**(given | changes))


def series() -> tuple[m.SeriesView, list[m.SeriesCurve]]:
    """Two sessions of one patient."""
    seal = m.Seal("good", "Complete and unaltered")
    made = [
        m.SeriesLine(f"s-{n}", n, f"Sat {n} Nov 2026", "120", "93", "140/90", "2:10", "0/1/0", "97 %", seal, False)
        for n in (1, 2)
    ]
    rules = (
        m.Rule("spo2_low", "SpO2 below", "%", "90", "15"),
        m.Rule("systolic_high", "systolic from", "mmHg", "160", "", False),
    )
    view = m.SeriesView(
        "p-1", "R. M.", "2 sessions", tuple(made), (LOW,), rules, "as planned: below 90", (m.Fact("Gaps", "none"),)
    )
    minutes = (m.Minute(-2, 96, 97, 70), m.Minute(-1, 95, 96, 71), m.Minute(3, 84, 90, 80), m.Minute(4, None, None, 82))
    curves = [m.SeriesCurve("p-1", f"s-{n}", "dose", minutes, (m.Cuff(900, 140, 90, False),)) for n in (1, 2)]
    return view, curves
