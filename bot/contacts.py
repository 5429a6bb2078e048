"""Contacts: who knows about what. The person to ask follows from the words of a question.

How contacts look in a file, and what is wrong with one, is in `contacts_file.py`.
"""

from __future__ import annotations

import msgspec

from bot.message import Local
from bot.words import stems


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who knows about a topic; a word of several is there when all of them are, in any of their forms.

    With `departments` or `countries` (upper case) it holds for people of these alone.
    """

    id: str
    topic: Local
    words: tuple[str, ...]
    name: str
    email: str
    departments: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()

    def serves(self, department: str, country: str) -> bool:
        return _among(department, self.departments) and _among(country, self.countries)


class Contacts(msgspec.Struct, frozen=True):
    """All contacts, in the order of the file."""

    contacts: tuple[Contact, ...] = ()

    def ranked(self, question: str, department: str = "", country: str = "") -> list[Contact]:
        """Those whose topic the question is about, the one with most words of it first, else as in the file."""
        said = frozenset(stems(question))
        serving = [one for one in self.contacts if one.serves(department, country)]
        told = [(_told(one, said), one) for one in serving]
        return [one for count, one in sorted(told, key=lambda pair: -pair[0]) if count]


def _told(contact: Contact, said: frozenset[str]) -> int:
    """How many words of the question the topic has; several that mean one thing in two languages are one."""
    wanted = [found for word in contact.words if (found := frozenset(stems(word))) and found <= said]
    return len(frozenset().union(*wanted))


def _among(name: str, names: tuple[str, ...]) -> bool:
    return not names or name.strip().casefold() in {one.casefold() for one in names}
