"""The same wiki on our own stand-in of either kind, and on jira820, which others have written."""

import datetime
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from jira820.config import Config
from jira820.store import Store

from adapters.confluence.wiki import ConfluenceWiki
from bot.answers.document import Document
from sandbox.confluence import Deployment
from tests.adapters.confluence.kit import documents, every_listed, every_page, settings_for, standing
from tests.jira820_server import serving_jira820

PAGES = {
    ("HR", "Отпуск"): "Заявление подают за две недели.\nВопросы <R&D> к HR.",
    ("HR", "Vacation"): "Two weeks before.",
    ("IT", "VPN"): "Ask the help desk.",
    ("OPS", "Servers"): "Not for everybody.",
}


@dataclass(frozen=True)
class Site:
    name: str
    wiki: ConfluenceWiki
    url: str


@asynccontextmanager
async def jira820() -> AsyncIterator[str]:
    """A Confluence Data Center that others have written; gives its address."""
    store = Store(Config(project_key="ONB"), seed=False)
    today = datetime.date(2026, 11, 2)
    store.confluence = {"anna": [_their_page(number, *page, today) for number, page in enumerate(PAGES.items(), 7)]}
    async with serving_jira820(store) as url:
        yield url


def _their_page(number: int, name: tuple[str, str], body: str, today: datetime.date) -> dict[str, Any]:
    space, title = name
    page: dict[str, Any] = {"id": str(number), "space": space, "title": title, "body": body, "date": today}
    return {**page, "author": "anna", "ancestors": ["Home"]}


@asynccontextmanager
async def ours(deployment: Deployment) -> AsyncIterator[str]:
    async with standing(deployment) as stand:
        stand.state.add_space("OPS", "Operations")
        for (space, title), body in PAGES.items():
            escaped = body.replace("&", "&amp;").replace("<", "&lt;")
            stand.state.create(space, title, "".join(f"<p>{line}</p>" for line in escaped.split("\n")))
        yield stand.url


@pytest.fixture(params=["cloud", "datacenter", "jira820"])
async def site(request: pytest.FixtureRequest) -> AsyncIterator[Site]:
    cloud = request.param == "cloud"
    running = jira820() if request.param == "jira820" else ours(Deployment.CLOUD if cloud else Deployment.SERVER)
    async with running as url:
        # jira820 tells nothing of restrictions: everything there would be hidden.
        wiki = ConfluenceWiki(settings_for(url, cloud=cloud, spaces="HR,IT", restricted=True))
        try:
            yield Site(request.param, wiki, url)
        finally:
            await wiki.close()


def texts(found: dict[str, Document]) -> dict[tuple[str, str], str]:
    return {
        (page.space, page.title): "\n".join(section.text for section in page.sections).replace("\n\n", "\n")
        for page in found.values()
    }


EXPECTED = {name: body for name, body in PAGES.items() if name[0] in ("HR", "IT")}


async def test_all_pages_of_the_chosen_spaces_come_with_their_text(site: Site) -> None:
    found = documents(await every_page(site.wiki))
    assert texts(found) == EXPECTED
    assert all(page.url is not None and page.url.startswith(site.url) for page in found.values())


async def test_changes_since_a_day_before_are_all_of_them(site: Site) -> None:
    since = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)
    assert texts(documents(await every_page(site.wiki, since))) == EXPECTED


async def test_the_list_and_single_pages_agree_with_the_search(site: Site) -> None:
    found = documents(await every_page(site.wiki))
    listed = {one.id: (one.version, one.ancestors) for one in await every_listed(site.wiki)}
    assert listed == {page.id: (page.version, page.ancestors) for page in found.values()}
    read = await site.wiki.read([*found, "confluence:404404"])
    assert {page.document.id: page.document for page in read} == found


async def test_single_pages_of_other_spaces_are_left_out(site: Site) -> None:
    every = ConfluenceWiki(settings_for(site.url, cloud=site.name == "cloud", spaces="OPS", restricted=True))
    try:
        other = [*documents(await every_page(every))]
        assert len(other) == 1
        assert len(await every.read(other)) == 1
        assert await site.wiki.read(other) == ()
    finally:
        await every.close()


async def test_where_nobody_tells_of_restrictions_every_page_is_hidden() -> None:
    async with jira820() as url:
        wiki = ConfluenceWiki(settings_for(url, cloud=False, spaces="HR"))
        try:
            found = await every_page(wiki)
            listed = await every_listed(wiki)
        finally:
            await wiki.close()
    assert len(found) == len(listed) == 2
    assert all(page.document.restricted and not page.document.sections for page in found)
    assert all(one.restricted for one in listed)
