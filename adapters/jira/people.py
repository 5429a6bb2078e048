"""Jira's people: who we are to it, and who an e-mail belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import msgspec
from jira import JIRA
from msgspec import Meta

from adapters.jira.client import JiraClient
from bot.people import tidy_name
from bot.tracker.snapshot import TrackerUser

Short = Annotated[str, Meta(max_length=255)]
"""Jira gives no longer names; we keep them with a journey."""


class JiraUser(msgspec.Struct, frozen=True, rename="camel"):
    """Cloud names people by `account_id`, Data Center by `key` and `name`; either may hide an address."""

    account_id: Short = ""
    key: Short = ""
    name: Short = ""
    display_name: str = ""
    email_address: str | None = None
    time_zone: str | None = None

    @property
    def identity(self) -> str:
        """What stays the same when a person is renamed."""
        return self.account_id or self.key or self.name

    @property
    def person(self) -> TrackerUser:
        """Raises msgspec.ValidationError for a user without any name to be known by."""
        if not self.identity:
            raise msgspec.ValidationError("a user has an accountId, a key or a name")
        return TrackerUser(self.identity, tidy_name(self.display_name), self.email_address or None)

    def reference(self, *, cloud: bool) -> dict[str, str]:
        """How a field of an issue refers to this user."""
        return {"accountId": self.account_id} if cloud else {"name": self.name}


def _myself(jira: JIRA) -> JiraUser:
    return msgspec.convert(jira.myself(), JiraUser)


def _search(jira: JIRA, email: str, *, cloud: bool) -> list[JiraUser]:
    found = jira.search_users(query=email) if cloud else jira.search_users(user=email)
    return [msgspec.convert(user.raw, JiraUser) for user in found]


async def myself(client: JiraClient) -> JiraUser:
    """Raises Unauthorized for anybody whom Jira would answer as a stranger."""
    return await client.read(_myself)


async def user_with(client: JiraClient, email: str) -> JiraUser | None:
    """The active user who has this e-mail, as far as Jira shows it."""
    cloud = await client.is_cloud()
    return _choose(await client.read(_search, email, cloud=cloud), email)


def nobody(*, cloud: bool) -> dict[str, None]:
    """The value of an `assignee` field that takes an issue from whoever has it."""
    return {"accountId": None} if cloud else {"name": None}


def _choose(found: Sequence[JiraUser], email: str) -> JiraUser | None:
    """A search matches beginnings of names as well; the user with exactly this e-mail wins.

    Where addresses are hidden nothing can be compared: then whoever alone was found for it has it.
    """
    for user in found:
        if (user.email_address or "").casefold() == email.casefold():
            return user
    return found[0] if len(found) == 1 and not found[0].email_address else None
