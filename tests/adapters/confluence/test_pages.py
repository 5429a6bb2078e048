"""A page's JSON: what it says of its readers and its address, and that no JSON at all is too much."""

from typing import Any

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from adapters.confluence import pages
from adapters.confluence.client import ConfluenceClient
from adapters.confluence.readership import restricted
from sandbox.confluence import serving
from tests.adapters.confluence.kit import settings_for

BASE = "https://wiki.example.com/confluence"


def named(users: object = (), groups: object = (), **more: object) -> dict[str, Any]:
    return {
        "restrictions": {
            "user": {"results": users if isinstance(users, str) else [*users], **more},  # type: ignore[misc]
            "group": {"results": [*groups]},  # type: ignore[misc]
        }
    }


@pytest.mark.parametrize(
    ("restrictions", "told"),
    [
        (named(), False),
        (named(users=[{"type": "known"}]), True),
        (named(groups=[{"name": "directors"}]), True),
        (named(size=3), True),
        (named(users="nobody"), None),
        ({"restrictions": {"user": {"results": []}}}, None),
        ({"restrictions": {"group": {"results": [{}]}}}, True),
        ({"_expandable": {"restrictions": ""}}, None),
        ({}, None),
    ],
)
def test_who_may_read_is_known_or_not(restrictions: dict[str, Any], told: bool | None) -> None:
    assert pages.readers(restrictions) is told


def at(path: object, base: str) -> str | None:
    return pages.address({"_links": {"webui": path}}, BASE, base)


@pytest.mark.parametrize(
    ("path", "base", "address"),
    [
        ("/display/HR/VPN", "", f"{BASE}/display/HR/VPN"),
        ("/display/HR/VPN", BASE, f"{BASE}/display/HR/VPN"),
        ("/display/HR/VPN", "https://wiki.example.com/", "https://wiki.example.com/display/HR/VPN"),
        ("/x", "https://evil.example.com", f"{BASE}/x"),
        ("/x", "https://wiki.example.com:8443", f"{BASE}/x"),
        ("/x", "https://wiki.example.com@evil.example.com", f"{BASE}/x"),
        ("/x", "https://u:p@wiki.example.com", f"{BASE}/x"),
        ("/x", "javascript://wiki.example.com", f"{BASE}/x"),
        ("/x", "https://[", f"{BASE}/x"),
        ("//evil.example.com", BASE, None),
        ("https://evil.example.com", BASE, None),
        ("javascript:alert(1)", BASE, None),
        ("/a b", BASE, None),
        ("/a\nb", BASE, None),
        ("/\\evil.example.com", BASE, None),
        ("/" + "x" * 2000, BASE, None),
        (7, BASE, None),
    ],
)
def test_a_page_stands_on_the_site_that_is_configured(path: object, base: str, address: str | None) -> None:
    assert at(path, base) == address


@pytest.mark.parametrize(
    ("number", "known"),
    [("7", "7"), (7, "7"), (True, ""), (None, ""), ("../user", ""), ("²", ""), ("-7", ""), ("1" * 20, ""), ([], "")],
)
def test_a_number_is_digits(number: object, known: str) -> None:
    assert pages.number_of({"id": number}) == known


PARTS = ["id", "title", "body", "version", "ancestors", "space", "history", "restrictions", "_links"]
INNER = ["storage", "value", "number", "when", "lastUpdated", "createdDate", "key", "read", "webui", "results", "size"]
JSON = st.recursive(
    st.sampled_from([None, True, 0, -7, 10**30, 1.5, float("nan"), "", "7", "²", "<p>"]) | st.text(max_size=8),
    lambda inside: st.lists(inside, max_size=2) | st.dictionaries(st.sampled_from(INNER), inside, max_size=2),
    max_leaves=4,
)
PAGE = st.dictionaries(
    st.sampled_from(PARTS),
    JSON | st.dictionaries(st.sampled_from(INNER), JSON | st.dictionaries(st.sampled_from(INNER), JSON, max_size=3)),
)


@given(PAGE)
def test_no_json_is_too_much(page: dict[str, Any]) -> None:
    pages.wiki_page(page, BASE, "", cloud=True, restricted=False)
    pages.listed(page, restricted=False)
    pages.created(page)
    pages.is_whole(page, text=True)
    pages.readers(page)


def test_a_page_hangs_below_pages_alone_for_folders_are_in_no_list() -> None:
    page = {"id": "8", "ancestors": [{"id": "2", "type": "folder"}, {"id": "1", "type": "page"}, {"id": "3"}]}
    assert pages.listed(page, restricted=False).ancestors == ("confluence:1", "confluence:3")


@pytest.mark.parametrize(
    ("answer", "hidden"), [(named(), False), (named(users=[{}]), True), ({}, True), (404, True), (403, True)]
)
async def test_what_shuts_a_folder_shuts_the_pages_in_it(answer: dict[str, Any] | int, hidden: bool) -> None:
    asked = []

    async def tell(request: web.Request) -> web.StreamResponse:
        asked.append(request.path)
        return web.json_response(
            answer if isinstance(answer, dict) else {}, status=answer if isinstance(answer, int) else 200
        )

    app = web.Application()
    app.router.add_get("/{path:.*}", tell)
    open_page = {"id": "7", "restrictions": {"read": named()}, "ancestors": [{"id": "1", "type": "page"}]}
    inside = {**open_page, "id": "8", "ancestors": [{"id": "2", "type": "folder"}, {"id": "1", "type": "page"}]}
    async with serving(app) as url:
        client = ConfluenceClient(settings_for(url, cloud=False))
        try:
            assert await restricted(client, [open_page, inside, {**inside, "id": "9"}]) == [False, hidden, hidden]
        finally:
            await client.close()
    assert asked == ["/rest/api/content/2/restriction/byOperation/read"]
