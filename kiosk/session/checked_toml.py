"""TOML into a frozen struct, with every mistake at once: its line, what is wrong, and the nearest known word.

Pure; used for the provider's plan. A mistyped key must never silently mean "no limit", so unknown keys are
mistakes, too. It never repairs or guesses a value.
"""

from __future__ import annotations

import difflib
import math
import re
import tomllib
from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import msgspec

T = TypeVar("T", bound=msgspec.Struct)
Path = tuple[str, ...]

_HEADER = re.compile(r"^\s*\[(\[)?\s*([^\]]+?)\s*\]\]?")
_KEY = re.compile(r"^\s*([A-Za-z0-9_\-.\"']+)\s*=")
_AT_LINE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)")


class Problem(msgspec.Struct, frozen=True, order=True):
    """One mistake. line counts from 1 (the nearest line known); key is dotted, as in the file."""

    line: int
    key: str
    what: str

    def __str__(self) -> str:
        """The mistake as one line for the person who wrote the file."""
        return f"line {self.line}: {self.key}: {self.what}" if self.key else f"line {self.line}: {self.what}"


class BadToml(Exception):  # noqa: N818 - what it is
    """The text cannot be read as the struct. problems: all of them, in the order of the lines."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = problems


class Lines:
    """Where each key of a TOML text stands; `of` falls back to the nearest key above it."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Path, int] = {}
        self._counts: dict[Path, int] = {}
        table: Path = ()
        for number, line in enumerate(text.splitlines(), 1):
            if header := _HEADER.match(line):
                table = self._table(_split(header[2]), bool(header[1]))
                self._lines.setdefault(table, number)
            elif key := _KEY.match(line):
                self._lines.setdefault((*table, *_split(key[1])), number)

    def _table(self, path: Path, is_item: bool) -> Path:
        """The path of a header; an item of an array of tables gets its index as last part."""
        if not is_item:
            return path
        index = self._counts.get(path, -1) + 1
        self._counts[path] = index
        return (*path, str(index))

    def of(self, path: Path) -> int:
        """The line of `path`, or of what contains it; 1 if nothing of it is in the text."""
        while path:
            if path in self._lines:
                return self._lines[path]
            path = path[:-1]
        return 1


def _split(dotted: str) -> Path:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))


def read(kind: type[T], text: str) -> tuple[T, Lines]:
    """The struct, and where its keys stand (for rules that the types cannot say). Raises `BadToml`."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadToml((_syntax(error, text),)) from error
    lines = Lines(text)
    found = list(_walk(kind, raw, ()))
    if found:
        raise BadToml(problems_at(lines, found))
    return msgspec.convert(raw, kind), lines


def problems_at(lines: Lines, found: list[tuple[Path, str]]) -> tuple[Problem, ...]:
    """Each (path, sentence) with its line, sorted by line."""
    return tuple(sorted(Problem(lines.of(path), ".".join(path), what) for path, what in found))


def _syntax(error: tomllib.TOMLDecodeError, text: str) -> Problem:
    message = str(error)
    at = _AT_LINE.search(message)
    line = int(at[1]) if at and at[1] else max(1, len(text.splitlines()))
    return Problem(line, "", f"this is not TOML: {_AT_LINE.sub('', message).lower()}")


def _walk(kind: Any, raw: Any, path: Path) -> Iterator[tuple[Path, str]]:
    struct, item = _struct(kind), _item(kind)
    if struct is not None:
        yield from _table(struct, raw, path)
    elif item is not None and isinstance(raw, list):
        for index, entry in enumerate(cast(list[Any], raw)):
            yield from _table(item, entry, (*path, str(index)))
    else:
        yield from _leaf(kind, raw, path)


def _table(kind: type[msgspec.Struct], raw: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if not isinstance(raw, Mapping):
        yield path, "must be a table of keys"
        return
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    hints = get_type_hints(kind)
    given = cast(Mapping[str, Any], raw)
    for key, value in given.items():
        if key in fields:
            yield from _walk(hints[fields[key].name], value, (*path, key))
        else:
            yield (*path, key), f"is not known{near(key, tuple(fields))}"
    for key, field in fields.items():
        if field.required and key not in given:
            yield (*path, key), "is missing"


def _leaf(kind: Any, raw: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if _is_form(raw):
        yield path, "is still to be filled in"
        return
    allowed = [str(word) for word in get_args(kind)] if get_origin(kind) is Literal else []
    if allowed and raw not in allowed:
        yield path, f"{raw!r} is not one of {', '.join(allowed)}{near(str(raw), tuple(allowed))}"
        return
    if isinstance(raw, float) and not math.isfinite(raw):
        yield path, f"{raw} is not a number"
        return
    try:
        msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        yield path, str(error)[:1].lower() + str(error)[1:]


def _is_form(raw: Any) -> bool:
    """A place of a form (`kiosk plan new`) that nobody has filled in: "<...>", alone or in a list."""
    if isinstance(raw, list):
        return any(_is_form(entry) for entry in cast(list[Any], raw))
    return isinstance(raw, str) and raw.startswith("<") and raw.endswith(">")


def near(word: str, known: tuple[str, ...]) -> str:
    """ " (did you mean X?)" for the nearest known word, "" if none is near."""
    close = difflib.get_close_matches(word, known, 1)
    return f" (did you mean {close[0]}?)" if close else ""


def _struct(kind: Any) -> type[msgspec.Struct] | None:
    options = get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)
    return next((k for k in options if isinstance(k, type) and issubclass(k, msgspec.Struct)), None)


def _item(kind: Any) -> type[msgspec.Struct] | None:
    return _struct(get_args(kind)[0]) if get_origin(kind) is tuple and get_args(kind) else None
