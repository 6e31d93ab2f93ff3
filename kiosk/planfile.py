"""Reads the provider's plan from a file, or the shipped example; the whole text goes into the record."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import msgspec

from kiosk import signature
from kiosk.failure import Reason, Refusal
from kiosk.session.form import Form
from kiosk.session.plan import Plan, PlanError
from kiosk.session.questionnaire import QuestionnaireError, read_questionnaire
from kiosk.session.scores import own_key
from kiosk.signature import Signature
from kiosk.text.form import unfit

EXAMPLE = "example-plan.toml"


class ReadPlan(msgspec.Struct, frozen=True):
    """A plan with the name of its file, its exact text, the sets of questions that it takes from files, and the
    provider's signature in it, None if it has none."""

    plan: Plan
    name: str
    text: str
    questions: tuple[Form, ...] = ()
    signature: Signature | None = None


def _why(error: OSError | UnicodeDecodeError) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else "it is not text"


def read_plan(path: str) -> ReadPlan:
    """The plan at `path`, the shipped example for "". Raises Refusal with every mistake and its line.

    A plan that was changed after it was signed is refused: nobody can tell any more whose limits these are.
    """
    if not path:
        text = resources.files("kiosk").joinpath("assets", EXAMPLE).read_text("utf-8")
        return ReadPlan(Plan.from_toml(text), EXAMPLE, text)
    text = read_text(path)
    try:
        found = signature.read(text)
    except signature.SignatureError as error:
        by = f" with the key {error.key}" if error.key else ""
        raise Refusal(
            Reason.BAD_PLAN,
            f"The plan {path} was changed after it was signed{by}. Ask the provider for it again; who changed it on "
            "purpose has it signed anew.",
        ) from error
    plan = usable(path, text)
    return ReadPlan(plan, Path(path).name, text, read_questions(plan, path), found)


def read_text(path: str) -> str:
    """The exact text of a file: line ends are signed, too. Raises Refusal."""
    try:
        return Path(path).read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(
            Reason.BAD_PLAN, f"The plan {path} cannot be read ({_why(error)}). Give another with --plan."
        ) from error


def usable(path: str, text: str) -> Plan:
    """The plan in a file's text. Raises Refusal."""
    try:
        return Plan.from_toml(text)
    except PlanError as error:
        problems = "; ".join(str(problem) for problem in error.problems)
        raise Refusal(Reason.BAD_PLAN, f"The plan {path} cannot be used: {problems}") from error


def read_questions(plan: Plan, path: str) -> tuple[Form, ...]:
    """The sets of questions that the plan at `path` takes from files beside it. Raises Refusal by the first bad one."""
    return tuple(_questions(Path(path).parent / file, path) for file in plan.scores.questionnaires)


def _questions(file: Path, path: str) -> Form:
    try:
        return read_questionnaire(own_key(file.name), file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        why = _why(error)
    except QuestionnaireError as error:
        why = unfit(error)
    raise Refusal(Reason.BAD_PLAN, f"The plan {path} cannot be used: scores.questionnaires: {file.name}: {why}.")
