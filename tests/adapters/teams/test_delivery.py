"""Teams behind the lanes of the core: what cannot be sent waits in its lane, what is blocked goes another way."""

import asyncio
import datetime
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

import pytest
from redis.asyncio import Redis

from adapters.store.keys import Keys
from adapters.store.redis_store import RedisStore
from bot.effects import Effect, Lane, Say
from bot.message import Message
from bot.people import Person, Policy
from bot.work import Work
from sandbox.faults import Kind, Rule
from tests.adapters.teams.channel_kit import ANNA_THERE, BORIS_THERE, NEW_THERE, Teams, teams
from tests.bot.office import Clock, until
from tests.bot.platform import Handbook, Messenger
from wiring.parts import Bot, Wired, assemble, company

SEND = "/activities "
NOW = datetime.datetime(2026, 11, 25, 9, 0, tzinfo=datetime.UTC)


class Desk:
    """A bot whose people are reached in Teams first and then in a second chat, and a clock that only the test moves."""

    def __init__(self, client: Redis, organisation: str, made: Teams, clock: Clock) -> None:
        self.made, self.clock = made, clock
        self._client, self._keys = client, Keys(organisation)
        self.chat = Messenger("chat")
        self.store = RedisStore(client, organisation, clock=clock.milliseconds)
        of = company(self.store, {}, Policy(), (made.channel.name, self.chat.name), None)
        wired = (Wired(made.channel, timeout=60.0), Wired(self.chat))
        self.bot: Bot = assemble(of, lambda _: wired, None, Handbook(), clock=clock, draw=random.Random(1))

    async def knows(self, *people: Person) -> None:
        async def decision(work: Work) -> None:
            for person in people:
                work.put_person(person)

        await self.bot.runner.run("people", decision)

    async def says(self, person: Person, *texts: str, in_doubt: Literal["repeat", "give_up"] = "repeat") -> None:
        """In this order."""

        async def decision(work: Work) -> None:
            for text in texts:
                act = Say(Message(text), person=person.id)
                lane = Lane(self.made.channel.name, person.id)
                work.add(Effect(id=f"say:{person.id}:{text}", lane=lane, act=act, in_doubt=in_doubt))

        await self.bot.runner.run("test", decision)

    async def passes(self, seconds: float) -> None:
        self.clock.now += datetime.timedelta(seconds=seconds)
        self.bot.delivery.nudge()

    async def idle(self) -> None:
        async def nothing_waits() -> bool:
            return not any((await self.store.waiting()).values())

        await until(nothing_waits)

    async def meets(self, rule: Rule) -> None:
        """Until something has met the fault, as often as it is shown, and waits again."""

        async def met() -> bool:
            return rule.shown > 0 and not rule.times

        await until(met)
        await self.rests()

    async def rests(self) -> None:
        """Until nothing is on its way to Teams."""

        async def nothing_leased() -> bool:
            return not await self._client.zcard(f"{self._keys.prefix}leased:{self.made.channel.name}")

        await until(nothing_leased)

    async def sees(self, count: int) -> None:
        """Until so many messages stand in Anna's chat, and no more are on their way."""
        await self.made.company.until(lambda: len(self.made.chat(ANNA_THERE)) == count)
        await self.rests()

    async def person(self, person: Person) -> Person:
        found = await Work(self.bot.company, self.clock()).person(person.id)
        assert found is not None
        return found


@asynccontextmanager
async def at_work(client: Redis, organisation: str) -> AsyncIterator[Desk]:
    clock = Clock(NOW)
    async with teams(clock=lambda: clock.now.timestamp(), of_company=lambda: clock.now.timestamp()) as made:
        desk = Desk(client, organisation, made, clock)
        working = asyncio.create_task(desk.bot.run())
        try:
            yield desk
        finally:
            desk.bot.stop()
            await working


@pytest.fixture
async def desk(redis_client: Redis, organisation: str) -> AsyncIterator[Desk]:
    async with at_work(redis_client, organisation) as desk:
        yield desk


async def test_a_reply_for_which_there_is_no_token_waits_in_its_lane(desk: Desk) -> None:
    rule = Rule(kind=Kind.ERROR, match="/oauth2/v2.0/token ")
    desk.made.faults.add(rule)
    anna = desk.made.anna()
    await desk.knows(anna)
    await desk.says(anna, "one", "two")
    await desk.meets(rule)
    assert desk.made.texts(ANNA_THERE) == []
    assert (await desk.store.waiting())["teams"] == 1
    desk.made.faults.clear()
    await desk.passes(60)
    await desk.idle()
    assert desk.made.texts(ANNA_THERE) == ["one", "two"]
    assert await desk.store.dead() == []


async def test_a_conversation_that_is_busy_holds_up_no_other(desk: Desk) -> None:
    anna, boris = desk.made.anna(), desk.made.person(BORIS_THERE)
    rule = Rule(kind=Kind.ERROR, match=f"{desk.made.company.personal(ANNA_THERE).id}{SEND}", status=412)
    desk.made.faults.add(rule)
    await desk.knows(anna, boris)
    await desk.says(anna, "one", "two")
    await desk.meets(rule)
    await desk.says(boris, "hello")
    await desk.made.company.until(lambda: desk.made.texts(BORIS_THERE))
    assert desk.made.texts(ANNA_THERE) == []
    desk.made.faults.clear()
    await desk.passes(60)
    await desk.idle()
    assert desk.made.texts(ANNA_THERE) == ["one", "two"]


async def test_who_has_blocked_us_in_teams_is_told_on_their_next_channel(desk: Desk) -> None:
    desk.made.company.personal(ANNA_THERE).blocked = True
    anna = desk.made.anna()
    await desk.knows(anna)
    await desk.says(anna, "one", "two")
    await desk.idle()
    assert desk.chat.texts(anna) == ["one", "two"]
    assert (await desk.person(anna)).blocked == ("teams",)
    assert await desk.store.dead() == []


async def test_who_has_no_app_in_teams_is_told_on_their_next_channel_and_has_blocked_nothing(desk: Desk) -> None:
    nina = desk.made.person(NEW_THERE)
    await desk.knows(nina)
    await desk.says(nina, "hello")
    await desk.idle()
    assert desk.chat.texts(nina) == ["hello"]
    assert (await desk.person(nina)).blocked == ()


async def test_where_somebody_can_be_written_to_is_remembered(desk: Desk) -> None:
    boris = desk.made.person(BORIS_THERE)
    await desk.knows(boris)
    await desk.says(boris, "hello")
    await desk.idle()
    where = f"{desk.made.settings.service_url}#{desk.made.company.personal(BORIS_THERE).id}"
    assert (await desk.person(boris)).addresses == {"teams": where}


async def test_a_message_whose_answer_was_lost_is_said_again_or_listed_as_its_policy_is(desk: Desk) -> None:
    anna, boris = desk.made.anna(), desk.made.person(BORIS_THERE)
    await desk.knows(anna, boris)
    rule = Rule(kind=Kind.LOST, match=SEND, times=2)
    desk.made.faults.add(rule)
    await desk.says(anna, "a reminder")
    await desk.says(boris, "a broadcast", in_doubt="give_up")
    await desk.meets(rule)
    await desk.passes(60)
    await desk.idle()
    assert desk.made.texts(ANNA_THERE) == ["a reminder"] * 2
    assert desk.made.texts(BORIS_THERE) == ["a broadcast"]
    assert [(letter.id, letter.code) for letter in await desk.store.dead()] == [("say:boris:a broadcast", "uncertain")]


async def test_many_messages_for_one_person_never_meet_a_429(desk: Desk) -> None:
    desk.made.company.limits.configure(((1, 7), (2, 8), (30, 60), (3600, 1800)), (), 50)
    anna = desk.made.anna()
    await desk.knows(anna)
    texts = [f"{number}" for number in range(12)]
    await desk.says(anna, *texts)
    await desk.sees(7)
    for count in range(8, 13):
        await desk.passes(2.02)
        await desk.sees(count)
    assert desk.made.texts(ANNA_THERE) == texts
    assert {call.status for call in desk.made.company.calls} == {201}
