"""Two oximeters at once, cut off two hundred times between them: nothing lost, no task, bus connection or match leaked.

A program of the guest machine (see `run`). The links run in this process, so that it can count what they leave behind.
Prints what it sees; exits 0 when all of it was shown.
"""

from __future__ import annotations

import asyncio
import collections
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from dbus_fast import BusType, Message
from dbus_fast.aio import MessageBus
from radio import OXIMETER, Oximeter, Radio
from shown import NotShownError, run, show, until

from devices.links import Chosen, Links
from devices.pace import Pace
from devices.reading import LinkChanged, LinkState, Reading, Report, Stamp

CUTS = 100  # of each
OTHER = "f0:f1:f2:f3:f4:f6"
WARM_UP = 5
PATIENCE_S = 60.0
BLEAKS_OWN = "BlueZManager._monitor_bus_disconnect"  # one for the whole process, as long as it lives
QUIET_S = 0.1  # between a value and a cut: what is on its way arrives
HASTE = Pace(silent_after_s=30.0, back_off_s=(0.05,))


class Heard:
    """What was reported of each device."""

    def __init__(self) -> None:
        self.raw: dict[str, list[str]] = collections.defaultdict(list)
        self.states: collections.Counter[tuple[str, LinkState]] = collections.Counter()

    def take(self, report: Report) -> None:
        match report:
            case Reading(device=device, raw=raw):
                self.raw[device].append(raw.hex())
            case LinkChanged(device=device, state=state):
                self.states[device, state] += 1
            case _:
                pass


async def bus_load() -> tuple[int, int]:
    """Connections to the system bus, and match rules of all of them; without this question's own."""
    bus = await MessageBus(bus_type=BusType.SYSTEM).connect()
    path, name = "/org/freedesktop/DBus", "org.freedesktop.DBus"
    names = await bus.call(Message(name, path, name, "ListNames"))
    rules = await bus.call(Message(name, path, "org.freedesktop.DBus.Debug.Stats", "GetAllMatchRules"))
    bus.disconnect()
    await bus.wait_for_disconnect()
    unique = [one for one in names.body[0] if one.startswith(":")]
    return len(unique) - 1, sum(len(found) for found in rules.body[0].values())


async def load() -> dict[str, int]:
    """What could leak, while both devices stream."""
    connections, rules = await bus_load()
    descriptors = len(list(Path("/proc/self/fd").iterdir()))
    return {"tasks": len(asyncio.all_tasks()), "bus": connections, "matches": rules, "files": descriptors}


async def cut_off(oximeter: Oximeter, heard: Heard, number: int) -> None:
    """Once, as soon as values flow: hung up by the device, or lost as a radio loses it; then wait for the next link."""
    enough = len(oximeter.sent) + 2
    await until(f"{oximeter.address} sends on link {oximeter.links}", lambda: len(oximeter.sent) >= enough, PATIENCE_S)
    oximeter.subscribed = False
    await asyncio.sleep(QUIET_S)
    links = oximeter.links
    if number % 2:
        await oximeter.hang_up()
    else:
        oximeter.lose()
    await until(
        f"{oximeter.address} is found again ({number})",
        lambda: oximeter.links > links and oximeter.subscribed,
        PATIENCE_S,
    )


async def cut_often(oximeter: Oximeter, heard: Heard, count: int) -> None:
    for number in range(count):
        await cut_off(oximeter, heard, number)


async def play() -> None:
    """Warm up, count, cut two hundred times, count again."""
    radio = Radio()
    await radio.open()
    oximeters = [Oximeter(radio.link, lambda _what: None, address) for address in (OXIMETER, OTHER)]
    for oximeter in oximeters:
        await oximeter.start()
    sending = [asyncio.ensure_future(oximeter.send_forever()) for oximeter in oximeters]
    heard, before = Heard(), asyncio.all_tasks()
    chosen = [Chosen(oximeter.address, "plx", "oximeter") for oximeter in oximeters]
    links = Links("auto", chosen, False, lambda: Stamp(time.time_ns(), time.monotonic_ns()), heard.take, pace=HASTE)
    work = asyncio.ensure_future(links.run())
    await asyncio.gather(*(cut_often(oximeter, heard, WARM_UP) for oximeter in oximeters))
    first, began_s = await settled(oximeters), time.monotonic()
    show(f"both stream after {2 * WARM_UP} cuts; {first}")
    await asyncio.gather(*(cut_often(oximeter, heard, CUTS) for oximeter in oximeters))
    show(f"{2 * CUTS} cuts in {time.monotonic() - began_s:.0f} s")
    last = await settled(oximeters)
    show(f"both stream; {last}")
    work.cancel()
    await asyncio.wait({work})
    for task in sending:
        task.cancel()
    await asyncio.wait(sending)
    compare(oximeters, heard)
    if {key: value for key, value in last.items() if value > first[key]}:
        raise NotShownError(f"more than before: {first} -> {last}")
    show("ok: no task, bus connection, match rule or file more than before")
    left = {task for task in asyncio.all_tasks() - before - {work} if BLEAKS_OWN not in repr(task)}
    if left:
        raise NotShownError(f"tasks are left: {left}")
    show("ok: with the links every task of theirs is gone")


async def settled(oximeters: list[Oximeter]) -> dict[str, int]:
    """The load once both stream and nothing else goes on: the least of some looks."""
    looks = []
    for _ in range(5):
        await asyncio.sleep(2.5)
        assert all(oximeter.subscribed for oximeter in oximeters)
        looks.append(await load())
    return {key: min(look[key] for look in looks) for key in looks[0]}


def compare(oximeters: list[Oximeter], heard: Heard) -> None:
    """What each handed over against what was reported of it: the same, in the same order."""
    for oximeter in oximeters:
        sent, taken = [one.hex for one in oximeter.sent], heard.raw[oximeter.address]
        lost = [value for value in sent if value not in set(taken)]
        show(f"{oximeter.address}: {len(sent)} handed over on {oximeter.links} links, {len(taken)} heard")
        if sent != taken:
            raise NotShownError(f"{len(lost)} lost, or not in order: {lost[:5]}")
        losses = heard.states[oximeter.address, LinkState.LOST]
        if losses < CUTS + WARM_UP:
            raise NotShownError(f"only {losses} losses were told")
    show(f"ok: nothing lost, nothing twice, each of the {2 * (CUTS + WARM_UP)} losses told")


if __name__ == "__main__":
    raise SystemExit(run(play))
