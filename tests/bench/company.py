"""The company of a run: people whom the bot knows by their Slack accounts, and journeys of the shipped scenario."""

import datetime
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import msgspec

from adapters.store.redis_store import RedisStore
from bot import commands
from bot.errors import Misunderstood
from bot.events import JourneyEvent, JourneyStarted
from bot.journey.decide import decide
from bot.journey.evolve import fold
from bot.journey.schedule import next_wake
from bot.journey.state import Journey
from bot.journey.world import World
from bot.people import Person, Policy, Role, person_id
from bot.ports import Commit, Lookup, Membership, Write
from bot.scenario import Scenario
from bot.scenario_file import load_scenarios
from bot.work import Work
from tests.bench.events import PEOPLE, journey, user
from wiring.parts import company, utc_now

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SCENARIO = "newcomer"
AT_ONCE = 100
DAYS_IN = 30  # of a typical journey, which takes 90 days
encode = msgspec.json.encode


class Sample(msgspec.Struct, frozen=True):
    """A journey as commits have left it: its state, its events, and when it wakes next (epoch ms)."""

    state: Journey
    events: tuple[JourneyEvent, ...]
    wake: int | None

    def of(self, number: int, person: str) -> tuple[Journey, tuple[JourneyEvent, ...]]:
        """The same journey of somebody else."""
        mine = {"person": person}
        began, *rest = self.events
        if isinstance(began, JourneyStarted):
            began = msgspec.structs.replace(began, journey=journey(number), **mine)
        return msgspec.structs.replace(self.state, id=journey(number), **mine), (began, *rest)


# --- people


def person(number: int) -> Person:
    """Number 0 is everybody's manager."""
    email = f"employee{number}@company.example"
    return Person(
        id=person_id(email),
        email=email,
        name=f"Анна Новикова {number}",
        department="Разработка",
        manager=person_id("employee0@company.example") if number else None,
        roles=frozenset() if number else frozenset({Role.MANAGER}),
        accounts={"slack": user(number)},
        reach="slack",
    )


EVERYBODY = tuple(map(person, range(PEOPLE)))


async def move_in(store: RedisStore, people: Sequence[Person] = EVERYBODY) -> None:
    """The people, as an import of the directory leaves them."""
    for first in range(0, len(people), AT_ONCE):
        work = Work(company(store, {}, Policy(), ("slack",), None), utc_now())
        for one in people[first : first + AT_ONCE]:
            work.put_person(one)
        await store.commit(work.commit())


def employee(number: int) -> str:
    """The person behind a press of journey `number`."""
    return person(number % PEOPLE).id


def somebody(number: int) -> str:
    """Somebody else for each journey."""
    return f"{number:016x}"


# --- journeys


class Walk:
    """A journey that is led through the core by hand."""

    def __init__(self, scenario: Scenario, now: datetime.datetime) -> None:
        self.now = now
        self.state: Journey | None = None
        self.events: list[JourneyEvent] = []
        self._scenario = scenario

    @property
    def world(self) -> World:
        people = {one.id: one for one in (person(0), person(1))}
        return World(scenario=self._scenario, now=self.now, people=people, channels=("slack",), tracker="jira")

    def take(self, command: commands.Command) -> bool:
        """Whether the core has taken it."""
        try:
            happened = decide(self.state, command, self.world)
        except Misunderstood:
            return False
        self.state = fold(self.state, happened)
        self.events += happened
        return True

    def start(self) -> None:
        who, head = person(1), person(0)
        day = self.now.date()
        self.take(commands.StartJourney(journey="0" * 16, person=who.id, manager=head.id, by=head.id, start=day))

    def sample(self) -> Sample:
        if self.state is None:
            raise ValueError("it was never started")
        moment = next_wake(self.state, self.world)
        return Sample(self.state, tuple(self.events), None if moment is None else round(moment.timestamp() * 1000))


@cache
def scenario() -> Scenario:
    return load_scenarios(SCENARIOS)[SCENARIO]


def fresh() -> Sample:
    """A journey that begins today."""
    walk = Walk(scenario(), utc_now())
    walk.start()
    return walk.sample()


def typical() -> Sample:
    """A journey a third of its way on: steps done as they opened, with their issues, and some still open."""
    walk = Walk(scenario(), utc_now() - datetime.timedelta(days=DAYS_IN))
    walk.start()
    tracked = {step.id for step in scenario().steps if step.jira is not None}
    for day in range(DAYS_IN):
        walk.now += datetime.timedelta(days=1)
        walk.take(commands.Wake())
        opened = [name for name, step in (walk.state.steps if walk.state else {}).items() if step.status == "open"]
        for name in opened[: len(opened) // 2]:
            walk.take(commands.CompleteStep(name, person(0).id))
            if name in tracked:
                key = f"ONB-{1000 + day}"
                url = f"https://jira.company.example/browse/{key}"
                walk.take(commands.RecordIssue(step=name, key=key, url=url, id=str(10_000 + day)))
    return walk.sample()


def completable() -> tuple[str, ...]:
    """The steps that a newcomer can complete one after another, without a journey coming to its end."""
    walk, found = Walk(scenario(), utc_now()), []
    walk.start()
    for step in scenario().steps:
        if step.who == "newcomer" and walk.take(commands.CompleteStep(step.id, person(1).id)):
            found.append(step.id)
    return tuple(found)


async def begin(
    store: RedisStore, sample: Sample, numbers: Sequence[int], owner: Callable[[int], str] = somebody
) -> None:
    """Journeys like `sample`, with all that a journey has in the store, many in a commit."""
    for first in range(0, len(numbers), AT_ONCE):
        await store.commit(beginnings(sample, numbers[first : first + AT_ONCE], owner))


def beginnings(
    sample: Sample,
    numbers: Sequence[int],
    owner: Callable[[int], str],
    own: Callable[[Journey, int], Journey] = lambda state, _: state,
) -> Commit:
    """`own` gives the journey of a number what it has of its own."""
    samples = [(number, sample.of(number, owner(number))) for number in numbers]
    begun = [(own(state, number), events) for number, (state, events) in samples]
    return Commit(
        writes=tuple(Write(f"journey:{one.id}", 0, encode(one)) for one, _ in begun),
        lookups=tuple(Lookup(f"active:{one.person}:{one.scenario}", one.id) for one, _ in begun),
        memberships=tuple(Membership(f"journeys:{one.person}", one.id) for one, _ in begun),
        wakes={one.id: sample.wake for one, _ in begun},
        logs={f"journey:{one.id}": tuple(map(encode, events)) for one, events in begun},
    )
