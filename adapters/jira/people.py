"""Jira's people: who we are to it, and who an e-mail belongs to."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from jira import JIRA

from adapters.jira.client import JiraClient
from bot.errors import Refused


class JiraUser(msgspec.Struct, frozen=True, rename="camel"):
    """Cloud names people by `account_id`, Data Center by `key` and `name`; either may hide an address."""

    account_id: str = ""
    key: str = ""
    name: str = ""
    display_name: str = ""
    email_address: str | None = None

    @property
    def identity(self) -> str:
        """What stays the same when a person is renamed."""
        return self.account_id or self.key or self.name

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


async def assignee(client: JiraClient, email: str) -> dict[str, str]:
    """The value of an `assignee` field. Raises Refused("user-unknown") when no active user has this e-mail."""
    cloud = await client.is_cloud()
    return _choose(await client.read(_search, email, cloud=cloud), email).reference(cloud=cloud)


def _choose(found: Sequence[JiraUser], email: str) -> JiraUser:
    """A search matches beginnings of names as well; the user with exactly this e-mail wins.

    Where addresses are hidden nothing can be compared: then whoever alone was found for it has it.
    """
    for user in found:
        if (user.email_address or "").casefold() == email.casefold():
            return user
    if len(found) == 1 and not found[0].email_address:
        return found[0]
    raise Refused("user-unknown", f"no user with the e-mail of the assignee among {len(found)} that were found")
