"""`python -m bench.mutations`: session files altered in every way that we could think of, each looked at by `verify`.

Refused must be whatever does not carry the signature of a key. What somebody rebuilds as a whole and signs well is
told as signed by an unknown or another key. Counts are printed; exit 1 when one file was believed.
"""

from __future__ import annotations

import argparse
import io
import random
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Collection
from decimal import Decimal
from pathlib import Path

import msgspec
import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from devices.reading import Oximetry, Quality, Reading, Stamp, Value, Waveform
from kiosk.command.verify import signer_known
from kiosk.exchange import archive, container, envelope, manifest
from kiosk.exchange.fhir.case import of
from kiosk.exchange.verify import verified
from kiosk.record import body
from kiosk.record.reader import Reader
from kiosk.record.recorder import Recorder
from kiosk.record.seal import KEY_FILE, Signer, load_signer
from kiosk.session import events as e

START = Stamp(1_795_544_580_000_000_000, 5_000_000_000_000)
Members = dict[str, bytes]
REFUSED, TOLD = "refused", "told as another signer"


class Case(msgspec.Struct):
    """What the mutations are made from: a session file, another session's of the same key, and a stranger's key.

    reader, key: who can open an encrypted one, and with what.
    """

    folder: Path
    file: bytes
    other: Members
    stranger: Signer
    reader: envelope.Recipient
    key: envelope.Identity
    n: int = 0

    @property
    def members(self) -> Members:
        """Of the file, anew each time."""
        return unpacked(self.file)


def case(folder: Path, seconds: int = 25) -> Case:
    """Two recorded and sealed sessions, exported."""
    folder.mkdir(parents=True, exist_ok=True)
    signer = load_signer(folder)
    files = [_session(folder, signer, f"s-{n}", seconds, Decimal(90 + n)) for n in range(2)]
    stranger = Signer(Ed25519PrivateKey.from_private_bytes(b"\7" * 32))
    key = pyrage.x25519.Identity.generate()
    (reader,), (secret,) = envelope.recipients([str(key.to_public())]), envelope.identities(str(key))
    return Case(folder, files[0], unpacked(files[1]), stranger, reader, secret)


def _session(folder: Path, signer: Signer, session_id: str, seconds: int, spo2: Decimal) -> bytes:
    ignore: Callable[[object], None] = lambda _: None  # noqa: E731
    recorder = Recorder(folder / "record.db", lambda: START, lambda told: told(), ignore, ignore, ignore)
    told = lambda seal: f"{seal.length} rows are sealed."  # noqa: E731
    recorder.append_event(opened(session_id), START, "Session opened.")
    recorder.append_event(e.RunAnchored("boot", 60, 1), START, "Monitoring started.")
    stamp = START
    for second in range(seconds):
        stamp = Stamp(START.utc_ns + second * 10**9, START.boot_ns + second * 10**9)
        quality = Quality.INVALID if second % 7 == 3 else Quality.VALID
        measured = Oximetry(Value(spo2 + second % 5, quality), Value(Decimal("61.5")))
        recorder.append_reading(Reading("aa:bb", stamp, measured, bytes([second]), "2a5f"))
        recorder.append_waveform(Waveform("aa:bb", stamp, 60.0, 127, (64, None, 66)))
        if second % 10 == 4:
            recorder.append_event(e.NoteAdded(f"Second {second}"), stamp, f"Note: second {second}")
            recorder.seal(signer, stamp, told)
    recorder.append_event(e.AlarmRaised("spo2_low", 3, "below 90 %"), stamp, "Oxygen low.")
    recorder.append_event(e.SessionEnded("released"), stamp, "The session ended.")
    recorder.seal(signer, stamp, told)
    recorder.close()
    target = folder / f"{session_id}.session.zip"
    with Reader(folder / "record.db") as reader:
        archive.pack(reader, session_id, signer, target)
    return target.read_bytes()


def opened(session_id: str) -> e.SessionOpened:
    return e.SessionOpened(
        session_id,
        "patient",
        False,
        1.0,
        "7f3a",
        "Robin",
        "Sam",
        "0.1.0",
        60,
        "plan.toml",
        "[plan]\n",
        "Dr. Example",
        "",
        "ketamine",
        "sublingual",
        Decimal("120.5"),
        ("SpO2 below 90 %",),
    )


# --- taking apart and putting together --------------------------------------------------------------------------------


def unpacked(file: bytes) -> Members:
    """Name to content."""
    return {m.name: file[m.start : m.start + m.size] for m in container.read(file)}


def packed(members: Members) -> bytes:
    """As the program packs."""
    out = io.BytesIO()
    container.write(out, ((name, io.BytesIO(content)) for name, content in members.items()))
    return out.getvalue()


def relisted(members: Members) -> Members:
    """With a manifest that lists what is there, but under the old signature."""
    made = msgspec.json.decode(members[manifest.MANIFEST], type=manifest.Manifest)
    rest = {n: c for n, c in members.items() if n not in (manifest.MANIFEST, manifest.SIGNATURE)}
    listed = tuple(manifest.listed(name, io.BytesIO(content)) for name, content in rest.items())
    with tempfile.TemporaryFile() as file:
        file.write(members[manifest.CHAIN])
        with archive.mapped(file) as chain:
            looked = chain.look()
    head = looked.head or made.head
    changed = msgspec.structs.replace(made, members=listed, counts=looked.counts, head=head)
    return {**members, manifest.MANIFEST: manifest.encode(changed)}


def signed(members: Members, signer: Signer) -> Members:
    """Listed anew and signed."""
    listed = relisted(members)
    made = msgspec.json.decode(listed[manifest.MANIFEST], type=manifest.Manifest)
    content = manifest.encode(msgspec.structs.replace(made, signer=signer.public_key.hex()))
    return {**listed, manifest.MANIFEST: content, manifest.SIGNATURE: signer.sign_bytes(content)}


def derived(members: Members) -> Members:
    """With tables, plan and bundle made anew from the chain."""
    made = {name: io.BytesIO() for name in archive.DERIVED}
    with tempfile.TemporaryFile() as file:
        file.write(members[manifest.CHAIN])
        with archive.mapped(file) as chain:
            case = of(chain.source())
            archive.Derived.without(case.whole.withdrawn, chain.source(), made).end(case)
    return {**members, **{name: content.getvalue() for name, content in made.items()}}


def lines(members: Members) -> list[bytes]:
    """Rows of the chain."""
    return members[manifest.CHAIN].splitlines()


def with_lines(members: Members, rows: list[bytes]) -> Members:
    """With other rows."""
    return {**members, manifest.CHAIN: b"".join(row + b"\n" for row in rows)}


def numbered(rows: list[bytes], signer: Signer | None) -> list[bytes]:
    """Rows counted anew, and sealed by a key, or without seals where there is none."""
    made: list[bytes] = []
    digest = body.first_hash("s-0")
    for row in rows:
        whole = body.decode(row.decode())
        if isinstance(whole.data, e.ChainSealed):
            if signer is None:
                continue
            whole = msgspec.structs.replace(whole, data=signer.seal(len(made), digest))
        text = body.encode(msgspec.structs.replace(whole, seq=len(made) + 1))
        if signer and isinstance(whole.data, e.ChainSealed):
            text = signer.signed("s-0", text)
        digest = body.next_hash(digest, text)
        made.append(text.encode())
    return made


# --- mutations --------------------------------------------------------------------------------------------------------

Random = random.Random
Mutation = Callable[[Case, Random], bytes]


def flip_bit(case: Case, r: Random) -> bytes:
    """One bit anywhere in the container."""
    at, bit = r.randrange(len(case.file)), 1 << r.randrange(8)
    return case.file[:at] + bytes([case.file[at] ^ bit]) + case.file[at + 1 :]


def overwrite(case: Case, r: Random) -> bytes:
    """Some bytes."""
    at = r.randrange(len(case.file) - 8)
    new = r.randbytes(r.randint(2, 8))
    changed = case.file[:at] + new + case.file[at + len(new) :]
    return changed if changed != case.file else flip_bit(case, r)


def cut_tail(case: Case, r: Random) -> bytes:
    """The end is missing."""
    return case.file[: r.randrange(len(case.file))]


def cut_out(case: Case, r: Random) -> bytes:
    """Some bytes are missing, or there are more."""
    at = r.randrange(len(case.file))
    new = r.randbytes(r.randint(1, 40))
    return case.file[:at] + new + case.file[at:] if r.random() < 0.5 else case.file[:at] + case.file[at + len(new) :]


def around(case: Case, r: Random) -> bytes:
    """Something before or behind the container."""
    new = r.randbytes(r.randint(1, 99))
    return case.file + new if r.random() < 0.5 else new + case.file


def _rows(case: Case, r: Random) -> Members:
    """Rows removed, repeated, swapped or changed."""
    members = case.members
    rows = lines(members)
    at = r.randrange(1, len(rows))
    match r.randrange(5):
        case 0:
            del rows[at]
        case 1:
            rows.insert(r.randrange(1, len(rows)), rows[at])
        case 2:
            before = rows[:]
            while rows == before:
                other = r.randrange(1, len(rows))
                rows[at], rows[other] = rows[other], rows[at]
        case 3:
            rows = rows[:at]
        case _:
            place = rows[at].rindex(b'"')
            rows[at] = rows[at][:place] + b"!" + rows[at][place:]
    return with_lines(members, rows)


def rows(case: Case, r: Random) -> bytes:
    """Rows of the chain, nothing else."""
    return packed(_rows(case, r))


def rows_relisted(case: Case, r: Random) -> bytes:
    """Rows of the chain, and a manifest that fits."""
    return packed(relisted(_rows(case, r)))


def rows_resigned(case: Case, r: Random) -> bytes:
    """Rows of the chain under its old seals; manifest fits, signed by a stranger."""
    return packed(signed(_rows(case, r), case.stranger))


def cells(case: Case, r: Random) -> bytes:
    """A digit in a table, the bundle or the plan, with a manifest that fits; half of them signed by a stranger."""
    members = case.members
    name = r.choice((*manifest.CSV, manifest.BUNDLE, manifest.PLAN))
    content = members[name]
    at = r.randrange(len(content))
    members[name] = content[:at] + (b"7" if content[at : at + 1] != b"7" else b"8") + content[at + 1 :]
    return packed(relisted(members) if r.random() < 0.5 else signed(members, case.stranger))


def forged_manifest(case: Case, r: Random) -> bytes:
    """Another fact in the manifest, or another signature."""
    members = case.members
    made = msgspec.json.decode(members[manifest.MANIFEST], type=manifest.Manifest)
    change = r.choice(
        (
            {"simulated": True},
            {"plan_signer": case.stranger.fingerprint},
            {"head": r.randbytes(32).hex()},
            {"kind": "demo"},
            {"session_id": "s-1"},
            {"counts": msgspec.structs.replace(made.counts, gaps=r.randint(1, 9))},
            {"signer": case.stranger.public_key.hex()},
            {"version": r.randint(2, 9)},
            {"members": made.members[: r.randrange(len(made.members))]},
            {"tables_form": manifest.TABLES_FORM + r.randint(1, 9)},
        )
    )
    members[manifest.MANIFEST] = manifest.encode(msgspec.structs.replace(made, **change))
    return packed(members)


def other_members(case: Case, r: Random) -> bytes:
    """Members of another session that was signed by the same key; manifest, signature and chain among them."""
    members = case.members
    differing = [name for name in members if members[name] != case.other[name]]
    chosen = r.sample(differing, r.randint(1, len(differing) - 1))
    for name in chosen:
        members[name] = case.other[name]
    return packed(relisted(members) if r.random() < 0.3 else members)


def _report(case: Case, r: Random) -> Members:
    """Another byte in the printed report, which is not made again."""
    members = case.members
    content = members[manifest.REPORT]
    at = r.randrange(len(content))
    members[manifest.REPORT] = content[:at] + bytes([content[at] ^ 1 << r.randrange(8)]) + content[at + 1 :]
    return members


def report(case: Case, r: Random) -> bytes:
    """The report, and in half of them a manifest that fits, under the old signature."""
    members = _report(case, r)
    return packed(relisted(members) if r.random() < 0.5 else members)


def report_resigned(case: Case, r: Random) -> bytes:
    """The report, and all of it signed by a stranger."""
    return packed(signed(_report(case, r), case.stranger))


def _closed(case: Case, content: bytes) -> bytes:
    out = io.BytesIO()
    envelope.close(iter([content]), out, [case.reader])
    return out.getvalue()


def encrypted(case: Case, r: Random) -> bytes:
    """An encrypted file: bits anywhere, bytes put in or taken out, its end cut off."""
    content = _closed(case, case.file)
    at = r.randrange(len(content))
    match r.randrange(3):
        case 0:
            return content[:at] + bytes([content[at] ^ 1 << r.randrange(8)]) + content[at + 1 :]
        case 1:
            return content[:at]
        case _:
            new = r.randbytes(r.randint(1, 40))
            return content[:at] + new + content[at:] if r.random() < 0.5 else content[:at] + content[at + len(new) :]


def encrypted_again(case: Case, r: Random) -> bytes:
    """Whoever knows a reader can encrypt to them: the file inside is an altered one."""
    inner = r.choice((flip_bit, cut_out, rows, rows_relisted, cells, forged_manifest))
    return _closed(case, inner(case, r))


def container_tricks(case: Case, r: Random) -> bytes:
    """Paths, links, doubled, strange, missing, moved and compressed members, times, comments; bombs."""
    members = list(case.members.items())
    trick = r.randrange(8)
    at = r.randrange(len(members))
    out = io.BytesIO()
    method = zipfile.ZIP_DEFLATED if trick == 0 else zipfile.ZIP_STORED
    with zipfile.ZipFile(out, "w", method) as made:
        if trick == 1:
            members.append((r.choice(("../plan.toml", "/etc/x", "C:\\x", "a/b", "x.exe", "report.txt")), b"x"))
        elif trick == 2:
            del members[at]
        elif trick == 3:
            members.insert(0, members.pop(1 + at % (len(members) - 1)))
        elif trick == 4:
            made.comment = r.randbytes(r.randint(1, 20))
        for n, (name, content) in enumerate(members):
            info = zipfile.ZipInfo(name, (2026, 11, 28, 1, 2, 4) if trick == 5 else (1980, 1, 1, 0, 0, 0))
            info.external_attr = (0o120777 if trick == 6 and n == at else 0o100600) << 16
            made.writestr(info, bytes(10_000_000) if trick == 7 and n == at else content, method)
            if trick == 7 and n == at:
                break
    return out.getvalue()


def _rebuilt(case: Case, r: Random, signer: Signer | None) -> bytes:
    """Another history, told without a contradiction: sealed and signed by a stranger, or not sealed at all."""
    rows = lines(case.members)
    for _ in range(r.randint(0, 4)):
        del rows[r.randrange(2, len(rows))]
    members = derived(with_lines(case.members, numbered(rows, signer)))
    return packed(signed(members, case.stranger))


def rebuilt_sealed(case: Case, r: Random) -> bytes:
    """The whole file rebuilt, sealed and signed by a stranger."""
    return _rebuilt(case, r, case.stranger)


def rebuilt_unsealed(case: Case, r: Random) -> bytes:
    """The whole file rebuilt without seals, signed by a stranger."""
    return _rebuilt(case, r, None)


def cut_short(case: Case, r: Random) -> bytes:
    """Everything from a row on left out and made to fit, under the seals that are left; signed by a stranger."""
    rows = lines(case.members)
    return packed(signed(derived(with_lines(case.members, rows[: r.randrange(1, len(rows))])), case.stranger))


def signed_again(case: Case, r: Random) -> bytes:
    """Nothing changed but for who signs the file."""
    return packed(signed(case.members, case.stranger))


MUTATIONS: tuple[tuple[Mutation, int, str], ...] = (
    (flip_bit, 30, REFUSED),
    (overwrite, 8, REFUSED),
    (cut_tail, 8, REFUSED),
    (cut_out, 8, REFUSED),
    (around, 4, REFUSED),
    (rows, 8, REFUSED),
    (rows_relisted, 6, REFUSED),
    (rows_resigned, 6, REFUSED),
    (cells, 6, REFUSED),
    (forged_manifest, 5, REFUSED),
    (other_members, 5, REFUSED),
    (container_tricks, 4, REFUSED),
    (report, 4, REFUSED),
    (encrypted, 8, REFUSED),
    (encrypted_again, 4, REFUSED),
    (report_resigned, 1, TOLD),
    (rebuilt_sealed, 1, TOLD),
    (rebuilt_unsealed, 1, TOLD),
    (cut_short, 1, TOLD),
    (signed_again, 1, TOLD),
)
"""What is done, how often in a hundred or so, and what must come of it."""


def outcome(case: Case, content: bytes, vouched: Collection[str] = ()) -> str:
    """Refused, told as another signer, or "believed". vouched: as an import looks at it, whose keys are trusted."""
    path = case.folder / "mutated.session.zip"
    path.write_bytes(content)
    with verified(path, [case.key], vouched) as (verdict, _):
        pass
    if not verdict.ok:
        return REFUSED
    return "believed" if signer_known(verdict, case.folder) == "true" else TOLD


def run(
    case: Case, count: int, seed: int, vouched: Collection[str] = ()
) -> tuple[Counter[tuple[str, str]], list[tuple[str, int]]]:
    """So many mutations: how often each came to what, and those that came to something else than they must."""
    counted: Counter[tuple[str, str]] = Counter()
    wrong: list[tuple[str, int]] = []
    chooser = random.Random(seed)
    more = chooser.choices(MUTATIONS, [weight for _, weight, _ in MUTATIONS], k=max(0, count - len(MUTATIONS)))
    for n, (mutate, _, must) in enumerate([*MUTATIONS, *more][:count]):
        own_seed = chooser.getrandbits(48)
        found = outcome(case, mutate(case, random.Random(own_seed)), vouched)
        counted[(mutate.__name__, found)] += 1
        if found != must:
            wrong.append((f"{n}: {mutate.__name__} was {found}", own_seed))
    return counted, wrong


def main(argv: list[str] | None = None) -> int:
    """Print what came of each kind."""
    parser = argparse.ArgumentParser(prog="python -m bench.mutations", description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, metavar="N", help="mutations (10000)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="another seed: other mutations (1)")
    parser.add_argument("--import", dest="imports", action="store_true", help="looked at as an import of a trusted key")
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        made = case(Path(folder))
        vouched = (load_signer(made.folder).fingerprint,) if args.imports else ()
        untouched = outcome(made, made.file, vouched)
        print(f"The untouched file ({len(made.file)} bytes): {untouched}.", flush=True)
        if untouched != "believed":
            return 1
        begun = time.monotonic()
        counted, wrong = run(made, args.count, args.seed, vouched)
        (Path(folder) / KEY_FILE).unlink()
    for (name, found), n in sorted(counted.items()):
        print(f"{name:18} {found:24} {n:6}")
    print(f"{sum(counted.values())} mutations in {time.monotonic() - begun:.0f} s, {len(wrong)} not as they must be.")
    for sentence, seed in wrong[:20]:
        print(f"  {sentence} (seed {seed})")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
