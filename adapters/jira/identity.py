"""Who we are in this Jira, and what its priorities mean: asked in the background, because no delivery waits for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Mapping

import msgspec
from jira import JIRA

from adapters.jira.client import JiraClient
from adapters.jira.inbound import Known
from adapters.jira.people import myself
from adapters.jira.priorities import Level, priorities_of
from bot.errors import DeliveryError

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
AGAIN = 3600.0  # administrators rename priorities
log = logging.getLogger(__name__)


def find_levels(jira: JIRA) -> tuple[Level, ...]:
    """The priorities of the site, the most urgent first."""
    return tuple(msgspec.convert(level.raw, Level) for level in jira.priorities())


class JiraIdentity:
    """`known` is what is known by now. `base` is the address of the site, `chosen` names its priorities by ours,
    `former` are accounts that were ours before.

    Until Jira has answered no comment and no issue is known as ours, and its priorities are those that everybody knows.
    """

    def __init__(self, client: JiraClient, base: str, chosen: Mapping[str, str], former: Collection[str] = ()) -> None:
        self._client, self._chosen = client, chosen
        self.known = Known(base, None, priorities_of((), chosen), frozenset(former))

    async def learn(self) -> Known:
        """Ask Jira. Raises DeliveryErrors, and what was known before stays."""
        me = await myself(self._client)
        levels = await self._client.read(find_levels)
        priorities = priorities_of(levels, self._chosen)
        self.known = msgspec.structs.replace(self.known, me=me.identity, priorities=priorities)
        return self.known

    async def keep_learning(self) -> None:
        """Ask until Jira answers, and from then on once an hour. Ends only when it is cancelled."""
        pause = FIRST_PAUSE
        while True:
            try:
                await self.learn()
            except DeliveryError as error:
                # Of a refusal the detail quotes Jira, which may quote people.
                log.warning("jira has not said who we are", extra={"error": type(error).__name__, "again_in": pause})
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                pause = FIRST_PAUSE
                await asyncio.sleep(AGAIN)
