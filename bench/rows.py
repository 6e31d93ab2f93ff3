"""`python -m bench.rows`: a record altered by somebody who owns the file, and what the look at its chain finds.

Rows are changed, hidden, added or moved, as clumsily as one can and as cleverly: numbered anew, with every hash behind
them made again, in one table or the other. Bits of the file are flipped as well. Exit 1 when one record was believed.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import msgspec

from bench import mutations
from kiosk.record import body, driver
from kiosk.record.fault import RecordError
from kiosk.record.reader import Reader
from kiosk.session import events as e

SESSION = "s-0"
FOUND, TOLD, UNUSED, BELIEVED = (
    "found",
    "told as without a sealed end",
    "in bytes that none of its rows use",
    "believed",
)


class Line(NamedTuple):
    """One row as it lies in the file."""

    kind: str
    text: str
    digest: bytes


class Case(NamedTuple):
    """The untouched record: its bytes and its rows."""

    folder: Path
    file: bytes
    lines: tuple[Line, ...]


def case(folder: Path) -> Case:
    """A recorded and sealed session in a file of its own."""
    mutations.case(folder)
    path = folder / "record.db"
    return Case(folder, path.read_bytes(), tuple(lines(path)))


def lines(path: Path) -> list[Line]:
    """What the chain holds, as it lies there. Raises the driver's error."""
    connection = driver.connect(path, read_only=True)
    try:
        query = "SELECT kind, body, hash FROM chain WHERE session_id = ? ORDER BY chain_seq"
        return [Line(kind, text, bytes(digest)) for kind, text, digest in connection.execute(query, (SESSION,))]
    finally:
        connection.close()


def rewritten(path: Path, rows: list[Line]) -> None:
    """The session's rows put in place of those that are there, past every trigger."""
    connection = driver.connect(path, read_only=False)
    try:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        connection.execute("BEGIN")
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        for table in ("event", "reading", "waveform"):
            connection.execute(f"DELETE FROM {table} WHERE session_id = ?", (SESSION,))  # noqa: S608 - our own words
        for seq, row in enumerate(rows, 1):
            if row.kind in (body.READING, body.WAVEFORM):
                made = (SESSION, seq, row.text, row.digest, 0)
                connection.execute(f"INSERT INTO {row.kind} VALUES (?, ?, ?, ?, ?)", made)  # noqa: S608 - one of two
            else:
                made = (SESSION, seq, row.kind, row.text, row.digest, 0)
                connection.execute("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)", made)
        for _, sql in triggers:
            connection.execute(sql)
        connection.execute("COMMIT")
    finally:
        connection.close()


# --- alterations ------------------------------------------------------------------------------------------------------

Alter = Callable[[list[Line], random.Random], None]


def change(rows: list[Line], r: random.Random) -> None:
    """A digit of a row is another one."""
    at = r.randrange(len(rows))
    digits = [i for i, c in enumerate(rows[at].text) if c.isdigit()]
    i = r.choice(digits)
    text = rows[at].text
    rows[at] = rows[at]._replace(text=text[:i] + str((int(text[i]) + r.randint(1, 9)) % 10) + text[i + 1 :])


def hide(rows: list[Line], r: random.Random) -> None:
    """A row is gone, not the last one."""
    del rows[r.randrange(len(rows) - 1)]


def add(rows: list[Line], r: random.Random) -> None:
    """A row stands there once more, or a new one."""
    row = r.choice(rows[1:])
    rows.insert(r.randrange(1, len(rows)), row)


def move(rows: list[Line], r: random.Random) -> None:
    """A row stands at another place."""
    at = r.randrange(1, len(rows))
    row = rows.pop(at)
    rows.insert(r.choice([i for i in range(1, len(rows) + 1) if i != at]), row)


def file_elsewhere(rows: list[Line], r: random.Random) -> None:
    """A row is filed as another kind."""
    at = r.randrange(len(rows))
    kinds = [kind for kind in ("note_added", body.READING, body.WAVEFORM) if kind != rows[at].kind]
    rows[at] = rows[at]._replace(kind=r.choice(kinds))


def cut(rows: list[Line], r: random.Random) -> None:
    """The end is gone."""
    del rows[r.randrange(1, len(rows)) :]


ALTERATIONS: tuple[Alter, ...] = (change, hide, add, move, file_elsewhere, cut)


def chained(rows: list[Line], *, number: bool) -> list[Line]:
    """Every hash made again; number: each row says its new place. A row that cannot be read keeps its words."""
    made: list[Line] = []
    digest = body.first_hash(SESSION)
    for seq, row in enumerate(rows, 1):
        text = row.text
        if number:
            try:
                text = body.encode(msgspec.structs.replace(body.decode(text), seq=seq))
            except RecordError:
                pass
        digest = body.next_hash(digest, text)
        made.append(Line(row.kind, text, digest))
    return made


def outcome(path: Path, was: tuple[Line, ...]) -> str:
    """What a look at the record comes to."""
    try:
        with Reader(path) as reader:
            if reader.verify_chain(SESSION):
                return FOUND
            last = reader.last_row(SESSION)
            ended = [one.ended_utc for one in reader.sessions() if one.session_id == SESSION]
        if tuple(lines(path)) == was:
            return UNUSED
    except (RecordError, *driver.DAMAGE, msgspec.MsgspecError):
        return FOUND
    is_sealed_end = last is not None and isinstance(last.what, e.ChainSealed) and all(ended)
    return BELIEVED if is_sealed_end else TOLD


def one(case: Case, r: random.Random) -> tuple[str, str]:
    """One alteration: its name, and what came of it."""
    path = case.folder / "altered.db"
    if r.random() < 0.3:
        at = r.randrange(len(case.file))
        path.write_bytes(case.file[:at] + bytes([case.file[at] ^ 1 << r.randrange(8)]) + case.file[at + 1 :])
        return "bit of the file", outcome(path, case.lines)
    path.write_bytes(case.file)
    alter = r.choice(ALTERATIONS)
    rows = list(case.lines)
    alter(rows, r)
    how = r.choice(("as it is", "hashes made again", "numbered, hashes made again"))
    if how != "as it is":
        rows = chained(rows, number=how.startswith("numbered"))
    if tuple(rows) == case.lines:  # a row doubled beside itself and moved back
        return one(case, r)
    rewritten(path, rows)
    return f"{alter.__name__}, {how}", outcome(path, case.lines)


def run(case: Case, count: int, seed: int) -> Counter[tuple[str, str]]:
    """So many alterations, and how often each came to what."""
    chooser = random.Random(seed)
    return Counter(one(case, random.Random(chooser.getrandbits(48))) for _ in range(count))


def is_wrong(name: str, found: str) -> bool:
    """A row altered and nobody told."""
    may_cut = name.startswith(("cut", "bit"))  # a bit can make the last rows unreachable
    return found == BELIEVED or (found == UNUSED and name != "bit of the file") or (found == TOLD and not may_cut)


def main(argv: list[str] | None = None) -> int:
    """Print what came of each kind."""
    parser = argparse.ArgumentParser(prog="python -m bench.rows", description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, metavar="N", help="alterations (10000)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="another seed: other alterations (1)")
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        made = case(Path(folder))
        begun = time.monotonic()
        counted = run(made, args.count, args.seed)
    for (name, found), n in sorted(counted.items()):
        print(f"{name:44} {found:34} {n:6}")
    wrong = sum(n for (name, found), n in counted.items() if is_wrong(name, found))
    print(f"{counted.total()} alterations in {time.monotonic() - begun:.0f} s, {wrong} not as they must be.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
