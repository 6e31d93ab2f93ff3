"""Which music is asked of the child: by phase, held, calming, previewed; and the scanner, as a real process."""

from __future__ import annotations

import asyncio
import threading
import wave
from pathlib import Path
from typing import Any

import pytest

from kiosk.jukebox import Jukebox, Sources
from kiosk.librarian import Librarian
from kiosk.session import commands as c
from kiosk.session import events as e
from kiosk.shelf import Answer, Shelf
from media import collection
from media import message as m
from media.error import MediaError
from media.library import Found
from media.place import FILE, Place, write_place

AMBIENT = m.Track("/cache/ambient.wav", "Still water", seamless=True)


class Player:
    """A jukebox over a folder with music for two phases and some for any; what the child was told."""

    def __init__(self, folder: Path, **sources: Any) -> None:
        self.folder = folder / "music"
        for name in ("peak/deep.wav", "piano/home.wav", "river.wav", "sea.wav"):
            write(self.folder / name)
        self.told: list[Any] = []
        place = str(self.folder)
        self.jukebox = Jukebox(self.told.append, Sources(folder / "cache", **{"place": place, **sources}))

    def begin(self) -> None:
        self.jukebox.begin()
        self.look()
        self.jukebox.take(m.AmbientReady(AMBIENT))

    def look(self) -> list[e.Event]:
        """What the shelf finds and tells."""
        place = self.jukebox._sources.place
        try:
            return self.jukebox.own(collection.open_place(Path(place), self.folder.parent / "cache")) if place else []
        except MediaError as error:
            return self.jukebox.own(error)

    def queue(self) -> list[str]:
        return [track.title for track in next(x for x in reversed(self.told) if isinstance(x, m.Queue)).tracks]

    def control(self, action: Any, **fields: Any) -> list[e.Event]:
        return self.jukebox.control(c.ControlMusic(action, **fields))


def write(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(b"\x00\x10\x00\xf0" * 4000)
    return path


@pytest.fixture
def player(tmp_path: Path) -> Player:
    return Player(tmp_path, phases={"return": "piano, voice", "onset": "ambient"})


def test_a_phase_plays_its_own_folder_or_its_words_else_what_fits_all(player: Player) -> None:
    player.begin()
    assert player.queue() == ["river", "sea"]
    assert player.jukebox.follow("peak") == [e.MusicSteered("phase", "peak")]
    assert player.queue() == ["deep"]
    player.jukebox.follow("return")
    assert player.queue() == ["home"]
    player.jukebox.follow("after")
    assert player.queue() == ["river", "sea"]
    assert player.jukebox.follow("after") == []


def test_without_anything_that_fits_the_generated_piece_plays(tmp_path: Path) -> None:
    player = Player(tmp_path, place="")
    player.begin()
    player.jukebox.follow("peak")
    assert player.queue() == ["Still water"]
    assert sum(isinstance(x, m.Queue) for x in player.told) == 1  # the same queue is not sent again


def test_the_generated_piece_of_the_phase_goes_before_the_one_that_fits_all(tmp_path: Path) -> None:
    player = Player(tmp_path, place="")
    player.begin()
    deep = m.Track("/cache/deep.oga", "Deep field", "peak")
    player.jukebox.composed(deep)
    assert player.queue() == ["Still water"]
    player.jukebox.follow("peak")
    assert player.queue() == ["Deep field"]
    player.jukebox.follow("after")
    assert player.queue() == ["Still water"]


def test_held_music_stays_when_the_phase_changes_until_it_is_released(player: Player) -> None:
    player.begin()
    assert player.control("hold") == [e.MusicSteered("hold", "")]
    assert player.control("hold") == []
    assert player.jukebox.follow("peak") == []
    assert player.queue() == ["river", "sea"]
    assert player.control("release") == [e.MusicSteered("release", "peak")]
    assert player.queue() == ["deep"]


def test_the_calming_piece_comes_at_once_and_the_phase_later(player: Player) -> None:
    safe = write(player.folder.parent / "calm.wav")
    player = Player(player.folder.parent, safe=str(safe))
    player.begin()
    player.control("safe")
    assert player.queue() == ["calm", "Still water"]
    player.jukebox.follow("peak")
    assert player.queue() == ["calm", "Still water"]
    player.control("release")
    assert player.queue() == ["deep"]


def test_the_next_piece_is_previewed_at_the_sitters_output_and_asked_again_it_ends(tmp_path: Path) -> None:
    player = Player(tmp_path, sitter_output="speakers")
    player.begin()
    player.jukebox.take(m.Playing("river", 0, 1.0, None, "playing"))
    player.control("preview")
    assert (player.told[-1].track.title, player.told[-1].output) == ("sea", "speakers")
    player.jukebox.take(m.Previewing(player.told[-1].track.path))
    player.control("preview")
    assert player.told[-1] == m.Preview(None, "speakers")


def test_a_new_child_gets_the_same_queue_at_the_same_place(player: Player) -> None:
    player.begin()
    player.jukebox.follow("after")
    player.jukebox.take(m.Playing("sea", 1, 12.5, None, "playing"))
    player.jukebox.lost()
    player.told.clear()
    player.jukebox.begin()
    assert next(x for x in player.told if isinstance(x, m.Queue)).index == 1
    assert next(x for x in player.told if isinstance(x, m.Queue)).position_s == 12.5


def begun_again(folder: Path, phase: str = "after", how: str = "", is_paused: bool = False) -> Player:
    """The player of a monitor that comes after one that died."""
    player = Player(folder)
    player.jukebox.resume(phase, e.MusicSteered(how, "peak") if how else None, is_paused)
    player.begin()
    return player


def first(player: Player, kind: type) -> Any:
    return next((x for x in player.told if isinstance(x, kind)), None)


def keep(folder: Path, path: Path, position_s: float = 12.5) -> None:
    (folder / "cache").mkdir()
    write_place(folder / "cache" / FILE, Place(m.Track(str(path), "sea"), position_s, 30))


def test_the_monitor_after_one_that_died_goes_on_at_the_same_place_and_loudness(tmp_path: Path) -> None:
    keep(tmp_path, tmp_path / "music" / "sea.wav")
    player = begun_again(tmp_path)
    assert (player.queue(), first(player, m.Queue).index, first(player, m.Queue).position_s) == (
        ["river", "sea"],
        1,
        12.5,
    )
    assert (first(player, m.Volume).percent, player.jukebox.volume) == (30, 30)
    assert first(player, m.Play) is not None
    assert player.jukebox.follow("after") == []
    player.jukebox.follow("peak")
    assert player.told[-1] == m.Queue(player.told[-1].tracks)  # another piece begins at its beginning


def test_what_a_person_held_or_paused_stays_so_over_the_monitors_death(tmp_path: Path) -> None:
    keep(tmp_path, tmp_path / "music" / "peak" / "deep.wav")
    player = begun_again(tmp_path, how="hold", is_paused=True)
    assert (player.queue(), first(player, m.Queue).position_s, first(player, m.Play)) == (["deep"], 12.5, None)
    assert player.jukebox.follow("after") == []
    assert player.queue() == ["deep"]
    player.control("play")
    assert player.told[-1] == m.Resume()
    player.control("release")
    assert player.queue() == ["river", "sea"]


def test_a_place_in_a_piece_that_does_not_belong_to_now_or_cannot_be_read_is_left(tmp_path: Path) -> None:
    keep(tmp_path, tmp_path / "music" / "gone.wav")
    assert first(begun_again(tmp_path), m.Queue).position_s == 0.0
    (tmp_path / "cache" / FILE).write_text(
        '{"track": {"path": "a", "title": "b"}, "position_s": -1, "volume_percent": 7}'
    )
    player = begun_again(tmp_path)
    assert (first(player, m.Queue).position_s, player.jukebox.volume) == (0.0, 70)


def test_the_generated_piece_goes_on_before_it_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "cache").mkdir()
    deep = m.Track(str(write(tmp_path / "cache" / "deep.oga")), "Deep field", "peak")
    write_place(tmp_path / "cache" / FILE, Place(deep, 600.0, 70))
    player = Player(tmp_path, place="")
    player.jukebox.resume("peak", None, is_paused=False)
    player.begin()
    player.jukebox.composed(deep)
    assert [x for x in player.told if isinstance(x, m.Queue)] == [m.Queue((deep,), 0, 600.0)]


def test_a_place_that_cannot_be_read_is_told_and_the_generated_piece_plays(tmp_path: Path) -> None:
    player = Player(tmp_path, place=str(tmp_path / "gone"))
    player.jukebox.begin()
    assert [event.state for event in player.look() if isinstance(event, e.MusicChanged)] == ["failed"]
    player.jukebox.take(m.AmbientReady(AMBIENT))
    assert player.queue() == ["Still water"]


async def test_the_scanner_learns_everything_and_is_let_go(player: Player, tmp_path: Path) -> None:
    answered: asyncio.Future[m.Scanned] = asyncio.get_running_loop().create_future()
    seen: list[m.Scanning] = []
    librarian = Librarian(str(player.folder), tmp_path / "cache", answered.set_result, seen.append)
    librarian.start()
    assert await asyncio.wait_for(answered, 30) == m.Scanned(4, 0)
    await librarian.end()
    assert [(s.done, s.total) for s in seen] == [(0, 4), (1, 4), (2, 4), (3, 4)]
    assert len(collection.read(tmp_path / "cache").entries) == 4
    player.look()
    assert {track.gain_db for track in player.jukebox._own} != {0.0}


async def test_a_scanner_can_be_ended_wherever_it_is(player: Player, tmp_path: Path) -> None:
    for number in range(50):
        write(player.folder / f"{number}.wav")
    begun = asyncio.Event()
    librarian = Librarian(str(player.folder), tmp_path / "cache", lambda s: None, lambda s: begun.set())
    librarian.start()
    await asyncio.wait_for(begun.wait(), 30)
    await librarian.end()


def test_no_other_piece_begins_while_own_music_is_looked_for_until_that_takes_too_long(player: Player) -> None:
    player.jukebox.begin()
    player.jukebox.take(m.AmbientReady(AMBIENT))
    assert first(player, m.Queue) is None
    player.jukebox.own(None)
    assert player.queue() == ["Still water"]
    player.look()
    assert player.queue() == ["river", "sea"]


async def test_own_music_is_looked_for_in_a_thread_while_the_disk_says_nothing(
    player: Player, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: asyncio.Queue[Answer | None] = asyncio.Queue()
    disk = threading.Event()
    open_place = collection.open_place

    def slow(place: Path, cache: Path) -> Found:
        assert disk.wait(20)
        return open_place(place, cache)

    monkeypatch.setattr(collection, "open_place", slow)
    monkeypatch.setattr("kiosk.shelf.WAIT_S", 0.0)
    shelf = Shelf(str(player.folder), tmp_path / "cache", told.put_nowait)
    shelf.look()
    shelf.look()
    assert await told.get() is None
    disk.set()
    for _ in range(2):
        found = await told.get()
        assert isinstance(found, Found)
        assert len(found.tracks) == 4
    shelf.end()


async def test_a_place_that_is_not_there_is_the_shelfs_answer_and_what_comes_after_the_end_is_not_told(
    tmp_path: Path,
) -> None:
    told: asyncio.Queue[Answer | None] = asyncio.Queue()
    shelf = Shelf(str(tmp_path / "gone"), tmp_path / "cache", told.put_nowait)
    shelf.look()
    assert isinstance(await told.get(), MediaError)
    shelf.look()
    shelf.end()
    shelf.look()
    assert told.empty()
