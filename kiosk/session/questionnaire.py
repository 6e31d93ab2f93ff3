"""A FHIR R4 Questionnaire as a set of questions: choice, integer, boolean and string items, in groups or not.

Pure, from the text of the file. What it cannot ask as it was meant (other types, conditions, answers given beforehand,
several answers) is refused by name: a scale that is asked otherwise is another scale. No total is made of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, cast

from kiosk.session.form import Choice, Form, Item

MOST_ITEMS, MOST_CHOICES, LONGEST = 100, 12, 600
_KINDS = {"choice": "choice", "integer": "number", "boolean": "choice", "string": "text"}
_REFUSED = ("enableWhen", "answerValueSet", "initial", "maxLength")
_BOUND = "http://hl7.org/fhir/StructureDefinition/"
Table = Mapping[str, Any]


class Unfit(StrEnum):
    """Why a file cannot be asked."""

    NOT_JSON = "is not JSON"
    NOT_A_QUESTIONNAIRE = "is not a FHIR Questionnaire"
    NO_ITEMS = "has no questions"
    TOO_MANY = "has too many questions"
    NO_TEXT = "has no text"
    NO_KEY = "has no linkId of its own"
    TYPE = "has a type that is not supported"
    PART = "uses what is not supported"
    CHOICES = "has no answers to choose from, or too many, or two alike"
    ANSWER = "has an answer of a kind that is not supported"
    LONG = "has a text that is too long"


class QuestionnaireError(Exception):
    """why, at which item (linkId, "" for the file as a whole), and the word in question."""

    def __init__(self, why: Unfit, item: str = "", word: str = "") -> None:
        super().__init__(why, item, word)
        self.why, self.item, self.word = why, item, word


def read_questionnaire(key: str, text: str) -> Form:
    """The form under that key. Raises QuestionnaireError."""
    try:
        raw: Any = json.loads(text)
    except ValueError as error:
        raise QuestionnaireError(Unfit.NOT_JSON, word=str(error)) from error
    if not isinstance(raw, dict) or cast(Table, raw).get("resourceType") != "Questionnaire":
        raise QuestionnaireError(Unfit.NOT_A_QUESTIONNAIRE)
    table = cast(Table, raw)
    items = tuple(_items(table, ""))
    if not items:
        raise QuestionnaireError(Unfit.NO_ITEMS)
    if len(items) > MOST_ITEMS:
        raise QuestionnaireError(Unfit.TOO_MANY, word=str(len(items)))
    keys = [item.key for item in items]
    twice = next((one for one in keys if keys.count(one) > 1), None)
    if twice is not None:
        raise QuestionnaireError(Unfit.NO_KEY, twice)
    return Form(
        key,
        items,
        title=_words(table, "title", "") or _words(table, "name", "") or key,
        notice=_words(table, "copyright", "", longest=20_000),
        url=_words(table, "url", ""),
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )


def _list(table: Table, name: str, item: str) -> list[Table]:
    found: Any = table.get(name, [])
    if not isinstance(found, list) or not all(isinstance(x, dict) for x in cast(list[Any], found)):
        raise QuestionnaireError(Unfit.PART, item, name)
    return cast(list[Table], found)


def _words(table: Table, name: str, item: str, longest: int = LONGEST) -> str:
    found: Any = table.get(name, "")
    if not isinstance(found, str):
        raise QuestionnaireError(Unfit.PART, item, name)
    if len(found) > longest:
        raise QuestionnaireError(Unfit.LONG, item, name)
    return " ".join(found.split())


def _items(table: Table, before: str) -> Iterator[Item]:
    """Depth first. before: the text of the groups around, put before each question."""
    for raw in _list(table, "item", ""):
        key = _words(raw, "linkId", "")
        if not key:
            raise QuestionnaireError(Unfit.NO_KEY, _words(raw, "text", ""))
        refused = next((name for name in _REFUSED if name in raw), "repeats" if raw.get("repeats") else "")
        if refused:
            raise QuestionnaireError(Unfit.PART, key, refused)
        text = " ".join(part for part in (before, _words(raw, "text", key)) if part)
        if raw.get("type") == "group":
            yield from _items(raw, text)
        else:
            yield _item(raw, key, text)


def _item(raw: Table, key: str, text: str) -> Item:
    kind = _KINDS.get(str(raw.get("type", "")))
    if kind is None:
        raise QuestionnaireError(Unfit.TYPE, key, str(raw.get("type", "")))
    if raw.get("item"):
        raise QuestionnaireError(Unfit.PART, key, "item")
    if not text:
        raise QuestionnaireError(Unfit.NO_TEXT, key)
    if kind == "number":
        return Item(key, "number", text=text, least=_bound(raw, key, "minValue"), most=_bound(raw, key, "maxValue"))
    if kind == "text":
        return Item(key, "text", text=text)
    choices = (Choice(True), Choice(False)) if raw.get("type") == "boolean" else _choices(raw, key)
    return Item(key, "choice", choices, text)


def _bound(raw: Table, key: str, name: str) -> int | None:
    found = next((x for x in _list(raw, "extension", key) if x.get("url") == _BOUND + name), None)
    value: Any = found.get("valueInteger") if found else None
    if found and type(value) is not int:
        raise QuestionnaireError(Unfit.PART, key, name)
    return value


def _choices(raw: Table, key: str) -> tuple[Choice, ...]:
    found = tuple(_choice(option, key) for option in _list(raw, "answerOption", key))
    if not 0 < len(found) <= MOST_CHOICES or len({c.value for c in found}) < len(found):
        raise QuestionnaireError(Unfit.CHOICES, key)
    return found


def _choice(option: Table, key: str) -> Choice:
    if option.get("initialSelected"):
        raise QuestionnaireError(Unfit.PART, key, "initialSelected")
    coding: Any = option.get("valueCoding")
    if isinstance(coding, dict):
        code, display = (_words(cast(Table, coding), name, key) for name in ("code", "display"))
        if code or display:
            return Choice(code or display, display or code)
    for name in ("valueInteger", "valueString"):
        value: Any = option.get(name)
        if type(value) is (int if name == "valueInteger" else str) and value != "":
            return Choice(value, str(value))
    raise QuestionnaireError(Unfit.ANSWER, key, next(iter(option), ""))
