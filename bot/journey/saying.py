"""How the effects of a journey speak to its people. Parts of `plan`."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from bot.effects import Effect, Lane, Lapse, Say
from bot.journey.state import Journey
from bot.journey.world import World
from bot.message import Arg, Message, Phrase
from bot.people import Person
from bot.quiet_hours import GOES_ON
from bot.scenario import Step

Effects = Iterator[Effect]


def personal_lane(person: Person, world: World) -> Lane:
    """What follows from an act goes to a person in order, through one lane together with our answers."""
    return Lane(world.channel(person), person.id)


def quiet(effect: Effect, steps: tuple[str, ...]) -> Effect:
    """What time has brought keeps working hours, and waits for them beside the answers, not in front of them."""
    lane = msgspec.structs.replace(effect.lane, bulk=True)
    return msgspec.structs.replace(effect, lane=lane, steps=steps, quiet=True)


def urgent(effect: Effect) -> Effect:
    """The scenario says that this cannot wait for working hours."""
    lane = msgspec.structs.replace(effect.lane, bulk=False)
    return msgspec.structs.replace(effect, lane=lane, quiet=False, urgent=True)


def lapsing(
    effect: Effect, only_in: tuple[str, ...] = GOES_ON, *, until: str | None = None, settled: str | None = None
) -> Effect:
    """After the wait for working hours it is said only while the journey is in such a state, `until` the step is
    settled, or as long as it stays `settled`."""
    lapses = Lapse(only_in, tuple(filter(None, (until,))), tuple(filter(None, (settled,))))
    return msgspec.structs.replace(effect, lapses=lapses)


def say(journey: Journey, purpose: str, to: Person, message: Message, world: World) -> Effect:
    return Effect(
        id=f"{journey.id}:{purpose}:{to.id}",
        lane=personal_lane(to, world),
        act=Say(message, person=to.id, place=world.thread(to)),
        subject=journey.id,
        lapses=Lapse(GOES_ON),
    )


def step_of(world: World, step_id: str) -> Step:
    step = world.scenario.step(step_id)
    if step is None:  # the version is pinned: a journey knows only steps of its own scenario
        raise ValueError(f"scenario {world.scenario.version} has no step {step_id}")
    return step


def about(key: str, journey: Journey, step_id: str, world: World) -> Message:
    person = world.people[journey.person]
    args: dict[str, Arg] = {
        "name": person.name,
        "step": step_of(world, step_id).title,
        "scenario": world.scenario.title,
    }
    return Message(Phrase(key, args))


def to_manager(journey: Journey, purpose: str, message: Message, world: World) -> Effects:
    manager = world.people.get(journey.manager or "")
    if manager is not None:
        yield say(journey, purpose, manager, message, world)


def heads(journey: Journey, world: World) -> list[Person]:
    """Whoever started the journey, and the manager, each once; never the person of the journey."""
    ids = dict.fromkeys((journey.by, journey.manager or ""))
    return [world.people[one] for one in ids if one in world.people and one != journey.person]
