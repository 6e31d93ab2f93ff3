"""A practice's session files: two hours each, of a few patients, sealed and signed by one kiosk, all different.

For the figures of import and review, and for tests that need a library with something in it. Values are made up from a
seed; every file is one that the program itself verifies.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from decimal import Decimal
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from devices.reading import Oximetry, Pressure, Quality, Reading, Source, Stamp, Value, Waveform
from kiosk.exchange import archive, container, manifest
from kiosk.record import body, lying
from kiosk.record.library import Import, Library
from kiosk.record.lying import Laid
from kiosk.record.reader import Reader, Row
from kiosk.record.seal import Signer
from kiosk.session import events as e
from kiosk.session.events import AnyEvent

START_NS = 1_795_544_580_000_000_000
NS = 1_000_000_000
PATIENTS = 20
MINUTES = 120
DEVICE, CUFF = "c4:7c:8d:00:00:01", "f2:5e:55:00:00:02"
Item = tuple[float, AnyEvent | Reading, str]


def session_id(n: int) -> str:
    """The nth session's."""
    return f"s-practice-{n:05d}"


def patient_id(n: int) -> str:
    """Whose nth session it is."""
    return f"patient-{n % PATIENTS:04d}"


def items(n: int, minutes: int = MINUTES) -> Iterator[Item]:
    """What happens in the nth session: second, what, sentence."""
    r = random.Random(n)
    toml = resources.files("kiosk").joinpath("assets", "example-plan.toml").read_text("utf-8")
    yield 0.0, _opened(n, toml), "Session opened."
    yield 0.0, e.RunAnchored("boot", 60, 100 + n), "Monitoring started."
    yield 1.0, e.DeviceChosen(DEVICE, "oximeter", "Oximeter", "plx"), "Oximeter chosen."
    yield 1.0, e.DeviceChosen(CUFF, "cuff", "Cuff", "bls"), "Cuff chosen."
    yield 60.0, e.SessionStarted(), "Session started."
    spo2, pulse, low = Decimal(97), 70, False
    dip_min, gap_min = r.sample(range(20, max(22, minutes - 5)), 2)
    for second in range(61, minutes * 60):
        minute = second // 60
        if second == 15 * 60:
            yield second, e.DoseMarked(START_NS + (n * 86400 + second) * NS), "Dose taken."
        if second % (15 * 60) == 0:
            yield second + 0.4, _pressure(r, START_NS + (n * 86400 + second) * NS), ""
        if second % 600 == 30:
            yield second, e.NoteAdded(f"Comfortable at minute {minute}"), f"Note: comfortable at minute {minute}"
            yield second, e.LookedIn(), "Sitter looked in."
        if minute == gap_min:
            continue
        spo2 = min(Decimal(99), max(Decimal(93), spo2 + r.choice((-1, 0, 0, 0, 1))))
        pulse = min(95, max(55, pulse + r.choice((-1, 0, 0, 1))))
        shown = spo2 - 9 if minute == dip_min else spo2
        if (minute == dip_min) != low:
            low = not low
            if low:
                yield second, e.AlarmRaised("spo2_low", 3, "SpO2 below 90 %"), "Oxygen is low."
            else:
                yield second, e.AlarmCleared("spo2_low"), "Oxygen is back."
        yield second + 0.37, _oximetry(n, second, shown, pulse, r), ""
    yield minutes * 60, e.Released("Sam"), "Released."
    yield minutes * 60, e.SessionEnded("released"), "The session ended."


def _opened(n: int, toml: str) -> e.SessionOpened:
    return e.SessionOpened(
        session_id(n), "patient", False, 1.0, patient_id(n), f"P{n % PATIENTS}", "Sam", "0.1.0", 60, "plan.toml", toml,
        "Dr. Example", "", "ketamine", "sublingual", Decimal(120), ("SpO2 below 90 %",),
    )  # fmt: skip


def _oximetry(n: int, second: int, spo2: Decimal, pulse: int, r: random.Random) -> Reading:
    quality = Quality.INVALID if r.random() < 0.01 else Quality.VALID
    stamp = Stamp(START_NS + (n * 86400 + second) * NS + 370_000_000, second * NS)
    values = Oximetry(Value(spo2, quality), Value(Decimal(pulse), quality), Value(Decimal("4.2")))
    return Reading(DEVICE, stamp, values, second.to_bytes(4), "2a5f")


def _pressure(r: random.Random, utc_ns: int) -> Reading:
    numbers = (Decimal(r.randint(105, 150)), Decimal(r.randint(60, 90)), Decimal(r.randint(75, 105)))
    values = Pressure(*(Value(number) for number in numbers))
    return Reading(CUFF, Stamp(utc_ns, 5 * NS), values, b"\x16", "2a35", Source.DEVICE)


def lines(n: int, signer: Signer, minutes: int = MINUTES) -> Iterator[bytes]:
    """The rows of the nth session's chain, sealed each minute."""
    digest, seq, sealed = body.first_hash(session_id(n)), 0, 0
    for t_s, what, words in [*items(n, minutes), (minutes * 60.0, None, "")]:
        is_due = int(t_s) // 60 > sealed or what is None
        for one in (None, what) if is_due else (what,):
            utc_ns = START_NS + n * 86400 * NS + round(t_s * NS)
            if one is None and (seq == 0 or not is_due):
                continue
            made = one or signer.seal(seq, digest)
            kind, text = body.kind_of(made), words if one else f"{seq} rows are sealed."
            line = body.encode(body.Body(seq + 1, utc_ns, round(t_s * NS), t_s, kind, text, made))
            line = line if one else signer.signed(session_id(n), line)
            seq, digest, is_due = seq + 1, body.next_hash(digest, line), False
            sealed = int(t_s) // 60
            yield line.encode()


def pack(n: int, signer: Signer, folder: Path, minutes: int = MINUTES) -> Path:
    """The nth session's file; made once."""
    target = folder / f"{n:05d}{archive.SUFFIX}"
    if not target.exists():
        with TemporaryDirectory(dir=folder) as beside:
            path = Path(beside) / "record.db"
            _record(n, signer, path, minutes)
            with Reader(path) as reader:
                archive.pack(reader, session_id(n), signer, target)
    return target


def _record(n: int, signer: Signer, path: Path, minutes: int) -> None:
    """A file of the record's form with the nth session in it."""
    with Library(path) as library:
        new, rows = addition(n, signer, minutes)
        library.add(new, 0, rows)


def addition(n: int, signer: Signer, minutes: int = MINUTES) -> tuple[Import, Laid]:
    """What a library is given of the nth session, nothing kept of what its rows come to."""
    rows: list[tuple[int, str, bytes, bytes]] = []
    digest = body.first_hash(session_id(n))
    for seq, line in enumerate(lines(n, signer, minutes), 1):
        digest = body.hash_after(digest, line)
        rows.append((seq, body.decode_line(line).kind, line, digest))
    begun_ns = START_NS + n * 86400 * NS
    new = Import(session_id(n), len(rows), digest, signer.fingerprint, "known", begun_ns, ("", ""))
    return new, lying.laid(rows)


def rows_of(bodies: Iterable[str]) -> Iterator[Row]:
    """These bodies, typed."""
    for text in bodies:
        v = body.decode(text)
        if not isinstance(v.data, Waveform):
            yield Row(v.seq, v.stamp, v.t_s, v.kind, v.data, v.text, 0)


def fill(folder: Path, signer: Signer, count: int, minutes: int = MINUTES) -> list[Path]:
    """So many files in a folder; those that are there stay."""
    folder.mkdir(parents=True, exist_ok=True)
    return [pack(n, signer, folder, minutes) for n in range(count)]


def signer_of(seed: int = 7) -> Signer:
    """The kiosk's key, the same each time."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Signer(Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32))


def size(path: Path) -> int:
    """Rows in a file, as its manifest says."""
    with path.open("rb") as file:
        found = next(m for m in container.read(file.read()) if m.name == manifest.MANIFEST)
        file.seek(found.start)
        return msgspec.json.decode(file.read(found.size), type=manifest.Manifest).counts.rows
