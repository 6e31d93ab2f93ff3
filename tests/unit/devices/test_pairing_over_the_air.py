"""Pairing over the simulated air: real SMP, real GATT, a person who looks at two displays and answers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from devices.links import Chosen, Links
from devices.pace import Pace
from devices.pairing import (
    AllowPairing,
    Answer,
    AnyQuestion,
    AskPasskey,
    CompareNumbers,
    No,
    PairingFault,
    Passkey,
    ShowPasskey,
    Yes,
)
from devices.reading import (
    BondForgotten,
    LinkChanged,
    LinkState,
    Paired,
    PairingFailed,
    Pressure,
    Reading,
    Report,
    Stamp,
)
from tests.unit.devices.airchild import AirChild, air, until

HASTE = Pace(silent_after_s=60, back_off_s=(0.05, 0.1))


class Sitter:
    """Reports of the links to one cuff, and the questions about it. Answers come from `answers`, then by `say`."""

    def __init__(self, child: AirChild, *answers: Answer) -> None:
        self.child, self.answers = child, list(answers)
        self._waiting: asyncio.Future[Answer] | None = None
        self.reports: list[Report] = []
        self.asked: list[AnyQuestion] = []
        self.withdrawn = 0
        chosen = [Chosen(child.ready["cuff"], "bls", "cuff")]
        spec = f"virtual:{child.address}"
        self.links = Links(spec, chosen, False, _now, self.reports.append, pace=HASTE, ask=self._ask)

    @property
    def cuff(self) -> str:
        return str(self.child.ready["cuff"])

    async def _ask(self, device: str, question: AnyQuestion) -> Answer:
        assert device == self.cuff.lower()
        self.asked.append(question)
        if self.answers:
            return self.answers.pop(0)
        self._waiting = asyncio.get_running_loop().create_future()
        try:
            return await self._waiting
        except asyncio.CancelledError:
            self.withdrawn += 1
            raise

    def say(self, answer: Answer) -> None:
        """Answer the question that waits."""
        assert self._waiting is not None
        self._waiting.set_result(answer)

    async def measures(self, systolic: int) -> None:
        """Once the cuff has hung up: another measurement."""
        await until(lambda: self.child.events("dropped") and self.of(LinkChanged)[-1].state is LinkState.SEARCHING)
        while "refused" in await self.child.ask("measure", systolic=systolic, diastolic=80, mean=95, inflate_s=1):
            await asyncio.sleep(0.1)  # it rests a moment

    def of(self, kind: type) -> list[Any]:
        return [report for report in self.reports if isinstance(report, kind)]

    def pressures(self) -> list[int]:
        found = [r.measurement for r in self.of(Reading) if isinstance(r.measurement, Pressure)]
        return [int(p.systolic.number or 0) for p in found]

    def faults(self) -> list[PairingFault]:
        return [report.fault for report in self.of(PairingFailed)]

    def waits_for_a_person(self) -> bool:
        """Whether the link was refused and no next attempt waits."""
        last = self.of(LinkChanged)[-1]
        return last.state is LinkState.REFUSED and last.retry_s is None

    async def shown(self) -> int:
        """The number on the cuff's display."""
        await until(lambda: self.child.events("shows"))
        return int(self.child.events("shows")[-1]["number"])


def _now() -> Stamp:
    return Stamp(time.time_ns(), time.monotonic_ns())


@asynccontextmanager
async def cuff_that(way: str, folder: Path, *answers: Answer, same: bool = True) -> AsyncIterator[Sitter]:
    """A cuff that wants to be paired in this way, and has just measured."""
    async with air(folder / "air.jsonl", "--hold") as child:
        await child.do("guard", device="cuff", way=way, same=same)
        sitter = Sitter(child, *answers)
        before = asyncio.all_tasks()
        work = asyncio.create_task(sitter.links.run())
        await child.do("measure", systolic=131, diastolic=84, mean=100, inflate_s=1)
        try:
            yield sitter
        finally:
            work.cancel()
            await asyncio.wait({work}, timeout=20)
        assert work.cancelled(), work
        assert not asyncio.all_tasks() - before - {work}


async def test_without_a_number_it_is_allowed_once_and_never_asked_again(tmp_path: Path) -> None:
    async with cuff_that("just works", tmp_path, Yes()) as sitter:
        await until(lambda: sitter.pressures() == [131])
        await sitter.measures(127)
        await until(lambda: sitter.pressures() == [131, 127])
        assert sitter.asked == [AllowPairing()]
        assert len(sitter.of(Paired)) == 1


async def test_the_number_that_the_cuff_shows_is_typed_here(tmp_path: Path) -> None:
    async with cuff_that("shows", tmp_path) as sitter:
        await until(lambda: sitter.asked)
        assert sitter.of(Paired) == []
        sitter.say(Passkey(await sitter.shown()))
        await until(lambda: sitter.pressures() == [131])
        assert sitter.asked == [AskPasskey()]
        assert len(sitter.of(Paired)) == 1


async def test_another_number_is_refused_and_nothing_is_asked_before_a_person_wants_it(tmp_path: Path) -> None:
    async with cuff_that("shows", tmp_path, Passkey(1)) as sitter:
        await until(lambda: sitter.faults())
        await until(sitter.waits_for_a_person)
        assert sitter.faults() == [PairingFault.REFUSED]
        assert len(sitter.asked) == 1
        sitter.links.restart(sitter.cuff)
        await until(lambda: len(sitter.asked) == 2)
        await until(lambda: len(sitter.child.events("shows")) == 2)
        sitter.say(Passkey(await sitter.shown()))
        await until(lambda: sitter.pressures() == [131])


async def test_the_number_shown_here_is_typed_on_the_cuff(tmp_path: Path) -> None:
    async with cuff_that("types", tmp_path) as sitter:
        await until(lambda: sitter.asked)
        (question,) = sitter.asked
        assert isinstance(question, ShowPasskey)
        await sitter.child.do("type_passkey", device="cuff", number=question.passkey)
        await until(lambda: sitter.pressures() == [131])
        assert sitter.withdrawn == 1
        assert len(sitter.of(Paired)) == 1


async def test_a_number_shown_here_can_be_called_off(tmp_path: Path) -> None:
    async with cuff_that("types", tmp_path, No()) as sitter:
        await until(lambda: sitter.faults() == [PairingFault.DECLINED])
        await until(sitter.waits_for_a_person)
        assert sitter.of(Paired) == []


async def test_two_equal_numbers_pair_only_when_a_person_says_so(tmp_path: Path) -> None:
    async with cuff_that("compares", tmp_path) as sitter:
        await until(lambda: sitter.asked)
        assert sitter.asked == [CompareNumbers(await sitter.shown())]
        assert sitter.of(Paired) == []
        sitter.say(Yes())
        await until(lambda: sitter.pressures() == [131])
        assert len(sitter.of(Paired)) == 1


@pytest.mark.parametrize("same", [True, False])
async def test_a_no_on_either_side_pairs_nothing(tmp_path: Path, same: bool) -> None:
    async with cuff_that("compares", tmp_path, No() if same else Yes(), same=same) as sitter:
        await until(lambda: sitter.faults())
        assert sitter.faults() == [PairingFault.DECLINED if same else PairingFault.REFUSED]
        assert (sitter.of(Paired), sitter.pressures()) == ([], [])


async def test_a_cuff_that_forgot_is_named_and_paired_anew_only_after_forgetting_here(tmp_path: Path) -> None:
    async with cuff_that("just works", tmp_path, Yes(), Yes()) as sitter:
        await until(lambda: sitter.pressures() == [131])
        await sitter.child.do("forget", device="cuff")
        await sitter.measures(127)
        await until(lambda: sitter.faults() == [PairingFault.MISMATCH])
        assert len(sitter.asked) == 1
        await sitter.links.forget_bond(sitter.cuff.upper())
        await until(lambda: sitter.pressures() == [131, 127])
        assert (len(sitter.of(BondForgotten)), len(sitter.of(Paired)), len(sitter.asked)) == (1, 2, 2)
        assert sitter.faults() == [PairingFault.MISMATCH]


async def test_a_device_that_nobody_chose_is_never_paired(tmp_path: Path) -> None:
    async with air(tmp_path / "air.jsonl", "--hold") as child:
        await child.do("guard", device="oximeter", way="just works")
        reports: list[Report] = []
        links = Links(f"virtual:{child.address}", (), True, _now, reports.append, pace=HASTE)
        work = asyncio.create_task(links.run())
        await until(lambda: [r for r in reports if isinstance(r, PairingFailed)])
        work.cancel()
        await asyncio.wait({work})
        (failed,) = [r for r in reports if isinstance(r, PairingFailed)]
        assert failed.fault is PairingFault.NOBODY_TO_ASK
        assert not [r for r in reports if isinstance(r, Paired | Reading)]
