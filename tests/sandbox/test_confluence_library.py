"""atlassian-python-api itself against the stand-in, as Cloud and as Data Center."""

import warnings
from collections.abc import AsyncIterator
from typing import Any

import pytest
from atlassian import ConfluenceV2

from sandbox.confluence import Deployment, Readers
from tests.sandbox.confluence_kit import ACCESS, ANNA, Stand, standing


@pytest.fixture(params=list(Deployment))
async def stand(request: pytest.FixtureRequest) -> AsyncIterator[Stand]:
    async with standing(request.param) as ready:
        yield ready


@pytest.fixture
async def cloud() -> AsyncIterator[Stand]:
    async with standing(Deployment.CLOUD) as ready:
        yield ready


@pytest.fixture
async def server() -> AsyncIterator[Stand]:
    async with standing(Deployment.SERVER) as ready:
        yield ready


def _version_two(stand: Stand) -> Any:
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):  # it says so whatever one uses
        return ConfluenceV2(stand.site, username=ACCESS.user, password=ACCESS.token, cloud=True, api_version=2)


async def test_a_search_on_cloud_gives_bare_content_and_on_data_center_an_envelope(stand: Stand) -> None:
    page = stand.put("Отпуск", "<p>28 дней</p>")
    answer = await stand.ask(lambda wiki: wiki.cql("type = page", limit=10))
    (found,) = answer["results"]
    content = found if stand.state.is_cloud else found["content"]
    assert (content["id"], content["title"], content["type"]) == (page.id, "Отпуск", "page")
    assert ("excerpt" in found) is not stand.state.is_cloud


async def test_the_library_follows_data_center_to_the_end_of_a_search(server: Stand) -> None:
    titles = [server.put(f"Страница {n}").title for n in range(7)]
    found = await server.ask(lambda wiki: wiki.cql_all("type = page order by created", limit=3))
    assert [one["content"]["title"] for one in found] == titles


async def test_the_link_to_more_on_cloud_is_relative_to_the_base_as_in_the_real_one(cloud: Stand) -> None:
    for number in range(3):
        cloud.put(f"Страница {number}")
    links = (await cloud.ask(lambda wiki: wiki.cql("type = page", limit=2)))["_links"]
    assert links["next"].startswith("/rest/api/content/search?")
    assert links["base"] == cloud.site


async def test_a_page_comes_with_its_body_by_version_two(cloud: Stand) -> None:
    page = cloud.put("Отпуск", "<h2>Сколько дней</h2><p>28&nbsp;дней</p>")

    def read(_: Any) -> Any:
        return _version_two(cloud).get_page_by_id(page.id, body_format="storage")

    answer = await cloud.ask(read)
    assert answer["body"]["storage"]["value"] == page.body
    assert (answer["version"]["number"], answer["spaceId"]) == (1, cloud.state.spaces["HR"].id)


async def test_version_two_pages_on_by_cursors(cloud: Stand) -> None:
    titles = [cloud.put(f"Страница {n}").title for n in range(5)]

    def read(_: Any) -> list[str]:
        client = _version_two(cloud)
        return [page["title"] for page in client._get_paged("api/v2/pages", params={"limit": 2})]

    assert await cloud.ask(read) == titles


async def test_version_two_lists_spaces(cloud: Stand) -> None:
    answer = await cloud.ask(lambda _: _version_two(cloud).get_spaces())
    assert [space["key"] for space in answer] == ["HR", "IT"]


async def test_data_center_knows_no_version_two(server: Stand) -> None:
    assert await server.status("/wiki/api/v2/pages") == 404


async def test_a_page_of_data_center_has_what_was_expanded(server: Stand) -> None:
    page = server.put("Отпуск", "<p>28 дней</p>", labels=("кадры",))
    expand = "body.storage,version,space,ancestors,metadata.labels"
    answer = await server.ask(lambda wiki: wiki.get_page_by_id(page.id, expand=expand))
    assert answer["body"]["storage"]["value"] == "<p>28 дней</p>"
    assert (answer["version"]["number"], answer["space"]["key"], answer["ancestors"]) == (1, "HR", [])
    assert [label["name"] for label in answer["metadata"]["labels"]["results"]] == ["кадры"]
    assert answer["version"]["when"] == "2026-11-24T12:01:00.000+03:00"


async def test_restrictions_come_by_operation(server: Stand) -> None:
    page = server.put("Оклады", readers=Readers(("bot",), ("hr",)))
    answer = await server.ask(lambda wiki: wiki.get_all_restrictions_for_content(page.id))
    read = answer["read"]["restrictions"]
    assert [user["username"] for user in read["user"]["results"]] == ["bot"]
    assert [group["name"] for group in read["group"]["results"]] == ["hr"]
    assert answer["update"]["restrictions"]["user"]["results"] == []


async def test_all_pages_of_a_space_come_by_start_and_limit(server: Stand) -> None:
    titles = [server.put(f"Страница {n}").title for n in range(5)]
    server.put("Чужая", space="IT")
    found = await server.ask(lambda wiki: list(wiki.get_all_pages_from_space_as_generator("HR", limit=2)))
    assert [page["title"] for page in found] == titles


async def test_spaces_and_one_space_of_data_center(server: Stand) -> None:
    assert await server.ask(lambda wiki: wiki.get_space_names()) == ["Люди", "Техника"]
    assert (await server.ask(lambda wiki: wiki.get_space("IT")))["name"] == "Техника"


async def test_pages_are_written_and_trashed_by_the_library(server: Stand) -> None:
    made = await server.ask(lambda wiki: wiki.create_page("HR", "Новая", "<p>раз</p>"))
    await server.ask(lambda wiki: wiki.update_page(made["id"], "Новая", "<p>два</p>"))
    page = server.state.page(made["id"])
    assert (page.body, page.version, page.editor) == ("<p>два</p>", 2, "bot")
    await server.ask(lambda wiki: wiki.remove_page(made["id"]))
    assert server.state.any_page(made["id"]).status == "trashed"


async def test_who_signed_in_is_told_in_the_words_of_the_deployment(stand: Stand) -> None:
    answer = await stand.get(f"{stand.api}/user/current")
    assert answer["displayName"] == "Butterboard"
    assert ("accountId" in answer, "username" in answer) == (stand.state.is_cloud, not stand.state.is_cloud)
    assert ("timeZone" in answer) is stand.state.is_cloud


async def test_a_page_of_others_is_not_there_for_the_library(stand: Stand) -> None:
    page = stand.put("Оклады", readers=Readers((ANNA.name,)))
    failure = await stand.refused(
        lambda wiki: wiki.get(f"content/{page.id}" if stand.state.is_cloud else f"rest/api/content/{page.id}")
    )
    assert failure.response is not None
    assert failure.response.status_code == 404
