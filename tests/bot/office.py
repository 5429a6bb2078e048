"""A whole bot on the real store, with a clock that only the test moves and platforms that only the test troubles."""

import asyncio
import datetime
import itertools
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
from redis.asyncio import Redis

from adapters.store.keys import Keys
from adapters.store.redis_store import RedisStore
from bot.contacts import Contacts
from bot.directory import import_people
from bot.effects import Effect
from bot.incoming import Account, Commanded, Incoming, Opened, Place, Pressed, Said, Submitted, Wrote
from bot.journey.state import Journey
from bot.limiter import Limits
from bot.message import Reply
from bot.people import Person, Policy
from bot.previews import SEND
from bot.rules import Rules
from bot.scenario import Scenario
from bot.sensitive import Sensitive
from bot.tracker.runs import asked_run
from bot.tracker.snapshot import Observed, Snapshot
from bot.tracker.syncing import JourneyUrl
from bot.wiki import Wiki
from bot.work import Work
from tests.bot.kit import ADAM, EVERYBODY, NEWCOMER, moment
from tests.bot.platform import Handbook, Messenger, Tracker
from wiring.parts import NO_CONTACTS, NO_RULES, USUAL_LIMITS, Wired, assemble, company

PATIENCE = 60.0
CALL_TIMEOUT = 0.2
LEASE = 30.0


class Clock:
    """One clock for the core and the store."""

    def __init__(self, now: datetime.datetime) -> None:
        self.now = now

    def __call__(self) -> datetime.datetime:
        return self.now

    def milliseconds(self) -> int:
        return round(self.now.timestamp() * 1000)


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait for something that other tasks bring about."""
    async with asyncio.timeout(PATIENCE):
        while True:
            if await condition():
                return
            await asyncio.sleep(0.002)


class Office:
    """Who works here can write, press and wait; what they were told stands in `chat`."""

    def __init__(
        self,
        client: Redis,
        organisation: str,
        scenarios: Sequence[Scenario],
        chat: Messenger,
        page: JourneyUrl | None = None,
        mail: Messenger | None = None,
        wiki: Wiki | None = None,
        contacts: Contacts = NO_CONTACTS,
        limits: Limits = USUAL_LIMITS,
        rules: Rules = NO_RULES,
        quiet_hours: bool = True,
        sensitive: Sensitive | None = None,
    ) -> None:
        self.clock = Clock(moment("2026-11-30 09:00"))  # Monday, noon in Moscow
        self.chat = chat
        self.mail = mail or Messenger("mail", can_look=False)
        self.tracker = Tracker()
        self.tracker.knows(*EVERYBODY)
        self.handbook = Handbook()
        self.store = RedisStore(client, organisation, clock=self.clock.milliseconds)
        self.company = company(
            self.store,
            {one.id: one for one in scenarios},
            Policy(admins=frozenset({ADAM.email}), domains=frozenset({"example.org"})),
            (chat.name, self.mail.name),
            self.tracker.name,
            links="" if page is None else "first",
            wiki=None if wiki is None else wiki.name,
            contacts=contacts,
            limits=limits,
            rules=rules,
            quiet_hours=quiet_hours,
            sensitive=sensitive,
        )
        self.tracker.labels = self.company.labels
        wired = (Wired(chat, timeout=CALL_TIMEOUT), Wired(self.mail, timeout=CALL_TIMEOUT))
        self.bot = assemble(
            self.company,
            lambda _: wired,
            self.tracker,
            self.handbook,
            wiki=wiki,
            wiki_timeout=CALL_TIMEOUT,
            page=page,
            clock=self.clock,
            lease=LEASE,
            draw=random.Random(1),
        )
        self._client = client
        self._keys = Keys(organisation)
        self._numbers = itertools.count(1)

    # --- what people do

    def incoming(self, who: Person | str, said: Said, **more: Any) -> Incoming:
        """`who` is a person of the directory, or an account on the chat."""
        account = Account(self.chat.name, who if isinstance(who, str) else who.handle.upper())
        account = more.pop("account", account)
        given = {
            "id": f"{account.channel}:{next(self._numbers)}",
            "account": account,
            "place": Place(account.channel, account.id),
            "said": said,
            "at": self.clock(),
        }
        return Incoming(**{**given, **more})

    async def receive(self, incoming: Incoming) -> Reply | None:
        """An act, and all that follows from it now."""
        reply = await self.bot.runner.receive(incoming)
        await self.idle()
        return reply

    async def writes(self, who: Person | str, text: str, **more: Any) -> Reply | None:
        return await self.receive(self.incoming(who, Wrote(text), **more))

    async def commands(self, who: Person | str, text: str, **more: Any) -> Reply | None:
        """A slash command, whose answer only the person sees."""
        return await self.receive(self.incoming(who, Commanded(text), **{"answers_at_once": True, **more}))

    async def presses(self, who: Person | str, action: str, value: str = "", **more: Any) -> Reply | None:
        return await self.receive(self.incoming(who, Pressed(action, value), **more))

    async def stops(self, who: Person, text: str = "stop @anna") -> Reply | None:
        """Asks for a stop, and presses the button that confirms it."""
        await self.writes(who, text)
        asked = self.chat.to(who)[-1]
        surely = next(button for button in asked.message.buttons if button.style == "danger")
        return await self.presses(who, surely.action, surely.value, pressed=asked.ref)

    async def passes_on(self, who: Person, question: str, action: str = "ask-person") -> None:
        """Presses the button that passes a question on, looks at the preview, if there is one, and sends it."""
        before = len(self.chat.to(who))
        await self.presses(who, action, question)
        buttons = [one for said in self.chat.to(who)[before:] for one in said.message.buttons]
        for button in buttons:
            if button.action == SEND:
                await self.presses(who, button.action, button.value)

    async def submits(self, who: Person | str, form: str, **values: str) -> Reply | None:
        said = Submitted(form, values)
        return await self.receive(self.incoming(who, said, answers_at_once=True))

    async def loses_account(self, who: Person) -> None:
        """Nobody knows any more where to write to them."""

        async def decision(work: Work) -> None:
            person = await work.person(who.id)
            assert person is not None
            await work.unjoin(person, self.chat.name)

        await self.bot.runner.run("test", decision)
        await self.idle()

    async def opens_home(self, who: Person | str) -> Reply | None:
        return await self.receive(self.incoming(who, Opened()))

    async def tells(self, key: str, actor: Person | None = None, mark: str | None = None, **changes: Any) -> Snapshot:
        """Somebody changes an issue in the tracker, which tells it, and all that follows from it now."""
        snapshot = self.tracker.edit(key, **changes)
        await self.hears(snapshot, actor, mark)
        return snapshot

    async def hears(self, snapshot: Snapshot, actor: Person | None = None, mark: str | None = None) -> None:
        """A piece of the tracker's news arrives, be it late or for the second time."""
        user = None if actor is None else self.tracker.users[actor.email]
        name = mark or f"news:{next(self._numbers)}"
        await self.bot.tracked.observe(Observed(mark=name, issue=snapshot.id, actor=user, snapshot=snapshot))
        await self.idle()

    async def hears_of_deletion(self, key: str) -> None:
        self.tracker.delete(key)
        gone = Observed(mark=f"news:{next(self._numbers)}", issue=self.tracker.issue(key).id, deleted=True)
        await self.bot.tracked.observe(gone)
        await self.idle()

    async def reconciles(self) -> None:
        """A run of everything, and what it repairs."""
        name = f"run:{next(self._numbers)}"
        await self.does(asked_run(self.tracker.name, name, self.clock(), None))

    async def does(self, *effects: Effect) -> None:
        """Effects of nobody's act, and what comes of them now."""

        async def decision(work: Work) -> None:
            for effect in effects:
                work.add(effect)

        await self.bot.runner.run("test", decision)
        await self.idle()

    # --- time

    async def passes(self, **time: float) -> None:
        """Time passes, and what it brings is done."""
        await self.comes(self.clock.now + datetime.timedelta(**time))

    async def comes(self, when: datetime.datetime) -> None:
        self.clock.now = when
        self.nudge()
        await self.idle()

    def nudge(self) -> None:
        self.bot.delivery.nudge()
        self.bot.timers.nudge()

    async def idle(self) -> None:
        """Wait until nothing is due or on its way."""
        await until(self._nothing_due)

    async def _nothing_due(self) -> bool:
        destinations = [self.chat.name, self.mail.name, self.tracker.name, "answers", "inbox"]
        if self.company.wiki is not None:
            destinations.append(self.company.wiki)
        working = [name for name in destinations if not await self._paused(name)]
        queues = ["wake", *(f"ready:{name}:{kind}" for name in working for kind in ("now", "bulk"))]
        leases = ["wake-leased", *(f"leased:{name}" for name in destinations)]
        async with self._client.pipeline(transaction=True) as pipe:
            for key in queues:
                pipe.zcount(f"{self._keys.prefix}{key}", "-inf", self.clock.milliseconds())
            for key in leases:
                pipe.zcard(f"{self._keys.prefix}{key}")
            return not any(await pipe.execute())

    async def _paused(self, name: str) -> bool:
        till = await self._client.get(f"{self._keys.prefix}pause:{name}")
        return till is not None and int(till) > self.clock.milliseconds()

    # --- what is known

    def work(self) -> Work:
        return Work(self.company, self.clock())

    async def journey_of(self, who: Person) -> Journey:
        (journey,) = await self.work().journeys_of(who.id)
        return journey

    async def dead(self) -> list[tuple[str, str]]:
        return [(letter.id, letter.code) for letter in await self.store.dead()]


@asynccontextmanager
async def open_office(
    client: Redis,
    organisation: str,
    scenarios: Sequence[Scenario] = (NEWCOMER,),
    people: Sequence[Person] = EVERYBODY,
    chat: Messenger | None = None,
    page: JourneyUrl | None = None,
    mail: Messenger | None = None,
    wiki: Wiki | None = None,
    contacts: Contacts = NO_CONTACTS,
    limits: Limits = USUAL_LIMITS,
    quiet_hours: bool = True,
    rules: Rules = NO_RULES,
    sensitive: Sensitive | None = None,
) -> AsyncIterator[Office]:
    """An office at work; it is closed in good order. `page`: issues are linked back to it."""
    office = Office(
        client,
        organisation,
        scenarios,
        chat or Messenger(),
        page,
        mail,
        wiki,
        contacts,
        limits,
        quiet_hours=quiet_hours,
        rules=rules,
        sensitive=sensitive,
    )
    await office.company.library.keep()
    placed = [one.with_account(Account(office.chat.name, one.handle.upper())) for one in people]
    await import_people(office.bot.runner, placed)
    working = asyncio.create_task(office.bot.run())
    try:
        yield office
    finally:
        office.bot.stop()
        await working


@pytest.fixture
async def office(redis_client: Redis, organisation: str) -> AsyncIterator[Office]:
    async with open_office(redis_client, organisation) as opened:
        yield opened
