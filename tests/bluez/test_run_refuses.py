"""Where the run against a real BlueZ cannot run, it fails and says what to do; it never skips."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

RUN = Path(__file__).parent / "run"
TOOLS = (
    "bash",
    "cat",
    "chmod",
    "cut",
    "dirname",
    "env",
    "find",
    "flock",
    "mktemp",
    "mkdir",
    "mv",
    "rm",
    "sha256sum",
    "tail",
)
FAKES = {
    "uname": '[ "$1" = -s ] && echo Linux || echo x86_64',
    "id": "echo 0",
    "qemu-system-x86_64": "exit 3",
    "mke2fs": "exit 3",
    "mmdebstrap": "echo 'E: could not reach the mirror' >&2; exit 100",
}


def _refusal(folder: Path, *missing: str, **instead: str) -> str:
    """What `run` says on a machine with only TOOLS and the fakes, some of them missing or doing something else."""
    path = folder / "path"
    path.mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found, tool
        (path / tool).symlink_to(found)
    for name, does in {**FAKES, **instead}.items():
        if name not in missing:
            (path / name).write_text(f"#!/bin/bash\n{does}\n")
            (path / name).chmod(0o755)
    environment = {"PATH": str(path), "HOME": str(folder), "XDG_CACHE_HOME": str(folder / "cache")}
    ended = subprocess.run([RUN], env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1, ended
    assert not list((folder / "cache").glob("session-room-bluez/run-*"))
    return ended.stderr


@pytest.mark.parametrize(
    ("missing", "package"),
    [("qemu-system-x86_64", "qemu-system-x86"), ("mmdebstrap", "mmdebstrap"), ("mke2fs", "e2fsprogs")],
)
def test_a_missing_tool_is_named_with_its_package(tmp_path: Path, missing: str, package: str) -> None:
    assert f"{missing} is missing. Run: sudo apt-get install {package}\n" in _refusal(tmp_path, missing)


def test_a_plain_user_is_told_that_building_needs_root(tmp_path: Path) -> None:
    assert "needs root (for mmdebstrap). Run: sudo tests/bluez/run" in _refusal(tmp_path, id="echo 1000")


def test_a_build_without_network_shows_the_tools_own_words_and_leaves_no_guest(tmp_path: Path) -> None:
    said = _refusal(tmp_path)
    assert "could not reach the mirror" in said
    assert "needs root, and a network with a Debian mirror" in said
    assert not [
        p for p in (tmp_path / "cache" / "session-room-bluez").iterdir() if not p.name.startswith(("lock", "guest-"))
    ]


def test_another_kind_of_computer_is_refused(tmp_path: Path) -> None:
    said = _refusal(tmp_path, uname='[ "$1" = -s ] && echo Linux || echo aarch64')
    assert "made for Linux on x86-64; this is Linux aarch64" in said
