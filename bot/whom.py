"""Whom to ask what the bot does not know: whoever knows about the topic, else the manager, else HR."""

from __future__ import annotations

import msgspec

from bot.contacts import Contact
from bot.people import Person, Role
from bot.work import Work


class Helper(msgspec.Struct, frozen=True):
    """Somebody to ask. `person` is None for a contact who is not in the directory: nobody whom the bot can write to.

    `contact`: the topic by which they were found.
    """

    name: str
    email: str
    person: Person | None = None
    contact: Contact | None = None


async def whom_to_ask(work: Work, question: str, person: Person) -> Helper | None:
    """Whom the person may ask this; None: there is nobody but themselves. An empty question is about no topic."""
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
