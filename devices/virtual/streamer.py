"""A simulated device that streams frames over a serial-like characteristic, with the faults of real ones to order.

Runs in the air's process. It sends what it is told, cut as it is told; it never measures. A family says in `owed` what
a correct receiver makes of each of its frames; the log follows them through every cut.
"""

# pyright: standard
# bumble is typed in part only.

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from bumble.gatt import Characteristic, CharacteristicValue
from bumble.link import LocalLink

from devices.virtual.faults import Faults, Spoiler
from devices.virtual.ledger import Frame, Owed
from devices.virtual.peripheral import NO_DATA, Identity, Peripheral
from devices.virtual.scenario import SENSOR_UNCONNECTED_TO_USER, Sample
from devices.virtual.sent import SentLog
from devices.virtual.uuid import uuid_text

ATT_HEADER = 3


class Shown(NamedTuple):
    """What a family puts into its frames: whole %, beats per minute, perfusion in hundredths of a %; None for none."""

    spo2: int | None
    pulse: int | None
    perfusion: int | None
    finger_out: bool


class Streamer(Peripheral):
    """orders: what was written to it, in order. faults: what it does wrong from now on.

    A family overrides `owed`, and `live` (it streams by itself) or `answer` (it is asked), or both.
    """

    piece_bytes = 20
    """Bytes in a notification as this family sends them; 0: as many as the link carries."""
    impossible: Mapping[str, str] = MappingProxyType({})
    """Faults that cannot happen to this family, each with the reason."""

    def __init__(
        self,
        link: LocalLink,
        log: SentLog,
        identity: Identity,
        *,
        notify: str,
        write: str = "",
        beside: Sequence[Characteristic] = (),
    ) -> None:
        properties = Characteristic.Properties
        self.orders: list[bytes] = []
        self.faults = Faults()
        self.sample = Sample(None, None, None)
        self.stream = Characteristic(notify, properties.NOTIFY, NO_DATA)
        command = Characteristic(
            write or notify,
            properties.WRITE | properties.WRITE_WITHOUT_RESPONSE,
            Characteristic.WRITEABLE,
            CharacteristicValue[bytes](write=lambda _connection, value: self._obey(bytes(value))),
        )
        super().__init__(link, log, identity, [self.stream, *([command] if write else []), *beside])
        self._spoiler = Spoiler(self.faults)
        self._speaking = asyncio.Lock()
        self._kept: list[Frame] = []
        self._answers: set[asyncio.Task[None]] = set()
        self._last = Shown(None, None, None, finger_out=False)

    def owed(self, frame: bytes) -> Owed:
        """What a correct receiver makes of one of this family's own frames."""
        return Owed.VALUE

    @property
    def is_answering(self) -> bool:
        """Something was written and its answer is not out yet."""
        return bool(self._answers)

    async def answer(self, order: bytes) -> None:
        """Something was written."""

    async def live(self, sample: Sample, second_s: float) -> None:
        """The next script second has come; a family that streams sends it, spread over `second_s`."""
        self.sample = sample

    async def stop(self) -> None:
        while self._answers:
            for task in self._answers:
                task.cancel()
            await asyncio.wait(self._answers)
        await super().stop()

    async def say(self, *frames: bytes | Frame) -> bool:
        """Send frames one behind the other, with the faults that were ordered. False: nobody was told."""
        async with self._speaking:
            if self.faults.silent or self.connection is None or not self.subscribed(self.stream):
                self._kept.clear()
                return False
            self._kept += [self._spoiler.flip(self._known(frame)) for frame in frames]
            if len(self._kept) < self.faults.merge:
                return True
            now, self._kept = self._kept, []
            return await self._send(now)

    def shown(self, sample: Sample) -> Shown:
        """The sample as whole numbers; with the finger out by order, the last ones again."""
        if self.faults.finger_out:
            return self._last._replace(finger_out=True)
        out = bool(sample.sensor_status & SENSOR_UNCONNECTED_TO_USER)
        shown = Shown(_whole(sample.spo2), _whole(sample.pulse), _whole(sample.perfusion, 100), out)
        if shown.spo2 is not None:
            self._last = shown
        return shown

    def _obey(self, order: bytes) -> None:
        self.orders.append(order)
        task = asyncio.ensure_future(self.answer(order))
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)

    def _known(self, frame: bytes | Frame) -> Frame:
        return frame if isinstance(frame, Frame) else Frame(frame, self.owed(frame))

    async def _send(self, frames: list[Frame]) -> bool:
        broken_off = next((at for at, frame in enumerate(frames) if frame.owed is Owed.VALUE), None)
        if broken_off is None or not self.faults.break_off:
            return await self._send_pieces(frames)
        self.faults.break_off = False
        cut = frames[broken_off].data
        await self._send_pieces([*frames[:broken_off], Frame(cut[: (len(cut) + 1) // 2], Owed.CUT)])
        self.drop()
        return False

    async def _send_pieces(self, frames: list[Frame]) -> bool:
        connection = self.connection
        if connection is None:
            return False
        for frame in frames:
            self._log.entered(self.address, uuid_text(self.stream.uuid), frame)
        pieces = self._spoiler.pieces(frames, self.piece_bytes, connection.att_mtu - ATT_HEADER)
        for piece in pieces:
            if self.connection is not connection or not await self.send(self.stream, piece):
                return False  # the log gives the rest up at the next link
        return True


def _whole(number: Decimal | None, times: int = 1) -> int | None:
    return None if number is None else round(number * times)
