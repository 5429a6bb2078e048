"""The stand-ins of Slack and Jira as processes, and the faults that they are told to show."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
from aiohttp import ClientSession

from sandbox.faults import CONTROL_PATH, Kind, Rule
from sandbox.jira.webhooks import WebhookFaults
from tests.chaos.figures import HUNG
from tests.chaos.kin import Kin, kin

SEARCH_LAG = 0.2
LATE = 4.0  # a hung call is applied so much later: after its caller has given up, and its lease has ended

SLACK_FAULTS = (
    Rule(kind=Kind.RATE_LIMIT, match="/chat.postMessage ", chance=0.01, times=10),
    Rule(kind=Kind.LATE, match="/chat.postMessage ", chance=0.01, times=HUNG, seconds=LATE),
    Rule(kind=Kind.LOST, match="/chat.", chance=0.03),
    Rule(kind=Kind.HANG, match="/api/", chance=0.004, times=HUNG, seconds=LATE),
    Rule(kind=Kind.ERROR, match="/api/", chance=0.03),
)
JIRA_FAULTS = (
    Rule(kind=Kind.RATE_LIMIT, match="/rest/api/", chance=0.01, times=8),
    Rule(kind=Kind.LATE, match="POST /rest/api/2/issue ", chance=0.04, times=HUNG, seconds=LATE),
    Rule(kind=Kind.LOST, match="POST /rest/api/2/issue ", chance=0.08),
    Rule(kind=Kind.HANG, match="/rest/api/", chance=0.01, times=HUNG, seconds=LATE),
    Rule(kind=Kind.ERROR, match="/rest/api/", chance=0.03),
)


class Stands(msgspec.Struct, frozen=True):
    """Where the stand-ins are; `town` is the process of Slack, in which the people live."""

    town: Kin
    slack_url: str
    jira_url: str
    http: ClientSession

    async def posts(self) -> Any:
        """All that the bot has shown, and all that is there now."""
        return await self._get(f"{self.slack_url}/_sandbox/messages")

    async def issues(self) -> Any:
        """Every issue as it is now, however much the search lags."""
        return await self._get(f"{self.jira_url}/_sandbox/issues")

    async def show(self, slack: tuple[Rule, ...], jira: tuple[Rule, ...]) -> None:
        """Show these faults from now on."""
        for url, rules in ((self.slack_url, slack), (self.jira_url, jira)):
            async with self.http.post(url + CONTROL_PATH, data=msgspec.json.encode(rules)) as answer:
                answer.raise_for_status()

    async def heal(self) -> None:
        """No more faults; calls that hang already do so to their end."""
        for url in (self.slack_url, self.jira_url):
            async with self.http.delete(url + CONTROL_PATH) as answer:
                answer.raise_for_status()
        await self.spoil_webhooks(WebhookFaults())

    async def shown(self) -> dict[str, Counter[str]]:
        """How often each kind of fault was shown, by service."""
        found: dict[str, Counter[str]] = {"slack": Counter(), "jira": Counter()}
        for name, url in (("slack", self.slack_url), ("jira", self.jira_url)):
            for rule in await self._get(url + CONTROL_PATH):
                found[name][rule["kind"]] += rule["shown"]
        return found

    # --- what Jira tells by itself

    async def tell_of_news(self, url: str, secret: str) -> None:
        """From now on Jira tells this address what happens."""
        hook = {"url": url, "secret": secret}
        async with self.http.post(f"{self.jira_url}/_sandbox/webhooks", json=hook) as answer:
            answer.raise_for_status()

    async def spoil_webhooks(self, faults: WebhookFaults) -> None:
        address = f"{self.jira_url}/_sandbox/webhooks/faults"
        async with self.http.post(address, data=msgspec.json.encode(faults)) as answer:
            answer.raise_for_status()

    async def webhooks(self) -> Counter[str]:
        """What became of the deliveries, and how many are `under_way`."""
        return Counter((await self._get(f"{self.jira_url}/_sandbox/webhooks"))["counts"])

    async def writes(self) -> Counter[str]:
        """How often each write of the bot was carried out; what people do on Jira's page is none of them."""
        return Counter((await self._get(f"{self.jira_url}/_sandbox/calls"))["applied"])

    async def _get(self, url: str) -> Any:
        async with self.http.get(url) as answer:
            answer.raise_for_status()
            return await answer.json()


@asynccontextmanager
async def stands(folder: Path, newcomers: int, seed: int) -> AsyncIterator[Stands]:
    people = str(folder / "slack.json")
    jira_options = ("--user", "bot@company.example", "--token", "token", "--people", str(folder / "jira.json"))
    lag = ("--search-lag", str(SEARCH_LAG), "--until-stdin-closes")
    async with (
        kin("tests.chaos.town", people, str(newcomers), str(seed), log=folder / "town.log") as town,
        kin("sandbox.jira", *jira_options, *lag, log=folder / "jira.log") as jira,
        ClientSession() as http,
    ):
        yield Stands(town, (await town.hear())["url"], (await jira.hear())["url"], http)
