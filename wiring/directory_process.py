"""A process of its own that takes a large directory beside the bot: what it costs, in time and in memory, nobody waits
for, and its memory is given back when it ends."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec

from adapters.store.connect import connect
from adapters.store.redis_store import RedisStore
from bot.answers.process import say, told
from bot.directory import Imported, Leavers, TooManyLeave, import_directory
from bot.people import Policy
from bot.people_file import PeopleError, load_people
from bot.problem import Problem
from bot.runner import Runner
from handlers.routes import ROUTES, results
from wiring.parts import company, utc_now


class Order(msgspec.Struct, frozen=True):
    """`url` and the next two: of the store."""

    file: str
    url: str
    organisation: str
    replicas: int = 0


class Outcome(msgspec.Struct, frozen=True):
    """One of them: what was taken, who are too many to leave, or what is wrong with the file."""

    taken: Imported | None = None
    leavers: Leavers | None = None
    problems: tuple[Problem, ...] = ()


async def take(order: Order) -> Outcome:
    """Raises StoreError; what is taken by then is the same for the next one."""
    try:
        people = load_people(Path(order.file))
    except PeopleError as error:
        return Outcome(problems=error.problems)
    async with connect(order.url) as client:
        store = RedisStore(client, order.organisation, wait_replicas=order.replicas)
        runner = Runner(company(store, {}, Policy(), ("none",), None), ROUTES, results(), utc_now)
        try:
            return Outcome(taken=await import_directory(runner, people))
        except TooManyLeave as error:
            return Outcome(leavers=error.leavers)


if __name__ == "__main__":
    say(msgspec.json.encode(asyncio.run(take(msgspec.json.decode(told(), type=Order)))).decode())
