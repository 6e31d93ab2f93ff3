"""What drawing costs: a frame of the trend with twelve hours behind it, and the pulse wave at thirty frames a second.

Each is drawn by a process of its own, off-screen, into a window of the same size as the reference's. Seconds are the
process's CPU for the frames alone; what was built before the first of them is not counted.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable

import msgspec
import numpy as np

from bench.figure import Figure, Goal
from bench.program import program, seconds_until

HOURS, FRAMES = 12, 40
RATE_HZ, FRAMES_PER_S, SWEEP_S = 125, 30, 10
WIDTH, HEIGHT = 900, 560
WAVE_HEIGHT = 34


def _frames_s(what: str) -> float:
    with program(["-m", "bench.drawing", what], {"QT_QPA_PLATFORM": "offscreen"}) as drawing:
        found: list[float] = []

        def is_told(line: bytes) -> bool:
            found.append(float(line))
            return True

        seconds_until(drawing, time.perf_counter(), is_told)
    return found[0]


def _drawn(frame: Callable[[int], None], frames: int) -> float:
    """CPU seconds of so many frames."""
    for number in range(3):
        frame(number)
    began = time.process_time()
    for number in range(3, 3 + frames):
        frame(number)
    return time.process_time() - began


def _values(seconds: int) -> np.ndarray:
    chance = np.random.default_rng(1)
    return 96 + np.round(chance.normal(0, 1.2, seconds)).clip(-4, 3)


def trend(is_resized: bool = False) -> float:
    """Our trend, the whole session in one window; each frame has one reading more, or another width as well."""
    from PySide6.QtWidgets import QApplication

    from bench.luminance import view_of
    from kiosk.line.chart import Bar, LimitLine, Mark, Phase, Point, Trend
    from kiosk.line.screen import Begin, RestView
    from ui.app import make_application
    from ui.sitter.chart import Chart

    app: QApplication = make_application()
    seconds, chart = HOURS * 3600, Chart()
    chart.begin(Begin(False, True, False, False, "Robin", "Sam", 1_790_000_000_000, 0))
    chart.resize(WIDTH, HEIGHT)
    chart.show()
    view = view_of(RestView("rest"))
    limits = tuple(LimitLine("spo2", v, "low", f"low {v}", "Dr. Example") for v in (90, 85))
    limits += (LimitLine("pulse", 45, "low", "low 45", "Dr. Example"), LimitLine("pulse", 130, "high", "high 130", ""))
    phases = tuple(Phase(f"Phase {n}", n * 3600, (n + 1) * 3600, True, n == 11) for n in range(HOURS))
    marks = tuple(Mark(t, "low", "high", "low 84") for t in range(900, seconds, 1800))
    chart.add_trend(Trend(bars=tuple(Bar(t, 128, 80, 96, False, False, "128/80") for t in range(600, seconds, 1200))))
    points = [Point(float(t), float(v), "valid", float(v - 30), "valid") for t, v in enumerate(_values(seconds + 99))]
    chart.add_trend(Trend(points=tuple(points[:seconds])))
    chart.choose_window("whole")

    def frame(number: int) -> None:
        now = seconds + number
        chart.add_trend(Trend(points=(points[now],)))
        if is_resized:
            chart.resize(WIDTH - number % 2, HEIGHT)
        chart.show_view(msgspec.structs.replace(view, t_s=float(now), limits=limits, phases=phases, marks=marks))
        chart.redraw()
        app.processEvents()

    return _drawn(frame, FRAMES)


def trend_resized() -> float:
    """The whole picture anew with each frame, as after a change of size, of scale or of the stretch that is shown."""
    return trend(is_resized=True)


def plain_plot(is_resized: bool = False) -> float:
    """The reference: three curves of one hour in one pyqtgraph plot, peak downsampling, clipped to the view."""
    import pyqtgraph as pg

    app = pg.mkQApp()
    plot = pg.PlotWidget(background="#101010")
    plot.resize(WIDTH, HEIGHT)
    plot.show()
    plot.setDownsampling(auto=True, mode="peak")
    plot.setClipToView(True)
    plot.setXRange(0, 3600)
    plot.setYRange(30, 130)
    values = _values(3600 + 99)
    curves = [plot.plot(pen=pen) for pen in ("w", "y", "c")]

    def frame(number: int) -> None:
        if is_resized:
            plot.resize(WIDTH - number % 2, HEIGHT)
        t = np.arange(number, 3600 + number, dtype=float)
        plot.setXRange(number, 3600 + number, padding=0)
        for offset, curve in enumerate(curves):
            curve.setData(t, values[number : 3600 + number] - 20 * offset)
        app.processEvents()

    return _drawn(frame, FRAMES)


def plain_plot_resized() -> float:
    """The reference, with another width in each frame."""
    return plain_plot(is_resized=True)


def wave() -> float:
    """Our sweep: ten seconds of samples as they come, painted thirty times a second of simulated time."""
    from kiosk.line.chart import Sweep
    from ui.app import make_application
    from ui.sitter.sweep import Wave

    app, now_s = make_application(), [0.0]
    shown = Wave(lambda: now_s[0])
    shown.setFixedSize(WIDTH, WAVE_HEIGHT)
    shown.show()
    shown._frames.stop()
    samples = _pulse_wave()
    came = [0]

    def frame(_number: int) -> None:
        now_s[0] += 1 / FRAMES_PER_S
        due = int(now_s[0] * RATE_HZ)
        run = tuple(int(v) for v in samples[came[0] : due])
        shown.take(Sweep(came[0], RATE_HZ, 127, run))
        shown._frames.stop()
        came[0] = due
        shown.advance()
        app.processEvents()

    return _drawn(frame, FRAMES_PER_S * SWEEP_S)


def plain_wave() -> float:
    """The reference: a pyqtgraph curve that gets six seconds of samples anew with each frame."""
    import pyqtgraph as pg

    app = pg.mkQApp()
    plot = pg.PlotWidget(background="#101010")
    plot.setFixedSize(WIDTH, WAVE_HEIGHT)
    plot.hideAxis("left")
    plot.hideAxis("bottom")
    plot.setYRange(0, 127)
    plot.show()
    curve = plot.plot(pen="w")
    samples, size = _pulse_wave(), 6 * RATE_HZ

    def frame(number: int) -> None:
        end = size + number * RATE_HZ // FRAMES_PER_S
        curve.setData(samples[end - size : end])
        app.processEvents()

    return _drawn(frame, FRAMES_PER_S * SWEEP_S)


def _pulse_wave() -> np.ndarray:
    t = np.arange((SWEEP_S + 8) * RATE_HZ + 99) / RATE_HZ
    beat = (t * 1.1) % 1
    return np.round(20 + 90 * np.exp(-((beat - 0.2) ** 2) / 0.01) + 25 * np.exp(-((beat - 0.5) ** 2) / 0.02))


PICTURES = {
    "trend": trend,
    "trend_resized": trend_resized,
    "plain_plot": plain_plot,
    "plain_plot_resized": plain_plot_resized,
    "wave": wave,
    "plain_wave": plain_wave,
}

FIGURES = (
    Figure(
        "trend frame",
        f"{FRAMES} frames of {HOURS} h at 1 Hz: SpO2, pulse, pressures, limits, phases, alarms",
        "as many of three curves of 1 h in one pyqtgraph plot with peak downsampling and clip-to-view",
        lambda: _frames_s("trend"),
        lambda: _frames_s("plain_plot"),
        Goal("times", 1.0),
    ),
    Figure(
        "trend repainted",
        f"the same {FRAMES} frames, each in another width: everything is painted anew",
        "the same plot of 1 h, each frame in another width",
        lambda: _frames_s("trend_resized"),
        lambda: _frames_s("plain_plot_resized"),
        Goal("times", 1.0),
    ),
    Figure(
        "pulse wave",
        f"{SWEEP_S} s of a {RATE_HZ} Hz wave with its axis, {FRAMES_PER_S} frames a second",
        "a bare pyqtgraph curve without axes, as many frames",
        lambda: _frames_s("wave"),
        lambda: _frames_s("plain_wave"),
        Goal("times", 1.2),
    ),
)

if __name__ == "__main__":
    took_s = PICTURES[sys.argv[1]]()
    print(took_s, flush=True)
    os._exit(0)  # nothing of Qt's end belongs to the figure
