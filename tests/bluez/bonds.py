"""Bonds against a real BlueZ: four ways of pairing, a cuff that hands over its memory beside an oximeter, a lost bond.

A program of the guest machine (see `run`). A person's part is played by typing what stands on a cuff's display. Prints
what it sees; exits 0 when all of it was shown.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from cuff import MEASUREMENT, Cuff, Manner, reading
from radio import CONTINUOUS, OXIMETER, Oximeter, Radio
from shown import check, run, show, until
from typist import Typist
from watched import Watched

from kiosk.compare import compare_values, recorded_values
from kiosk.record.reader import Reader

DATA, LOGS = Path("/tmp/kiosk-bonds"), Path("/mnt")
PATIENCE_S = 120.0
MEMORY = 30
MANNERS = (
    Manner("c0:00:00:00:00:01", "BLEsmart_0001", "just works"),
    Manner("c0:00:00:00:00:02", "BLEsmart_0002", "types"),
    Manner("c0:00:00:00:00:03", "BLEsmart_0003", "compares"),
    # the last one chosen is the cuff of the session: it asks for security itself, as many cuffs do
    Manner("c0:00:00:00:00:04", "BLEsmart_0004", "shows", begins=True),
)


async def pair(cuff: Cuff, *more: str) -> None:
    """`kiosk devices add`, and what a person does with the cuff in the other hand."""
    await cuff.wake()
    cuff.holder.shown = None
    links = cuff.links
    typist = await Typist.add(DATA, cuff.manner.address, *more)
    match cuff.manner.way:
        case "shows":
            await typist.until("Type the six digits that the cuff shows", PATIENCE_S)
            await until("the cuff shows a number", lambda: cuff.holder.shown is not None, PATIENCE_S)
            typist.type(f"{cuff.holder.shown:06d}")
        case "types":
            await typist.until("Type this number on the cuff: ", PATIENCE_S)
            await typist.until("(Enter here", PATIENCE_S)
            number = typist.text.split("Type this number on the cuff: ")[1].split(". (")[0]
            cuff.holder.typed.put_nowait(int(number.replace(" ", "")))
        case "compares":
            await typist.until("Type yes if it is exactly this:", PATIENCE_S)
            await until("the cuff shows a number", lambda: cuff.holder.shown is not None, PATIENCE_S)
            assert cuff.holder.shown is not None
            number = f"{cuff.holder.shown // 1000:03d} {cuff.holder.shown % 1000:03d}"
            check("both show the same number", f"Does the cuff show {number}?" in typist.text)
            typist.type("yes")
        case _:
            pass
    code = await typist.end(PATIENCE_S)
    check(f"a cuff that {cuff.manner.way} is paired at the terminal ({cuff.links - links} links)", code == 0)
    check("the terminal says so", "The cuff and this computer are paired." in typist.text)
    await cuff.sleep()


async def refused(cuff: Cuff) -> None:
    """Another number is typed than the cuff shows: no bond, nothing chosen."""
    await cuff.wake()
    typist = await Typist.add(DATA, cuff.manner.address, "--pair")
    await typist.until("Type the six digits that the cuff shows", PATIENCE_S)
    await until("the cuff shows a number", lambda: cuff.holder.shown is not None, PATIENCE_S)
    assert cuff.holder.shown is not None
    typist.type(f"{(cuff.holder.shown + 1) % 1_000_000:06d}")
    code = await typist.end(PATIENCE_S)
    if "it refused, or another number" not in typist.text:
        show(typist.text)
    check("another number than the cuff's is refused", code == 1 and "it refused, or another number" in typist.text)
    await cuff.sleep()


async def hand_over(monitor: Watched, cuff: Cuff, oximeter: Oximeter) -> None:
    """Thirty readings out of its memory beside the oximeter's values, then one of now."""
    finished, links = monitor.told("link_moved", state="finished"), oximeter.links
    memory = [reading(n, (2026, 1, 1 + n // 24, n % 24, 15, 0)) for n in range(MEMORY)]
    await cuff.wake(*memory)
    await until("the cuff has handed over all", lambda: len(cuff.handed_over) == MEMORY, PATIENCE_S)
    await until(
        "its hanging up is told as its normal end",
        lambda: monitor.told("link_moved", state="finished") > finished,
        PATIENCE_S,
    )
    stored = [line for line in monitor.readings if line["device"] == cuff.manner.address]
    check(f"all {MEMORY} are heard, each as stored", [line["quality"] for line in stored] == ["stored"] * MEMORY)
    await cuff.wake(reading(MEMORY, datetime.now(UTC).timetuple()[:6]))
    await until("one more", lambda: len(cuff.handed_over) == MEMORY + 1, PATIENCE_S)
    await monitor.more_readings(10, PATIENCE_S)
    newest = [line for line in monitor.readings if line["device"] == cuff.manner.address][-1]
    check("a reading of now is current", (newest["quality"], newest["systolic"]) == ("valid", 100 + MEMORY))
    check("the oximeter kept its link meanwhile", oximeter.links == links)


async def lost_bond(monitor: Watched, cuff: Cuff) -> None:
    """The cuff was paired with a telephone: the monitor names it and takes nothing."""
    await cuff.forget()
    await cuff.wake(reading(MEMORY + 1, datetime.now(UTC).timetuple()[:6]))
    await until("the lost bond is told", lambda: monitor.told("pairing_failed", why="bond mismatch") == 1, PATIENCE_S)
    check("nothing is handed over without the bond", len(cuff.handed_over) == MEMORY + 1)


def compare(cuff: Cuff, oximeter: Oximeter) -> None:
    """The record against both devices' own logs, both ways."""
    sent = {
        OXIMETER: [f"{CONTINUOUS} {one.hex}" for one in oximeter.sent],
        cuff.manner.address: [f"{MEASUREMENT} {one}" for one in cuff.handed_over],
    }
    outcome = compare_values(sent, recorded_values(DATA / "record.db"))
    show(f"{len(oximeter.sent)} by the oximeter, {len(cuff.handed_over)} by the cuff: {outcome.sentence}")
    for value in (*outcome.missing[:5], *outcome.extra[:5]):
        show(f"differs: {value}")
    check("the record equals both logs, both ways and in order", outcome.same)
    with Reader(DATA / "record.db") as reader:
        told = [row for line in reader.sessions() for row in reader.rows(line.session_id)]
    check("no number of a pairing is in the record", not any("passkey" in row.kind for row in told))


async def play() -> None:
    """The whole scene, in the order of its chapters."""
    radio = Radio()
    await radio.open()
    oximeter = Oximeter(radio.link, lambda what: show(f"oximeter: {what}"))
    cuffs = [Cuff(radio.link, one, lambda what, one=one: show(f"cuff that {one.way}: {what}")) for one in MANNERS]
    for cuff in cuffs:
        await cuff.start()
    mine = cuffs[-1]
    sending = None
    try:
        await refused(mine)
        for cuff in cuffs:
            await pair(cuff, "--pair")
        await oximeter.start()
        typist = await Typist.add(DATA, OXIMETER)
        check("the oximeter is chosen without being paired", await typist.end(PATIENCE_S) == 0)
        sending = asyncio.ensure_future(oximeter.send_forever())
        first = await Watched.start(DATA, LOGS, "bonds-1")
        await first.more_readings(5, PATIENCE_S)
        await hand_over(first, mine, oximeter)
        await lost_bond(first, mine)
        check("asked to end, the monitor exits 0", await first.end(PATIENCE_S) == 0)
        await mine.sleep()
        await pair(mine, "--pair-again")
        second = await Watched.start(DATA, LOGS, "bonds-2")
        await mine.wake()
        await until("what waited is handed over", lambda: len(mine.handed_over) == MEMORY + 2, PATIENCE_S)
        await until("its end is told", lambda: second.told("link_moved", state="finished") > 0, PATIENCE_S)
        check("after pairing again the monitor exits 0", await second.end(PATIENCE_S) == 0)
        sending.cancel()
        compare(mine, oximeter)
    finally:
        keep_for_support(oximeter, mine)


def keep_for_support(oximeter: Oximeter, cuff: Cuff) -> None:
    """Everything that explains a failure, for the machine outside."""
    sent = {"oximeter": [one._asdict() for one in oximeter.sent], "cuff": cuff.handed_over}
    (LOGS / "bonds-sent.json").write_text(json.dumps(sent))
    if DATA.exists():
        shutil.copytree(DATA, LOGS / "bonds-data", dirs_exist_ok=True)


if __name__ == "__main__":
    raise SystemExit(run(play))
