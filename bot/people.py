"""People: one person, their roles, and their accounts on every channel."""

from __future__ import annotations

import datetime
import hashlib
import re
from enum import StrEnum
from typing import Literal

import msgspec

from bot.incoming import Account
from bot.words_people import PATRONYMIC

LONGEST_NAME = 120
# Where a record comes from: a directory of people, an account whose e-mail domain is welcome, the fictional company of
# the sandbox. Records from before this was written down have none.
Origin = Literal["", "directory", "domain", "sandbox"]
LocaleSource = Literal["directory", "platform", "default"]
# Control characters, line breaks, and those that turn the direction of writing.
_HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


class Role(StrEnum):
    EMPLOYEE = "employee"
    MANAGER = "manager"
    HR = "hr"
    ADMIN = "admin"


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """`manager` is the id of the head of this person's department. `accounts` maps a channel to the account's id there.

    `reach` is the channel where they last spoke to us, and so where we speak to them, unless they have `preferred`
    another; on those that are `blocked` they want to hear nothing until they speak there again. `homes` are the
    channels on which they have opened their home page. `addresses` maps a channel to where they can be written to in
    private, where that does not follow from the account; `aliases` are keys of accounts by which a channel also knows
    them. `named` are the accounts that the directory names, and not the e-mail; `vouched` says by channel when the
    platform was last asked about the account there. `left`: they belong to the company no longer, since that moment.
    `closed` says by channel since when their account there is known to be closed. `locale_source`: where the language
    is from; "default": nobody has told it yet.
    """

    id: str
    email: str
    name: str
    locale: str = "ru"
    timezone: str = "Europe/Moscow"
    country: str = "RU"
    department: str = ""
    manager: str | None = None
    start_date: datetime.date | None = None
    roles: frozenset[Role] = frozenset()
    accounts: dict[str, str] = {}
    reach: str | None = None
    homes: tuple[str, ...] = ()
    preferred: str | None = None
    blocked: tuple[str, ...] = ()
    addresses: dict[str, str] = {}
    aliases: tuple[str, ...] = ()
    origin: Origin = ""
    named: dict[str, str] = {}
    vouched: dict[str, datetime.datetime] = {}
    left: datetime.datetime | None = None
    closed: dict[str, datetime.datetime] = {}
    locale_source: LocaleSource = "directory"

    @property
    def is_active(self) -> bool:
        return self.left is None

    @property
    def first_name(self) -> str:
        """How a colleague says hello: names are written given name first, or, as papers in Russian have it, family name
        first and with a patronymic, which the given name stands before."""
        words = self.name.split(" ")
        after = next((index for index, word in enumerate(words) if index and PATRONYMIC.search(word)), 1)
        return words[after - 1]

    @property
    def handle(self) -> str:
        """The short name by which others may write `@handle`: the local part of the e-mail."""
        return self.email.partition("@")[0]

    @property
    def names(self) -> frozenset[str]:
        """All by which somebody may name them: the handle, the whole name and each word of it, in lower case."""
        name = self.name.casefold()
        return frozenset({self.handle, name, *name.split()})

    def channel(self, available: tuple[str, ...]) -> str:
        """The channel to reach them on: the one that they chose, else where they last spoke, else where they have an
        account, else the first; one that they have blocked, or where their account is closed, only when there is no
        other."""
        barred = {*self.blocked, *self.closed}
        welcome = [name for name in available if name not in barred] or list(available)
        known = (self.preferred, self.reach, *self.accounts)
        return next((name for name in known if name in welcome), welcome[0])

    def with_account(self, account: Account) -> Person:
        """Their account on that channel from now on; what was known of another one there is forgotten."""
        if self.accounts.get(account.channel) == account.id:
            return self
        bare = self.without_account(account.channel)
        accounts = {**self.accounts, account.channel: account.id}
        return msgspec.structs.replace(bare, accounts=accounts, reach=self.reach, preferred=self.preferred)

    def without_account(self, channel: str) -> Person:
        """Without an account there, and without everything that belongs to it."""
        return msgspec.structs.replace(
            self,
            accounts={name: one for name, one in self.accounts.items() if name != channel},
            addresses={name: one for name, one in self.addresses.items() if name != channel},
            aliases=tuple(one for one in self.aliases if one not in self.aliases_on(channel)),
            vouched={name: at for name, at in self.vouched.items() if name != channel},
            closed={name: at for name, at in self.closed.items() if name != channel},
            blocked=tuple(name for name in self.blocked if name != channel),
            homes=tuple(name for name in self.homes if name != channel),
            reach=None if self.reach == channel else self.reach,
            preferred=None if self.preferred == channel else self.preferred,
        )

    def aliases_on(self, channel: str) -> tuple[str, ...]:
        return tuple(one for one in self.aliases if one.startswith(f"{channel}:"))

    def is_named(self, account: Account) -> bool:
        """Does the directory say that this account is theirs?"""
        return self.named.get(account.channel) == account.id

    def vouched_for(self, channel: str, at: datetime.datetime) -> Person:
        return msgspec.structs.replace(self, vouched={**self.vouched, channel: at})

    def with_address(self, channel: str, address: str) -> Person:
        return msgspec.structs.replace(self, addresses={**self.addresses, channel: address})

    def with_alias(self, account: Account) -> Person:
        return msgspec.structs.replace(self, aliases=tuple(dict.fromkeys((*self.aliases, account.key))))

    def without_alias(self, account: Account) -> Person:
        return msgspec.structs.replace(self, aliases=tuple(one for one in self.aliases if one != account.key))

    def blocking(self, channel: str) -> Person:
        """They want to hear nothing from us there."""
        return msgspec.structs.replace(self, blocked=tuple(dict.fromkeys((*self.blocked, channel))))

    def closing(self, channel: str, at: datetime.datetime) -> Person:
        """Their account there is closed; what is known of it stays, since it may be restored."""
        return self if channel in self.closed else msgspec.structs.replace(self, closed={**self.closed, channel: at})

    def restored(self, channel: str) -> Person:
        """Their account there lives, again."""
        left = {name: at for name, at in self.closed.items() if name != channel}
        return self if channel not in self.closed else msgspec.structs.replace(self, closed=left)

    def speaking(self, locale: str | None) -> Person:
        """With the language that a platform tells, where nobody has told one before."""
        if not locale or self.locale_source != "default":
            return self
        return msgspec.structs.replace(self, locale=locale, locale_source="platform")

    def welcoming(self, channel: str) -> Person:
        """They hear us there, again."""
        return msgspec.structs.replace(self, blocked=tuple(one for one in self.blocked if one != channel))


def person_id(email: str) -> str:
    """A stable id that tells nothing about its owner, so that it may stand in logs."""
    return hashlib.blake2b(normal_email(email).encode(), digest_size=8).hexdigest()


def normal_email(email: str) -> str:
    return email.strip().casefold()


def is_disguised(email: str) -> bool:
    """An address with letters that only become the plain ones of somebody else's when case is put aside."""
    return not email.isascii() and normal_email(email).isascii()


def tidy_name(name: str) -> str:
    """A name that people have given themselves on a platform, as one line that can be read."""
    return " ".join(_HIDDEN.sub(" ", name).split())[:LONGEST_NAME].strip()


class Policy(msgspec.Struct, frozen=True):
    """Who is HR, who is an administrator, and whose e-mail domain may talk to us without standing in the directory."""

    hr: frozenset[str] = frozenset()
    admins: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()

    def roles(self, person: Person) -> frozenset[Role]:
        """The roles of the file, and those that the settings give by e-mail. Everybody is an employee; who has left
        is nothing any more."""
        if not person.is_active:
            return frozenset()
        roles = {Role.EMPLOYEE, *person.roles}
        if person.email in self.hr:
            roles.add(Role.HR)
        if person.email in self.admins:
            roles.add(Role.ADMIN)
        return frozenset(roles)

    def welcomes(self, email: str) -> bool:
        local, _, domain = normal_email(email).rpartition("@")
        return local != "" and domain in self.domains
