"""Music through real VLC into real null sinks."""

from __future__ import annotations

import sys
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from media import collection
from media.decoder import Decoder
from media.loudness import Meter
from media.message import (
    AmbientReady,
    ChooseMusicOutput,
    Crossfade,
    Duck,
    Ducked,
    Ended,
    FadeOut,
    MusicFailed,
    MusicReason,
    Pause,
    Play,
    Playing,
    PrepareAmbient,
    Preparing,
    Preview,
    Previewing,
    Queue,
    Resume,
    Scan,
    Skip,
    SoundReady,
    Track,
    Volume,
)
from media.scanner import scan
from media.worker import EVEN_PAUSE_S
from tests import sound

from .conftest import MusicTurner

pytestmark = pytest.mark.sound
MakeMusic = Callable[[], MusicTurner]
Sine = Callable[..., Path]
LOW, HIGH = 441.0, 1764.0


def begin(music: MakeMusic, *tracks: Track, volume: int = 100) -> MusicTurner:
    turner = music()
    turner.take(ChooseMusicOutput(sound.PATIENT))
    turner.take(Volume(volume, 0.0))
    turner.take(Queue(tracks))
    turner.until_said(SoundReady)
    return turner


def tone_at(samples: sound.Samples, hertz: float) -> float:
    """Level of one frequency in dB."""
    mono = samples.mean(axis=1) * np.hanning(len(samples)) * 2
    wave = np.exp(-2j * np.pi * hertz * np.arange(len(mono)) / sound.RATE_HZ)
    return float(20 * np.log10(max(abs(np.mean(mono * wave)) * 2, 1e-10)))


def test_music_is_heard_at_its_output_only_without_a_burst_and_without_clipping(
    server: sound.SoundServer, music: MakeMusic, sine: Sine
) -> None:
    turner = begin(music, Track(str(sine("a.wav", 20, LOW)), "A"))
    with sound.capture(server, sound.PATIENT) as patients, sound.capture(server, sound.SITTER) as sitters:
        turner.take(Play())
        heard = turner.until_captured(patients, 5.5)
        level = sound.envelope_db(heard, 0.05)
        begun = int(np.argmax(level > -90))
        assert level[begun : begun + 10].max() < -45
        assert np.diff(np.maximum(level, -70)).max() < 6
        assert sound.rms_db(heard[-24_000:]) == pytest.approx(-13.5, abs=0.5)
        assert sound.peak(heard) < 0.31
        assert sound.peak(sitters.samples()) == 0.0
    playing = turner.until_said(Playing, title="A", state="playing", index=0)
    assert playing.output == "patient"
    assert turner.kinds(Playing)[-1].position_s > 4
    assert turner.kinds(Playing)[-1].left_s == pytest.approx(20 - turner.kinds(Playing)[-1].position_s, abs=0.1)


@pytest.mark.usefixtures("quick_start")
@pytest.mark.parametrize("how", ["as it lies there", "decoded"])
def test_a_seamless_track_is_joined_to_itself_sample_to_sample(
    server: sound.SoundServer, music: MakeMusic, sine: Sine, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    if how == "decoded":
        monkeypatch.setattr("media.worker.open_plain", lambda track, begin_s: None)
    turner = begin(music, Track(str(sine("loop.wav", 3, LOW)), "Loop", seamless=True))
    with sound.capture(server, sound.PATIENT) as patients:
        turner.take(Play())
        turner.until(lambda: turner.kinds(Playing) and turner.kinds(Playing)[-1].position_s > 0.9, what="full level")
        heard = turner.until_captured(patients, 5.0)
    assert len([playing for playing in turner.kinds(Playing) if playing.position_s < 0.5]) >= 3
    steps = np.abs(np.diff(heard[:, 0], n=2))
    natural = 0.3 * (2 * np.pi * LOW / sound.RATE_HZ) ** 2
    assert steps.max() < natural * 1.3
    assert sound.envelope_db(heard, 0.02).min() > -14.5


@pytest.mark.usefixtures("quick_start")
def test_skip_crosses_over_to_the_next_track_and_the_last_one_to_the_first(
    server: sound.SoundServer, music: MakeMusic, sine: Sine
) -> None:
    turner = begin(music, Track(str(sine("a.wav", 30, LOW)), "A"), Track(str(sine("b.wav", 30, HIGH)), "B"))
    with sound.capture(server, sound.PATIENT) as patients:
        turner.take(Play())
        turner.until_captured(patients, 1.5)
        turner.take(Skip())
        turner.until_said(Playing, title="B", index=1)
        heard = patients.samples()[-48_000:]
        assert np.abs(np.diff(heard[:, 0])).max() < 0.1
        assert sound.envelope_db(heard, 0.05).min() > -20
        after = turner.until_captured(patients, 0.8)[-24_000:]
        assert tone_at(after, HIGH) > tone_at(after, LOW) + 40
        seen = len(turner.said)
        turner.take(Skip())
        turner.until_said(Playing, title="A", index=0, after=seen)


@pytest.mark.usefixtures("quick_start")
def test_volume_pause_duck_and_fade_out_do_what_they_say(
    server: sound.SoundServer, music: MakeMusic, sine: Sine
) -> None:
    turner = begin(music, Track(str(sine("a.wav", 60, LOW)), "A"))
    with sound.capture(server, sound.PATIENT) as patients:
        turner.take(Play())
        turner.until_captured(patients, 1.5)
        turner.take(Volume(50, 0.2))
        turner.until_captured(patients, 0.7)
        assert sound.rms_db(turner.until_captured(patients, 0.2)) == pytest.approx(-13.5 - 18.1, abs=0.5)
        turner.take(Volume(100, 0.2))
        turner.take(Duck(True))
        turner.until_said(Ducked, on=True)
        turner.until_captured(patients, 0.8)
        assert sound.rms_db(turner.until_captured(patients, 0.2)) < -35
        turner.take(Duck(False))
        turner.take(Pause())
        turner.until_said(Playing, state="paused")
        turner.until_captured(patients, 0.5)
        assert sound.peak(turner.until_captured(patients, 0.3)) == 0.0
        held_s = turner.kinds(Playing)[-1].position_s
        turner.take(Resume())
        turner.until_captured(patients, 3.5)
        assert sound.rms_db(turner.until_captured(patients, 0.2)) == pytest.approx(-13.5, abs=0.5)
        assert turner.kinds(Playing)[-1].position_s == pytest.approx(held_s + 3.5, abs=1.5)
        turner.take(FadeOut(0.5))
        turner.until_said(Ended)
        turner.until_captured(patients, 0.5)
        assert sound.peak(turner.until_captured(patients, 0.2)) == 0.0
        assert np.abs(np.diff(patients.samples()[:, 0])).max() < 0.03


@pytest.mark.usefixtures("quick_start")
def test_what_was_given_ahead_makes_way_for_a_change_and_no_sample_is_lost_or_heard_twice(
    server: sound.SoundServer, music: MakeMusic, sine: Sine
) -> None:
    turner = begin(music, Track(str(sine("a.wav", 60, LOW)), "A", seamless=True))
    with sound.capture(server, sound.PATIENT) as patients:
        turner.take(Play())
        for on in (True, False):
            turner.until(lambda: turner.worker.pause_s == EVEN_PAUSE_S, what="a second of music given ahead")
            asked_s = patients.seconds
            turner.take(Duck(on))
            turner.until_captured(patients, 4.0)
            level = sound.envelope_db(patients.samples()[round(asked_s * sound.RATE_HZ) :], 0.02)
            assert np.abs(level[30] - level[0]) > 1  # a second of it lay there
        heard = patients.samples()[:, 0]
    steps = np.abs(np.diff(heard, n=2))
    assert steps.max() < 0.3 * (2 * np.pi * LOW / sound.RATE_HZ) ** 2 * 1.3
    zero = np.flatnonzero((heard[1:] >= 0) & (heard[:-1] < 0))
    first = int(np.argmax(np.abs(heard) > 0.01))
    assert np.abs(np.diff(zero[zero > first + 4800]) - sound.RATE_HZ / LOW).max() < 2


def test_a_new_child_goes_on_where_the_old_one_was(server: sound.SoundServer, music: MakeMusic, sine: Sine) -> None:
    tracks = (Track(str(sine("a.wav", 5, LOW)), "A"), Track(str(sine("b.wav", 60, HIGH)), "B"))
    turner = begin(music, *tracks)
    turner.take(Queue(tracks, index=1, position_s=42.0))
    turner.take(Play())
    playing = turner.until_said(Playing, title="B", index=1)
    assert 42 <= playing.position_s < 45
    turner.until(lambda: turner.kinds(Playing)[-1].left_s < 17.5, what="the rest of the track")


@pytest.mark.usefixtures("quick_start")
def test_a_queue_that_keeps_the_sounding_track_does_not_disturb_it(
    server: sound.SoundServer, music: MakeMusic, sine: Sine
) -> None:
    first, second = Track(str(sine("a.wav", 60, LOW)), "A"), Track(str(sine("b.wav", 60, HIGH)), "B")
    turner = begin(music, first)
    turner.take(Play())
    turner.until_said(Playing, title="A", index=0)
    turner.take(Queue((second, first)))
    playing = turner.until_said(Playing, title="A", index=1)
    assert playing.position_s > 0.5


@pytest.mark.usefixtures("quick_start")
def test_music_does_not_leave_a_vanished_output_and_goes_on_when_it_is_back(
    server: sound.SoundServer, music: MakeMusic, sine: Sine
) -> None:
    turner = begin(music, Track(str(sine("a.wav", 60, LOW)), "A"))
    turner.take(Play())
    turner.until_said(Playing, title="A", index=0)
    with sound.capture(server, sound.SITTER) as sitters:
        server.remove_sink(sound.PATIENT)
        assert turner.until_said(MusicFailed).reason is MusicReason.OUTPUT_GONE
        turner.until_captured(sitters, 0.7)
        assert sound.peak(sitters.samples()) == 0.0
    held_s, seen = turner.kinds(Playing)[-1].position_s, len(turner.said)
    server.add_sink(sound.PATIENT)
    assert turner.until_said(Playing, title="A", after=seen).position_s == pytest.approx(held_s, abs=1.2)
    with sound.capture(server, sound.PATIENT) as patients:
        assert sound.peak(turner.until_captured(patients, 2.0)) > 0.01


def test_what_is_no_sound_or_not_there_is_told_and_passed_over(
    server: sound.SoundServer, music: MakeMusic, sine: Sine, tmp_path: Path
) -> None:
    (tmp_path / "text.mp3").write_text("this is no music\n" * 50)
    tracks = [Track(str(tmp_path / name), name) for name in ("text.mp3", "gone.flac")]
    turner = begin(music, *tracks, Track(str(sine("a.wav", 30, LOW)), "A"))
    turner.take(Play())
    turner.until_said(Playing, title="A", index=2)
    assert [(failed.reason, Path(failed.detail).name) for failed in turner.kinds(MusicFailed)] == [
        (MusicReason.UNREADABLE, "text.mp3"),
        (MusicReason.UNREADABLE, "gone.flac"),
    ]


@pytest.mark.usefixtures("no_server")
def test_without_a_server_there_is_a_reason_and_no_position(music: MakeMusic, sine: Sine) -> None:
    turner = begin(music, Track(str(sine("a.wav", 5, LOW)), "A"))
    turner.take(Play())
    assert turner.until_said(MusicFailed).reason is MusicReason.NO_SERVER
    assert turner.kinds(SoundReady)[0].outputs == ()


def test_without_vlc_there_is_a_reason_and_duck_is_still_answered(
    server: sound.SoundServer, music: MakeMusic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "vlc", None)
    turner = music()
    assert turner.until_said(MusicFailed).reason is MusicReason.NO_VLC
    turner.take(Duck(True))
    turner.until_said(Ducked)
    turner.take(Play())
    assert [failed.reason for failed in turner.kinds(MusicFailed)] == [MusicReason.NO_VLC] * 2


def test_the_ambient_piece_is_made_in_the_background_and_offered(
    server: sound.SoundServer, music: MakeMusic, tmp_path: Path, short_piece: int
) -> None:
    turner = music()
    turner.take(PrepareAmbient(str(tmp_path / "cache")))
    track = turner.until_said(AmbientReady, 30).track
    assert Path(track.path).is_file()
    assert track.seamless
    assert turner.kinds(Preparing)[-1].percent == 100


def test_a_cache_that_cannot_be_written_is_told(server: sound.SoundServer, music: MakeMusic, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("in the way")
    turner = music()
    turner.take(PrepareAmbient(str(tmp_path / "cache" / "deep")))
    assert turner.until_said(MusicFailed).reason is MusicReason.NO_AMBIENT


def noise(path: Path, seconds: float, level: float, seed: int, cutoff_hz: float = 24_000) -> Path:
    """Stereo noise below a frequency at an RMS of `level`."""
    random = np.random.default_rng(seed)
    count = round(seconds * sound.RATE_HZ)
    spectrum = np.fft.rfft(random.standard_normal((count, 2)), axis=0)
    spectrum[np.fft.rfftfreq(count, 1 / sound.RATE_HZ) > cutoff_hz] = 0
    values = np.fft.irfft(spectrum, count, axis=0)
    values *= level / np.sqrt(np.mean(values**2))
    with wave.open(str(path), "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(sound.RATE_HZ)
        out.writeframes(np.round(32767 * np.clip(values, -1, 1)).astype("<i2").tobytes())
    return path


@pytest.mark.usefixtures("quick_start")
def test_five_very_different_pieces_come_out_equally_loud(
    server: sound.SoundServer, music: MakeMusic, sine: Sine, tmp_path: Path
) -> None:
    files = [
        sine("tone.wav", 6, LOW, 0.03),
        sine("high.wav", 6, HIGH, 0.5),
        noise(tmp_path / "hiss.wav", 6, 0.05, 1),
        noise(tmp_path / "rumble.wav", 6, 0.2, 2, 200),
        noise(tmp_path / "soft.wav", 6, 0.03, 3, 3000),
    ]
    cache = tmp_path / "cache"
    decoder = Decoder()
    scan(Scan(str(tmp_path), str(cache)), Silent(), decoder)  # type: ignore[arg-type]
    decoder.close()
    known = {track.path: track for track in collection.open_place(tmp_path, cache).tracks}
    turner = begin(music, *(known[str(path)] for path in files))
    heard: list[float | None] = []
    with sound.capture(server, sound.PATIENT) as patients:
        turner.take(Play())
        for _ in files:
            turner.until_captured(patients, 1.0)
            meter = Meter()
            meter.add(turner.until_captured(patients, 1.2).astype(np.float32))
            heard.append(meter.lufs())
            turner.take(Skip())
    assert heard == [pytest.approx(-23, abs=1)] * 5


class Silent:
    """A scanner's line that nobody reads."""

    Lost = EOFError

    def send(self, message: object) -> None: ...

    def get(self, timeout_s: float) -> None: ...

    def beat(self) -> None: ...


@pytest.mark.usefixtures("quick_start")
@pytest.mark.parametrize("seconds", [2.0, 0.0], ids=["crossfaded", "joined"])
def test_one_piece_goes_over_into_the_next_without_a_hole_or_a_hill(
    server: sound.SoundServer, music: MakeMusic, tmp_path: Path, seconds: float
) -> None:
    files = [noise(tmp_path / f"{seed}.wav", 4, 0.1, seed) for seed in (1, 2)]
    turner = begin(music, *(Track(str(path), path.stem) for path in files))
    turner.take(Crossfade(seconds))
    with sound.capture(server, sound.PATIENT) as patients:
        turner.take(Play())
        turner.until_captured(patients, 0.8)
        heard = turner.until_captured(patients, 4.0)
    level = sound.envelope_db(heard, 0.2)
    assert level == pytest.approx(np.full(len(level), -20.0), abs=1.0)
    assert [playing.title for playing in turner.kinds(Playing)][-1] == "2"


@pytest.mark.usefixtures("quick_start")
def test_a_preview_is_heard_by_the_sitter_alone_and_the_music_goes_on(
    server: sound.SoundServer, music: MakeMusic, sine: Sine
) -> None:
    turner = begin(music, Track(str(sine("low.wav", 20, LOW)), "low"))
    other = Track(str(sine("high.wav", 20, HIGH)), "high")
    with sound.capture(server, sound.PATIENT) as patients, sound.capture(server, sound.SITTER) as sitters:
        turner.take(Play())
        turner.until_captured(patients, 1.0)
        turner.take(Preview(other, sound.SITTER))
        turner.until_said(Previewing, path=other.path)
        turner.until_captured(sitters, 1.0)
        of_patient = turner.until_captured(patients, 1.0)
        of_sitter = sitters.samples()[-24_000:]
        turner.take(Preview(None))
        turner.until_said(Previewing, path="")
    assert tone_at(of_patient, LOW) > -25
    assert tone_at(of_patient, HIGH) < -80
    assert tone_at(of_sitter, HIGH) > -30
    assert tone_at(of_sitter, LOW) < -80
