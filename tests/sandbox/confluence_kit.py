"""What the tests of the Confluence stand-in share: a served wiki, a clock of its own, and clients."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import aiohttp
import pytest
from atlassian import Confluence
from atlassian.confluence.cloud import Cloud
from requests import HTTPError

from sandbox.confluence import Access, Deployment, Limits, Page, People, State, User, make_app, serving
from sandbox.faults import FaultPlan
from tests.sandbox.clock import Clock

ACCESS = Access("bot@example.com", "api-token", "personal-token", groups=("staff",))
ANNA = User(name="anna", display_name="Анна Петрова", email="anna@example.com", groups=("hr",))
T = TypeVar("T")


@dataclass(frozen=True)
class Stand:
    """A running stand-in. `http` is signed in; `ask` runs work with the real library in a thread."""

    url: str
    state: State
    faults: FaultPlan
    clock: Clock
    http: aiohttp.ClientSession

    @property
    def site(self) -> str:
        return f"{self.url}/wiki" if self.state.is_cloud else self.url

    @property
    def api(self) -> str:
        return "/wiki/rest/api" if self.state.is_cloud else "/rest/api"

    def put(self, title: str, body: str = "<p>текст</p>", *, space: str = "HR", **more: Any) -> Page:
        """A page that is made a minute after the one before."""
        self.clock.tick(60)
        return self.state.create(space, title, body, **more)

    async def ask(self, work: Callable[[Any], T]) -> T:
        return await asyncio.to_thread(self._work, work)

    def _work(self, work: Callable[[Any], T]) -> T:
        client: Any
        if self.state.is_cloud:
            client = cast(Any, Cloud)(f"{self.site}/rest/api", username=ACCESS.user, password=ACCESS.token)
        else:
            client = cast(Any, Confluence)(self.url, token=ACCESS.pat, cloud=False)
        try:
            return work(client)
        finally:
            client.close()

    async def refused(self, work: Callable[[Any], object]) -> HTTPError:
        with pytest.raises(HTTPError) as failure:
            await self.ask(work)
        return failure.value

    async def get(self, path: str, **params: str) -> Any:
        async with self.http.get(path, params=params) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def status(self, path: str, **params: str) -> int:
        async with self.http.get(path, params=params) as answer:
            return answer.status

    async def search(self, cql: str, **params: str) -> Any:
        return await self.get(f"{self.api}/content/search", cql=cql, **params)

    async def found(self, cql: str) -> list[str]:
        """The titles of the first page of results."""
        return [page["title"] for page in (await self.search(cql, limit="100"))["results"]]

    async def control(self, path: str, body: object) -> Any:
        async with self.http.post(f"/_sandbox/{path}", json=body) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def walk(self, cql: str, **params: str) -> list[str]:
        """The titles of all results, by following the links."""
        answer = await self.search(cql, **params)
        return [page["title"] for page in answer["results"]] + await self.rest(answer)

    async def rest(self, answer: Any) -> list[str]:
        """The titles of all that comes after an answer."""
        titles: list[str] = []
        while after := answer["_links"].get("next"):
            answer = await self.get(answer["_links"]["base"].removeprefix(self.url) + after)
            titles += [page["title"] for page in answer["results"]]
        return titles


@asynccontextmanager
async def standing(deployment: Deployment = Deployment.CLOUD, *, limits: Limits | None = None) -> AsyncIterator[Stand]:
    clock, plan = Clock(), FaultPlan()
    state = State(people=People([ANNA]), deployment=deployment, clock=clock)
    state.add_space("HR", "Люди")
    state.add_space("IT", "Техника")
    signed_in = {"Authorization": aiohttp.encode_basic_auth(ACCESS.user, ACCESS.token)}
    async with (
        serving(make_app(state, access=ACCESS, faults=plan, limits=limits)) as url,
        aiohttp.ClientSession(url, headers=signed_in) as http,
    ):
        yield Stand(url, state, plan, clock, http)
