"""Content of version 1: one page, pages of a space, what is below and above, restrictions, and writes."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from sandbox.confluence.expand import Tree, tree_of
from sandbox.confluence.page import CURRENT, TRASHED, Page
from sandbox.confluence.paging import Slice, sliced
from sandbox.confluence.people import Readers
from sandbox.confluence.state import BadContentError, Edit, UnknownContentError
from sandbox.confluence.view import View
from sandbox.confluence.wire import ACTOR, STATE, BadRequestError, Json, body_of, results_of

_BOTH: Tree = {"restrictions": {"user": {}, "group": {}}}


def _wanted(request: web.Request) -> Tree:
    return tree_of(request.query.get("expand", ""))


def _seen(request: web.Request) -> Page:
    return request.app[STATE].seen(request[ACTOR], request.match_info["id"])


async def show(request: web.Request) -> web.Response:
    """`status=trashed` or `any` shows what lies in the trash, too."""
    view, wanted, page_id = View.of(request), _wanted(request), request.match_info["id"]
    statuses = request.query.getall("status", [CURRENT])
    if not {TRASHED, "any"}.isdisjoint(",".join(statuses).split(",")):
        page = view.state.any_page(page_id)
        if not view.state.may_read(view.user, page):
            raise UnknownContentError(page_id)
    else:
        page = view.state.seen(view.user, page_id)
    return web.json_response({**view.page(page, wanted)})


def _pages(request: web.Request, pages: list[Page]) -> web.Response:
    view, wanted = View.of(request), _wanted(request)
    seen = [page for page in pages if view.state.may_read(view.user, page)]
    part: Slice = sliced(request, seen, lambda page: int(page.id), bodies=bool(wanted.get("body")))
    results = [view.page(page, wanted) for page in part.items]
    return results_of(results, part.envelope)


async def show_many(request: web.Request) -> web.Response:
    """By space, title and status."""
    state, query = request.app[STATE], request.query
    key, title, status = query.get("spaceKey"), query.get("title"), query.get("status", CURRENT)
    if key is not None and key not in state.spaces:
        raise UnknownContentError(key)
    found = [page for page in state.pages.values() if page.status == status or status == "any"]
    found = [page for page in found if key in (None, page.space) and title in (None, page.title)]
    return _pages(request, found)


async def show_children(request: web.Request) -> web.Response:
    return _pages(request, request.app[STATE].children(_seen(request).id))


async def show_descendants(request: web.Request) -> web.Response:
    below = request.app[STATE].below(_seen(request).id)
    return _pages(request, sorted(below, key=lambda page: int(page.id)))


async def show_labels(request: web.Request) -> web.Response:
    return web.json_response(View.of(request).labels(_seen(request)))


async def show_history(request: web.Request) -> web.Response:
    shown = View.of(request).page(_seen(request), {"history": {"lastUpdated": {}}})
    return web.json_response(shown["history"])


# restrictions: those of the page itself; what it inherits stands at its ancestors


def _operations(request: web.Request) -> list[Json]:
    view, page = View.of(request), _seen(request)
    return [view.restriction("read", page.readers, _BOTH), view.restriction("update", Readers(), _BOTH)]


async def show_restrictions(request: web.Request) -> web.Response:
    results = _operations(request)
    return web.json_response({"results": results, "start": 0, "limit": 100, "size": len(results), "_links": {}})


async def show_by_operation(request: web.Request) -> web.Response:
    return web.json_response({one["operation"]: one for one in _operations(request)} | {"_links": {}})


async def show_operation(request: web.Request) -> web.Response:
    wanted = request.match_info["operation"]
    found = next((one for one in _operations(request) if one["operation"] == wanted), None)
    if found is None:
        raise BadRequestError(f"There is no operation '{wanted}'")
    return web.json_response(found)


# writes


def _part(body: Json, *path: str) -> Any:
    """What stands at a path of objects. Raises BadRequestError where there is something else."""
    found: Any = body
    for name in path:
        if not isinstance(found, dict):
            raise BadRequestError(f"'{path[0]}' is not as it should be")
        found = found.get(name)
        if found is None:
            return None
    return found


def _said(body: Json, *path: str) -> str | None:
    found = _part(body, *path)
    if found is not None and not isinstance(found, str):
        raise BadRequestError(f"'{'.'.join(path)}' must be a string")
    return found


def _parent(body: Json) -> str | None:
    ancestors = body.get("ancestors")
    if not ancestors:
        return None
    if not isinstance(ancestors, list) or not isinstance(ancestors[-1], dict):
        raise BadRequestError("'ancestors' must be a list of objects")
    return str(ancestors[-1].get("id"))


async def create(request: web.Request) -> web.Response:
    state, body = request.app[STATE], await body_of(request)
    space, title = _said(body, "space", "key"), _said(body, "title")
    if body.get("type") != "page" or space is None or title is None:
        raise BadContentError("A page needs its type, space and title")
    text = _said(body, "body", "storage", "value") or ""
    page = state.create(space, title, text, parent=_parent(body), author=request[ACTOR].name)
    return web.json_response(View.of(request).page(page, {"body": {"storage": {}}, "version": {}, "space": {}}))


async def update(request: web.Request) -> web.Response:
    """A new version, which must be the next one; another `ancestors` moves the page."""
    state, body, page = request.app[STATE], await body_of(request), _seen(request)
    number = _part(body, "version", "number")
    if not isinstance(number, int):
        raise BadRequestError("The version number is required")
    change = Edit(editor=request[ACTOR].name, message=_said(body, "version", "message") or "")
    title, text = _said(body, "title"), _said(body, "body", "storage", "value")
    change.title = page.title if title is None else title
    change.body = page.body if text is None else text
    changed = state.edit(page.id, change, number)
    parent = _parent(body)
    if parent is not None and parent != changed.parent:
        changed = state.move(page.id, parent)
    return web.json_response(View.of(request).page(changed, {"body": {"storage": {}}, "version": {}, "space": {}}))


async def remove(request: web.Request) -> web.Response:
    """Into the trash; `status=trashed` out of it, for good."""
    state, page_id = request.app[STATE], request.match_info["id"]
    if request.query.get("status") == TRASHED:
        if state.any_page(page_id).status != TRASHED:
            raise BadContentError("The content is not in the trash")
        state.purge(page_id)
    else:
        state.trash(_seen(request).id)
    return web.Response(status=204)


def routes(api: str) -> list[web.RouteDef]:
    one = f"{api}/content/{{id}}"
    return [
        web.get(f"{api}/content", show_many),
        web.post(f"{api}/content", create),
        web.get(one, show),
        web.put(one, update),
        web.delete(one, remove),
        web.get(f"{one}/child/page", show_children),
        web.get(f"{one}/descendant/page", show_descendants),
        web.get(f"{one}/label", show_labels),
        web.get(f"{one}/history", show_history),
        web.get(f"{one}/restriction", show_restrictions),
        web.get(f"{one}/restriction/byOperation", show_by_operation),
        web.get(f"{one}/restriction/byOperation/{{operation}}", show_operation),
    ]
