"""What is known about whoever asks."""

from __future__ import annotations

from bot.message import Day, Fact, Message, Phrase, Reply, Text
from bot.people import Person, Role
from bot.turn import Turn
from handlers.channels import title

ROLES = (Role.ADMIN, Role.HR, Role.MANAGER, Role.EMPLOYEE)


async def whoami(turn: Turn) -> Reply | None:
    """Everything that we have written down of this person, and where we write to them."""
    facts = (*_about(turn.speaker), *await _work(turn), *_channels(turn))
    message = Message(Phrase("whoami", {"name": turn.speaker.name}), facts=facts)
    return turn.answer_in_private(message)


def _fact(name: str, value: Text) -> Fact:
    return Fact(Phrase(f"fact-{name}"), value)


def _about(person: Person) -> list[Fact]:
    zone = Phrase("whoami-zone", {"zone": person.timezone, "country": person.country})
    facts = [_fact("email", person.email), _fact("language", Phrase(f"language-{person.locale}")), _fact("zone", zone)]
    if person.department:
        facts.append(_fact("department", person.department))
    if person.start_date is not None:
        facts.append(_fact("start", Day(person.start_date)))
    return facts


async def _work(turn: Turn) -> list[Fact]:
    facts = [_fact("role", Phrase(f"role-{role}")) for role in ROLES if turn.has(role)][:1]
    manager = await turn.person(turn.speaker.manager)
    if manager is not None:
        facts.append(_fact("manager", manager.name))
    for journey in await turn.active_journeys(turn.speaker):
        facts.append(_fact("onboarding", (await turn.scenario(journey)).title))
    return facts


def _channels(turn: Turn) -> list[Fact]:
    """Accounts of every channel that is on; where notifications go."""
    person, on = turn.speaker, turn.company.channels
    known = [name for name in on if name in person.accounts]
    facts = [_fact("account", title(name) if name not in person.blocked else _left(name)) for name in known]
    kind = "whoami-told" if person.preferred is None else "whoami-told-chosen"
    return [*facts, _fact("told", Phrase(kind, {"channel": title(person.channel(on))}))]


def _left(channel: str) -> Phrase:
    return Phrase("whoami-left", {"channel": title(channel)})
