"""Everything of a run together: the store, the stand-ins with their people, and the bots between them."""

from __future__ import annotations

import asyncio
import datetime
import random
import socket
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import msgspec

from adapters.store.connect import connect
from adapters.store.keys import Keys
from adapters.store.redis_store import RedisStore
from tests.chaos.bots import Bots, bots
from tests.chaos.company import SCENARIO, Company, company, write_company
from tests.chaos.evidence import Evidence, gather, log_lines
from tests.chaos.figures import REST_SECONDS
from tests.chaos.rest import at_rest
from tests.chaos.stands import JIRA_FAULTS, SLACK_FAULTS, Stands, stands
from tests.chaos.store_process import StoreProcess, store_process
from tests.chaos.townsfolk import Act
from tests.chaos.waiting import until
from tests.chaos.zygote import Birth, Plan, data_dir
from tests.ready_answers import lay_answers

ORGANISATION = "chaos"
# Outside of what the system gives to outgoing connections: while no bot listens, nobody else may get the port.
PORTS = range(21000, 32000)


class Arena(msgspec.Struct):
    folder: Path
    company: Company
    store: StoreProcess
    stands: Stands
    bots: Bots
    birth: Birth
    acting: asyncio.Task[tuple[Act, ...]] | None = None

    @property
    def prefix(self) -> str:
        """Of the keys of the organisation."""
        return Keys(ORGANISATION).prefix

    @property
    def address(self) -> str:
        """Of the bot, whichever lives."""
        return f"http://127.0.0.1:{self.birth.port}"

    async def first_bot(self) -> None:
        """One that takes in the directory; the faults begin, and so do the people."""
        await self.bots.bear(Plan(people=True))
        await self.bots.up()
        await self.stands.show(SLACK_FAULTS, JIRA_FAULTS)
        await self.stands.town.tell(bot_url=self.address)
        self.acting = asyncio.create_task(self._acts(), name="people")

    async def _acts(self) -> tuple[Act, ...]:
        return msgspec.convert((await self.stands.town.hear())["acts"], tuple[Act, ...])

    @property
    def people_are_done(self) -> bool:
        return self.acting is not None and self.acting.done()

    def check_people(self) -> None:
        """Raise what has gone wrong with the people, if something has."""
        if self.people_are_done and self.acting is not None:
            self.acting.result()

    async def enough(self) -> None:
        """Let the people come to an end."""
        await self.stands.town.tell(enough=True)

    async def rest(self) -> tuple[Act, ...]:
        """Wait until the people have done all they wanted, and no lane holds anything."""
        assert self.acting is not None
        acts = await self.acting
        async with connect(self.store.url) as client:
            store = RedisStore(client, ORGANISATION)

            await until(partial(at_rest, store, client, self.prefix), REST_SECONDS)
            assert await store.dead() == []
        return acts

    async def evidence(self, acts: tuple[Act, ...]) -> Evidence:
        async with connect(self.store.url) as client:
            return await gather(self.company, acts, self.stands, client, ORGANISATION, self.store.data_dir)

    def attempts(self) -> Counter[str]:
        """What the bots have written into their log, by what it was."""
        lines = log_lines(self.folder / "bot.log")
        return Counter(f"{line['what']} {line.get('error', '')}".strip() for line in lines)


def _free_port(draw: random.Random) -> int:
    while True:
        port = draw.choice(PORTS)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port


@asynccontextmanager
async def arena(folder: Path, newcomers: int, seed: int, scenario: str = SCENARIO) -> AsyncIterator[Arena]:
    of = company(newcomers)
    write_company(of, folder, datetime.datetime.now(datetime.UTC), scenario)
    async with store_process(folder / "store") as store, stands(folder, newcomers, seed) as out:
        birth = Birth(
            store_url=store.url,
            organisation=ORGANISATION,
            port=_free_port(random.Random()),
            slack_url=out.slack_url,
            jira_url=out.jira_url,
            folder=str(folder),
        )
        lay_answers(data_dir(birth), ORGANISATION, folder / "scenarios")
        async with bots(birth, folder / "bot.log") as born:
            one = Arena(folder, of, store, out, born, birth)
            yield one
            if one.acting is not None:
                one.acting.cancel()
