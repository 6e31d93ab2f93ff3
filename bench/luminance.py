"""`python -m bench.luminance`: the patient's real window on a display of its own, looked at for ten minutes.

The screen process runs as in a session, told only what the state needs; the display is Xvfb's frame buffer, so that the
codes are those that a panel would get. The exit code is 0 if every figure is inside its limit.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from bench.darkness import Codes, Darkness, Figures, Limits
from bench.program import lines, program
from kiosk.line.codec import BEAT_EVERY_S, Beat, encode
from kiosk.line.pane import Card, Music, Sentence
from kiosk.line.screen import Begin, RestView, View
from kiosk.line.tile import PressureTile, Tile
from tests.end_to_end.desktop import Desktop, desktop

SITTER = "Sam"
SETTLE_S = 20.0  # the pane is built behind the picture, and the light of a call has come in by then
STATES = {
    "rest": RestView("rest"),
    "guide": RestView("rest"),
    "hint": RestView("rest", f"Touch anywhere to call {SITTER}"),
    "calling": RestView("calling"),
    "coming": RestView("coming"),
    "aloud": RestView("aloud"),
}
SAYING = ("hint", "calling", "coming", "aloud")  # words that somebody needs at that moment
AT_REST = Limits()
NEEDED = Limits(brightest=0.12, contrast=3.0)


def view_of(rest: RestView) -> View:
    """A calm view whose patient's part is this one."""
    return View(
        at_utc_ms=time.time_ns() // 1_000_000,
        t_s=3600,
        clock="21:49",
        stage="live",
        phase="",
        elapsed="",
        dose="",
        chips=(),
        tags=(),
        sentence=Sentence("calm", "", ""),
        ahead=(),
        panel=None,
        silences=(),
        spo2=Tile("waiting"),
        pulse=Tile("waiting"),
        pressure=PressureTile("none"),
        events=(),
        music=Music("off"),
        card=Card("112", "", "", (), (), (), (), (), ()),
        phases=(),
        marks=(),
        limits=(),
        due=None,
        rest=rest,
        pane_open=False,
        alarm_over_rest=False,
        armed="",
        started=True,
    )


@contextmanager
def shown(screen: subprocess.Popen[bytes], rest: RestView, begin: Begin) -> Iterator[None]:
    """Begin, then beat and repeat the view as a monitor does, until left."""
    assert screen.stdin is not None
    pipe, over = screen.stdin, threading.Event()
    pipe.write(encode(begin) + encode(view_of(rest)))

    def talk() -> None:
        while not over.wait(BEAT_EVERY_S):
            pipe.write(encode(Beat()) + encode(view_of(rest)))

    thread = threading.Thread(target=talk)
    thread.start()
    try:
        lines(screen, lambda line: b'"shown"' in line)
        drain = threading.Thread(target=lambda: screen.stdout and screen.stdout.read(), daemon=True)
        drain.start()
        yield
    finally:
        over.set()
        thread.join()


def measure(state: str, minutes: float, every_s: float, size: tuple[int, int], keep: Path | None) -> Figures:
    """Look at one state. keep: folder for a picture of each minute."""
    darkness = Darkness(every_s)
    now_ms = time.time_ns() // 1_000_000
    begin = Begin(True, False, False, False, "Robin", SITTER, now_ms, 0, breathing_guide=state == "guide")
    with (
        desktop(1, *size) as display,
        program(["-m", "kiosk", "_child", "screen"], display.env) as screen,
        shown(screen, STATES[state], begin),
    ):
        time.sleep(SETTLE_S)
        began = time.monotonic()
        for count in range(max(3, round(minutes * 60 / every_s))):
            time.sleep(max(0.0, began + count * every_s - time.monotonic()))
            picture = display.picture()
            darkness.take(picture)
            if keep and count % max(1, round(60 / every_s)) == 0:
                _keep(display, keep / f"{state}-{round(count * every_s):04d}.png")
    return darkness.figures()


def _keep(display: Desktop, path: Path) -> None:
    from PySide6.QtGui import QImage

    picture: Codes = display.picture().copy()
    height, width, _ = picture.shape
    QImage(picture.data, width, height, 3 * width, QImage.Format.Format_RGB888).save(str(path))


def told(state: str, found: Figures) -> str:
    """One state in three lines."""
    words = f"; words {found.contrast:.2f}:1, {found.word_px} px high" if found.word_px else ""
    return (
        f"{state}: {found.pictures} pictures in {found.seconds:.0f} s. Light of white: mean {found.mean_of_means:.2%} "
        f"(highest picture {found.mean:.2%}), 99.9th percentile {found.p999:.2%}, brightest pixel "
        f"{found.brightest:.2%}{words}.\n"
        f"  Blue {found.blue}, green at most {found.green_share:.2f} of red. {found.static} of {found.lit} subpixels "
        f"stood still above black.\n"
        f"  Strongest cycle below a minute: {found.period_s:.1f} s; {found.fast_share:.2%} of all change is faster "
        f"than one in 8 s; largest step of a block of 16 px from one picture to the next {found.step:.3%} of white."
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Measure the named states one after the other; print and, if asked, keep the figures."""
    parser = argparse.ArgumentParser(prog="python -m bench.luminance", description=__doc__)
    parser.add_argument("states", nargs="*", metavar="STATE", help=f"{', '.join(STATES)}; all by default")
    parser.add_argument("--minutes", type=float, default=10.0, metavar="N")
    parser.add_argument("--every", type=float, default=1.0, metavar="SECONDS", help="between two pictures")
    parser.add_argument("--size", default="1366x768", metavar="WxH")
    parser.add_argument("--keep", type=Path, default=None, metavar="DIR", help="a picture of each minute, and figures")
    args = parser.parse_args(argv)
    if unknown := set(args.states) - set(STATES):
        parser.error(f"no such state: {', '.join(sorted(unknown))}")
    width, height = (int(part) for part in args.size.split("x"))
    if args.keep:
        args.keep.mkdir(parents=True, exist_ok=True)
    failed = False
    for state in args.states or STATES:
        found = measure(state, args.minutes, args.every, (width, height), args.keep)
        print(told(state, found), flush=True)
        for problem in found.problems(NEEDED if state in SAYING else AT_REST):
            failed = True
            print(f"  NOT KEPT: {problem}", flush=True)
        if args.keep:
            (args.keep / f"{state}.json").write_text(json.dumps(msgspec.to_builtins(found), indent=1) + "\n")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
