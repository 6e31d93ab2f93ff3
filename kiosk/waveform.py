"""The pulse waveform between device and record: pieces as they are heard become blocks to keep and runs to draw.

Owned by the monitor; pure, time is the pieces' own stamps. It never fills a hole: where samples are missing a block
ends and the next one begins under its own stamp. It tells the alarms nothing: the drivers have judged numbers by it.
"""

from __future__ import annotations

from collections.abc import Callable

from devices.reading import DecodeFailed, LinkChanged, LinkState, Report, Waveform
from kiosk.line.chart import Sweep

BLOCK_S = 5.0  # what a killed monitor can lose; a row a block costs the record less than its readings do
HOLE_S = 1.0  # radio and operating system hand notifications over in bursts; a longer pause is a hole
RUN_S = 0.2  # for the screen: five lines a second whatever the device's rate

_UNBROKEN = (LinkState.STREAMING, LinkState.CONNECTING)


class Strand:
    """One device's waveform. keep: takes a finished block; show: takes a run for the screen."""

    def __init__(self, keep: Callable[[Waveform], None], show: Callable[[Sweep], None], hole_s: float) -> None:
        self._keep, self._show, self._hole_ns = keep, show, hole_s * 1e9
        self._block: list[Waveform] = []
        self._run: list[Waveform] = []
        self._last: Waveform | None = None
        self._next = 0  # running number of the next sample, counted through holes
        self._is_cut = False

    def take(self, piece: Waveform) -> None:
        """The next piece, in the order of hearing."""
        if self._last is not None and self._is_hole(self._last, piece):
            self.cut()
            self._next += max(1, round(_pause_ns(self._last, piece) / 1e9 * piece.rate_hz))
        self._last, self._is_cut = piece, False
        self._block.append(piece)
        self._run.append(piece)
        self._next += len(piece.samples)
        if _count(self._run) >= RUN_S * piece.rate_hz:
            self._end_run()
        if _count(self._block) >= BLOCK_S * piece.rate_hz:
            self._end_block()

    def cut(self) -> None:
        """What comes next is behind a hole, or nothing comes: give out what waits."""
        self._is_cut = True
        self._end_run()
        self._end_block()

    def _is_hole(self, last: Waveform, piece: Waveform) -> bool:
        is_other = (last.rate_hz, last.full_scale) != (piece.rate_hz, piece.full_scale)
        return self._is_cut or is_other or _pause_ns(last, piece) > self._hole_ns

    def _end_run(self) -> None:
        if self._run:
            whole = _joined(self._run)
            self._show(Sweep(self._next - len(whole.samples), whole.rate_hz, whole.full_scale, whole.samples))
            self._run.clear()

    def _end_block(self) -> None:
        if self._block:
            self._keep(_joined(self._block))
            self._block.clear()


class Waveforms:
    """All devices' strands of one run. keep(block); show(device, run). speed: of the session's clock."""

    def __init__(
        self, keep: Callable[[Waveform], None], show: Callable[[str, Sweep], None], speed: float = 1.0
    ) -> None:
        self._keep, self._show = keep, show
        self._hole_s = HOLE_S * max(speed, 1.0)
        self._strands: dict[str, Strand] = {}

    def take(self, report: Report) -> None:
        """Any report of a device: a piece is taken, what interrupts the device's waveform cuts it."""
        match report:
            case Waveform(device=device):
                if device not in self._strands:
                    self._strands[device] = Strand(self._keep, lambda run: self._show(device, run), self._hole_s)
                self._strands[device].take(report)
            case LinkChanged(device=device, state=state) if state not in _UNBROKEN:
                self.cut(device)
            case DecodeFailed(device=device):
                self.cut(device)
            case _:
                pass

    def end(self) -> None:
        """The run ends: give out what waits."""
        for device in self._strands:
            self.cut(device)

    def cut(self, device: str) -> None:
        """Nothing more of this device comes, or a hole does."""
        if device in self._strands:
            self._strands[device].cut()


def _pause_ns(last: Waveform, piece: Waveform) -> float:
    """Time between the end of the last piece and the next one, by their stamps and the described rate."""
    return piece.stamp.boot_ns - last.stamp.boot_ns - len(last.samples) * 1e9 / last.rate_hz


def _count(pieces: list[Waveform]) -> int:
    return sum(len(piece.samples) for piece in pieces)


def _joined(pieces: list[Waveform]) -> Waveform:
    """One block of pieces without a hole between them, under the first one's stamp."""
    first = pieces[0]
    samples: list[int | None] = []
    beats: list[int] = []
    for piece in pieces:
        beats += [len(samples) + place for place in piece.beats]
        samples += piece.samples
    return Waveform(first.device, first.stamp, first.rate_hz, first.full_scale, tuple(samples), tuple(beats))
