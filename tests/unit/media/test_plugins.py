"""VLC's list of plugins: made once, taken where it is good, and never a reason for silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from media import plugins
from media.decoder import Decoder


@pytest.fixture
def system() -> Path:
    """Where this machine's VLC keeps its plugins, without a list of its own."""
    Decoder().close()  # the library must be loaded
    found = plugins._system_folder()
    if found is None or (found / plugins.LIST).exists():
        pytest.skip("VLC keeps a list itself here, or is somewhere else")
    return found


def test_a_list_is_made_once_and_nothing_of_the_systems_is_touched(system: Path, tmp_path: Path) -> None:
    before = sorted(path.name for path in system.iterdir())
    folder = plugins.listed(tmp_path)
    assert folder is not None
    made_ns = (folder / plugins.LIST).stat().st_mtime_ns
    assert plugins.listed(tmp_path) == folder
    assert (folder / plugins.LIST).stat().st_mtime_ns == made_ns
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]
    assert sorted(path.name for path in system.iterdir()) == before
    assert {path.owner() for path in (folder, folder / plugins.LIST)} == {tmp_path.owner()}


def test_a_list_that_vlc_does_not_read_is_left_and_it_plays_as_before(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(plugins.VARIABLE, "")
    (tmp_path / plugins.LIST).write_bytes(b"no list")
    monkeypatch.setattr(plugins, "listed", lambda: tmp_path)
    decoder = Decoder()
    assert decoder.version.startswith("3.")
    decoder.close()


def test_a_cache_that_cannot_be_written_is_said_and_vlc_looks_for_itself(
    system: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert plugins.listed(blocked / "cache") is None
    assert "No list of VLC's plugins could be kept" in capsys.readouterr().err
