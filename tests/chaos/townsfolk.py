"""What the people of the test do at their Slack clients, with the patience that people have."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import random
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, TypeVar

import msgspec

from sandbox.slack import Kind, Reply, SlackUser
from sandbox.slack.blocks import elements_of
from tests.chaos.company import QUESTION, Company, Member
from tests.chaos.waiting import GLANCE, until

Json = dict[str, Any]
T = TypeVar("T")

# Three tries within minutes, then once an hour for a day; an hour lasts two seconds here.
SLACK_RETRIES = (0.05, 0.4, 1.0, *(2.0,) * 20)
PATIENCE = 600.0
THOUGHT = 0.5
REPLAYED = 0.3


class Act(msgspec.Struct, frozen=True):
    """What somebody did and was told is done: `id` is the event's as the bot names it, `failed` the tries before."""

    who: str
    what: str
    id: str
    failed: tuple[str, ...]
    replayed: bool = False


class Folk:
    """Everybody's hands, and the book of what was acknowledged."""

    def __init__(self, company: Company, hands: Callable[[str], SlackUser], seed: int) -> None:
        self.acts: list[Act] = []
        self._company = company
        self._hands = hands
        self._draw = random.Random(seed)

    async def live(self, enough: asyncio.Event) -> None:
        """All journeys from begin to end; meanwhile managers go on asking until it is `enough`."""
        async with asyncio.TaskGroup() as group:
            for manager in self._company.managers:
                group.create_task(self._wonder(manager, enough))
            await self._onboard(enough)

    async def _onboard(self, enough: asyncio.Event) -> None:
        """Managers bring their people in, one after the other, and newcomers go their way; no journey can end before
        all of that is done. A start that was said twice, and waited long, would otherwise begin a second one. Half of
        the journeys end amid the kills, the others after: there are always some that run.
        """
        async with asyncio.TaskGroup() as group:
            for manager in self._company.managers:
                group.create_task(self._bring_in(manager, group))
        async with asyncio.TaskGroup() as group:
            for manager in self._company.managers[::2]:
                group.create_task(self._furnish(manager))
            await enough.wait()
            for manager in self._company.managers[1::2]:
                group.create_task(self._furnish(manager))

    async def _wonder(self, one: Member, enough: asyncio.Event) -> None:
        """Ask, wait for the answer, think about it, and ask again."""
        hands = self._hands(one.slack)
        while not enough.is_set():
            act = await self._insist(one, "ask", lambda: hands.say(QUESTION[one.locale]))
            await self._until(partial(_answers, hands, act))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(THOUGHT * (0.5 + self._draw.random())):
                    await enough.wait()

    async def _bring_in(self, manager: Member, group: asyncio.TaskGroup) -> None:
        hands = self._hands(manager.slack)
        for newcomer in self._company.team(manager):
            group.create_task(self._join(newcomer))
            text = f"start <@{newcomer.slack}> chaos"
            await self._insist(manager, "start", partial(hands.command, "/onboarding", text))
            await self._until(self._hands(newcomer.slack).inbox)

    async def _furnish(self, manager: Member) -> None:
        """Press the button of every message that has one, the copies of hung calls aside."""
        hands = self._hands(manager.slack)
        pressed: set[str] = set()
        for _ in self._company.team(manager):
            message, button = await self._until(
                lambda: [seen for seen in self._buttons(hands, " desk") if seen[1]["value"] not in pressed]
            )
            pressed.add(button["value"])
            await self._press(manager, message, button)

    async def _press(self, who: Member, message: Json, button: Json) -> None:
        hands = self._hands(who.slack)
        await self._insist(who, "press", lambda: hands.press(message, button["action_id"], button["value"]))

    async def _join(self, one: Member) -> None:
        hands = self._hands(one.slack)
        if self._draw.random() < 0.5:  # the others are known only because their manager mentions them
            await self._insist(one, "hello", lambda: hands.say("привет"))
        message, button = await self._read(one, " read")
        await self._press(one, message, button)
        await self._insist(one, "done", lambda: hands.say("done meet"))
        await self._insist(one, "ask", lambda: hands.say(QUESTION[one.locale]))
        message, button = await self._read(one, " access")
        if self._draw.random() < 0.5:
            await self._press(one, message, button)
        else:
            await self._insist(one, "command", lambda: hands.command("/onboarding", "done access"))

    async def _read(self, one: Member, value: str) -> tuple[Json, Json]:
        """The message in somebody's conversation that has the button of a step, once it is there."""
        hands = self._hands(one.slack)
        return await self._until(lambda: self._buttons(hands, value))

    async def _until(self, found: Callable[[], list[T]]) -> T:
        """Look now and then, until there is something to be seen; the first of it."""

        async def look() -> list[T]:
            return found()

        return (await until(look, PATIENCE, GLANCE * (0.5 + self._draw.random())))[0]

    @staticmethod
    def _buttons(hands: SlackUser, value: str) -> list[tuple[Json, Json]]:
        return [
            (copy.deepcopy(message), element)  # what a person sees until they look again
            for message in hands.inbox()
            for block in message.get("blocks") or []
            for element in elements_of(block)
            if str(element.get("value", "")).endswith(value)
        ]

    async def _insist(self, who: Member, what: str, do: Callable[[], Awaitable[Reply]]) -> Act:
        """Do it again, as a new act, until the bot has taken it: nobody but the person repeats a command or a press."""
        failed: list[str] = []

        async def act() -> Reply | None:
            reply = await do()
            failed.extend(reply.reasons)
            return reply if reply.ok else None

        reply = await until(act, PATIENCE, GLANCE * (1 + self._draw.random()))
        assert reply is not None
        replayed = reply.kind is Kind.EVENT and self._draw.random() < REPLAYED
        taken = Act(who.handle, what, act_id(reply), tuple(failed), replayed)
        self.acts.append(taken)
        if replayed:
            await self._replay(who, reply)
        return taken

    async def _replay(self, who: Member, reply: Reply) -> None:
        """Slack sends an event again that it believes lost, though it was taken."""
        hands = self._hands(who.slack)

        async def again() -> bool:
            return (await hands.replay(reply)).ok

        await until(again, PATIENCE)


def _answers(hands: SlackUser, act: Act) -> list[Json]:
    """The messages that somebody has got because of an act."""
    return [message for message in hands.inbox() if act.id in str(message.get("metadata"))]


def act_id(reply: Reply) -> str:
    """The event's id as the bot names it."""
    names = {
        Kind.EVENT: ("", "event_id"),
        Kind.COMMAND: ("cmd:", "trigger_id"),
        Kind.INTERACTION: ("act:", "trigger_id"),
    }
    prefix, field = names[reply.kind]
    return f"slack:{prefix}{reply.payload[field]}"
