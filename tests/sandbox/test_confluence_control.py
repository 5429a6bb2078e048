"""Faults, settings, writes in bulk and counts, from outside."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from sandbox.confluence import Access, Readers, State, fill, make_app, serving
from sandbox.faults import Kind, Rule
from tests.sandbox.confluence_kit import Stand, standing


@pytest.fixture
async def stand() -> AsyncIterator[Stand]:
    async with standing() as ready:
        yield ready


async def test_pages_are_made_changed_and_thrown_away_in_bulk(stand: Stand) -> None:
    made = await stand.control(
        "pages",
        {
            "create": [
                {"space": "NEW", "title": "Первая", "labels": ["a"]},
                {"space": "NEW", "title": "Вторая", "readers": {"groups": ["hr"]}},
                {"space": "NEW", "title": "Третья"},
            ],
            "synthetic": 5,
        },
    )
    first, second, third, *synthetic = made["created"]
    assert len(synthetic) == 5
    answer = await stand.control(
        "pages",
        {
            "change": [
                {"id": first, "body": "<p>иначе</p>"},
                {"id": second, "readers": {}, "parent": first},
                {"id": third, "state": "purge"},
            ]
        },
    )
    assert answer["changed"] == {first: 2, second: 1, third: 0}
    assert (stand.state.page(second).readers, stand.state.page(second).parent) == (Readers(), first)
    pages = (await stand.get("/_sandbox/pages"))["pages"]
    assert [page["title"] for page in pages if page["space"] == "NEW"] == ["Первая", "Вторая"]


@pytest.mark.parametrize("body", ["{", '{"unknown": 1}', '{"create": [{"space": "HR"}]}'])
async def test_a_wrong_order_is_refused(stand: Stand, body: str) -> None:
    async with stand.http.post("/_sandbox/pages", data=body) as answer:
        assert answer.status == 400


async def test_an_order_for_a_page_that_is_not_there_is_refused(stand: Stand) -> None:
    async with stand.http.post("/_sandbox/pages", json={"change": [{"id": "1", "state": "trash"}]}) as answer:
        assert answer.status == 404


async def test_settings_that_are_not_named_stay(stand: Stand) -> None:
    before = await stand.get("/_sandbox/settings")
    after = await stand.control("settings", {"body_limit": 7})
    assert after == {**before, "body_limit": 7}


async def test_a_rate_limit_says_how_long_to_wait_and_counts_as_a_call(stand: Stand) -> None:
    await stand.control("faults", [{"kind": "rate_limit", "match": "/content/search ", "times": 1, "retry_after": 3}])
    async with stand.http.get(f"{stand.api}/content/search", params={"cql": "type = page"}) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (429, "3")
    assert await stand.found("type = page") == []
    calls = (await stand.get("/_sandbox/calls"))["calls"]
    assert calls == {"GET /wiki/rest/api/content/search": 2}


@pytest.mark.parametrize(("kind", "written"), [(Kind.LOST, True), (Kind.CUT, False)])
async def test_a_connection_breaks_after_or_before_a_write(stand: Stand, kind: Kind, written: bool) -> None:
    stand.faults.add(Rule(kind=kind, match="POST ", times=1))
    body = {"type": "page", "title": "Новая", "space": {"key": "HR"}}
    with pytest.raises(aiohttp.ClientError):
        await stand.http.post(f"{stand.api}/content", json=body)
    assert (stand.state.titled("HR", "Новая") is not None) is written


async def test_pages_in_a_browser_do_not_fail(stand: Stand) -> None:
    page = stand.put("Отпуск")
    stand.faults.add(Rule(kind=Kind.ERROR))
    assert await stand.status(f"/wiki/spaces/HR/pages/{page.id}") == 200
    assert await stand.status(f"{stand.api}/content/{page.id}") == 500


async def test_an_account_without_a_licence_is_told() -> None:
    access = Access("bot@example.com", "t", licensed=False)
    async with serving(make_app(State(), access=access)) as url, aiohttp.ClientSession(url) as http:
        signed_in = {"Authorization": aiohttp.encode_basic_auth(access.user, access.token)}
        async with http.get("/wiki/rest/api/space", headers=signed_in) as answer:
            assert (answer.status, (await answer.json())["data"]["authorized"]) == (403, False)


async def test_a_strange_site_in_the_same_browser_is_turned_away(stand: Stand) -> None:
    for headers in ({"Origin": "https://strange.example"}, {"Host": "strange.example"}):
        async with stand.http.post("/_sandbox/pages", json={}, headers=headers) as answer:
            assert answer.status == 403


def test_synthetic_pages_are_the_same_for_the_same_seed_and_some_are_closed() -> None:
    def filled(seed: int) -> list[tuple[str, str, bool]]:
        state = State()
        fill(state, 200, seed=seed, restricted=0.1)
        return [(page.title, page.body, bool(page.readers)) for page in state.pages.values()]

    assert filled(1) == filled(1) != filled(2)
    assert 5 <= sum(closed for _, _, closed in filled(1)) <= 40
