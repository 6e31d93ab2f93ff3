"""The README is held against the program: commands and options that it names exist, files that it names are there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from kiosk.grammar import COMMANDS, build_parser
from kiosk.settings import TABLE

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```\w*\n(.*?)```", README, re.DOTALL)
# in a block or between backticks; the program's name stands first, perhaps with its folder
CALLS = sorted({call.strip() for call in re.findall(r"(?:(?<=`)|bin/)kiosk ([a-z][^`#\n&]*)", README)})


def test_the_readme_names_commands() -> None:
    assert {call.split()[0] for call in CALLS} == set(COMMANDS)


@pytest.mark.parametrize("call", CALLS)
def test_each_command_in_the_readme_is_understood(call: str) -> None:
    assert callable(build_parser().parse_args(call.split()).run)


def test_each_picture_link_and_folder_in_the_readme_is_there() -> None:
    named = re.findall(r"\]\(([^)#]+)\)", README)
    named += [
        word
        for word in re.findall(r"`([\w./-]+)`", README)
        if re.fullmatch(r"(kiosk|devices|media|ui|tests|docs)/.*", word)
    ]
    assert len(named) > 20
    assert [name for name in named if not name.startswith("http") and not (ROOT / name).exists()] == []


def test_each_make_target_in_the_readme_exists() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"\bmake (run|test|setup|bench|bluez|quick)\b", README)) <= targets


def test_each_setting_in_the_readme_is_one() -> None:
    shown = next(tomllib.loads(block) for block in BLOCKS if block.startswith("[room]"))
    keys = {f"{table}.{key}" for table, entries in shown.items() for key in entries}
    assert keys <= set(TABLE)


def test_each_decision_record_has_a_number_of_its_own_and_says_why() -> None:
    records = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(record.name[:4]) for record in records] == list(range(1, len(records) + 1))
    assert all("**Decision.**" in record.read_text() and "**Why.**" in record.read_text() for record in records)
