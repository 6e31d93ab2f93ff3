"""What a session's first event says of the program that records it."""

from __future__ import annotations

import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from kiosk.opening import PARTS, versions


def test_each_part_is_named_with_the_version_of_its_package() -> None:
    assert versions() == {"python": sys.version.split()[0], **{part: version(part) for part in PARTS}}


def test_of_two_packages_the_one_counts_that_python_would_import(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder, name in (("first", "Sqlite_Utils-9.9.dist-info"), ("second", "sqlite_utils-1.0.dist-info")):
        (tmp_path / folder / name).mkdir(parents=True)
    monkeypatch.setattr(sys, "path", [str(tmp_path / "first"), str(tmp_path / "second"), str(tmp_path / "none")])
    assert versions()["sqlite-utils"] == "9.9"


def test_a_part_that_is_not_there_is_called_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bleak-1.0.egg-info").write_text("Metadata-Version: 2.1\nName: bleak\nVersion: 1.0\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    found = versions()
    assert found["bumble"] == "missing"
    assert found["bleak"] == "1.0"


def test_a_folder_that_cannot_be_looked_into_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bleak-2.0.dist-info").mkdir()
    monkeypatch.setattr(sys, "path", ["x" * 5000, str(tmp_path), "y" * 5000])
    assert versions()["bleak"] == "2.0"
