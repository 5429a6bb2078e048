"""One page: what is expanded, who may see it, and what becomes of it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from sandbox.confluence import Deployment, Edit, Readers
from tests.sandbox.confluence_kit import ACCESS, ANNA, Stand, standing


@pytest.fixture(params=list(Deployment))
async def stand(request: pytest.FixtureRequest) -> AsyncIterator[Stand]:
    async with standing(request.param) as ready:
        yield ready


async def _page(stand: Stand, page_id: str, expand: str = "", **params: str) -> Any:
    return await stand.get(f"{stand.api}/content/{page_id}", expand=expand, **params)


async def test_nothing_is_expanded_that_was_not_asked_for(stand: Stand) -> None:
    page = stand.put("Отпуск")
    plain = await _page(stand, page.id)
    parts = {"body", "version", "space", "history", "ancestors", "restrictions", "metadata"}
    assert parts.isdisjoint(plain)
    assert parts <= set(plain["_expandable"])
    closed = await _page(stand, page.id, "body,history,restrictions.read,metadata")
    assert "storage" not in closed["body"]
    assert "lastUpdated" not in closed["history"]
    assert "restrictions" not in closed["restrictions"]["read"]
    assert "labels" not in closed["metadata"]


async def test_everything_that_a_crawl_needs_is_expanded_at_once(stand: Stand) -> None:
    top = stand.put("Главная")
    page = stand.put("Оклады", "<p>&mdash;</p>", parent=top.id, readers=Readers(("bot",), ("hr",)), labels=("деньги",))
    expand = "body.storage,version,space,history.lastUpdated,ancestors,metadata.labels,"
    expand += "restrictions.read.restrictions.user,restrictions.read.restrictions.group"
    shown = await _page(stand, page.id, expand)
    assert shown["body"]["storage"] == {
        "value": "<p>&mdash;</p>",
        "representation": "storage",
        "embeddedContent": [],
        "_expandable": {},
    }
    assert [above["id"] for above in shown["ancestors"]] == [top.id]
    assert shown["history"]["lastUpdated"]["when"] == shown["version"]["when"]
    read = shown["restrictions"]["read"]["restrictions"]
    assert [user["displayName"] for user in read["user"]["results"]] == ["Butterboard"]
    assert [group["name"] for group in read["group"]["results"]] == ["hr"]
    assert "update" in shown["restrictions"]["_expandable"]
    assert [label["name"] for label in shown["metadata"]["labels"]["results"]] == ["деньги"]


@pytest.mark.parametrize(
    ("readers", "visible"),
    [
        (Readers(), True),
        (Readers(users=("bot",)), True),
        (Readers(groups=("staff",)), True),
        (Readers(groups=("confluence-users",)), True),
        (Readers(users=(ANNA.name,)), False),
        (Readers(groups=("hr",)), False),
    ],
)
async def test_a_page_is_there_for_whom_it_names_and_so_is_what_lies_below(
    stand: Stand, readers: Readers, visible: bool
) -> None:
    page = stand.put("Оклады", readers=readers)
    below = stand.put("Ведомость", parent=page.id)
    expected = 200 if visible else 404
    assert await stand.status(f"{stand.api}/content/{page.id}") == expected
    assert await stand.status(f"{stand.api}/content/{below.id}") == expected
    assert await stand.status(f"{stand.api}/content/{below.id}/restriction/byOperation/read") == expected


async def test_restrictions_are_those_of_the_page_itself_though_they_are_inherited(stand: Stand) -> None:
    page = stand.put("Оклады", readers=Readers(groups=("staff",)))
    below = stand.put("Ведомость", parent=page.id)
    for one, groups in ((page, ["staff"]), (below, [])):
        read = await stand.get(f"{stand.api}/content/{one.id}/restriction/byOperation/read")
        assert [group["name"] for group in read["restrictions"]["group"]["results"]] == groups
    listed = await stand.get(f"{stand.api}/content/{page.id}/restriction")
    assert [one["operation"] for one in listed["results"]] == ["read", "update"]


async def test_a_space_that_is_closed_hides_itself_and_its_pages(stand: Stand) -> None:
    stand.state.add_space("BOARD", "Совет", Readers(groups=("board",)))
    page = stand.put("Планы", space="BOARD")
    assert await stand.status(f"{stand.api}/space/BOARD") == 404
    assert [space["key"] for space in (await stand.get(f"{stand.api}/space"))["results"]] == ["HR", "IT"]
    assert await stand.status(f"{stand.api}/content/{page.id}") == 404
    assert await stand.found("type = page") == []


async def test_only_an_edit_makes_a_new_version_and_another_time_of_change(stand: Stand) -> None:
    page, other = stand.put("Отпуск"), stand.put("Главная")
    stand.clock.tick(60)
    stand.state.move(page.id, other.id)
    stand.state.restrict(page.id, Readers(groups=("staff",)))
    stand.state.label(page.id, ["кадры"])
    stand.state.trash(page.id)
    same = stand.state.restore(page.id)
    assert (same.version, same.modified, same.parent) == (1, page.modified, other.id)
    edited = stand.state.edit(page.id, Edit(title="Отпуска"))
    assert (edited.version, edited.modified) == (2, stand.clock.now)


async def test_an_edit_of_a_version_that_is_not_the_next_is_a_conflict(stand: Stand) -> None:
    page = stand.put("Отпуск")
    for number, status in ((1, 409), (3, 409), (2, 200), (2, 409)):
        body = {"type": "page", "title": "Отпуск", "version": {"number": number}}
        async with stand.http.put(f"{stand.api}/content/{page.id}", json=body) as answer:
            assert answer.status == status


async def test_what_is_in_the_trash_is_seen_only_by_its_status_and_can_be_purged(stand: Stand) -> None:
    page = stand.put("Старое")
    below = stand.put("Ниже", parent=page.id)
    path = f"{stand.api}/content/{page.id}"
    async with stand.http.delete(path) as answer:
        assert answer.status == 204
    assert await stand.status(path) == 404
    assert await stand.status(path, status="trashed") == 200
    assert stand.state.page(below.id).parent is None
    async with stand.http.delete(path, params={"status": "trashed"}) as answer:
        assert answer.status == 204
    assert await stand.status(path, status="trashed") == 404


async def test_a_title_is_taken_once_in_a_space(stand: Stand) -> None:
    stand.put("Отпуск")
    body = {"type": "page", "title": "отпуск", "space": {"key": "HR"}}
    async with stand.http.post(f"{stand.api}/content", json=body) as answer:
        assert answer.status == 400
    async with stand.http.post(f"{stand.api}/content", json={**body, "space": {"key": "IT"}}) as answer:
        assert answer.status == 200


@pytest.mark.parametrize("body", [b"[]", b"{", b'{"type": "page", "space": "HR", "title": "x"}', b'{"ancestors": 5}'])
async def test_a_body_that_is_no_page_is_refused(stand: Stand, body: bytes) -> None:
    async with stand.http.post(f"{stand.api}/content", data=body) as answer:
        assert answer.status == 400
    assert not stand.state.pages


async def test_a_page_that_moves_to_another_space_takes_along_what_is_below(stand: Stand) -> None:
    page, target = stand.put("Отпуск"), stand.put("Главная", space="IT")
    below = stand.put("Перенос", parent=page.id)
    stand.state.move(page.id, target.id)
    shown = await _page(stand, below.id, "space,ancestors")
    assert shown["space"]["key"] == "IT"
    assert [above["id"] for above in shown["ancestors"]] == [target.id, page.id]
    assert await stand.found("space = HR") == []


@pytest.mark.parametrize(
    ("header", "cloud", "server"),
    [
        ("", 401, 401),
        ("Basic nonsense", 401, 401),
        ("Basic Ym90Ondyb25n", 401, 401),
        ("Bearer wrong", 401, 401),
        (f"Bearer {ACCESS.pat}", 401, 200),
    ],
)
async def test_who_may_not_come_in_is_told(stand: Stand, header: str, cloud: int, server: int) -> None:
    async with stand.http.get(f"{stand.api}/space", headers={"Authorization": header}) as answer:
        assert answer.status == (cloud if stand.state.is_cloud else server)
