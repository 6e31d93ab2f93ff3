"""A simulated Viatom/Wellue ring of the first kind (O2Ring): asked with `AA`, it answers with `55`.

It says nothing by itself, and its answers do not tell what was asked. With the finger out it goes on sending numbers
beside the lead flag. Runs in the air's process. Shares nothing with the driver; its frames are checked against those
of real devices.
"""

# pyright: standard
# bumble is typed in part only.

from __future__ import annotations

import json
from collections.abc import Iterator

from devices.virtual.beat import Beat
from devices.virtual.crc import crc8
from devices.virtual.ledger import Owed
from devices.virtual.peripheral import Identity
from devices.virtual.streamer import Shown, Streamer
from devices.virtual.world import World

SERVICE = "14839AC4-7D7E-415C-9A42-167340CF2339"
NOTIFY, WRITE = "0734594A-A8E7-4B1A-A6B1-CD5243059A57", "8B00ACE7-EB0B-49B0-BBE9-9AEE0A26E1A3"
RING = Identity(
    role="oximeter", name="O2Ring SIM", address="F1:5E:55:10:00:21", service=SERVICE,
    model="1641", serial="SIM-RING-0001", battery=97,
)  # fmt: skip
INFO, PING, LIVE, WAVE, RESET = 0x14, 0x15, 0x17, 0x1B, 0x18
DONE, REFUSED = 0, 1
NOTHING, NO_PULSE = 0xFF, 0xFFFF
LEAD_ON = 1
NUMBERS_SIZE = 13
WAVE_HZ = 125


def answered(payload: bytes, status: int = DONE) -> bytes:
    """One answer with its checksum."""
    body = bytes((0x55, status, 255 - status, 0, 0)) + len(payload).to_bytes(2, "little") + payload
    return body + bytes((crc8(body),))


def numbers(
    spo2: int, pulse: int, perfusion_tenths: int, *, battery: int, motion: int = 0, lead: int = LEAD_ON, after: int = 0
) -> bytes:
    """The answer to `LIVE`. lead: `LEAD_ON` while a finger is in; after: the states of its own alarms."""
    head = bytes((spo2,)) + pulse.to_bytes(2, "little") + bytes(4)
    return answered(head + bytes((battery, 0, motion, perfusion_tenths, lead, after)))


def vectors() -> Iterator[tuple[str, str, bytes]]:
    """Answers of real rings, which ours must equal byte for byte."""
    finger = numbers(98, 66, 10, battery=97, motion=146)
    yield "98 %, 66 beats, finger in", "5500FF00000D00624200000000006100920A01002F", finger
    none = numbers(NOTHING, NO_PULSE, 0, battery=96, motion=5, lead=0)
    yield "no finger", "5500FF00000D00FFFFFF0000000060000500000043", none


class Ring(Streamer):
    """Answers what it is asked. resets: how often somebody sent it the opcode that wipes its settings."""

    def __init__(self, world: World) -> None:
        super().__init__(world.link, world.log, RING, notify=NOTIFY, write=WRITE)
        self.resets = 0
        self._beat = Beat()

    def owed(self, frame: bytes) -> Owed:
        return Owed.VALUE if (frame[1], len(frame) - 8) == (DONE, NUMBERS_SIZE) else Owed.OTHER

    async def answer(self, order: bytes) -> None:
        """One whole request; anything else is not understood and not answered."""
        if len(order) < 8 or order[0] != 0xAA or crc8(order[:-1]) != order[-1]:
            return
        if order[1] == RESET:
            self.resets += 1
        else:
            await self.say(self._answered(order[1], self.shown(self.sample)))

    def _answered(self, command: int, shown: Shown) -> bytes:
        if command == LIVE:
            return self._numbers(shown)
        if command == WAVE:
            return self._wave(shown)
        if command == INFO:
            return answered(self._info())
        return answered(b"", DONE if command == PING else REFUSED)

    def _info(self) -> bytes:
        said = {
            "Model": self.identity.model, "SN": self.identity.serial, "SoftwareVer": "1.5.0",
            "CurBAT": f"{self.identity.battery}%", "CurState": "1",
        }  # fmt: skip
        return json.dumps(said, separators=(",", ":")).encode() + b"\0"

    def _numbers(self, shown: Shown) -> bytes:
        lead = 0 if shown.finger_out or shown.spo2 is None else LEAD_ON
        tenths = min(round((shown.perfusion or 0) / 10), 255)
        if shown.spo2 is None or shown.pulse is None:
            return numbers(NOTHING, NO_PULSE, tenths, battery=self.identity.battery, lead=0)
        return numbers(shown.spo2, shown.pulse, tenths, battery=self.identity.battery, lead=lead)

    def _wave(self, shown: Shown) -> bytes:
        """One second of it, with the numbers before it."""
        spo2, pulse = (NOTHING if shown.spo2 is None else shown.spo2), shown.pulse or 0
        moments = self._beat.next(WAVE_HZ, WAVE_HZ, None if shown.finger_out else shown.pulse)
        head = bytes((spo2,)) + pulse.to_bytes(2, "little") + bytes((self.identity.battery, 0, 0, LEAD_ON, 0, 0, 0))
        samples = bytes(round(150 * one.level) for one in moments)
        return answered(head + len(samples).to_bytes(2, "little") + samples)
