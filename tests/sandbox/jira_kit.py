"""What the tests of the Jira stand-in share: a served site with people, a clock of their own, and clients."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
import pytest
from jira import JIRA, Issue, JIRAError

from sandbox.faults import FaultPlan
from sandbox.jira import Access, Deployment, People, Site, State, User, Webhooks, default_site, make_app, serving
from tests.sandbox.clock import Clock

ACCESS = Access("bot@example.com", "api-token", "personal-token")
ANNA = User(name="anna", display_name="Анна Петрова", email_address="anna@example.com")
BORIS = User(name="boris", display_name="Борис Ким", email_address="boris@example.com", hidden_email=True)
GUEST = User(name="guest", display_name="Guest", email_address="guest@example.com", assignable=False)
GONE = User(name="gone", display_name="Gone", email_address="gone@example.com", active=False)
T = TypeVar("T")


@dataclass(frozen=True)
class Stand:
    """A running stand-in. `http` is signed in; `ask` runs work with the real library in a thread."""

    url: str
    state: State
    faults: FaultPlan
    clock: Clock
    http: aiohttp.ClientSession
    webhooks: Webhooks

    async def ask(self, work: Callable[[JIRA], T], timeout: float = 5) -> T:
        return await asyncio.to_thread(self._work, work, timeout)

    def _work(self, work: Callable[[JIRA], T], timeout: float) -> T:
        cloud = self.state.site.is_cloud
        sign_in: dict[str, Any] = {"basic_auth": (ACCESS.user, ACCESS.token)} if cloud else {"token_auth": ACCESS.pat}
        client = JIRA(self.url, max_retries=0, timeout=timeout, get_server_info=False, **sign_in)
        client.deploymentType = self.state.site.deployment.value
        try:
            return work(client)
        finally:
            client.close()  # type: ignore[no-untyped-call]

    async def create(self, summary: str = "Выдать ноутбук", **fields: object) -> Issue:
        return await self.ask(lambda jira: jira.create_issue(fields=task(summary, **fields)))

    async def refused(self, work: Callable[[JIRA], object]) -> JIRAError:
        with pytest.raises(JIRAError) as failure:
            await self.ask(work)
        return failure.value

    async def get(self, path: str, **params: str) -> Any:
        async with self.http.get(path, params=params) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def post(self, path: str, body: object) -> tuple[int, Any]:
        async with self.http.post(path, json=body) as answer:
            return answer.status, await answer.json() if answer.content_length else None

    async def applied(self, write: str) -> int:
        return int((await self.get("/_sandbox/calls"))["applied"].get(write, 0))


def task(summary: str = "Выдать ноутбук", **fields: object) -> dict[str, Any]:
    """The fields of a create."""
    return {"project": {"key": "ONB"}, "issuetype": {"name": "Task"}, "summary": summary, **fields}


@asynccontextmanager
async def standing(
    deployment: Deployment = Deployment.CLOUD,
    *,
    language: str = "en",
    file: Path | None = None,
    site: Site | None = None,
) -> AsyncIterator[Stand]:
    clock, plan = Clock(), FaultPlan()
    site = site or default_site(("ONB", "HR"), deployment=deployment, language=language)
    state = State(site, People([ANNA, BORIS, GUEST, GONE]), clock=clock, file=file)
    webhooks = Webhooks(state)
    signed_in = {"Authorization": aiohttp.encode_basic_auth(ACCESS.user, ACCESS.token)}
    async with (
        serving(make_app(state, access=ACCESS, faults=plan, webhooks=webhooks)) as url,
        aiohttp.ClientSession(url, headers=signed_in) as http,
    ):
        yield Stand(url, state, plan, clock, http, webhooks)


async def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    """Waits for a condition, and fails when it does not come true in time."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - it waits for things that no event tells of
            await asyncio.sleep(0.01)
