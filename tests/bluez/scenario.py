"""`kiosk monitor` against a real BlueZ: every notification recorded, and four ways of losing the link survived.

Runs as the only program of the guest machine (see `run`). Prints what it sees; exits 0 when all of it was shown.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
import time
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))

from radio import CONTINUOUS, OXIMETER, Oximeter, Radio
from shown import check, run, show, until
from watched import Watched

from kiosk.compare import compare_values, recorded_values
from kiosk.record.reader import Reader
from kiosk.session import events as e

DATA, LOGS = Path("/tmp/kiosk"), Path("/mnt")
PATIENCE_S = 120.0  # the guest computes some ten times slower than the machine it runs on
BACK_WITHIN_S = 10.0
ANY = ("--any", "--yes")
IN_FLIGHT_S = 2.0
READINGS = 25


class Cut(NamedTuple):
    """A stretch in which values handed over may have had nobody to take them: the radio off, the monitor dead."""

    why: str
    from_s: float
    until_s: float


async def hang_ups(monitor: Watched, oximeter: Oximeter) -> None:
    """The oximeter ends its link three times; each loss and each return is an event, and values flow again."""
    for number in (1, 2, 3):
        streaming = monitor.told("link_moved", state="streaming")
        lost = monitor.told("link_moved", state="lost")
        await oximeter.hang_up()
        await until("the loss is told", lambda lost=lost: monitor.told("link_moved", state="lost") > lost, PATIENCE_S)
        await until(
            "the return is told",
            lambda streaming=streaming: monitor.told("link_moved", state="streaming") > streaming,
            PATIENCE_S,
        )
        await monitor.more_readings(READINGS, PATIENCE_S)
        show(f"ok: the oximeter hung up ({number} of 3): loss and return told, values flow again")


async def adapter_off_and_on(monitor: Watched, radio: Radio, oximeter: Oximeter) -> Cut:
    """The adapter is switched off while values come, and on again."""
    off_s = time.monotonic()
    await radio.power(False)
    await until("the adapter's going off is told", lambda: monitor.told("adapter_moved", state="off") == 1, PATIENCE_S)
    await until("the oximeter has lost its link", lambda: oximeter.connection is None, PATIENCE_S)
    cut = Cut("adapter off", off_s - IN_FLIGHT_S, time.monotonic())
    told_on = monitor.told("adapter_moved", state="on")
    await radio.power(True)
    await until("its return is told", lambda: monitor.told("adapter_moved", state="on") > told_on, PATIENCE_S)
    await monitor.more_readings(READINGS, PATIENCE_S)
    show("ok: the adapter was switched off and on: both told, values flow again")
    return cut


async def killed(monitor: Watched, oximeter: Oximeter) -> tuple[Watched, Cut]:
    """The monitor is killed while connected and started again: BlueZ still holds the dead one's link."""
    kill_s, links = time.monotonic(), oximeter.links
    await monitor.kill()
    check("the link outlives the killed monitor", oximeter.connection is not None and oximeter.links == links)
    after = await Watched.start(DATA, LOGS, "monitor-2", *ANY)
    await after.more_readings(1, PATIENCE_S)
    check("no alarm about silence that was not", after.told("alarm_raised", alarm="no_signal") == 0)
    assert after.first_reading_s is not None
    took_s = after.first_reading_s - after.began_s
    how = "adopted" if oximeter.links == links else "dropped"
    show(f"first reading {took_s:.2f} s after the new start, {after.first_reading_s - kill_s:.2f} s after the kill")
    check(f"killed and started again: values flow within {BACK_WITHIN_S:g} s, old link {how}", took_s <= BACK_WITHIN_S)
    cut = Cut("monitor killed", kill_s - IN_FLIGHT_S, after.first_reading_s)
    await after.more_readings(READINGS, PATIENCE_S)
    return after, cut


def compare(oximeter: Oximeter, cuts: list[Cut], lines: list[dict[str, object]]) -> None:
    """The record against the oximeter's own log and against the monitor's lines."""
    recorded = recorded_values(DATA / "record.db")
    mine = recorded.get(OXIMETER, [])
    taken = set(mine)
    must, may = [], {cut.why: 0 for cut in cuts}
    for sent in oximeter.sent:
        value = f"{CONTINUOUS} {sent.hex}"
        cut = next((cut for cut in cuts if cut.from_s <= sent.at_s <= cut.until_s), None)
        if cut is None or value in taken:
            must.append(value)
        else:
            may[cut.why] += 1
    outcome = compare_values({OXIMETER: must}, recorded)
    show(f"{len(oximeter.sent)} handed over on {oximeter.links} links; unheard: {may}; {outcome.sentence}")
    for value in (*outcome.missing[:5], *outcome.extra[:5]):
        show(f"differs: {value}")
    check("the record equals the oximeter's log, both ways and in order", outcome.same)
    check("the monitor's lines have as many readings as the record, and no more", len(lines) == len(mine))
    check("each line's pulse is the recorded one", [line["pulse"] for line in lines] == [_pulse(v) for v in mine])


def _pulse(value: str) -> int:
    return int.from_bytes(bytes.fromhex(value.split()[1])[3:5], "little")


def look_into_record() -> None:
    """One session, whole chain, its interruption and its end told."""
    with Reader(DATA / "record.db") as reader:
        sessions = reader.sessions()
        check("the record holds one session", len(sessions) == 1)
        check("its chain is whole", not reader.verify_chain(sessions[0].session_id))
        told = [row.what for row in reader.rows(sessions[0].session_id)]
    check("the restart is in the record", sum(isinstance(what, e.RunResumed) for what in told) == 1)
    check("no payload was refused", not any(isinstance(what, e.PayloadRefused) for what in told))
    check("the session's end is in the record", any(isinstance(what, e.SessionEnded) for what in told))


async def play() -> None:
    """The whole scenario, in the order of its chapters."""
    radio = Radio()
    await radio.open()
    oximeter = Oximeter(radio.link, lambda what: show(f"oximeter: {what}"))
    await oximeter.start()
    sending = asyncio.ensure_future(oximeter.send_forever())
    show("BlueZ's adapter is on, the oximeter advertises")
    first = await Watched.start(DATA, LOGS, "monitor-1", *ANY)
    try:
        await first.more_readings(READINGS, PATIENCE_S)
        show("ok: values flow")
        await hang_ups(first, oximeter)
        cuts = [await adapter_off_and_on(first, radio, oximeter)]
        second, cut = await killed(first, oximeter)
        cuts.append(cut)
        check("asked to end, the monitor exits 0", await second.end(PATIENCE_S) == 0)
        await until("the link is hung up at the end", lambda: oximeter.connection is None, PATIENCE_S)
        sending.cancel()
        compare(oximeter, cuts, first.readings + second.readings)
        look_into_record()
    finally:
        keep_for_support(oximeter)


def keep_for_support(oximeter: Oximeter) -> None:
    """Everything that explains a failure, for the machine outside."""
    (LOGS / "sent.jsonl").write_text("".join(json.dumps(sent._asdict()) + "\n" for sent in oximeter.sent))
    if DATA.exists():
        shutil.copytree(DATA, LOGS / "data", dirs_exist_ok=True)


if __name__ == "__main__":
    raise SystemExit(run(play))
