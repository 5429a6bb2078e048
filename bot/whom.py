"""Whom to ask what the bot does not know: whoever knows about the topic, else the manager, else HR; what is sensitive,
somebody of HR whom it does not concern."""

from __future__ import annotations

import msgspec
from rapidfuzz.distance import OSA

from bot.answers.analysis import stem, words
from bot.answers.transliteration import spellings
from bot.contacts import Contact
from bot.people import Person, Role
from bot.work import Work

ABOVE = 20  # heads of heads; a directory may name two people as each other's
NAME = 3  # letters of a part of a name that is looked for
LONG_NAME = 4  # letters, from which on a slip of the finger is looked for, too


class Helper(msgspec.Struct, frozen=True):
    """Somebody to ask. `person` is None for a contact who is not in the directory: nobody whom the bot can write to.

    `contact`: the topic by which they were found.
    """

    name: str
    email: str
    person: Person | None = None
    contact: Contact | None = None


async def whom_to_ask(work: Work, question: str, person: Person, *, private: bool = False) -> Helper | None:
    """Whom the person may ask this; None: there is nobody but themselves. An empty question is about no topic.

    `private`: it is sensitive, whatever its words are.
    """
    if private or work.company.sensitive.topic(question) is not None:
        return next((Helper(one.name, one.email, one) for one in await in_confidence(work, question, person)), None)
    for contact in work.company.contacts.ranked(question, person.department, person.country):
        known = await work.person_by_email(contact.email)
        if known is None:
            return Helper(contact.name, contact.email, contact=contact)
        if known.is_active and known.id != person.id:
            return Helper(known.name, known.email, known, contact)
    reachable = await helper_in_person(work, person)
    return None if reachable is None else Helper(reachable.name, reachable.email, reachable)


async def helper_in_person(work: Work, person: Person) -> Person | None:
    """The manager, else somebody of HR."""
    manager = await work.person(person.manager)
    if manager is not None and manager.is_active and manager.id != person.id:
        return manager
    return next((one for one in await work.with_role(Role.HR) if one.id != person.id), None)


async def in_confidence(work: Work, text: str, person: Person) -> list[Person]:
    """Those of HR to whom the person may turn with this: none of their own line, and nobody whom the text names."""
    above = await _line(work, person)
    named = _names_in(text)
    return [
        one
        for one in await work.with_role(Role.HR)
        if one.id != person.id and one.id not in above and not _is_named(one, text, named)
    ]


async def _line(work: Work, person: Person) -> set[str]:
    """The manager, theirs, and so on."""
    found: set[str] = set()
    above = person.manager
    while above is not None and above not in found and len(found) < ABOVE:
        found.add(above)
        head = await work.person(above)
        above = None if head is None else head.manager
    return found


def _is_named(one: Person, text: str, named: frozenset[str]) -> bool:
    """A first name alone is enough: whoever is left out wrongly costs less than whoever reads what is said of them."""
    if one.email in text.casefold() or any(f"<@{account}>" in text for account in one.accounts.values()):
        return True
    return any(_is_among(part, named) for part in (*words(one.name), one.handle.casefold()) if len(part) >= NAME)


def _is_among(part: str, named: frozenset[str]) -> bool:
    for own in _spelt(part):
        if own in named:
            return True
        if len(own) >= LONG_NAME and any(
            own[0] == other[0] and OSA.distance(own, other, score_cutoff=1) <= 1 for other in named
        ):
            return True
    return False


def _names_in(text: str) -> frozenset[str]:
    return frozenset(one for word in words(text) if len(word) >= NAME for one in _spelt(word))


def _spelt(word: str) -> list[str]:
    """Its stem, and for Latin letters those that it may have in Cyrillic."""
    return [stem(word), *(map(stem, spellings(word)[:8]) if word.isascii() else ())]
