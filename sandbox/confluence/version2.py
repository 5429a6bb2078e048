"""Version 2 of the REST API, which Cloud alone has: pages and spaces, with cursors only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiohttp import web

from sandbox.confluence.page import CURRENT, Page, Space
from sandbox.confluence.paging import base_of, sliced
from sandbox.confluence.spaces import seen_spaces
from sandbox.confluence.terms import Backwards
from sandbox.confluence.view import View
from sandbox.confluence.wire import BadRequestError, Json, number

_MOST = 250
_SORTS: dict[str, Callable[[Page], Any]] = {
    "id": lambda page: int(page.id),
    "modified-date": lambda page: (page.modified, int(page.id)),
    "created-date": lambda page: (page.created, int(page.id)),
    "title": lambda page: (page.title.casefold(), int(page.id)),
}


def _page(view: View, page: Page, form: str | None) -> Json:
    version = {
        "createdAt": view.moment(page.modified),
        "message": page.message,
        "number": page.version,
        "minorEdit": False,
        "authorId": view.state.people.named(page.editor).account,
    }
    body = {"storage": {"representation": "storage", "value": page.body}} if form == "storage" else {}
    return {
        "id": page.id,
        "status": page.status,
        "title": page.title,
        "spaceId": view.state.spaces[page.space].id,
        "parentId": page.parent,
        "parentType": "page" if page.parent else None,
        "position": 0,
        "authorId": view.state.people.named(page.author).account,
        "ownerId": view.state.people.named(page.author).account,
        "createdAt": view.moment(page.created),
        "version": version,
        "body": body,
        "_links": {**view.links(page), "base": view.base},
    }


def _form(request: web.Request) -> str | None:
    form = request.query.get("body-format")
    if form not in (None, "none", "storage", "atlas_doc_format"):
        raise BadRequestError(f"'{form}' is no body-format")
    return form


async def show(request: web.Request) -> web.Response:
    view = View.of(request)
    page = view.state.seen(view.user, request.match_info["id"])
    return web.json_response(_page(view, page, _form(request)))


async def show_many(request: web.Request) -> web.Response:
    """By `space-id`, `id`, `title` and `status`."""
    view, form = View.of(request), _form(request)
    spaces, ids = _listed(request, "space-id"), _listed(request, "id")
    statuses, title = _listed(request, "status") or {CURRENT, "archived"}, request.query.get("title")
    found = [
        page
        for page in view.state.pages.values()
        if page.status in statuses
        and (not spaces or view.state.spaces[page.space].id in spaces)
        and (not ids or page.id in ids)
        and title in (None, page.title)
        and view.state.may_read(view.user, page)
    ]
    rank = _rank(request.query.get("sort", "id"))
    return _answer(request, sorted(found, key=rank), rank, lambda page: _page(view, page, form))


def _rank(sort: str) -> Callable[[Page], Any]:
    """A minus before the name turns it round. Raises BadRequestError."""
    rank = _SORTS.get(sort.removeprefix("-"))
    if rank is None:
        raise BadRequestError(f"'{sort}' is no way to sort pages")
    return (lambda page: Backwards(rank(page))) if sort.startswith("-") else rank


async def show_pages_of_space(request: web.Request) -> web.Response:
    view, form, wanted = View.of(request), _form(request), request.match_info["id"]
    keys = [space.key for space in seen_spaces(request) if space.id == wanted]
    pages = [page for page in view.state.pages.values() if page.space in keys and page.status == CURRENT]
    seen = [page for page in pages if view.state.may_read(view.user, page)]
    return _answer(request, seen, _SORTS["id"], lambda page: _page(view, page, form))


async def show_spaces(request: web.Request) -> web.Response:
    keys, ids = _listed(request, "keys"), _listed(request, "ids")
    spaces = [s for s in seen_spaces(request) if (not keys or s.key in keys) and (not ids or s.id in ids)]
    return _answer(request, spaces, lambda space: int(space.id), _space)


def _space(space: Space) -> Json:
    return {
        "id": space.id,
        "key": space.key,
        "name": space.name,
        "type": "global",
        "status": "current",
        "homepageId": space.homepage,
        "_links": {"webui": f"/spaces/{space.key}"},
    }


def _listed(request: web.Request, name: str) -> set[str]:
    return {one for text in request.query.getall(name, []) for one in text.split(",") if one}


def _answer(
    request: web.Request, items: list[Any], rank: Callable[[Any], Any], shown: Callable[[Any], Json]
) -> web.Response:
    if not 1 <= number(request, "limit", 25) <= _MOST:
        raise BadRequestError(f"limit must be between 1 and {_MOST}")
    part = sliced(request, items, rank, bodies=False)
    links = {"base": base_of(request)}
    after = part.envelope["_links"].get("next")
    if after is not None:
        links["next"] = f"/wiki{_without_start(after)}"
    return web.json_response({"results": [shown(item) for item in part.items], "_links": links})


def _without_start(address: str) -> str:
    path, _, query = address.partition("?")
    kept = [pair for pair in query.split("&") if not pair.startswith(("start=", "next="))]
    return f"{path}?{'&'.join(kept)}"


def routes() -> list[web.RouteDef]:
    api = "/wiki/api/v2"
    return [
        web.get(f"{api}/pages", show_many),
        web.get(f"{api}/pages/{{id}}", show),
        web.get(f"{api}/spaces", show_spaces),
        web.get(f"{api}/spaces/{{id}}/pages", show_pages_of_space),
    ]
