"""The one error by which a command says that it cannot do what was asked: a sentence and what to do."""

from __future__ import annotations

from enum import Enum


class Reason(Enum):
    """Why a command was refused; tests and callers decide by this, never by the sentence."""

    NO_ADAPTER = "no adapter"
    BAD_PLAN = "bad plan"
    BAD_SETTING = "bad setting"
    DATA_FOLDER = "data folder"
    IN_USE = "in use"
    NOT_FOUND = "not found"
    NOT_PAIRED = "not paired"
    NEEDS_DEVICE = "needs device"
    NEEDS_PIN = "needs pin"
    NEEDS_ANSWER = "needs answer"
    RECORD = "record"
    FAILED = "failed"


class Refusal(Exception):  # noqa: N818 - a refusal is what it is called towards people, too
    """A known problem. sentence: what happened and what to do, in one line; exit code 1."""

    def __init__(self, reason: Reason, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason
        self.sentence = sentence
