"""What the provider's window is told: the same of a record, a library and a session file, and only what is so."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pyrage
import pytest

from bench import practice
from kiosk.clock import Clock
from kiosk.command import review as command
from kiosk.exchange import envelope
from kiosk.failure import Reason, Refusal
from kiosk.line import review as m
from kiosk.line.codec import MAX_LINE_BYTES
from kiosk.line.screen import PinAnswer
from kiosk.pin import set_pin
from kiosk.record import opener
from kiosk.record.fault import RecordError
from kiosk.record.library import Library
from kiosk.record.reader import Reader
from kiosk.record.seal import load_signer
from kiosk.review import answer, seal
from kiosk.review.collection import NotShown, OfDatabase, OfFile, open_collection
from kiosk.review.entries import entry, numbers
from kiosk.review.export import ExportError, export
from kiosk.review.facts import below
from kiosk.review.host import Host
from kiosk.review.study import study
from kiosk.review.trial import NotALimit
from kiosk.review.unlock import Unlock
from kiosk.session import events as e
from kiosk.settings import State, save_state
from tests.unit.kiosk.record_samples import at, opened, oximetry, recorder

MINUTES = 32
FIRST, SECOND = practice.session_id(0), practice.session_id(practice.PATIENTS)


class Made(msgspec.Struct):
    """A library of two sessions of one patient, in a provider's folder, and the files that it came from."""

    folder: Path
    files: list[Path]
    signer: str

    @property
    def library(self) -> Path:
        return self.folder / "library.db"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    from kiosk.cli import main

    room, folder = tmp_path_factory.mktemp("room"), tmp_path_factory.mktemp("practice")
    folder.chmod(0o700)
    signer = load_signer(room)
    files = [practice.pack(n, signer, room, MINUTES) for n in (0, practice.PATIENTS)]
    assert main(["import", "--data-dir", str(folder), *map(str, files)]) == 0
    return Made(folder, files, signer.fingerprint)


@pytest.fixture
def library(made: Made) -> Iterator[OfDatabase]:
    collection = open_collection(made.library, made.folder)
    assert isinstance(collection, OfDatabase)
    yield collection
    collection.close()


@pytest.fixture
def file(made: Made) -> Iterator[OfFile]:
    collection = open_collection(made.files[0], made.folder)
    assert isinstance(collection, OfFile)
    yield collection
    collection.close()


def test_a_file_and_a_library_show_the_same_session(library: OfDatabase, file: OfFile) -> None:
    one, other = (answer.session(c, FIRST, seal.CHECKING).messages for c in (library, file))
    head, same = one[0], other[0]
    assert isinstance(head, m.SessionView)
    assert isinstance(same, m.SessionView)
    assert msgspec.structs.replace(same, series=head.series) == head
    assert one[1:] == other[1:]
    assert library.summary(FIRST) == file.summary(FIRST)


def test_every_message_of_a_session_fits_on_a_line(library: OfDatabase) -> None:
    for message in answer.session(library, FIRST, seal.CHECKING).messages:
        assert len(msgspec.json.encode(message)) < MAX_LINE_BYTES / 2


def test_the_curves_hold_each_reading_of_the_record_and_no_other(library: OfDatabase, made: Made) -> None:
    messages = answer.session(library, FIRST, seal.CHECKING).messages
    points = [point for x in messages if isinstance(x, m.Curves) for point in x.trend.points]
    with Reader(made.library, made.folder) as reader:
        readings = [row for row in reader.readings(FIRST) if row.what.measurement.__class__.__name__ == "Oximetry"]  # type: ignore[union-attr]
    assert [point.t_s for point in points] == [row.t_s for row in readings]
    numbers_of = [row.what.measurement.spo2 for row in readings]  # type: ignore[union-attr]
    wanted = [float(v.number) if v.quality == "valid" else None for v in numbers_of]
    assert [point.spo2 for point in points] == wanted


def test_an_alarm_is_told_with_its_worst_value_and_whether_it_was_answered(library: OfDatabase) -> None:
    lines = [
        x
        for page in answer.session(library, FIRST, seal.CHECKING).messages
        if isinstance(page, m.Lines)
        for x in page.lines
    ]
    alarms = [line for line in lines if line.kind == "alarm"]
    assert len(alarms) == 1
    assert "lowest 8" in alarms[0].text
    assert "not answered" in alarms[0].detail
    assert [line.t_s for line in lines] == sorted(line.t_s for line in lines)


def test_seconds_below_a_limit_stop_at_a_gap(tmp_path: Path) -> None:
    writer = recorder(tmp_path / "record.db")
    writer.append_event(opened("s-1"), at(0), "")
    writer.append_event(e.SessionStarted(), at(1), "")
    for second in (10, 11, 12, 60, 61):
        writer.append_reading(oximetry(second, "85" if second != 61 else "97"))
    writer.close()
    with OfDatabase_closing(tmp_path / "record.db", tmp_path) as collection:
        made = study(collection.source("s-1"))
    assert below(made, 90) == (3.0, 10.0)


def OfDatabase_closing(path: Path, folder: Path) -> Any:  # noqa: N802 - a class with an end
    from contextlib import closing

    return closing(OfDatabase(path, folder))


def test_a_plan_that_cannot_be_read_draws_no_limit_and_says_so(tmp_path: Path) -> None:
    writer = recorder(tmp_path / "record.db")
    writer.append_event(opened("s-1"), at(0), "")
    writer.close()
    with OfDatabase_closing(tmp_path / "record.db", tmp_path) as collection:
        head = answer.session(collection, "s-1", seal.CHECKING).messages[0]
    assert isinstance(head, m.SessionView)
    assert (head.limits, head.planned) == ((), ())
    assert any("plan cannot be read" in tag for tag in head.tags)


def test_what_was_taken_back_is_not_in_the_list(tmp_path: Path) -> None:
    writer = recorder(tmp_path / "record.db")
    writer.append_event(opened("s-1"), at(0), "")
    note = writer.append_event(e.NoteAdded("wrong key"), at(1), "Note: wrong key.")
    writer.append_event(e.NoteAdded("talked"), at(2), "Note: talked.")
    writer.append_event(e.NoteWithdrawn(note.seq), at(3), "The note was taken back.")
    writer.append_event(e.CheckOverridden("clear_liquids", "a sip of water with a tablet", "Sam"), at(4), "Overridden.")
    writer.append_event(e.SitterCalled("touch"), at(5), "Robin calls.")
    writer.append_event(e.CallAnswered(), at(11), "Sam is coming.")
    writer.close()
    with OfDatabase_closing(tmp_path / "record.db", tmp_path) as collection:
        messages = answer.session(collection, "s-1", seal.CHECKING).messages
    lines = [line for page in messages if isinstance(page, m.Lines) for line in page.lines]
    notes = [line.text for line in lines if line.kind == "note"]
    assert notes == ["Note: talked."]
    assert [(x.detail) for x in lines if x.kind == "override"] == ["“a sip of water with a tablet” Sam"]
    assert [(x.detail) for x in lines if x.kind == "call"] == ["answered in 6 s"]


# --- verification -----------------------------------------------------------------------------------------------------


def test_a_whole_session_is_said_to_be_unaltered_and_its_signer_unknown_until_trusted(
    library: OfDatabase, made: Made, capsys: pytest.CaptureFixture[str]
) -> None:
    from kiosk.cli import main

    line = library.sessions()[0]
    assert library.seal(line).state == "unknown"
    assert made.signer in library.seal(line).detail
    main(["key", "trust", made.signer, "--data-dir", str(made.folder)])
    capsys.readouterr()
    assert library.seal(line).state == "good"


def test_an_altered_row_turns_the_header_red(made: Made, tmp_path: Path) -> None:
    shutil.copytree(made.folder, tmp_path / "copy")
    connection = opener.connect(tmp_path / "copy" / "library.db", read_only=False)
    connection.execute("DROP TRIGGER stretch_no_update")
    body = connection.execute("SELECT body FROM chain WHERE chain_seq = 700 ORDER BY session_id").fetchone()[0]
    altered = body.replace('"quality":"valid"', '"quality":"invalid"')
    connection.execute("UPDATE stretch SET bodies = replace(bodies, ?, ?)", (body, altered))
    connection.close()
    with OfDatabase_closing(tmp_path / "copy" / "library.db", tmp_path / "copy") as collection:
        bad = collection.seal(collection.sessions()[0])
    assert bad.state == "bad"
    assert "row 700" in bad.words


def test_a_changed_file_is_never_a_collection(made: Made, tmp_path: Path) -> None:
    changed = tmp_path / "changed.session.zip"
    content = bytearray(made.files[0].read_bytes())
    content[len(content) // 2] ^= 1
    changed.write_bytes(content)
    with pytest.raises(NotShown) as refused:
        open_collection(changed, made.folder)
    assert refused.value.reasons
    assert refused.value.is_altered


def test_an_encrypted_file_is_not_called_altered_in_the_window(made: Made, tmp_path: Path) -> None:
    reader = envelope.recipients([str(pyrage.x25519.Identity.generate().to_public())])
    path = tmp_path / "night.session.zip.age"
    with path.open("wb") as out:
        envelope.close(iter([made.files[0].read_bytes()]), out, reader)
    with pytest.raises(NotShown) as refused:
        open_collection(path, made.folder)
    assert "kiosk import FILE --identity KEY" in refused.value.reasons[0]
    assert not refused.value.is_altered


# --- list and series --------------------------------------------------------------------------------------------------


def test_the_list_flags_what_is_true_of_a_session(library: OfDatabase) -> None:
    lines = library.sessions()
    places = numbers(lines)
    one = entry(lines[1], places[SECOND], library.summary(SECOND))
    assert (one.number, one.patient_id) == (2, practice.patient_id(0))
    assert {"high", "gaps", "unconfirmed", "signer"} <= set(one.flags)
    assert "simulated" not in one.flags
    assert "oxygen is low" in one.words
    assert entry(lines[0], 1, None).flags == ("signer",)


def test_a_series_counts_minutes_from_the_dose_and_from_the_start(library: OfDatabase, made: Made) -> None:
    by_dose, by_start = (
        answer.series(library, made.folder, practice.patient_id(0), zero) for zero in ("dose", "started")
    )  # type: ignore[arg-type]
    view = by_dose[0]
    assert isinstance(view, m.SeriesView)
    assert [line.session_id for line in view.lines] == [FIRST, SECOND]
    first, later = by_dose[1], by_start[1]
    assert isinstance(first, m.SeriesCurve)
    assert isinstance(later, m.SeriesCurve)
    assert first.minutes[0].minute == later.minutes[0].minute - 14
    assert len(first.pressures) == len(later.pressures) == 2
    assert first.pressures[0].t_s == pytest.approx(0.4)


def test_limits_are_tried_on_each_session_beside_the_plans_own(library: OfDatabase) -> None:
    asked = m.TryLimits(1, practice.patient_id(0), {"spo2_low": ("95", "15"), "spo2_hard": ("", "")})
    trials = answer.trials(library, asked)
    assert [(name, session_id) for name, session_id, _ in trials] == [
        ("planned", FIRST), ("trial", FIRST), ("planned", SECOND), ("trial", SECOND)
    ]  # fmt: skip
    planned, typed = trials[0][2], trials[1][2]
    assert typed.spo2_low is not None
    assert typed.spo2_low.value == Decimal(95)
    assert typed.spo2_hard is None
    results = [answer.tried(1, name, sid, library.judged(sid, limits), 0) for name, sid, limits in trials[:2]]
    assert results[1].high + results[1].medium > results[0].high + results[0].medium > 0
    assert planned.spo2_low != typed.spo2_low


@pytest.mark.parametrize("typed", [("abc", ""), ("nan", ""), ("40", "15"), ("90", "-5"), ("90", "1e9")])
def test_what_is_no_limit_is_refused_with_a_sentence(library: OfDatabase, typed: tuple[str, str]) -> None:
    with pytest.raises(NotALimit) as refused:
        answer.trials(library, m.TryLimits(1, practice.patient_id(0), {"spo2_low": typed}))
    assert refused.value.sentence.endswith(".")


# --- what a provider does ---------------------------------------------------------------------------------------------


def test_a_note_is_a_signed_row_of_the_library_and_stands_in_the_list(made: Made, tmp_path: Path) -> None:
    shutil.copytree(made.folder, tmp_path / "copy")
    folder = tmp_path / "copy"
    with OfDatabase_closing(folder / "library.db", folder) as collection:
        before = collection.reader.chain_end(FIRST)
        answer.add_note(
            collection, folder, m.AddNote(1, FIRST, "Next time 110 mg.", "Dr. Okafor", 900.0), Clock().now().utc_ns
        )
        shown = study(collection.source(FIRST))
        messages = answer.remarked(collection, shown)
        assert collection.reader.chain_end(FIRST) == before
    lines = [line for page in messages if isinstance(page, m.Lines) for line in page.lines]
    written = [line for line in lines if line.kind == "provider"]
    assert [(line.t_s, line.text) for line in written] == [(900.0, "Next time 110 mg.")]
    assert written[0].detail.startswith("Dr. Okafor")
    assert "NOT AS IT WAS SIGNED" not in written[0].detail


def test_no_note_is_written_where_none_can_be_kept(file: OfFile, made: Made) -> None:
    with pytest.raises(RecordError):
        answer.add_note(file, made.folder, m.AddNote(1, FIRST, "x", "y"), 0)


def test_a_session_file_is_handed_on_as_it_is_and_nothing_is_overwritten(
    file: OfFile, made: Made, tmp_path: Path
) -> None:
    target = tmp_path / "again.session.zip"
    asked = m.Export(1, FIRST, "archive", str(target))
    export(file, made.folder, asked, lambda share: None)
    assert target.read_bytes() == made.files[0].read_bytes()
    with pytest.raises(FileExistsError):
        export(file, made.folder, asked, lambda share: None)


@pytest.mark.parametrize("format_name", ["csv", "fhir", "pdf"])
def test_other_formats_are_the_same_from_file_and_library(
    file: OfFile, library: OfDatabase, made: Made, tmp_path: Path, format_name: str
) -> None:
    for name, collection in (("file", file), ("library", library)):
        export(collection, made.folder, m.Export(1, FIRST, format_name, str(tmp_path / name)), lambda share: None)  # type: ignore[arg-type]
    pairs = [(tmp_path / "file", tmp_path / "library")]
    if format_name == "csv":
        pairs = [(path, tmp_path / "library" / path.name) for path in (tmp_path / "file").iterdir()]
    assert pairs
    assert all(one.read_bytes() == other.read_bytes() for one, other in pairs)


def test_an_export_that_fails_leaves_nothing(library: OfDatabase, made: Made, tmp_path: Path) -> None:
    with pytest.raises(ExportError):
        export(library, made.folder, m.Export(1, FIRST, "csv", str(tmp_path / "none" / "out")), lambda share: None)
    assert list(tmp_path.iterdir()) == []


# --- PIN, command, process --------------------------------------------------------------------------------------------


class Told(Host):
    """A host whose window only remembers."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.sent: list[Any] = []

    def _send(self, message: Any) -> None:
        self.sent.append(message)

    async def settle(self) -> None:
        while any(not task.done() for task in self._tasks.values()):
            await asyncio.gather(*self._tasks.values(), return_exceptions=True)


async def test_before_the_right_pin_nothing_of_a_room_is_sent(made: Made, tmp_path: Path) -> None:
    save_state(tmp_path, State(pin=set_pin("2581")))
    host = Told(made.library, made.folder, Unlock(tmp_path, made.library))
    for message in (m.Windowed(), m.OpenSession(FIRST), m.OpenSeries(practice.patient_id(0)), m.TypePin("1111")):
        host._take(message)
        await host.settle()
    assert [type(x) for x in host.sent] == [m.Opening, PinAnswer]
    assert host.sent[0] == m.Opening("", pin=True)
    assert host.sent[1] == PinAnswer(False, 4)
    host._take(m.TypePin("2581"))
    await host.settle()
    assert {m.Shelf, m.SessionView, m.Curves, m.Sealed} <= {type(x) for x in host.sent}
    await host._stop()


async def test_the_list_comes_at_once_with_what_was_kept_and_else_as_rows_are_read(made: Made, tmp_path: Path) -> None:
    plain = tmp_path / "plain.db"
    with Library(plain) as library:
        for n in (0, practice.PATIENTS):
            new, rows = practice.addition(n, practice.signer_of(), MINUTES)  # nothing is kept of what they come to
            library.add(new, 0, rows)
    signs: list[list[tuple[m.Sign, ...]]] = []
    for path, folder in ((made.library, made.folder), (plain, tmp_path)):
        host = Told(path, folder, Unlock(folder, path))
        host._take(m.Windowed())
        await host.settle()
        pages = [message for message in host.sent if isinstance(message, m.Shelf)]
        assert [page.reset for page in pages] == [True, *(False for _page in pages[1:])]
        signs += [[one.signs for one in sorted(page.entries, key=lambda x: x.session_id)] for page in pages]
        await host._stop()
    at_once, nothing_yet, read = signs
    assert nothing_yet == [(), ()]
    assert at_once == read
    assert all(at_once)


def test_a_room_s_own_folder_asks_wherever_the_data_folder_is(tmp_path: Path) -> None:
    room, elsewhere = tmp_path / "room", tmp_path / "elsewhere"
    for folder in (room, elsewhere):
        folder.mkdir()
    save_state(room, State(pin=set_pin("2581")))
    (room / "record.db").touch()
    assert not Unlock(elsewhere, room / "record.db").is_open
    assert Unlock(elsewhere, tmp_path / "night.session.zip").is_open
    (tmp_path / "state.json").write_text("another program's")
    assert Unlock(elsewhere, tmp_path / "night.session.zip").is_open


async def test_wrong_pins_lock_the_review_as_they_lock_the_room(made: Made, tmp_path: Path) -> None:
    save_state(tmp_path, State(pin=set_pin("2581")))
    host = Told(made.library, made.folder, Unlock(tmp_path, tmp_path / "library.db"))
    for _ in range(5):
        host._take(m.TypePin("9999"))
        await host.settle()
    assert host.sent[-1].locked_s > 20
    host._take(m.TypePin("2581"))
    await host.settle()
    assert not host.sent[-1].ok
    assert not Unlock(tmp_path, made.library).is_open
    await host._stop()


async def test_a_file_that_does_not_verify_gives_reasons_and_no_data(made: Made, tmp_path: Path) -> None:
    broken = tmp_path / "broken.session.zip"
    broken.write_bytes(made.files[0].read_bytes()[:-1])
    host = Told(broken, made.folder, Unlock(made.folder, made.library))
    host._take(m.Windowed())
    await host.settle()
    assert [type(x) for x in host.sent] == [m.Opening, m.Refused]
    assert host.sent[1].reasons
    await host._stop()


async def test_only_the_newest_session_that_is_asked_for_is_sent(made: Made) -> None:
    host = Told(made.library, made.folder, Unlock(made.folder, made.library))
    host._take(m.Windowed())
    await host.settle()
    host.sent.clear()
    for session_id in (FIRST, SECOND, FIRST, SECOND):
        host._take(m.OpenSession(session_id))
    await host.settle()
    assert {x.session_id for x in host.sent if isinstance(x, m.SessionView)} == {SECOND}
    await host._stop()


def test_the_command_takes_a_picture_of_the_real_window(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kiosk.cli import main

    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    target = tmp_path / "review.png"
    assert main(["review", str(made.files[0]), "--data-dir", str(made.folder), "--picture", str(target)]) == 0
    assert target.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("what", ["missing.db", None])
def test_nothing_to_look_at_is_said(tmp_path: Path, what: str | None) -> None:
    arguments = command.argparse.Namespace(
        what=Path(what) if what else None, data_dir=tmp_path / "d", text=None, picture=None
    )
    with pytest.raises(Refusal) as refused:
        command.run(arguments)
    assert refused.value.reason is Reason.NOT_FOUND


def test_an_empty_library_has_nothing_to_show_and_no_crash(tmp_path: Path) -> None:
    Library(tmp_path / "library.db").close()

    async def run() -> list[Any]:
        host = Told(tmp_path / "library.db", tmp_path, Unlock(tmp_path, tmp_path / "library.db"))
        host._take(m.Windowed())
        await host.settle()
        await host._stop()
        return host.sent

    assert [type(x) for x in asyncio.run(run())] == [m.Opening, m.Shelf, m.Refused]


def test_a_library_of_an_older_program_is_brought_to_this_form_and_opened(made: Made, tmp_path: Path) -> None:
    shutil.copytree(made.folder, tmp_path / "copy")
    path = tmp_path / "copy" / "library.db"
    connection = opener.connect(path, read_only=False)
    connection.execute("PRAGMA user_version = 1")  # each step of the migration is kept apart from it, and done already
    connection.close()
    with pytest.raises(RecordError):
        Reader(path)
    with OfDatabase_closing(path, tmp_path / "copy") as collection:
        assert [line.session_id for line in collection.sessions()] == [FIRST, SECOND]
