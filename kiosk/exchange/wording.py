"""Every text of a page at once, however deep it stands: to clean it, to glue its numbers, or to look at all of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import msgspec


def each(value: object, change: Callable[[str], str]) -> object:
    """The same built-in value with every text changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: each(part, change) for key, part in cast(dict[str, object], value).items()}
    if isinstance(value, list | tuple):
        return [each(part, change) for part in cast(list[object], value)]
    return value


def texts(words: msgspec.Struct) -> list[str]:
    """Every text of it, in order."""
    found: list[str] = []
    each(msgspec.to_builtins(words), lambda text: found.append(text) or text)
    return found
