"""A large company: HR looks at all onboardings at once, in chat and on the home page, while an employee writes.

The employee's act is measured from its call to the end of its commit, which is when the platform hears of it.
"""

import asyncio
import datetime
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import quantiles

from adapters.store.connect import connect
from adapters.store.embedded import EmbeddedServer
from adapters.store.redis_store import RedisStore
from bot.directory import import_people
from bot.incoming import Account, Incoming, Opened, Place, Said, Wrote
from bot.limiter import Limits
from bot.people import Person, Policy, Role, person_id
from bot.scenario_file import load_scenarios
from tests.bench.figures import Figure, Section, Tell
from tests.bench.lanes import IdleChannel, NoKnowledge, working
from wiring.parts import Bot, Wired, assemble, company

PEOPLE, PEOPLE_QUICK = 5_000, 1_500
HR = 8
SECONDS = 6.0
PAUSE = 0.1  # of somebody of HR between an answer and the next question
BESIDE = 100.0  # milliseconds, promised for eight at once
AT_ONCE = 16  # onboardings that are begun side by side
START = "2026-12-01"


def _person(handle: str, *roles: Role, manager: str | None = None) -> Person:
    email = f"{handle}@example.org"
    made = Person(
        id=person_id(email), email=email, name=f"{handle.title()} Smith", manager=manager, roles=frozenset(roles)
    )
    return made.with_account(Account("slack", handle.upper()))


class Company:
    """HR, one manager with everybody under them, and the one whose acts are timed."""

    def __init__(self, bot: Bot) -> None:
        self._bot, self._number = bot, 0

    async def does(self, handle: str, said: Said) -> None:
        self._number += 1
        account = Account("slack", handle.upper())
        place = Place("slack", account.id)
        name, now = f"slack:{self._number}", datetime.datetime.now(datetime.UTC)
        await self._bot.runner.receive(Incoming(id=name, account=account, place=place, said=said, at=now))

    async def begin(self, people: list[Person]) -> None:
        """An onboarding for everybody."""
        left = iter(people)

        async def worker() -> None:
            for one in left:
                await self.does("chief", Wrote(f"start @{one.handle} newcomer {START}"))

        await asyncio.gather(*(worker() for _ in range(AT_ONCE)))


async def _acts(place: Company, readers: int, said: Said) -> tuple[list[float], int]:
    """Milliseconds of the acts of the one who writes meanwhile; and how often HR was answered."""
    until, looks = time.perf_counter() + SECONDS, 0

    async def look(number: int) -> None:
        nonlocal looks
        while time.perf_counter() < until:
            await place.does(f"hr{number}", said)
            looks += 1
            await asyncio.sleep(PAUSE)

    looking = [asyncio.create_task(look(number)) for number in range(readers)]
    taken = []
    while time.perf_counter() < until:
        begun = time.perf_counter()
        await place.does("writer", Wrote("whoami"))
        taken.append((time.perf_counter() - begun) * 1000)
        await asyncio.sleep(0.02)
    await asyncio.gather(*looking)
    return taken, looks


@asynccontextmanager
async def _open(folder: Path, people: list[Person]) -> AsyncIterator[Company]:
    async with EmbeddedServer(folder) as server, connect(server.url) as client:
        store = RedisStore(client, "bench")
        scenarios = load_scenarios(Path("scenarios"))
        limits = Limits(burst=1_000_000_000, per_minute=60_000)
        of = company(store, scenarios, Policy(), ("slack",), None, limits=limits)
        await of.library.keep()
        bot = assemble(of, lambda _: (Wired(IdleChannel()),), None, NoKnowledge())
        await import_people(bot.runner, people)
        async with working(bot):
            yield Company(bot)


async def measure(folder: Path, quick: bool, tell: Tell) -> list[Section]:
    count = PEOPLE_QUICK if quick else PEOPLE
    chief = _person("chief", Role.HR, Role.MANAGER)
    crowd = [_person(f"new{number}", manager=chief.id) for number in range(count)]
    hr = [_person(f"hr{number}", Role.HR) for number in range(HR)]
    figures = []
    async with _open(folder, [chief, _person("writer"), *hr, *crowd]) as place:
        tell(f"  {count} onboardings begin ...")
        await place.begin(crowd)
        for said, what in ((Wrote("status team"), "`status team`"), (Opened(), "home page")):
            for readers in (0, 1, HR) if what == "`status team`" else (HR,):
                taken, looks = await _acts(place, readers, said)
                title = f"act of an employee, {readers} of HR ask for {what}: p99"
                p99 = quantiles(taken, n=100)[98]
                promise = BESIDE if readers == HR else None
                note = f"{looks} answers to HR in {SECONDS:.0f} s"
                figures.append(Figure(name=title, value=p99, unit="ms", at_most=promise, shaky=True, note=note))
    return [Section(f"Onboardings of {count:,} people", tuple(figures))]
