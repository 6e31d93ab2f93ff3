"""Questions about pairing over a real bus, from a stand-in for BlueZ that registers the agent and asks it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from dbus_fast import BusType, Message, MessageType
from dbus_fast.aio import MessageBus

from devices.agent import CANCELED, CAPABILITY, INTERFACE, PATH, REJECTED, Agent
from devices.bluez import Bluez
from devices.pairing import (
    AllowPairing,
    Answer,
    AnyQuestion,
    AskPasskey,
    CompareNumbers,
    Interview,
    No,
    PairingError,
    PairingFault,
    Passkey,
    ShowPasskey,
    Yes,
)

CUFF, STRANGER = "/org/bluez/hci0/dev_F2_02", "/org/bluez/hci0/dev_66_66"
WITHIN_S = 10.0


class Bluetoothd:
    """Takes every call, remembers it, and asks whoever registered."""

    def __init__(self, bus: MessageBus) -> None:
        self.bus = bus
        self.calls: list[tuple[str, str, list[Any]]] = []
        self.agents: list[str] = []
        self.refuses = False
        bus.add_message_handler(self._take)

    def _take(self, message: Message) -> Message | None:
        if message.message_type is not MessageType.METHOD_CALL or not (message.path or "").startswith("/org/bluez"):
            return None
        self.calls.append((message.path, message.member, message.body))
        match message.member:
            case "RegisterAgent":
                self.agents.append(message.sender)
            case "UnregisterAgent":
                self.agents.remove(message.sender)
            case "Connect" if self.refuses:
                return Message.new_error(message, "org.bluez.Error.Failed", "le-connection-abort-by-local")
            case _:
                pass
        return Message.new_method_return(message)

    def called(self, member: str) -> list[list[Any]]:
        return [body for _, name, body in self.calls if name == member]

    async def ask(self, member: str, signature: str, *body: Any) -> Message:
        """One call of the agent's; the reply."""
        message = Message(self.agents[-1], PATH, INTERFACE, member, signature=signature, body=list(body))
        return await asyncio.wait_for(self.bus.call(message), WITHIN_S)


class Person:
    """Answers what a test says; an answer of None never comes."""

    def __init__(self, *answers: Answer | None) -> None:
        self.answers, self.asked = list(answers), list[AnyQuestion]()
        self.cancelled = 0

    async def __call__(self, question: AnyQuestion) -> Answer:
        self.asked.append(question)
        answer = self.answers.pop(0) if self.answers else None
        try:
            if answer is None:
                await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        assert answer is not None
        return answer

    async def until(self, so: Callable[[], bool]) -> None:
        async with asyncio.timeout(WITHIN_S):
            while not so():
                await asyncio.sleep(0.01)


@pytest.fixture
async def bluetoothd(system_bus: None) -> AsyncIterator[Bluetoothd]:
    bus = await MessageBus(bus_type=BusType.SYSTEM).connect()
    made = Bluetoothd(bus)
    await bus.request_name("org.bluez")
    yield made
    bus.disconnect()
    await bus.wait_for_disconnect()


@pytest.fixture
async def bluez(bluetoothd: Bluetoothd) -> AsyncIterator[Bluez]:
    before = asyncio.all_tasks()
    asked = Bluez()
    yield asked
    asked.close()
    await asyncio.sleep(0)
    assert not {task for task in asyncio.all_tasks() - before if "agent" in repr(task)}


def error(reply: Message) -> str:
    return reply.error_name if reply.message_type is MessageType.ERROR else ""


async def test_the_agent_is_on_the_bus_only_while_a_device_is_being_paired(
    bluetoothd: Bluetoothd, bluez: Bluez
) -> None:
    agent = Agent(bluez)
    assert bluetoothd.calls == []
    async with agent.asking(CUFF, Interview(Person())):
        assert bluetoothd.called("RegisterAgent") == [[PATH, CAPABILITY]]
        assert bluetoothd.called("RequestDefaultAgent") == [[PATH]]
        async with agent.asking(STRANGER, Interview(Person())):
            assert len(bluetoothd.called("RegisterAgent")) == 1
        assert bluetoothd.agents
    assert bluetoothd.agents == []
    assert bluetoothd.called("UnregisterAgent") == [[PATH]]


@pytest.mark.parametrize(
    ("member", "signature", "body", "question", "answer", "replied"),
    [
        ("RequestPasskey", "o", [CUFF], AskPasskey(), Passkey(12345), [12345]),
        ("RequestConfirmation", "ou", [CUFF, 7], CompareNumbers(7), Yes(), []),
        ("RequestAuthorization", "o", [CUFF], AllowPairing(), Yes(), []),
    ],
)
async def test_each_question_reaches_the_person_and_the_answer_goes_back(
    bluetoothd: Bluetoothd,
    bluez: Bluez,
    member: str,
    signature: str,
    body: list[Any],
    question: AnyQuestion,
    answer: Answer,
    replied: list[Any],
) -> None:
    person = Person(answer)
    async with Agent(bluez).asking(CUFF, Interview(person)):
        reply = await bluetoothd.ask(member, signature, *body)
    assert (error(reply), reply.body, person.asked) == ("", replied, [question])


async def test_after_an_answer_nothing_more_is_asked_in_the_same_attempt(bluetoothd: Bluetoothd, bluez: Bluez) -> None:
    person = Person(Passkey(1), Passkey(2))
    interview = Interview(person)
    async with Agent(bluez).asking(CUFF, interview):
        assert error(await bluetoothd.ask("RequestPasskey", "o", CUFF)) == ""
        assert error(await bluetoothd.ask("RequestPasskey", "o", CUFF)) == CANCELED
    assert (person.asked, interview.fault) == ([AskPasskey()], PairingFault.REFUSED)


@pytest.mark.parametrize(
    ("member", "signature", "body"),
    [
        ("RequestPasskey", "o", [CUFF]),
        ("RequestConfirmation", "ou", [CUFF, 7]),
        ("RequestAuthorization", "o", [CUFF]),
    ],
)
async def test_a_no_is_a_rejection_and_nothing_else(
    bluetoothd: Bluetoothd, bluez: Bluez, member: str, signature: str, body: list[Any]
) -> None:
    interview = Interview(Person(No()))
    async with Agent(bluez).asking(CUFF, interview):
        assert error(await bluetoothd.ask(member, signature, *body)) == REJECTED
    assert interview.fault is PairingFault.DECLINED


async def test_no_answer_and_a_wrong_kind_of_answer_never_confirm(bluetoothd: Bluetoothd, bluez: Bluez) -> None:
    interview = Interview(Person(None, Passkey(7), Passkey(1_000_000)), within_s=0.05)
    async with Agent(bluez).asking(CUFF, interview):
        assert error(await bluetoothd.ask("RequestConfirmation", "ou", CUFF, 7)) == CANCELED
        assert interview.fault is PairingFault.UNANSWERED
        assert error(await bluetoothd.ask("RequestConfirmation", "ou", CUFF, 7)) != ""
        assert error(await bluetoothd.ask("RequestPasskey", "o", CUFF)) != ""


async def test_nobody_to_ask_is_said_as_such(bluetoothd: Bluetoothd, bluez: Bluez) -> None:
    async def nobody(question: AnyQuestion) -> Answer:
        raise PairingError(PairingFault.NOBODY_TO_ASK)

    interview = Interview(nobody)
    async with Agent(bluez).asking(CUFF, interview):
        assert error(await bluetoothd.ask("RequestPasskey", "o", CUFF)) == CANCELED
    assert interview.fault is PairingFault.NOBODY_TO_ASK


async def test_every_other_device_and_every_other_question_is_rejected(bluetoothd: Bluetoothd, bluez: Bluez) -> None:
    person = Person(Yes(), Yes(), Yes(), Yes())
    async with Agent(bluez).asking(CUFF, Interview(person)):
        assert error(await bluetoothd.ask("RequestConfirmation", "ou", STRANGER, 7)) == REJECTED
        assert error(await bluetoothd.ask("RequestPinCode", "o", CUFF)) == REJECTED
        assert error(await bluetoothd.ask("AuthorizeService", "os", CUFF, "1810")) == REJECTED
        assert error(await bluetoothd.ask("RequestConfirmation", "os", CUFF, "7")) == REJECTED
    assert person.asked == []


async def test_whoever_is_not_bluez_is_not_listened_to(bluetoothd: Bluetoothd, bluez: Bluez) -> None:
    person = Person(Yes())
    stranger = await MessageBus(bus_type=BusType.SYSTEM).connect()
    try:
        async with Agent(bluez).asking(CUFF, Interview(person)):
            call = Message(bluetoothd.agents[0], PATH, INTERFACE, "RequestAuthorization", signature="o", body=[CUFF])
            assert error(await asyncio.wait_for(stranger.call(call), WITHIN_S)) == REJECTED
    finally:
        stranger.disconnect()
        await stranger.wait_for_disconnect()
    assert person.asked == []


async def test_a_shown_number_follows_the_digits_and_stays_until_the_end(bluetoothd: Bluetoothd, bluez: Bluez) -> None:
    person = Person()
    interview = Interview(person)
    async with Agent(bluez).asking(CUFF, interview):
        for entered in (0, 1, 2):
            assert error(await bluetoothd.ask("DisplayPasskey", "ouq", CUFF, 42, entered)) == ""
            await person.until(lambda entered=entered: len(person.asked) == entered + 1)
        assert interview.is_open
    assert person.asked == [ShowPasskey(42), ShowPasskey(42, 1), ShowPasskey(42, 2)]
    assert (person.cancelled, interview.fault) == (3, None)
    assert bluetoothd.called("CancelPairing") == []


async def test_a_shown_number_that_a_person_calls_off_ends_the_pairing(bluetoothd: Bluetoothd, bluez: Bluez) -> None:
    person = Person(No())
    async with Agent(bluez).asking(CUFF, Interview(person)):
        await bluetoothd.ask("DisplayPasskey", "ouq", CUFF, 42, 0)
        await person.until(lambda: bool(bluetoothd.called("CancelPairing")))


async def test_bluez_may_take_its_question_back(bluetoothd: Bluetoothd, bluez: Bluez) -> None:
    person = Person()
    interview = Interview(person)
    async with Agent(bluez).asking(CUFF, interview):
        waiting = asyncio.ensure_future(bluetoothd.ask("RequestPasskey", "o", CUFF))
        await person.until(lambda: bool(person.asked))
        await bluetoothd.ask("Cancel", "")
        assert error(await waiting) == CANCELED
    assert (person.cancelled, interview.fault) == (1, None)


async def test_bluez_says_why_a_bonded_device_is_not_reached_and_forgets_on_demand(
    bluetoothd: Bluetoothd, bluez: Bluez
) -> None:
    assert await bluez.connect(CUFF) == ""
    bluetoothd.refuses = True
    assert await bluez.connect(CUFF) == "org.bluez.Error.Failed: le-connection-abort-by-local"
    await bluez.forget(CUFF)
    assert bluetoothd.calls[-1] == ("/org/bluez/hci0", "RemoveDevice", [CUFF])
    assert not await bluez.is_bonded(CUFF)
