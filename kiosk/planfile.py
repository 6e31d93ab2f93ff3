"""Reads the provider's plan from a file, or the shipped example; the whole text goes into the record."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import msgspec

from kiosk.failure import Reason, Refusal
from kiosk.session.plan import Plan, PlanError

EXAMPLE = "example-plan.toml"


class ReadPlan(msgspec.Struct, frozen=True):
    """A plan with the name of its file and its exact text."""

    plan: Plan
    name: str
    text: str


def _why(error: OSError | UnicodeDecodeError) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else "it is not text"


def read_plan(path: str) -> ReadPlan:
    """The plan at `path`, the shipped example for "". Raises Refusal with every mistake and its line."""
    if not path:
        text = resources.files("kiosk").joinpath("assets", EXAMPLE).read_text("utf-8")
        return ReadPlan(Plan.from_toml(text), EXAMPLE, text)
    try:
        text = Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(
            Reason.BAD_PLAN, f"The plan {path} cannot be read ({_why(error)}). Give another with --plan."
        ) from error
    try:
        return ReadPlan(Plan.from_toml(text), Path(path).name, text)
    except PlanError as error:
        problems = "; ".join(str(problem) for problem in error.problems)
        raise Refusal(Reason.BAD_PLAN, f"The plan {path} cannot be used: {problems}") from error
