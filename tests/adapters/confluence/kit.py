"""What the tests of the Confluence adapter share: a stand-in of either kind, and wikis on it."""

import datetime
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from pydantic import SecretStr

from adapters.confluence.settings import ConfluenceSettings
from adapters.confluence.wiki import ConfluenceWiki
from bot.answers.document import Document
from bot.wiki import Listed, Wiki, WikiPage
from sandbox.confluence import CALLS, CURSORS, Access, Deployment, Limits, Page, State, make_app, serving
from sandbox.faults import FaultPlan, Kind, Rule
from tests.sandbox.clock import Clock

ACCESS = Access("bot@example.com", "api-token", "personal-token")
BEGIN = datetime.datetime(2026, 11, 2, 9, 0, tzinfo=datetime.UTC)


def settings_for(url: str, *, cloud: bool = True, **more: object) -> ConfluenceSettings:
    given: dict[str, object] = {"spaces": "HR", "timeout": 5.0, "requests_per_second": 10_000.0, **more}
    if cloud:
        signed_in: dict[str, object] = {"user": ACCESS.user, "token": SecretStr(ACCESS.token)}
    else:
        signed_in = {"pat": SecretStr(str(ACCESS.pat))}
    return ConfluenceSettings.model_validate({"url": url, **signed_in, **given})


@dataclass(frozen=True)
class Stand:
    """A running stand-in."""

    url: str
    state: State
    faults: FaultPlan
    clock: Clock
    limits: Limits
    received: dict[str, int]
    forget_cursors: Callable[[], None]

    @property
    def cloud(self) -> bool:
        return self.state.is_cloud

    def add(self, title: str, body: str = "<p>text</p>", **more: object) -> Page:
        """A page that is a minute younger than the one before."""
        self.clock.tick(60)
        return self.state.create("HR", title, body, **more)  # type: ignore[arg-type]

    def fail(self, kind: Kind, match: str = "", *, times: int | None = 1, status: int = 500) -> None:
        self.faults.add(Rule(kind=kind, match=match, times=times, status=status, retry_after=17, seconds=30.0))

    def settings(self, **more: object) -> ConfluenceSettings:
        return settings_for(self.url, cloud=self.cloud, **more)

    @asynccontextmanager
    async def wiki(self, **more: object) -> AsyncIterator[ConfluenceWiki]:
        wiki = ConfluenceWiki(self.settings(**more))
        try:
            yield wiki
        finally:
            await wiki.close()


@asynccontextmanager
async def standing(
    deployment: Deployment, limits: Limits | None = None, search_lag: float = 0.0
) -> AsyncIterator[Stand]:
    clock, plan, limits = Clock(BEGIN), FaultPlan(), limits or Limits()
    state = State(deployment=deployment, clock=clock, search_lag=search_lag)
    state.add_space("HR", "People")
    state.add_space("IT", "Machines")
    app = make_app(state, access=ACCESS, faults=plan, limits=limits)
    async with serving(app) as url:
        yield Stand(url, state, plan, clock, limits, app[CALLS].received, app[CURSORS].expire)


async def every_page(wiki: Wiki, since: datetime.datetime | None = None) -> list[WikiPage]:
    """All steps of a walk through what has changed."""
    found = await wiki.changed(since, None)
    pages = [*found.pages]
    while found.cursor is not None:
        found = await wiki.changed(since, found.cursor)
        pages += found.pages
    return pages


async def every_listed(wiki: Wiki) -> list[Listed]:
    found = await wiki.listed(None)
    pages = [*found.pages]
    while found.cursor is not None:
        found = await wiki.listed(found.cursor)
        pages += found.pages
    return pages


def documents(pages: list[WikiPage]) -> dict[str, Document]:
    """By id, the last that came."""
    return {page.document.id: page.document for page in pages}


def ids(*pages: Page) -> list[str]:
    return [f"confluence:{page.id}" for page in pages]
