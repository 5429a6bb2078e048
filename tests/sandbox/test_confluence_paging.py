"""Cursors on Cloud, start and limit on Data Center, and what happens when the wiki changes between two pages."""

from collections.abc import AsyncIterator

import pytest

from sandbox.confluence import Deployment, Edit, Limits
from tests.sandbox.confluence_kit import Stand, standing

BY_CHANGE = "type = page order by lastmodified"


@pytest.fixture
async def cloud() -> AsyncIterator[Stand]:
    async with standing() as ready:
        yield ready


@pytest.fixture
async def server() -> AsyncIterator[Stand]:
    async with standing(Deployment.SERVER) as ready:
        yield ready


@pytest.mark.parametrize("deployment", list(Deployment))
@pytest.mark.parametrize("order", ["", " order by lastmodified", " order by title desc"])
async def test_following_the_links_gives_every_page_once(deployment: Deployment, order: str) -> None:
    async with standing(deployment) as stand:
        for number in range(11):
            stand.put(f"Страница {number:02}")
        found = await stand.walk(f"type = page{order}", limit="4")
        assert found == sorted(found, reverse=order.endswith("desc"))
        assert len(found) == len(set(found)) == 11


async def test_cloud_does_not_look_at_start(cloud: Stand) -> None:
    for number in range(3):
        cloud.put(f"Страница {number}")
    answer = await cloud.search("type = page", start="2")
    assert answer["size"] == 3


async def test_a_page_that_changes_meanwhile_comes_again_on_cloud_and_none_is_left_out(cloud: Stand) -> None:
    first = cloud.put("Страница 0")
    for number in range(1, 6):
        cloud.put(f"Страница {number}")
    answer = await cloud.search(BY_CHANGE, limit="2")
    cloud.clock.tick(60)
    cloud.state.edit(first.id, Edit(body="<p>иначе</p>"))
    assert await cloud.rest(answer) == ["Страница 2", "Страница 3", "Страница 4", "Страница 5", "Страница 0"]


async def test_a_page_that_changes_meanwhile_moves_another_one_out_of_sight_on_data_center(server: Stand) -> None:
    first = server.put("Страница 0")
    for number in range(1, 6):
        server.put(f"Страница {number}")
    await server.search(BY_CHANGE, limit="2")
    server.clock.tick(60)
    server.state.edit(first.id, Edit(body="<p>иначе</p>"))
    rest = await server.search(BY_CHANGE, start="2", limit="100")
    assert [page["title"] for page in rest["results"]] == ["Страница 3", "Страница 4", "Страница 5", "Страница 0"]


async def test_a_cursor_grows_old(cloud: Stand) -> None:
    for number in range(3):
        cloud.put(f"Страница {number}")
    await cloud.control("settings", {"cursor_lifetime": 60})
    after = "/wiki" + (await cloud.search("type = page", limit="1"))["_links"]["next"]
    cloud.clock.tick(59)
    assert await cloud.status(after) == 200
    cloud.clock.tick(1)
    assert await cloud.status(after) == 400


async def test_a_cursor_that_was_taken_back_or_is_of_another_query_is_refused(cloud: Stand) -> None:
    for number in range(3):
        cloud.put(f"Страница {number}")
    after = "/wiki" + (await cloud.search("type = page", limit="1"))["_links"]["next"]
    assert await cloud.status(after.replace("type+%3D+page", "space+%3D+HR")) == 400
    assert await cloud.status(after) == 200
    await cloud.control("settings", {"expire_cursors": True})
    assert await cloud.status(after) == 400
    assert await cloud.status("/wiki/rest/api/content/search", cql="type = page", cursor="guessed") == 400


@pytest.mark.parametrize("deployment", list(Deployment))
async def test_there_are_never_more_results_than_the_limit_and_fewer_with_bodies(deployment: Deployment) -> None:
    async with standing(deployment, limits=Limits(plain=5, with_bodies=2)) as stand:
        for number in range(7):
            stand.put(f"Страница {number}")
        plain = await stand.search("type = page", limit="1000")
        bodies = await stand.search("type = page", limit="1000", expand="body.storage,version")
        assert (plain["size"], plain["limit"], bodies["size"], bodies["limit"]) == (5, 5, 2, 2)
        assert len(await stand.walk("type = page", limit="1000", expand="body.storage")) == 7


@pytest.mark.parametrize("limit", ["-1", "many", "9999999999"])
async def test_a_limit_that_is_no_number_is_refused(cloud: Stand, limit: str) -> None:
    assert await cloud.status("/wiki/rest/api/content/search", cql="type = page", limit=limit) == 400


async def test_version_two_takes_no_more_than_250(cloud: Stand) -> None:
    assert await cloud.status("/wiki/api/v2/pages", limit="250") == 200
    async with cloud.http.get("/wiki/api/v2/pages", params={"limit": "251"}) as answer:
        assert answer.status == 400
        assert (await answer.json())["errors"][0]["code"] == "INVALID_REQUEST_PARAMETER"
