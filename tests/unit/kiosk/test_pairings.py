"""Pairing as the monitor keeps it: who is asked when, what an answer needs, what is shown and what not recorded."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from devices import pairing as p
from devices.reading import BondForgotten, Paired, PairingFailed, Stamp
from kiosk.line.prepare import CheckPage
from kiosk.pairing import Open, Pairings
from kiosk.session import commands as c
from kiosk.session import events as e
from kiosk.session.verdict import Why
from kiosk.telling import event_of
from kiosk.text import sentence
from kiosk.text.pairing import FAULTS, QUESTIONS
from kiosk.view import Facts, Scene, compose
from tests.unit.kiosk.test_view_prepare import CUFF, OXIMETER, Bed

NOW = Stamp(0, 0)


class Room:
    """The monitor's part in it: notes events, may ask or not, and has a clock."""

    def __init__(self) -> None:
        self.events: list[e.Event] = []
        self.may_ask, self.now_s, self.changes = True, 100.0, 0
        self.pairings = Pairings(self.events.append, lambda: self.may_ask, self._changed, lambda: self.now_s)

    def _changed(self) -> None:
        self.changes += 1

    async def asked(self, question: p.AnyQuestion, device: str = CUFF) -> asyncio.Task[p.Answer]:
        task = asyncio.ensure_future(_ask(self.pairings, device, question))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return task

    def press(self, answer: Any, number: int, typed: str = "", device: str = CUFF) -> Why | None:
        return self.pairings.answer(c.AnswerPairing(device, number, answer, typed))


async def _ask(pairings: Pairings, device: str, question: p.AnyQuestion) -> p.Answer:
    return await pairings.ask(device, question)


async def test_each_kind_of_question_takes_its_own_answer() -> None:
    room = Room()
    for number, (question, typed, answer) in enumerate(
        (
            (p.CompareNumbers(7), "", p.Yes()),
            (p.AllowPairing(), "", p.Yes()),
            (p.AskPasskey(), "012 345", p.Passkey(12345)),
            (p.AskPasskey(), "000000", p.Passkey(0)),
        ),
        1,
    ):
        asked = await room.asked(question)
        assert room.press("yes", number, typed) is None
        assert await asked == answer
        assert room.pairings.shown() is None


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12345x", "-12345", "１２３４５６"])
async def test_what_are_not_six_digits_is_no_answer(typed: str) -> None:
    room = Room()
    asked = await room.asked(p.AskPasskey())
    assert room.press("yes", 1, typed) is Why.IMPOSSIBLE
    assert not asked.done()
    assert room.press("no", 1) is None
    assert await asked == p.No()


async def test_a_press_for_one_question_never_answers_the_next_one() -> None:
    room = Room()
    first = await room.asked(p.CompareNumbers(7))
    first.cancel()
    await asyncio.wait({first})
    second = await room.asked(p.CompareNumbers(8))
    assert room.press("yes", 1) is Why.NOT_ASKED
    assert room.press("yes", 2, device=OXIMETER) is Why.NOT_ASKED
    assert not second.done()
    assert room.press("no", 2) is None
    assert room.press("yes", 2) is Why.NOT_ASKED
    assert await second == p.No()


async def test_beside_a_running_session_nobody_is_asked_about_a_number() -> None:
    room = Room()
    room.may_ask = False
    with pytest.raises(p.PairingError) as caught:
        await (await room.asked(p.CompareNumbers(7)))
    assert caught.value.fault is p.PairingFault.NOBODY_TO_ASK
    assert await (await room.asked(p.AllowPairing())) == p.Yes()
    assert room.events == []


async def test_the_start_of_the_session_declines_what_is_still_asked() -> None:
    room = Room()
    asked = await room.asked(p.CompareNumbers(7))
    room.pairings.stop()
    assert await asked == p.No()


async def test_no_number_is_recorded_and_no_sentence_has_one() -> None:
    room = Room()
    for question in (p.CompareNumbers(123456), p.ShowPasskey(123456), p.ShowPasskey(123456, 3)):
        task = await room.asked(question)
        task.cancel()
        await asyncio.wait({task})
    assert room.events == [e.PairingAsked(CUFF, "compared"), e.PairingAsked(CUFF, "shown")]
    assert "123456" not in "".join(sentence(event, Bed().desk.names) for event in room.events)


async def test_the_time_left_counts_down_and_a_failure_is_shown_until_the_sitter_has_seen_it() -> None:
    room = Room()
    asked = await room.asked(p.CompareNumbers(7))
    room.now_s += 12
    shown = room.pairings.shown()
    assert shown is not None
    assert (shown.question, shown.left_s, shown.of_s) == (p.CompareNumbers(7), 18, 30)
    room.press("no", 1)
    await asked
    room.pairings.hear(PairingFailed(CUFF, NOW, p.PairingFault.DECLINED))
    assert room.pairings.shown() is None
    room.pairings.hear(PairingFailed(CUFF, NOW, p.PairingFault.MISMATCH))
    assert room.pairings.shown() == Open(CUFF, 0, None, "bond mismatch")
    room.pairings.leave(CUFF)
    assert room.pairings.shown() is None
    room.pairings.hear(PairingFailed(CUFF, NOW, p.PairingFault.REFUSED))
    room.pairings.hear(Paired(CUFF, NOW))
    assert room.pairings.shown() is None


# --- what the screen is told ---


def chosen() -> Bed:
    bed = Bed()
    bed.note(e.DeviceChosen(OXIMETER, "oximeter", "Ox", "plx"))
    bed.note(e.DeviceChosen(CUFF, "cuff", "Cuff", "bls"))
    return bed


def shown(bed: Bed, now: Open | None) -> Any:
    d = bed.desk
    scene = Scene(
        plan=d.plan, state=d.state, signal=d.alarms.signal(0), latest=d.latest, story=d.story,
        facts=Facts(pairing=now), now_utc_ns=bed.now.utc_ns, t_s=0, offset_min=0,
    )  # fmt: skip
    prepare = compose(scene).prepare
    assert prepare is not None
    return prepare


def test_two_numbers_are_never_confirmed_by_enter() -> None:
    pairing = shown(chosen(), Open(CUFF, 4, p.CompareNumbers(7), left_s=20)).pairing
    assert (pairing.say, pairing.digits, pairing.types, pairing.left_s) == (
        "Same number on the cuff?",
        "000 007",
        False,
        20,
    )
    same, other = pairing.buttons
    assert (same.key, same.kind, same.command) == ("Y", "plain", c.AnswerPairing(CUFF, 4, "yes"))
    assert (other.key, other.kind, other.command) == ("X", "plain", c.AnswerPairing(CUFF, 4, "no"))


def test_a_number_to_be_typed_on_the_device_can_only_be_called_off() -> None:
    pairing = shown(chosen(), Open(OXIMETER, 4, p.ShowPasskey(123456, 2))).pairing
    assert (pairing.say, pairing.digits, pairing.entered) == ("Type this number on the oximeter.", "123 456", 2)
    assert [b.command for b in pairing.buttons] == [c.AnswerPairing(OXIMETER, 4, "no")]


def test_a_number_on_the_device_is_typed_and_none_is_proposed() -> None:
    pairing = shown(chosen(), Open(CUFF, 4, p.AskPasskey())).pairing
    assert (pairing.say, pairing.digits, pairing.types) == ("Type the number that the cuff shows.", "", True)
    assert [b.key for b in pairing.buttons] == ["Enter", "X"]


def test_each_question_has_a_key_of_its_own() -> None:
    keys = {shown(chosen(), Open(CUFF, n, p.AskPasskey())).pairing.key for n in (1, 2)}
    assert len(keys) == 2


@pytest.mark.parametrize("fault", list(p.PairingFault))
def test_every_fault_has_words_a_sentence_and_a_way_on(fault: p.PairingFault) -> None:
    bed = chosen()
    event = event_of(PairingFailed(CUFF, NOW, fault))
    assert event is not None
    bed.note(event)
    assert bed.texts[-1] != "The cuff was not paired."
    assert "{" not in bed.texts[-1]
    pairing = shown(bed, Open(CUFF, 0, None, str(fault))).pairing
    first, leave = pairing.buttons
    again = c.ForgetBond if fault is p.PairingFault.MISMATCH else c.PairAgain
    assert (type(first.command), leave.command) == (again, c.LeavePairing(CUFF))


def test_words_to_act_on_are_short() -> None:
    for words in (*QUESTIONS.values(), *FAULTS.values()):
        assert len(words.say.rstrip(".?").split()) <= 7, words.say


def test_a_device_without_a_bond_says_so_at_its_check_and_offers_to_pair_again() -> None:
    bed = chosen()
    bed.note(e.PairingFailed(CUFF, "bond mismatch"))

    def page() -> CheckPage:
        return bed.page("cuff")

    assert page().notes[0][1].startswith("The cuff forgot this computer. ")
    assert page().buttons[-1].command == c.ForgetBond(CUFF)
    assert all(not isinstance(b.command, c.ForgetBond) for b in bed.page("probe").buttons)
    forgotten = event_of(BondForgotten(CUFF, NOW))
    assert forgotten is not None
    bed.note(forgotten)
    assert bed.texts[-1] == "The bond with the cuff was removed from this computer."
    assert all(not isinstance(b.command, c.ForgetBond | c.PairAgain) for b in page().buttons)
    bed.note(e.PairingFailed(CUFF, "refused"))
    assert page().buttons[-1].command == c.PairAgain(CUFF)
    paired = event_of(Paired(CUFF, NOW))
    assert paired is not None
    bed.note(paired)
    assert not isinstance(page().buttons[-1].command, c.PairAgain)
